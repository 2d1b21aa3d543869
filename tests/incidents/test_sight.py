"""Being blind: opened once, more urgent after a day, over when sight returns."""

from datetime import timedelta

import pytest

from bot.facts.answer import Answer, Expectation, Verb
from bot.facts.clock import HOUR
from bot.facts.incident import Incident, State
from bot.facts.severity import Severity
from bot.incidents.answers import act
from bot.incidents.sight import Fault, look
from tests.fakes.incidents import START, runaway
from tests.incidents.world import whats

REFUSED = {"collect": Fault(START, "the key is wrong: check it")}


def later(incidents: list[Incident], hours: int, faults: dict[str, Fault] = REFUSED) -> list[Incident]:
    """All incidents after one more look."""
    changed = {one.id: one for one in look(incidents, faults, START + hours * HOUR)}
    return list(({one.id: one for one in incidents} | changed).values())


def test_a_fault_is_one_incident_however_often_one_looks() -> None:
    incidents: list[Incident] = []
    for hour in range(1, 10):
        incidents = later(incidents, hour)
    (only,) = incidents
    assert (only.start, only.opened_at, only.state) == (START, START + HOUR, State.OPEN)
    assert (only.cause.headline, only.cause.evidence) == (
        "Blind: figures cannot be read",
        "the key is wrong: check it",
    )
    assert only.is_blind


def test_two_faults_are_two() -> None:
    faults = REFUSED | {"deliver": Fault(START, "Slack says no")}
    assert {one.kind for one in later([], 1, faults)} == {"blind: collect", "blind: deliver"}


def test_after_a_day_it_is_critical_once() -> None:
    incidents = later([], 1)
    for hour in (23, 24, 30, 50):
        incidents = later(incidents, hour)
    assert incidents[0].severity is Severity.CRITICAL
    assert whats(incidents[0]) == ["opened", "warning to critical"]


def test_it_is_over_when_sight_returns_and_anew_when_it_goes_again() -> None:
    incidents = later(later([], 1), 5, {})
    assert (incidents[0].state, incidents[0].resolved_at) == (State.RESOLVED, START + 5 * HOUR)
    assert later(incidents, 6, {}) == incidents
    again = later(incidents, 8, {"collect": Fault(START + 7 * HOUR, "again")})
    assert [one.state for one in again] == [State.RESOLVED, State.OPEN]


@pytest.mark.parametrize(
    ("answer", "hours", "states"),
    [
        pytest.param(Answer(Verb.ACKNOWLEDGE, "ada", START), 30, ["acknowledged"], id="somebody mends it"),
        pytest.param(
            Answer(Verb.SNOOZE, "ada", START, START + 4 * HOUR), 3, ["snoozed"], id="snoozed for a while"
        ),
        pytest.param(
            Answer(Verb.SNOOZE, "ada", START, START + 4 * HOUR), 5, ["open"], id="the snooze is over"
        ),
        pytest.param(
            Answer(Verb.EXPECT, "ada", START, START + 9 * HOUR, Expectation.PLANNED),
            5,
            ["expected"],
            id="a planned outage",
        ),
        pytest.param(
            Answer(Verb.EXPECT, "ada", START, START + 9 * HOUR, Expectation.PLANNED),
            10,
            ["expected", "open"],
            id="it lasts longer than planned",
        ),
    ],
)
def test_people_may_know_of_it(answer: Answer, hours: int, states: list[str]) -> None:
    (known,) = later([], 1)
    said = act(known, answer)
    fault = {"collect": Fault(START + timedelta(minutes=hours), "the key is wrong")}
    assert [one.state for one in later([said], hours, fault)] == states


def test_what_is_about_spend_is_left_alone() -> None:
    assert look([runaway()], {}, START) == []
