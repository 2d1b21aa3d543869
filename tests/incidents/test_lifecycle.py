"""An incident opens, grows, steps up, resolves, comes back: every change with its reason."""

from dataclasses import replace

import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.finding import Finding
from bot.facts.incident import State
from bot.facts.money import usd_from_dollars
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.severity import Severity
from bot.incidents.lifecycle import step
from tests.fakes.incidents import START, finding
from tests.incidents.world import KEY, LEAVES, OTHER, A, B, World, live, whats


def test_a_finding_opens_an_incident_that_is_measured() -> None:
    world = World()
    (opened,) = world.step(finding(KEY, LEAVES))
    assert (opened.state, opened.scope, opened.start, opened.opened_at) == (State.OPEN, KEY, START, world.now)
    assert (opened.excess, opened.per_hour) == (usd_from_dollars(100), usd_from_dollars(100))
    assert whats(opened)[0] == "opened"
    assert opened.history[0].reason == "much more than usual"


def test_it_begins_where_the_excess_began() -> None:
    world = World(hours=3)
    around = replace(world.around(), onset=lambda finding, _: finding.start - 2 * HOUR)
    (opened,) = step([], [finding(KEY, LEAVES, 2)], world.now, around)
    assert opened.start == START
    assert opened.observed == usd_from_dollars(330)


def test_without_findings_nothing_happens() -> None:
    assert World().step() == []


def test_the_same_look_again_changes_nothing() -> None:
    world = World()
    world.step(finding(KEY, LEAVES))
    assert world.step(finding(KEY, LEAVES)) == []


def test_it_grows_and_steps_up_once() -> None:
    world = World()
    assert live(world, 1).severity is Severity.CRITICAL
    world = World(hot=[range(2)])
    around = replace(world.around(), weighed_against=lambda _: 10_000.0)
    opened = step([], [finding(KEY, LEAVES)], world.now, around)[0]
    assert opened.severity is Severity.WARNING
    for hours in (30, 60):
        world.hours, world.hot = hours, [range(100)]
        opened = step([opened], [], world.now, around)[0]
    assert opened.severity is Severity.CRITICAL
    assert whats(opened) == ["opened", "warning to critical"]
    assert opened.excess == usd_from_dollars(6000)


def test_severity_does_not_step_down_when_it_calms() -> None:
    incident = live(World(hot=[range(5)]), 9, lambda hour: hour < 5)
    assert incident.per_hour == 0
    assert incident.severity is Severity.CRITICAL


def test_it_resolves_when_it_has_been_quiet_long_enough() -> None:
    world = World(hot=[range(3)])
    assert live(world, 8, lambda hour: hour < 3).state is State.OPEN
    resolved = live(world, 9, lambda hour: hour < 3)
    assert (resolved.state, resolved.resolved_at) == (State.RESOLVED, world.now)
    assert resolved.excess == usd_from_dollars(300)
    assert resolved.measured_until == START + 3 * HOUR
    assert resolved.per_hour == 0
    assert resolved.history[-1].reason == "back to usual since 19 Nov 05:00 UTC"


def test_a_resolved_incident_is_left_alone() -> None:
    world = World(hot=[range(3)])
    before = live(world, 9, lambda hour: hour < 3)
    world.hours = 40
    assert world.step() == []
    assert world.only() == before


@pytest.mark.parametrize(
    ("back", "incidents"),
    [
        pytest.param(12, 1, id="hours later it is the same incident, reopened"),
        pytest.param(3 + 71, 1, id="just within the quiet period"),
        pytest.param(3 + 72, 2, id="after the quiet period it is another one"),
    ],
)
def test_what_comes_back(back: int, incidents: int) -> None:
    world = World(hot=[range(3), range(back, back + 3)])
    first = live(world, 9, lambda hour: hour < 3)
    world.hours = back + 1
    (changed,) = world.step(finding(KEY, LEAVES, back))
    assert len(world.incidents) == incidents
    assert changed.state is State.OPEN
    if incidents == 1:
        assert changed.id == first.id
        assert changed.resolved_at is None
        assert "reopened" in whats(changed)
        assert f"{back + 1 - 3} h after it had calmed down" in changed.history[-1].reason
    else:
        assert changed.id != first.id


def day_of(hour: int) -> Finding:
    midnight = (START + hour * HOUR).replace(hour=0)
    return finding(KEY, LEAVES, grain=Grain.DAY, window=Window(midnight, midnight + DAY), start=midnight)


@pytest.mark.parametrize(
    "late",
    [
        pytest.param(day_of(0), id="its day"),
        pytest.param(finding(KEY, LEAVES, 1), id="one of its hours, restated"),
    ],
)
def test_what_tells_of_the_same_past_hours_does_not_reopen(late: Finding) -> None:
    world = World(hot=[range(3)])
    resolved = live(world, 9, lambda hour: hour < 3)
    world.hours = 22
    assert world.step(late) == []
    assert world.only() == resolved


def test_a_broader_scope_that_tells_of_the_same_dollars_is_the_same_incident() -> None:
    world = World()
    live(world, 2)
    world.hours = 3
    world.step(finding(ORGANISATION, LEAVES, 2), finding(Scope(workspace_id="research"), LEAVES, 2))
    assert world.only().scope == KEY


def test_a_narrower_scope_that_tells_of_the_same_dollars_is_the_same_incident() -> None:
    world = World()
    world.step(finding(KEY, LEAVES))
    world.hours = 2
    world.step(finding(Scope(api_key_id="key-a", model="opus"), LEAVES, 1))
    assert world.only().scope == KEY


def test_another_key_is_another_incident() -> None:
    world = World()
    world.step(finding(KEY, LEAVES))
    world.hours = 2
    world.step(finding(KEY, LEAVES, 1), finding(OTHER, {B: 50}, 1))
    assert {one.scope for one in world.incidents.values()} == {KEY, OTHER}


def test_two_causes_at_once_explain_the_organisation_together() -> None:
    world = World()
    world.step(finding(KEY, LEAVES), finding(OTHER, {B: 90}))
    world.hours = 2
    world.step(finding(ORGANISATION, {A: 100, B: 90}, 1))
    assert len(world.incidents) == 2


def test_what_began_before_the_stored_history_is_closed_with_the_reason() -> None:
    world = World()
    live(world, 2)
    world.forgotten = True
    (closed,) = world.step()
    assert closed.state is State.RESOLVED
    assert "this is the usual now" in closed.history[-1].reason


@pytest.mark.parametrize(
    ("weeks", "state"),
    [
        pytest.param(4, State.OPEN, id="four weeks are still too much"),
        pytest.param(4.01, State.RESOLVED, id="after four weeks it is the new usual"),
    ],
)
def test_what_never_ends_becomes_the_usual(weeks: float, state: State) -> None:
    world = World()
    live(world, 2)
    world.hours = int(weeks * 7 * 24)
    world.step()
    assert world.only().state is state


def test_what_may_be_a_stolen_key_is_no_mere_notice() -> None:
    world = World(hours=1, hot=())
    (opened,) = world.step(finding(KEY, LEAVES, kind="dormant"))
    assert opened.severity is Severity.WARNING


def test_a_key_that_rises_on_more_models_widens_its_incident() -> None:
    world = World(hours=1)
    on_opus = Scope(api_key_id="key-a", model="opus")
    (opened,) = world.step(finding(on_opus, {A: 100}))
    other = replace(A, model="haiku")
    world.hours = 2
    world.step(finding(KEY, {A: 40, other: 90}, 1))
    widened = world.only()
    assert (widened.id, widened.scope, widened.state) == (opened.id, KEY, State.OPEN)
    assert "widened" in whats(widened)


def test_two_models_of_a_key_become_one_when_the_key_is_told() -> None:
    world = World(hours=1)
    other = replace(A, model="haiku")
    world.step(finding(Scope(api_key_id="key-a", model="opus"), {A: 100}))
    world.step(finding(Scope(api_key_id="key-a", model="haiku"), {other: 90}))
    assert len(world.incidents) == 2
    world.hours = 2
    third = replace(A, model="sonnet")
    world.step(finding(KEY, {A: 20, other: 20, third: 90}, 1))
    assert sorted(one.state for one in world.incidents.values()) == [State.OPEN, State.RESOLVED]
