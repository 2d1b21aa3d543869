from dataclasses import replace

import numpy as np
import pytest

from bot.detect.days import judge_day
from bot.detect.gates import Gates, typical_day
from bot.detect.robust import Floats
from bot.detect.sensitivity import Exceptions, Sensitivity
from bot.detect.silences import LOOKS, NEVER_LATE
from bot.detect.told import Told
from bot.facts.clock import DAY, Grain, Window
from bot.facts.finding import Finding
from bot.facts.scope import Scope
from bot.panel.panel import Panel
from tests.fakes.life import OPUS, Life, Use, altered, at, organisation, panel_of, steady, use

DAYS = 66
TODAY = DAYS - 1
"""A Wednesday."""
NEWEST = slice(TODAY, DAYS)


QUIET = organisation(100)
OFTEN = np.full(LOOKS, 0.02)


def but(*uses: Use) -> dict[str, Use]:
    """The quiet organisation, in which some keys are used otherwise."""
    return altered(*uses, of=QUIET)


def judged(panel: Panel, told: tuple[Told, ...] = (), late: Floats = NEVER_LATE) -> list[Finding]:
    return judge_day(panel, gates(panel), told, late)


def gates(panel: Panel, sensitivity: Sensitivity = Sensitivity.MEDIUM) -> Gates:
    return Gates(typical_day(panel.before(panel.columns - 1)), sensitivity)


def said(findings: list[Finding]) -> set[tuple[str, str | None]]:
    return {(one.kind, one.scope.api_key_id) for one in findings if one.said}


LOOP = QUIET["steady2"].times(NEWEST, 8)
STOPPED = QUIET["steady4"].times(NEWEST, 0)
SLEEPER = use("sleeper", steady(20, 100, 5)).times(slice(12, None), 0).spending(NEWEST, 40)


@pytest.mark.parametrize(
    ("life", "odd"),
    [
        pytest.param(but(), set(), id="a day like every other"),
        pytest.param(but(LOOP), {("spike", "steady2")}, id="a loop"),
        pytest.param(but(STOPPED), {("drop", "steady4")}, id="a key that stops"),
        pytest.param(but(LOOP, STOPPED), {("spike", "steady2"), ("drop", "steady4")}, id="both on one day"),
        pytest.param(but(SLEEPER), {("dormant", "sleeper")}, id="a key that slept for seven weeks"),
        pytest.param(
            but(use("newcomer", np.zeros(100)).spending(NEWEST, 400)),
            {("new", "newcomer")},
            id="a new key",
        ),
        pytest.param(
            but(QUIET["steady3"].uncached(NEWEST)), {("price", "steady3")}, id="a cache that breaks"
        ),
        pytest.param(
            QUIET | dict(zip(("steady3", "moved"), QUIET["steady3"].moved(NEWEST, OPUS), strict=True)),
            {("price", "steady3")},
            id="a dearer model",
        ),
        pytest.param(but(QUIET["steady2"].times(NEWEST, 1.2)), set(), id="a fifth more is noise"),
        pytest.param(
            but(use("tiny", steady(0.01, 100, 5)).times(NEWEST, 50)),
            set(),
            id="fifty times next to nothing",
        ),
    ],
)
def test_what_is_odd_about_a_day(life: Life, odd: set[tuple[str, str]]) -> None:
    assert said(judged(panel_of(life, DAYS))) == odd


SIDELINE = replace(use("steady6", steady(20, 100, 6), OPUS), actor="team2")
"""A second model of a key, so that a key and its model are two groupings."""
MANY = {f"eval{n}": use(f"eval{n}", steady(80, 100, 50 + n), OPUS, f"wrkspc_{n % 3}") for n in range(9)}


def resting(when: slice, *keys: str) -> list[Use]:
    """Keys whose names begin so rest."""
    return [one.times(when, 0) for one in QUIET.values() if one.key.startswith(keys)]


def test_the_return_from_a_long_holiday_is_no_incident() -> None:
    life = but(*resting(slice(TODAY - 16, TODAY), "office")) | {"sideline": SIDELINE}
    assert said(judged(panel_of(life, DAYS))) == set()


def test_what_was_not_read_for_weeks_did_not_sleep() -> None:
    life = QUIET | {"sideline": SIDELINE}
    panel = panel_of(life, DAYS)
    known = panel.known.copy()
    known[TODAY - 20 : TODAY] = False
    assert said(judged(replace(panel, known=known, usd=panel.usd * known))) == set()


def test_all_keys_of_one_model_that_rise_together_are_told_once() -> None:
    life = QUIET | {key: one.times(NEWEST, 2.5) for key, one in MANY.items()}
    assert [one.scope for one in judged(panel_of(life, DAYS)) if one.said] == [Scope(model=OPUS)]


def test_nothing_at_all_is_as_odd_as_a_tenth() -> None:
    tenth = but(QUIET["steady4"].times(NEWEST, 0.1))
    [nothing], [little] = judged(panel_of(but(STOPPED), DAYS)), judged(panel_of(tenth, DAYS))
    assert nothing.score >= little.score


APRIL, MAY, JUNE = 30, 60, 91
"""The first of each month."""


@pytest.mark.parametrize(
    ("bursts", "odd"),
    [
        pytest.param([JUNE], True, id="for the first time"),
        pytest.param([MAY, JUNE], False, id="as on the first of the month before"),
        pytest.param([APRIL, MAY, JUNE], False, id="as on the first of every month"),
        pytest.param([MAY + 16, JUNE], True, id="for the second time, at another time of the month"),
    ],
)
def test_what_comes_every_month_is_no_surprise(bursts: list[int], odd: bool) -> None:
    report = use("report", steady(20, 100, 5))
    for burst in bursts:
        report = report.times(slice(burst, burst + 1), 9)
    assert bool(said(judged(panel_of(but(report), JUNE + 1)))) == odd


def test_a_finding_says_how_much_against_what_in_whom() -> None:
    panel = panel_of(but(LOOP), DAYS)
    [finding] = judged(panel)
    [column] = panel.leaves.inside(finding.scope)
    usual = float(np.median(panel.usd[column, :-1]))
    assert finding.window == Window(at(TODAY), at(TODAY + 1))
    assert (finding.grain, finding.start, finding.complete) == (Grain.DAY, at(TODAY), True)
    assert finding.observed == panel.usd[column, -1]
    assert finding.expected == pytest.approx(usual, rel=0.1)
    assert 0 < finding.low < finding.expected < finding.high < finding.observed
    assert finding.scope.covers(finding.parts[0].scope)
    assert finding.parts[0].excess == pytest.approx(finding.excess, rel=0.05)
    assert 4 < finding.score <= 12
    assert "more dollars" in finding.why
    assert "once in" in finding.why


def test_days_in_a_row_are_told_from_the_first() -> None:
    [finding] = judged(panel_of(but(QUIET["steady2"].times(slice(TODAY - 2, DAYS), 8)), DAYS))
    assert finding.start == at(TODAY - 2)


def test_there_is_one_finding_for_a_scope_and_the_oddest_comes_first() -> None:
    found = judged(panel_of(but(LOOP, STOPPED, SLEEPER), DAYS))
    assert len({one.scope for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        pytest.param(1, {"early"}, id="its first day"),
        pytest.param(7, {"early"}, id="six days are known"),
        pytest.param(15, {"spike"}, id="two weeks are"),
    ],
)
def test_it_is_too_early_in_the_first_week(days: int, kinds: set[str]) -> None:
    panel = panel_of(but(QUIET["steady2"].times(slice(days - 1, days), 30)), days)
    assert {one.kind for one in judged(panel)} == kinds


def test_it_is_too_early_to_judge_a_key_of_two_days() -> None:
    panel = panel_of(but(use("fresh", steady(60.0, DAYS, 8)).times(slice(TODAY - 2), 0)), DAYS)
    [found] = [one for one in judged(panel) if one.scope.api_key_id == "fresh"]
    assert (found.kind, found.said, found.score) == ("early", False, 0.0)
    assert found.why == "too early to say: it spent on 2 days before"
    assert found.observed == found.expected > 0


@pytest.mark.parametrize(
    ("scopes", "odd"),
    [
        pytest.param({"sm*": Sensitivity.HIGH}, True, id="it is watched closely"),
        pytest.param({"SMALL": Sensitivity.HIGH}, True, id="case does not matter"),
        pytest.param(
            {"wrkspc_9": Sensitivity.HIGH, "small": Sensitivity.LOW}, False, id="its own word counts"
        ),
        pytest.param({"steady*": Sensitivity.HIGH}, False, id="others are watched closely"),
    ],
)
def test_some_are_watched_more_closely_than_others(scopes: dict[str, Sensitivity], odd: bool) -> None:
    panel = panel_of(but(use("small", steady(0.1, 100, 5)).times(NEWEST, 16)), DAYS)
    watched = replace(gates(panel), exceptions=Exceptions(scopes))
    assert bool(said(judge_day(panel, watched))) == odd


def test_days_that_were_not_read_are_not_known() -> None:
    panel = panel_of(but(QUIET["steady2"].times(slice(14, 15), 30)), 15)
    known = panel.known.copy()
    known[3:12] = False
    [found] = judged(replace(panel, known=known, usd=panel.usd * known))
    assert found.why == "too early to say: 5 of 7 days are known"


@pytest.mark.parametrize(
    ("complete", "lateness", "odd"),
    [
        pytest.param(True, NEVER_LATE, {"spike", "drop"}, id="a whole day"),
        pytest.param(False, NEVER_LATE, {"spike"}, id="a day that may still fill can only be too high"),
        pytest.param(True, OFTEN, {"spike"}, id="silence proves nothing where days come late"),
    ],
)
def test_too_little_is_judged_when_all_was_seen(complete: bool, lateness: Floats, odd: set[str]) -> None:
    panel = panel_of(but(LOOP, STOPPED), DAYS)
    ended = panel.complete.copy()
    ended[-1] = complete
    found = judged(replace(panel, complete=ended), late=lateness)
    assert {one.kind for one in found if one.said} == odd
    assert {one.complete for one in found} == {complete}


@pytest.mark.parametrize(
    ("sensitivity", "odd"),
    [
        pytest.param(Sensitivity.LOW, False, id="low"),
        pytest.param(Sensitivity.MEDIUM, False, id="medium"),
        pytest.param(Sensitivity.HIGH, True, id="high"),
    ],
)
def test_small_dollars_are_worth_saying_to_those_who_want_them(sensitivity: Sensitivity, odd: bool) -> None:
    panel = panel_of(but(use("small", steady(0.1, 100, 5)).times(NEWEST, 16)), DAYS)
    found = judge_day(panel, gates(panel, sensitivity))
    assert bool(said(found)) == odd


def test_what_was_told_is_not_learnt() -> None:
    before = slice(TODAY - 10, TODAY)
    life = but(QUIET["steady2"].times(before, 6).times(NEWEST, 6))
    leaf = Scope("wrkspc_2", "steady2", QUIET["steady2"].model, "team2", "")
    told = tuple(Told(leaf, Window(at(day), at(day) + DAY)) for day in range(before.start, before.stop))
    panel = panel_of(life, DAYS)
    [finding] = judged(panel, told)
    assert finding.scope.api_key_id == "steady2"
    assert finding.expected < finding.observed / 4
    assert all(learnt.expected > 2 * finding.expected for learnt in judged(panel))
