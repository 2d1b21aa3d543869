"""Switching keys over a real socket: what was done, what was not, and what nobody knows."""

import json
import threading
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.organisation import key_id
from bot.facts.directory import Key
from bot.sources.directory import DirectorySource
from bot.sources.errors import BadAnswer, Refused, SourceError, Unreachable
from bot.sources.http import Client
from bot.sources.keys import KeySwitch
from tests.fakes.anthropic import (
    BARE_429,
    CUT,
    HTML_500,
    KEYS,
    OVERLOADED,
    TIMEOUT,
    FakeAnthropic,
    Fault,
    answering,
    changed,
    limited,
    redirect,
    refusal,
)
from tests.fakes.machine import FakeTime

CI_EVAL, SWITCHED_OFF = key_id("ci-eval"), key_id("legacy-import")
PATH = f"{KEYS}/{CI_EVAL}"


@pytest.fixture
def keys(client: Client) -> KeySwitch:
    return KeySwitch(client)


def status_of(client: Client, id_: str) -> str:
    """As the API says it in its list."""
    return DirectorySource(client).fetch().keys[id_].status


@pytest.mark.parametrize(
    ("id_", "active", "faults"),
    [
        pytest.param(CI_EVAL, False, [], id="switched off"),
        pytest.param(SWITCHED_OFF, True, [], id="switched on again"),
        pytest.param(CI_EVAL, True, [], id="on already"),
        pytest.param(SWITCHED_OFF, False, [], id="off already"),
        pytest.param(CI_EVAL, False, [BARE_429, limited(retry_after="7")], id="rate limited twice"),
        pytest.param(CI_EVAL, False, [CUT], id="done, but the connection broke in the middle of the answer"),
        pytest.param(CI_EVAL, False, [CUT, CUT, CUT], id="done three times before we hear of it"),
        pytest.param(CI_EVAL, False, [TIMEOUT], id="a gateway timeout"),
        pytest.param(CI_EVAL, False, [HTML_500, OVERLOADED], id="trouble of the server that passes"),
        pytest.param(CI_EVAL, False, [refusal(409, "conflict")], id="somebody else changed it just then"),
    ],
)
def test_a_key_is_switched_and_stays_so(
    fake: FakeAnthropic, client: Client, keys: KeySwitch, id_: str, active: bool, faults: list[Fault]
) -> None:
    before = DirectorySource(client).fetch().keys[id_]
    fake.fail(f"{KEYS}/", *faults)
    key = keys.set_status(id_, active=active)
    assert (key.id, key.name, key.owner, key.hint) == (id_, before.name, before.owner, before.hint)
    assert key.status == status_of(client, id_) == ("active" if active else "inactive")
    assert len(fake.of(f"{KEYS}/{id_}")) == len(faults) + 1


def test_off_and_on_again(client: Client, keys: KeySwitch) -> None:
    before = DirectorySource(client).fetch()
    assert keys.set_status(CI_EVAL, active=False).status == status_of(client, CI_EVAL) == "inactive"
    assert keys.set_status(CI_EVAL, active=True).status == "active"
    assert DirectorySource(client).fetch() == before


def test_what_is_sent_is_the_status_and_nothing_else(fake: FakeAnthropic, keys: KeySwitch) -> None:
    for active in (False, True):
        keys.set_status(CI_EVAL, active=active)
    assert [(asked.method, asked.target) for asked in fake.asked] == [("POST", PATH)] * 2
    assert [json.loads(asked.body) for asked in fake.asked] == [{"status": "inactive"}, {"status": "active"}]
    assert {asked.headers["content-type"] for asked in fake.asked} == {"application/json"}
    assert {asked.headers["anthropic-version"] for asked in fake.asked} == {"2023-06-01"}


def test_every_switch_keeps_a_second_s_distance(fake: FakeAnthropic, keys: KeySwitch) -> None:
    for active in (False, True, False):
        keys.set_status(CI_EVAL, active=active)
    assert all(later.at - earlier.at >= 1 for earlier, later in pairwise(fake.asked))


def altered(**fields: Any) -> Fault:
    return changed(lambda key: key.update(fields))


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        pytest.param(
            refusal(404, "no such key"), Refused, "no such key.*; that key no longer exists", id="gone"
        ),
        pytest.param(
            refusal(403, "no"), Refused, "Admin key.*: check ANTHROPIC_ADMIN_KEY", id="a lesser key"
        ),
        pytest.param(refusal(401), Refused, "Admin key.*: check ANTHROPIC_ADMIN_KEY", id="a wrong key"),
        pytest.param(
            refusal(400, "archived"), Refused, "archived.*; this key cannot be changed", id="not so"
        ),
        pytest.param(refusal(400, "Cursor"), Refused, "Cursor.*; this key cannot", id="a key of that name"),
        pytest.param(refusal(410), Refused, "will not pass by itself", id="no cursor that expired"),
        pytest.param(redirect("http://127.0.0.1:9/"), Refused, "redirects are not followed", id="redirect"),
        pytest.param(altered(status="active"), BadAnswer, f"but {CI_EVAL} is active", id="not obeyed"),
        pytest.param(
            altered(status="expired"), BadAnswer, f"but {CI_EVAL} is expired", id="expired meanwhile"
        ),
        pytest.param(altered(status=None), BadAnswer, f"but {CI_EVAL} is of no status", id="no status"),
        pytest.param(altered(id="apikey_02"), BadAnswer, "but apikey_02 is inactive", id="another key"),
        pytest.param(altered(id=None), BadAnswer, "did not answer with a key", id="a key without an id"),
        pytest.param(answering(b"<html>"), BadAnswer, "did not answer with a key", id="HTML"),
        pytest.param(answering([]), BadAnswer, "did not answer with a key", id="a list"),
    ],
)
def test_what_was_not_done_is_said_at_once(
    fake: FakeAnthropic, keys: KeySwitch, fault: Fault, kind: type[SourceError], said: str
) -> None:
    fake.fail(PATH, fault)
    with pytest.raises(kind, match=f"^POST {PATH}.*{said}") as caught:
        keys.set_status(CI_EVAL, active=False)
    assert type(caught.value) is kind
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("fault", "requests", "said"),
    [
        pytest.param(CUT, 6, r"the connection failed \(RemoteProtocolError\)", id="broken connections"),
        pytest.param(HTML_500, 6, "answered 500; try again later", id="trouble of the server"),
        pytest.param(TIMEOUT, 2, "answered 504: timeout", id="gateway timeouts"),
        pytest.param(limited(retry_after="3600"), 1, "answered 429: slow down", id="come back in an hour"),
    ],
)
def test_when_patience_ends_it_may_have_been_done(
    fake: FakeAnthropic, keys: KeySwitch, fault: Fault, requests: int, said: str
) -> None:
    fake.always(PATH, fault)
    with pytest.raises(Unreachable, match=f"{said}.*; it may have been done all the same"):
        keys.set_status(CI_EVAL, active=False)
    assert len(fake.asked) == requests


def test_a_key_that_never_was_no_longer_exists(keys: KeySwitch) -> None:
    with pytest.raises(Refused, match=r"apikey_01None was not found.*; that key no longer exists"):
        keys.set_status("apikey_01None", active=False)


@pytest.mark.parametrize(
    "id_",
    [
        pytest.param("", id="nothing"),
        pytest.param("apikey_", id="only the beginning"),
        pytest.param("ci-eval", id="a name"),
        pytest.param("wrkspc_01Research", id="a workspace"),
        pytest.param("apikey_01CiEval\n", id="a line's end"),
        pytest.param("apikey_01/../../users/user_01Ada", id="a way out"),
        pytest.param("apikey_01%2F..", id="a way out, encoded"),
        pytest.param("apikey_01?status=archived", id="a query"),
        pytest.param("apikey_01\u00e9", id="a letter from elsewhere"),
        pytest.param("apikey_\u0661", id="a digit from elsewhere"),
    ],
)
def test_what_is_no_id_never_becomes_a_path(fake: FakeAnthropic, keys: KeySwitch, id_: str) -> None:
    with pytest.raises(Refused, match="is no id of an API key; such an id begins with apikey_") as caught:
        keys.set_status(id_, active=False)
    assert str(caught.value).isprintable()
    assert fake.asked == []


@pytest.mark.parametrize(
    ("placed", "workspace"),
    [
        pytest.param({"workspace_id": "wrkspc_1"}, "wrkspc_1", id="older"),
        pytest.param({"workspace_id": None}, "", id="older, in the default workspace"),
        pytest.param({"scope": {"type": "workspace", "workspace_id": "wrkspc_1"}}, "wrkspc_1", id="newer"),
        pytest.param({"scope": {"type": "organization"}}, "", id="of the whole organisation"),
    ],
)
def test_older_and_newer_answers_are_read(
    fake: FakeAnthropic, keys: KeySwitch, placed: dict[str, object], workspace: str
) -> None:
    key = {"id": CI_EVAL, "name": "ci", "status": "inactive", "created_by": {"id": "user_1"}, **placed}
    fake.fail(PATH, answering(key))
    switched = keys.set_status(CI_EVAL, active=False)
    assert switched == Key(CI_EVAL, "ci", "inactive", workspace_id=workspace, owner="user_1")


def test_two_people_at_once_are_served_one_after_the_other(fake: FakeAnthropic, keys: KeySwitch) -> None:
    def switch(*, active: bool) -> threading.Thread:
        thread = threading.Thread(target=lambda: keys.set_status(CI_EVAL, active=active))
        thread.start()
        return thread

    fake.hold_at(1)
    first = switch(active=False)
    assert fake.held.wait(5)
    second = switch(active=True)
    second.join(0.1)
    assert len(fake.asked) == 1
    fake.release()
    for thread in (first, second):
        thread.join(5)
    assert [json.loads(asked.body)["status"] for asked in fake.asked] == ["inactive", "active"]


@given(id_=st.text(max_size=200), status=st.text(max_size=200))
def test_whatever_comes_back_is_what_was_asked_for_or_a_sentence(id_: str, status: str) -> None:
    body = json.dumps({"id": id_, "status": status})
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    switch = KeySwitch(Client("http://test", "sk-ant-test", FakeTime().pace(), transport))
    try:
        key = switch.set_status("apikey_1", active=False)
    except BadAnswer as bad:
        assert str(bad).isprintable()  # noqa: PT017 - either way is right
    else:
        assert (key.id, key.status) == ("apikey_1", "inactive")
