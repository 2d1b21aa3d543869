"""Which buttons there are in which state, and what a press says."""

from dataclasses import replace
from typing import Any

import pytest

from bot.facts.delivery import Why
from bot.facts.incident import State
from bot.slack.buttons import NO_CONTROLS, Controls, Pressed, pressed
from bot.slack.messages import incident_message
from tests.fakes.incidents import DIRECTORY, runaway
from tests.slack.limits import faults

LISTENING, OPERATING = Controls(listens=True), Controls(listens=True, switches_keys=True)
KEY = DIRECTORY.keys["apikey_ci"]
OFF = replace(DIRECTORY, keys={"apikey_ci": replace(KEY, status="inactive")})
GONE = replace(DIRECTORY, keys={"apikey_ci": replace(KEY, status="archived")})
TALK = ["expect", "dismiss", "why", "console"]


def elements(state: State, can: Controls, directory: Any = DIRECTORY, **changes: Any) -> list[dict[str, Any]]:
    """What can be pressed below an alert."""
    message = incident_message(runaway(state=state, **changes), directory, Why.FIRST, can)
    assert faults(message.text, list(message.blocks)) == []
    return [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]


@pytest.mark.parametrize(
    ("state", "can", "directory", "there"),
    [
        pytest.param(State.OPEN, NO_CONTROLS, DIRECTORY, [], id="nobody listens: no buttons"),
        pytest.param(State.OPEN, LISTENING, DIRECTORY, ["acknowledge", "snooze", *TALK], id="open"),
        pytest.param(
            State.ACKNOWLEDGED,
            LISTENING,
            DIRECTORY,
            ["reopen", "snooze", *TALK],
            id="somebody looks after it",
        ),
        pytest.param(State.SNOOZED, LISTENING, DIRECTORY, ["reopen", *TALK], id="snoozed"),
        pytest.param(
            State.OPEN,
            OPERATING,
            DIRECTORY,
            ["acknowledge", "snooze", *TALK, "disable key"],
            id="keys may be switched",
        ),
        pytest.param(
            State.OPEN, OPERATING, OFF, ["acknowledge", "snooze", *TALK, "enable key"], id="the key is off"
        ),
        pytest.param(
            State.OPEN, OPERATING, GONE, ["acknowledge", "snooze", *TALK], id="an archived key stays so"
        ),
    ],
)
def test_the_buttons_of_each_state(state: State, can: Controls, directory: Any, there: list[str]) -> None:
    assert [each["action_id"] for each in elements(state, can, directory)] == there


def test_blindness_can_be_acknowledged_and_snoozed_but_has_no_key_and_no_reason_to_ask() -> None:
    found = elements(State.OPEN, OPERATING, kind="blind: collect")
    assert [each["action_id"] for each in found] == ["acknowledge", "snooze"]


def test_each_button_says_aloud_what_it_is_about() -> None:
    said = {each.get("accessibility_label") for each in elements(State.OPEN, LISTENING)}
    assert "Acknowledge: Runaway spend on key ci-eval" in said


def test_the_row_is_renamed_when_its_buttons_change() -> None:
    def name(state: State) -> str:
        blocks = incident_message(runaway(state=state), DIRECTORY, Why.EDIT, LISTENING).blocks
        return str(next(block["block_id"] for block in blocks if block["type"] == "actions"))

    assert len({name(state) for state in (State.OPEN, State.ACKNOWLEDGED, State.SNOOZED)}) == 3


@pytest.mark.parametrize(
    ("state", "there"),
    [
        pytest.param(State.RESOLVED, ["why", "expect", "dismiss", "reopen"], id="resolved"),
        pytest.param(State.EXPECTED, ["why", "dismiss", "reopen"], id="expected"),
        pytest.param(State.FALSE_ALARM, ["why", "expect", "reopen"], id="a false alarm"),
    ],
)
def test_what_is_over_is_one_line_with_a_menu(state: State, there: list[str]) -> None:
    (line,) = incident_message(runaway(state=state), DIRECTORY, Why.EDIT, LISTENING).blocks
    options = line["accessory"]["options"]
    assert [pressed({"action_id": "more", "selected_option": one}).deed for one in options] == there


def test_a_key_that_is_off_can_be_switched_on_when_it_is_over() -> None:
    (line,) = incident_message(runaway(state=State.RESOLVED), OFF, Why.EDIT, OPERATING).blocks
    assert line["accessory"]["options"][-1]["value"] == "inc_7f3a|enable key"


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        pytest.param(
            {"action_id": "dismiss", "value": "inc_7f3a", "type": "button"},
            Pressed("dismiss", "inc_7f3a"),
            id="a button",
        ),
        pytest.param(
            {"action_id": "snooze", "selected_option": {"value": "inc_7f3a|tomorrow"}},
            Pressed("snooze", "inc_7f3a", "tomorrow"),
            id="a choice of a menu",
        ),
        pytest.param(
            {"action_id": "more", "selected_option": {"value": "inc_7f3a|reopen"}},
            Pressed("reopen", "inc_7f3a"),
            id="a deed of the menu of what is over",
        ),
        pytest.param(
            {"action_id": "snooze", "selected_option": None, "value": ""}, Pressed("snooze", ""), id="nothing"
        ),
    ],
)
def test_a_press_is_read_as_slack_sends_it(action: dict[str, Any], meant: Pressed) -> None:
    assert pressed(action) == meant
