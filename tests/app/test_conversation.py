"""Buttons and forms in Slack, over real sockets, on a real history: each does what it says, once."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo import DEMO_KEY, Demo, VirtualClock
from bot.facts.answer import Expectation
from bot.facts.directory import Directory, Key
from bot.facts.incident import State
from bot.facts.scope import Scope
from bot.history.store import History
from tests.app.talking import INCIDENT, Talk
from tests.fakes.anthropic import FakeAnthropic
from tests.fakes.incidents import DIRECTORY, runaway
from tests.fakes.organisation import small_demo
from tests.fakes.slack import ADA, GRACE, HTML_500, OPS, FakeSlack, Fault, refused, slow, throttled


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture
def talk(slack: FakeSlack, tmp_path: Path) -> Iterator[Talk]:
    with Talk(slack, tmp_path / "history.db").on() as talk:
        slack.wait_for_socket()
        yield talk


def test_acknowledging_shows_who_did_it_and_rings_nobody(talk: Talk) -> None:
    talk.slack.press(talk.message, "acknowledge").wait_ack()
    talk.until_said("Status: acknowledged by ada.")
    assert talk.known().state is State.ACKNOWLEDGED
    assert len(talk.slack.store.posts) == 1
    assert len(talk.slack.store.replies(talk.message["ts"])) == 1, "only the evidence stands in the thread"


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        pytest.param("1h", datetime(2026, 11, 19, 9, tzinfo=UTC), id="an hour"),
        pytest.param(
            "tomorrow", datetime(2026, 11, 20, 9, tzinfo=UTC), id="nine o'clock where ada is, in London"
        ),
        pytest.param("week", datetime(2026, 11, 26, 8, tzinfo=UTC), id="a week"),
    ],
)
def test_snoozing_from_the_menu(talk: Talk, choice: str, until: datetime) -> None:
    talk.slack.press(talk.message, "snooze", selected_option=f"{INCIDENT}|{choice}").wait_ack()
    talk.until_said("snoozed until")
    answer = talk.known().answer
    assert answer is not None
    assert (talk.known().state, answer.until, answer.actor) == (State.SNOOZED, until, "ada")


def test_tomorrow_is_where_the_one_who_presses_is(talk: Talk) -> None:
    talk.slack.press(talk.message, "snooze", user=GRACE, selected_option=f"{INCIDENT}|tomorrow").wait_ack()
    talk.until_said("snoozed until")
    answer = talk.known().answer
    assert answer is not None
    assert answer.until == datetime(2026, 11, 20, 14, tzinfo=UTC)


def test_snoozing_until_a_time_that_is_picked(talk: Talk) -> None:
    talk.slack.press(talk.message, "snooze", selected_option=f"{INCIDENT}|pick").wait_ack()
    talk.until(lambda: bool(talk.slack.views.opened))
    until = datetime(2026, 11, 19, 20, 15, tzinfo=UTC)
    chosen = {"until": {"until": {"selected_date_time": int(until.timestamp())}}}
    talk.slack.submit(talk.slack.view, ADA, chosen).wait_ack()
    talk.until_said("snoozed until")
    answer = talk.known().answer
    assert answer is not None
    assert answer.until == until


def test_what_was_expected_is_said_in_a_form_with_a_note(talk: Talk) -> None:
    talk.slack.press(talk.message, "expect").wait_ack()
    talk.until(lambda: bool(talk.slack.views.opened))
    values: dict[str, dict[str, dict[str, Any]]] = {
        "how": {"how": {"selected_option": {"value": "new level"}}},
        "note": {"note": {"value": "the new search <!channel> is live"}},
    }
    talk.slack.submit(talk.slack.view, ADA, values).wait_ack()
    talk.until_said("Expected:")
    answer = talk.known().answer
    assert answer is not None
    assert (answer.expectation, answer.note) == (Expectation.NEW_LEVEL, "the new search <!channel> is live")
    assert "<!channel>" not in str(talk.message["blocks"])
    assert [block["type"] for block in talk.message["blocks"]] == ["section"]


def test_a_form_that_cannot_be_taken_stays_open_and_says_why(talk: Talk) -> None:
    talk.slack.press(talk.message, "expect").wait_ack()
    talk.until(lambda: bool(talk.slack.views.opened))
    values: dict[str, dict[str, dict[str, Any]]] = {
        "how": {"how": {"selected_option": {"value": "planned"}}},
        "until": {"until": {"selected_date": "2026-11-01"}},
    }
    event = talk.slack.submit(talk.slack.view, ADA, values)
    event.wait_ack()
    assert event.ack["response_action"] == "errors"
    assert list(event.ack["errors"]) == ["until"]
    assert talk.known().state is State.OPEN


def test_a_false_alarm_is_one_line_and_can_be_taken_back(talk: Talk) -> None:
    talk.slack.press(talk.message, "dismiss").wait_ack()
    talk.until_said("False alarm:")
    talk.slack.press(talk.message, "more", selected_option=f"{INCIDENT}|reopen").wait_ack()
    talk.until_said("Critical, back again:")
    assert [change.actor for change in talk.known().history] == ["ada", "ada"]


def test_why_opens_a_page_with_everything_that_is_known(talk: Talk) -> None:
    talk.slack.press(talk.message, "why").wait_ack()
    talk.until(lambda: bool(talk.slack.views.opened))
    assert talk.slack.view["title"]["text"] == "Why?"
    assert "more requests" in str(talk.slack.view["blocks"])


def test_two_people_at_once_are_one_acknowledgement_and_the_second_is_told(talk: Talk) -> None:
    message = talk.message
    first = talk.slack.press(message, "acknowledge")
    second = talk.slack.press(message, "acknowledge", user=GRACE)
    for event in (first, second):
        event.wait_ack()
    talk.until(lambda: bool(first.answers or second.answers))
    assert len([change for change in talk.known().history if change.what == "acknowledged"]) == 1
    (answer,) = (*first.answers, *second.answers)
    assert answer["response_type"] == "ephemeral"
    assert "has said so already" in answer["text"]


def test_pressing_twice_changes_nothing_more(talk: Talk) -> None:
    talk.slack.fail("chat.update", throttled("600"))  # so that the button is still there
    for _ in range(3):
        talk.slack.press(talk.message, "acknowledge").wait_ack()
    talk.slack.press(talk.message, "why").wait_ack()
    talk.until(lambda: bool(talk.slack.views.opened))
    talk.until(lambda: talk.known().state is State.ACKNOWLEDGED)
    assert len(talk.known().history) == 1


@pytest.mark.parametrize(
    ("operators", "user", "may"),
    [
        pytest.param([ADA], ADA, True, id="named by id"),
        pytest.param(["Ada@Example.com"], ADA, True, id="named by e-mail"),
        pytest.param([OPS], GRACE, True, id="in a group that is named"),
        pytest.param([OPS], ADA, False, id="not in the group"),
        pytest.param(["S99NOBODY"], ADA, False, id="a group that cannot be read lets nobody in"),
    ],
)
def test_only_operators_press(
    slack: FakeSlack, tmp_path: Path, operators: list[str], user: str, *, may: bool
) -> None:
    with Talk(slack, tmp_path / "history.db", operators=operators).on() as talk:
        slack.wait_for_socket()
        event = slack.press(talk.message, "acknowledge", user=user)
        event.wait_ack()
        if may:
            talk.until_said("acknowledged by")
            return
        said = event.wait_answer()
        assert "Only operators may do this" in said["text"]
        assert said["replace_original"] is False
        assert talk.known().state is State.OPEN
        slack.press(talk.message, "why", user=user).wait_ack()
        talk.until(lambda: bool(slack.views.opened))


def test_an_incident_that_is_gone_is_said_to_who_pressed(talk: Talk) -> None:
    with History(talk.path) as store:
        store._db.execute("DELETE FROM incident")
    assert "No incident has the id" in talk.slack.press(talk.message, "acknowledge").wait_answer()["text"]


def test_a_form_that_slack_does_not_open_is_said(talk: Talk) -> None:
    talk.slack.fail("views.open", refused("expired_trigger_id"))
    assert "press again" in talk.slack.press(talk.message, "expect").wait_answer()["text"]


def test_slack_is_asked_nothing_before_a_press_is_acknowledged(talk: Talk) -> None:
    talk.slack.fail("auth.test", HTML_500)
    assert talk.slack.press(talk.message, "acknowledge").wait_ack() < 1
    talk.until_said("acknowledged by ada")


def test_a_slow_slack_holds_up_no_press(talk: Talk) -> None:
    talk.slack.fail("chat.update", slow(3))
    talk.slack.press(talk.message, "acknowledge").wait_ack()
    talk.until_said("acknowledged by ada")
    begun = time.monotonic()
    for deed in ("dismiss", "expect"):
        talk.slack.press(talk.message, deed).wait_ack()
    talk.until(lambda: bool(talk.slack.views.opened))
    assert time.monotonic() - begun < 2.5


def test_what_is_pressed_while_others_are_told_is_told_in_the_same_round(
    slack: FakeSlack, tmp_path: Path
) -> None:
    """On a clock that runs: what comes later is due later than what the round began with."""
    began = time.monotonic()
    talk = Talk(slack, tmp_path / "history.db")
    with talk.on() as talking:
        slack.wait_for_socket()
        slack.fail("chat.update", Fault(body='{"ok": true}', stored=True, delay=2.0))
        slack.press(talking.message, "dismiss").wait_ack()
        talking.until_said("False alarm")
        talking.now += timedelta(seconds=time.monotonic() - began + 1)
        reopen = f"{INCIDENT}|reopen"
        slack.press(talking.message, "more", selected_option=reopen).wait_ack()
        talking.until_said("back again")


def test_who_said_it_is_on_record_by_id(talk: Talk) -> None:
    talk.slack.press(talk.message, "acknowledge", user=GRACE).wait_ack()
    talk.until_said("acknowledged by grace")
    with History(talk.path) as store:
        assert [answer.actor_id for _, answer in store.answers.after(0)] == [GRACE]


def test_a_note_that_comes_second_is_not_lost_in_silence(talk: Talk) -> None:
    talk.slack.press(talk.message, "expect").wait_ack()
    talk.until(lambda: bool(talk.slack.views.opened))
    view = talk.slack.view
    talk.slack.submit(view, ADA, {"note": {"note": {"value": "mine"}}}).wait_ack()
    talk.until_said("Expected:")
    talk.slack.submit(view, GRACE, {"note": {"note": {"value": "hers"}}}).wait_ack()
    talk.until(lambda: bool(talk.slack.store.ephemerals[GRACE]))
    assert "Ada has said so already" in str(talk.slack.store.ephemerals[GRACE])


def test_an_unknown_name_is_shown_as_slack_called_it(talk: Talk) -> None:
    talk.slack.fail("users.info", refused("missing_scope", needed="users:read"))
    talk.slack.press(talk.message, "acknowledge").wait_ack()
    talk.until_said("acknowledged by ada")


def test_the_socket_is_renewed_and_nothing_is_lost(talk: Talk) -> None:
    talk.slack.link.refresh()
    talk.slack.wait_for_socket(nth=2)
    talk.slack.press(talk.message, "acknowledge").wait_ack()
    talk.until_said("acknowledged by ada")


@pytest.fixture(scope="module")
def demo() -> Demo:
    return small_demo()


@pytest.fixture
def keys(demo: Demo, slack: FakeSlack, tmp_path: Path) -> Iterator[Talk]:
    """A bot that may switch keys off, and an alert about one of them."""
    key = next(iter(demo.organisation.keys.values()))
    directory = Directory(keys={key.id: Key(key.id, key.name)}, workspaces=DIRECTORY.workspaces)
    incident = runaway(id=INCIDENT, scope=Scope(api_key_id=key.id))
    with FakeAnthropic(demo, VirtualClock(datetime(2026, 10, 15, 20, 35, tzinfo=UTC))) as anthropic:
        talk = Talk(slack, tmp_path / "history.db", operators=[OPS], directory=directory, incident=incident)
        talk = replace(talk, anthropic_url=anthropic.base_url, admin_key=DEMO_KEY)
        with talk.on():
            slack.wait_for_socket()
            yield talk


def key_of(talk: Talk) -> Key:
    with History(talk.path) as store:
        return store.names.load().keys[talk.incident.scope.api_key_id or ""]


def typed(name: str) -> dict[str, Any]:
    return {"typed": {"typed": {"value": name}}}


def test_a_key_is_switched_off_by_an_operator_who_types_its_name_and_on_again(keys: Talk) -> None:
    name = key_of(keys).name
    keys.slack.press(keys.message, "disable key", user=GRACE).wait_ack()
    keys.until(lambda: bool(keys.slack.views.opened))
    assert f"*Key:* `{name}`" in str(keys.slack.view["blocks"])
    wrong = keys.slack.submit(keys.slack.view, GRACE, typed(f"{name}x"))
    wrong.wait_ack()
    assert wrong.ack["errors"] == {"typed": "This is not the key's name. Nothing was done."}
    assert key_of(keys).status == "active"
    keys.slack.submit(keys.slack.view, GRACE, typed(name)).wait_ack()
    keys.until_said("Key: disabled by grace")
    assert key_of(keys).status == "inactive"
    keys.slack.press(keys.message, "enable key", user=GRACE).wait_ack()
    keys.until_said("Key: enabled again by grace")
    assert key_of(keys).status == "active"
    with History(keys.path) as store:
        said = [(answer.verb, answer.actor) for _, answer in store.answers.after(0)]
    assert said == [
        ("attempt", "grace"),
        ("disable key", "grace"),
        ("attempt", "grace"),
        ("enable key", "grace"),
    ]


def test_nobody_else_switches_keys(keys: Talk) -> None:
    event = keys.slack.press(keys.message, "disable key", user=ADA)
    assert "Only operators may do this (<!subteam^S01OPS>)" in event.wait_answer()["text"]
    assert keys.slack.views.opened == []
    assert key_of(keys).status == "active"
