"""An incident opens, grows, steps up, resolves, comes back: every change with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.detect.measure import Measure
from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.finding import Finding
from bot.facts.incident import Cause, Incident, State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.severity import Severity
from bot.incidents.lifecycle import QUIET_PERIOD, Surroundings, incident_id, step
from tests.fakes.incidents import START, finding

KEY, OTHER = Scope(api_key_id="key-a"), Scope(api_key_id="key-b")
A = Scope("research", "key-a", "opus", "ada", "api")
B = Scope("research", "key-b", "opus", "bob", "api")
LEAVES = {A: 100}


@dataclass
class World:
    """Its typical day is $1,000; from the start key-a costs $110 an hour instead of $10."""

    hours: int = 1
    """How many hours have passed since the start."""
    hot: Sequence[range] = (range(10_000),)
    forgotten: bool = False
    """Whether the start lies outside what is stored."""
    incidents: dict[str, Incident] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return START + self.hours * HOUR

    def measure(self, _: Scope, window: Window) -> Measure | None:
        first, last = (window.start - START) // HOUR, min((window.end - START) // HOUR, self.hours)
        if self.forgotten:
            return None
        hot = [hour for hour in range(first, last) if any(hour in stretch for stretch in self.hot)]
        last_hot = hot[-1] + 1 if hot else first
        dollars = 10 * (last - first) + 100 * len(hot)
        return Measure(
            until=START + last * HOUR,
            observed=usd_from_dollars(dollars),
            expected=usd_from_dollars(10 * (last - first)),
            low=usd_from_dollars(7 * (last - first)),
            high=usd_from_dollars(14 * (last - first)),
            per_hour=usd_from_dollars(100 if last_hot == last else 0),
            last_hot=START + last_hot * HOUR,
            over=last - last_hot >= 6,
            course=(),
        )

    def around(self) -> Surroundings:
        return Surroundings(
            measure=self.measure,
            onset=lambda _, window: window.start,
            explain=lambda incident: replace(incident, cause=Cause(f"seen {incident.excess}")),
            typical_day=1000.0,
        )

    def step(self, *findings: Finding) -> list[Incident]:
        """One look at the world; returns what changed."""
        changed = step(list(self.incidents.values()), findings, self.now, self.around())
        self.incidents |= {one.id: one for one in changed}
        return changed

    def only(self) -> Incident:
        (one,) = self.incidents.values()
        return one


def whats(incident: Incident) -> list[str]:
    return [change.what for change in incident.history]


def live(world: World, until: int, odd: Callable[[int], bool] = lambda _: True) -> Incident:
    """Hour after hour, with a finding for every odd one."""
    for hour in range(world.hours, until + 1):
        world.hours = hour
        world.step(*([finding(KEY, LEAVES, hour - 1)] if odd(hour - 1) else []))
    return world.only()


def test_a_finding_opens_an_incident_measured_and_explained() -> None:
    world = World()
    (opened,) = world.step(finding(KEY, LEAVES))
    assert (opened.state, opened.scope, opened.start, opened.opened_at) == (State.OPEN, KEY, START, world.now)
    assert (opened.excess, opened.per_hour) == (usd_from_dollars(100), usd_from_dollars(100))
    assert opened.cause.headline == f"seen {opened.excess}"
    assert whats(opened)[0] == "opened"
    assert opened.history[0].reason == "much more than usual"


def test_it_begins_where_the_excess_began() -> None:
    world = World(hours=3)
    around = replace(world.around(), onset=lambda _, window: window.start - 2 * HOUR)
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
    around = replace(world.around(), typical_day=10_000.0)
    opened = step([], [finding(KEY, LEAVES)], world.now, around)[0]
    assert opened.severity is Severity.WARNING
    for hours in (30, 60):
        world.hours, world.hot = hours, [range(100)]
        opened = step([opened], [], world.now, around)[0]
    assert opened.severity is Severity.CRITICAL
    assert whats(opened) == ["opened", "notice to warning", "warning to critical"]
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


def test_a_day_that_tells_of_the_same_past_hours_does_not_reopen() -> None:
    world = World(hot=[range(3)])
    resolved = live(world, 9, lambda hour: hour < 3)
    world.hours = 22
    assert world.step(day_of(0)) == []
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


def cap(hours: int, dollars: int = 100) -> Finding:
    return finding(KEY, {A: dollars}, hours, kind="cap", rule="no key spends more", why="above $10 in 1h")


def test_a_rule_opens_its_own_incident_and_follows_its_own_figures() -> None:
    world = World()
    (opened,) = world.step(cap(0))
    assert (opened.rule, opened.kind, opened.start) == ("no key spends more", "cap", START)
    world.hours = 2
    (grown,) = world.step(cap(1, 150))
    assert grown.id == opened.id
    assert grown.excess == usd_from_dollars(150)
    assert grown.last_hot == START + 2 * HOUR


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        pytest.param(Severity.NOTICE, Severity.NOTICE, id="milder than the dollars"),
        pytest.param(Severity.CRITICAL, Severity.CRITICAL, id="more urgent than the dollars"),
        pytest.param(None, Severity.WARNING, id="the dollars decide"),
    ],
)
def test_a_rule_says_how_urgent_it_is(said: Severity | None, severity: Severity) -> None:
    (opened,) = World().step(replace(cap(0, 200), severity=said))
    assert opened.severity is severity


def test_a_rule_resolves_when_it_was_not_broken_for_the_quiet_period() -> None:
    world = World()
    world.step(cap(0))
    world.hours = QUIET_PERIOD // HOUR
    assert world.step() == []
    world.hours += 1
    (resolved,) = world.step()
    assert resolved.state is State.RESOLVED
    assert resolved.history[-1].reason == "not broken again since 19 Nov 03:00 UTC"


def test_a_rule_broken_by_what_statistics_found_opens_nothing() -> None:
    world = World()
    world.step(finding(KEY, LEAVES))
    world.hours = 2
    world.step(cap(1))
    assert not world.only().rule


def test_two_rules_about_one_key_are_two_rules_when_they_do_not_overlap_in_it() -> None:
    world = World()
    world.step(cap(0), finding(OTHER, {B: 40}, rule="another cap"))
    assert {one.rule for one in world.incidents.values()} == {"no key spends more", "another cap"}


def test_ids_are_the_same_whoever_computes_them() -> None:
    assert incident_id(KEY, START, "") == live(World(), 5).id == live(World(hours=1), 1).id
    assert incident_id(KEY, START, "").startswith("1119-")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((OTHER, START, ""), id="another scope"),
        pytest.param((KEY, START + HOUR, ""), id="another start"),
        pytest.param((KEY, START, "cap"), id="a rule"),
        pytest.param((KEY, START + timedelta(days=365), ""), id="another year"),
    ],
)
def test_ids_differ_with(other: tuple[Scope, datetime, str]) -> None:
    assert incident_id(*other) != incident_id(KEY, START, "")


def test_the_order_of_known_incidents_does_not_matter() -> None:
    world = World()
    world.step(finding(KEY, LEAVES), finding(OTHER, {B: 90}))
    world.hours = 2
    known = list(world.incidents.values())
    findings = [finding(KEY, LEAVES, 1), finding(ORGANISATION, {A: 100, B: 90}, 1)]
    one = step(known, findings, world.now, world.around())
    other = step(known[::-1], findings[::-1], world.now, world.around())
    assert {i.id: i for i in one} == {i.id: i for i in other}


def test_what_a_part_filled_hour_opens_is_measured_until_now() -> None:
    at = START + timedelta(minutes=20)
    around = replace(World(hours=0).around(), measure=lambda *_: None)
    (closed,) = step([], [finding(KEY, LEAVES)], at, around)
    assert (closed.opened_at, closed.measured_until, closed.last_hot) == (at, at, at)


def test_money_is_whole_nano_dollars() -> None:
    incident = live(World(), 3)
    assert all(isinstance(usd, int) for usd in (incident.observed, incident.expected, Usd(incident.excess)))
