import json
from typing import Any

import pytest

from bot.demo import Demo
from bot.sources.directory import DirectorySource
from bot.sources.directory_wire import KeyItem, Principal, WorkspaceItem
from bot.sources.errors import BadAnswer, Refused, SourceError, Unreachable
from bot.sources.http import Client
from tests.fakes.anthropic import (
    HTML_500,
    KEYS,
    ME,
    ROOT,
    USERS,
    WORKSPACES,
    FakeAnthropic,
    answering,
    changed,
    refusal,
)


@pytest.fixture
def source(client: Client) -> DirectorySource:
    return DirectorySource(client)


def test_everything_has_its_name(demo: Demo, source: DirectorySource) -> None:
    directory = source.fetch()
    organisation = demo.organisation
    assert directory.organisation == organisation.name
    assert directory.keys.keys() == organisation.keys.keys()
    assert directory.workspaces.keys() == organisation.workspaces.keys()
    assert {id_: key.owner for id_, key in directory.keys.items()} == {
        id_: key.owner for id_, key in organisation.keys.items()
    }
    default = directory.default_workspace_id()
    assert directory.workspaces[default].name == "Default"
    assert directory.workspaces[default].is_default
    assert any(workspace.archived for workspace in directory.workspaces.values())
    assert {key.status for key in directory.keys.values()} > {"active"}


def test_lists_are_read_to_their_end(fake: FakeAnthropic, source: DirectorySource) -> None:
    """As upstream may give us fewer at a time than we ask for."""
    whole = source.fetch()
    ids = list(whole.keys)
    items = [{"id": id_, "name": whole.keys[id_].name} for id_ in ids]
    pages = [
        {"data": items[n : n + 5], "has_more": n + 5 < len(items), "last_id": ids[n : n + 5][-1]}
        for n in range(0, len(items), 5)
    ]
    fake.fail(KEYS, *map(answering, pages))
    again = source.fetch()
    assert again.keys.keys() == whole.keys.keys()
    assert [asked.many("after_id") for asked in fake.of(KEYS)[1:]] == [
        [],
        *([page["last_id"]] for page in pages[:-1]),
    ]


def test_the_default_and_archived_workspaces_are_asked_for(
    fake: FakeAnthropic, source: DirectorySource
) -> None:
    source.fetch()
    (asked,) = fake.of(WORKSPACES)
    assert asked.one("include_default") == asked.one("include_archived") == "true"
    assert asked.one("limit") == "1000"


@pytest.mark.parametrize("status", [400, 403, 404])
@pytest.mark.parametrize(
    ("path", "empty"),
    [(ME, "organisation"), (KEYS, "keys"), (WORKSPACES, "workspaces"), (USERS, "people")],
)
def test_what_may_not_be_read_degrades_to_ids(
    fake: FakeAnthropic, source: DirectorySource, path: str, empty: str, status: int
) -> None:
    fake.always(path, refusal(status, "not yours"))
    directory = source.fetch()
    parts = {
        name: bool(getattr(directory, name)) for name in ("organisation", "keys", "workspaces", "people")
    }
    assert parts == {name: name != empty for name in parts}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(refusal(401), Refused, id="a wrong key is no missing scope"),
        pytest.param(HTML_500, Unreachable, id="trouble that lasts"),
        pytest.param(answering({"data": [{"name": "no id"}]}), BadAnswer, id="a key without an id"),
        pytest.param(answering(b"<html>"), BadAnswer, id="HTML"),
    ],
)
def test_other_trouble_is_an_error(
    fake: FakeAnthropic, source: DirectorySource, fault: Any, kind: type[SourceError]
) -> None:
    fake.always(ROOT, fault)
    with pytest.raises(kind):
        source.fetch()


@pytest.mark.parametrize(
    "body",
    [pytest.param(b"<html>", id="HTML"), pytest.param(b"[]", id="a list"), pytest.param(b"", id="none")],
)
def test_an_organisation_that_is_none_is_refused(
    fake: FakeAnthropic, source: DirectorySource, body: bytes
) -> None:
    fake.fail(ME, answering(body))
    with pytest.raises(BadAnswer, match="did not answer with an organisation"):
        source.fetch()


def test_nulls_where_names_should_be_cost_no_other_name(fake: FakeAnthropic, source: DirectorySource) -> None:
    def blank(page: dict[str, Any]) -> None:
        page["data"][0] |= {"name": None, "status": None, "created_by": None, "principal": None}

    fake.fail(KEYS, changed(blank))
    keys = list(source.fetch().keys.values())
    assert keys[0].name == keys[0].id
    assert (keys[0].owner, keys[0].status) == ("", "")
    assert keys[1].name != keys[1].id


@pytest.mark.parametrize(
    ("item", "workspace"),
    [
        pytest.param({"workspace_id": "wrkspc_1"}, "wrkspc_1", id="older"),
        pytest.param({"scope": {"type": "workspace", "workspace_id": "wrkspc_1"}}, "wrkspc_1", id="newer"),
        pytest.param({"workspace_id": None}, "wrkspc_0", id="older default"),
        pytest.param({"scope": {"type": "organization"}}, "wrkspc_0", id="of the whole organisation"),
        pytest.param({}, "wrkspc_0", id="not said"),
    ],
)
def test_older_and_newer_ways_to_say_whose_workspace(
    fake: FakeAnthropic, source: DirectorySource, item: dict[str, Any], workspace: str
) -> None:
    default = {"id": "wrkspc_0", "name": "Default"}
    fake.fail(WORKSPACES, answering({"data": [default], "has_more": False}))
    fake.fail(KEYS, answering({"data": [{"id": "apikey_1", "name": "one", **item}], "has_more": False}))
    assert source.fetch().keys["apikey_1"].workspace_id == workspace


@pytest.mark.parametrize(
    ("principal", "identity"),
    [
        ({"type": "user", "id": "user_1"}, "user_1"),
        ({"type": "user_actor", "user_id": "user_1"}, "user_1"),
        ({"type": "service_account_actor", "service_account_id": "svac_1"}, "svac_1"),
        ({"type": "new_kind"}, ""),
    ],
)
def test_older_and_newer_ways_to_say_who(principal: dict[str, str], identity: str) -> None:
    assert Principal.model_validate(principal).identity() == identity


def test_what_is_new_upstream_is_no_error() -> None:
    item = {"id": "apikey_1", "name": "<!channel>", "status": "asleep", "colour": "red", "created_at": None}
    assert KeyItem.model_validate_json(json.dumps(item)).status == "asleep"
    assert WorkspaceItem.model_validate({"id": "w", "name": "n", "tags": None, "new": 1}).tags is None
