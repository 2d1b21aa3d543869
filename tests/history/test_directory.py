"""Names are kept for good: what is deleted upstream still cost money."""

from datetime import timedelta

import pytest

from bot.facts.clock import DAY, Grain, Window, floor
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.spend import Slice, SpendRow
from bot.history.store import History
from tests.fakes.incidents import DIRECTORY, START
from tests.fakes.rows import row

EVERYTHING = Directory(
    organisation="Example",
    keys={"k": Key("k", "ci", "inactive", "w", "u", "sk-ant-...xyz", START)},
    workspaces={"w": Workspace("w", "research", archived=True, is_default=True, tags={"team": "search"})},
    people={"u": Person("u", "ada", "ada@example.com")},
)


def test_a_new_history_knows_no_names(history: History) -> None:
    assert history.names.load() == Directory()
    assert history.names.unnamed() == 0


def test_a_directory_comes_back_as_it_was(history: History) -> None:
    history.names.remember(EVERYTHING)
    assert history.names.load() == EVERYTHING


def test_what_is_no_longer_listed_keeps_its_name(history: History) -> None:
    history.names.remember(EVERYTHING)
    history.names.remember(Directory(keys={"new": Key("new", "fresh")}))
    found = history.names.load()
    assert (found.organisation, found.workspaces, found.people) == (
        EVERYTHING.organisation,
        EVERYTHING.workspaces,
        EVERYTHING.people,
    )
    assert {key.name for key in found.keys.values()} == {"ci", "fresh"}


def test_a_renamed_key_has_its_new_name(history: History) -> None:
    history.names.remember(EVERYTHING)
    history.names.remember(Directory(keys={"k": Key("k", "ci-2")}))
    assert history.names.load().keys == {"k": Key("k", "ci-2")}


def test_people_named_by_usage_do_not_replace_the_directory(history: History) -> None:
    history.names.remember(EVERYTHING)
    history.names.remember_people([Person("u", "someone"), Person("v", "max")])
    assert history.names.load().people == {**EVERYTHING.people, "v": Person("v", "max")}


def test_the_directory_replaces_people_named_by_usage(history: History) -> None:
    history.names.remember_people([Person("u", "someone")])
    history.names.remember(EVERYTHING)
    assert history.names.load() == EVERYTHING


@pytest.mark.parametrize(
    ("one", "unnamed"),
    [
        pytest.param(row(START), 0, id="all named"),
        pytest.param(row(START, api_key_id="apikey_new"), 1, id="a new key"),
        pytest.param(row(START, api_key_id="k", workspace_id="w", actor="user_x"), 3, id="all three are new"),
        pytest.param(
            row(START, api_key_id="", workspace_id="", actor=""), 0, id="none is no name to look up"
        ),
        pytest.param(row(START, actor="ada@example.com"), 0, id="an actor that names itself"),
        pytest.param(row(START, actor="user_ada"), 0, id="a known person"),
    ],
)
def test_how_many_ids_have_no_name(history: History, one: SpendRow, unnamed: int) -> None:
    history.names.remember(DIRECTORY)
    midnight = floor(START, Grain.DAY)
    window = Window(midnight, midnight + DAY)
    history.spend.replace(Slice("admin", window, Grain.HOUR, START, [one]), START + timedelta(hours=1))
    assert history.names.unnamed() == unnamed
