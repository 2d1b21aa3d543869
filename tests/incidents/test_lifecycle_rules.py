"""Incidents of rules, the names incidents get, and what must not matter to either."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.facts.clock import HOUR, Window
from bot.facts.finding import Finding
from bot.facts.incident import State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.severity import Severity
from bot.incidents.lifecycle import step
from bot.incidents.match import QUIET_PERIOD
from bot.incidents.opening import incident_id
from tests.fakes.incidents import START, finding
from tests.incidents.world import KEY, LEAVES, OTHER, A, B, World, live


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
    assert incident_id(KEY, START, "").startswith("261119-")


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


def test_a_broken_cap_does_not_hide_what_statistics_find_there() -> None:
    world = World()
    (broken,) = world.step(cap(0))
    world.hours = 2
    changed = {one.rule: one for one in world.step(cap(1, 150), finding(KEY, LEAVES, 1))}
    assert changed[""].scope == KEY
    assert changed[""].state is State.OPEN
    assert changed[broken.rule].history[-1].reason == f"told as incident {changed[''].id}"


def test_a_broken_cap_of_the_organisation_does_not_hide_a_key() -> None:
    world = World()
    over = finding(ORGANISATION, {A: 40, B: 60}, kind="cap", rule="nobody spends more", why="above $50")
    world.step(over)
    world.hours = 2
    opened = [one for one in world.step(finding(KEY, LEAVES, 1)) if not one.rule]
    assert [one.scope for one in opened] == [KEY]
    assert {one.rule for one in world.incidents.values() if one.state is State.OPEN} == {over.rule, ""}


def test_a_cap_that_statistics_already_speak_of_is_not_told_again() -> None:
    world = World()
    world.step(finding(KEY, LEAVES))
    world.hours = 2
    world.step(cap(1))
    assert [one.rule for one in world.incidents.values()] == [""]


def test_the_organisations_rise_does_not_hide_a_key_that_runs_away_later() -> None:
    world = World()
    world.step(finding(ORGANISATION, {A: 5, B: 95}))
    world.hours = 2
    world.step(finding(KEY, {A: 100}, 1))
    assert {one.scope for one in world.incidents.values()} == {ORGANISATION, KEY}
    world.step(finding(OTHER, {B: 100}, 1))
    assert {one.scope for one in world.incidents.values()} == {ORGANISATION, KEY}, (
        "B was most of it all along"
    )


def test_a_cap_whose_window_still_holds_a_resolved_incident_is_not_told_after_it() -> None:
    world = World(hot=[range(1)])
    world.step(finding(KEY, LEAVES))
    world.hours = 8
    world.step()
    assert world.only().state is State.RESOLVED
    day = cap(7)
    world.step(replace(day, window=Window(day.window.end - 24 * HOUR, day.window.end)))
    assert [one.rule for one in world.incidents.values()] == [""]
    world.hours = 40
    world.step(cap(39))
    assert len(world.incidents) == 2, "a later breach is its own"
