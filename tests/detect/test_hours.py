"""Hours held against what midnight foretold: organisations in which one thing is odd, or nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.detect.gates import Gates, typical_day
from bot.detect.hours import foretell, judge_hour
from bot.detect.robust import Floats
from bot.detect.sensitivity import Sensitivity
from bot.detect.told import Told
from bot.facts.clock import HOUR, Grain, Window, index
from bot.facts.finding import Finding
from bot.facts.scope import ORGANISATION, Scope
from bot.panel.folding import by_day
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from tests.fakes.panels import START, WEEK, days_of, leaf, office, panel_of, steady, weekend_batch

HOURS = 9 * WEEK
NIGHT, NOON, SATURDAY = HOURS - WEEK + 26, HOURS - WEEK + 36, HOURS - WEEK + 132
REST = {leaf(f"key{number}"): steady(8, HOURS, seed=20 + number) for number in range(5)}
GATES = Gates(typical_day=1200.0)


def judged(panel: Panel, column: int, gates: Gates = GATES, told: tuple[Told, ...] = ()) -> list[Finding]:
    """What is found of one hour, from the midnight before it."""
    midnight = foretell(panel.before(column - column % 24), told)
    seen = panel.before(column + 1)
    return judge_hour(midnight, seen, by_day(seen), gates) if midnight else []


def said(organisation: Mapping[Scope, Floats], column: int, gates: Gates = GATES) -> list[Finding]:
    found = judged(panel_of({**REST, **organisation}), column, gates)
    return [finding for finding in found if finding.said]


def times(values: Floats, at: int, factor: float, hours: int = 1) -> Floats:
    changed = values.copy()
    changed[at : at + hours] *= factor
    return changed


@pytest.mark.parametrize(
    ("values", "column", "odd"),
    [
        pytest.param(times(steady(6, HOURS), NOON, 9), NOON, True, id="nine times the usual at noon"),
        pytest.param(times(office(9, HOURS), NIGHT, 400), NIGHT, True, id="daytime spend at dead of night"),
        pytest.param(
            times(steady(6, HOURS), NOON - 5, 2.2, 6), NOON, True, id="six hours at twice the usual"
        ),
        pytest.param(times(steady(6, HOURS), NOON, 1.3), NOON, False, id="a third more is noise for an hour"),
        pytest.param(times(steady(0.01, HOURS), NOON, 50), NOON, False, id="fifty times next to nothing"),
        pytest.param(times(steady(6, HOURS), NOON - 1, 9), NOON, False, id="the hour after a spike"),
        pytest.param(weekend_batch(60, HOURS), SATURDAY, False, id="a weekend batch on its weekend"),
        pytest.param(office(60, HOURS), SATURDAY, False, id="an office app resting on its weekend"),
        pytest.param(
            times(weekend_batch(60, HOURS), SATURDAY, 0.0),
            SATURDAY,
            False,
            id="too little is not told of hours",
        ),
    ],
)
def test_what_is_odd_about_an_hour(values: Floats, column: int, odd: bool) -> None:
    findings = said({leaf("watched"): values}, column)
    assert any(finding.scope.api_key_id == "watched" for finding in findings) == odd


def test_a_finding_says_how_much_against_what_and_how_rare_it_is() -> None:
    values = times(steady(6, HOURS), NOON, 9)
    (finding,) = said({leaf("loop"): values}, NOON)
    assert finding.scope.api_key_id == "loop"
    assert 45 < finding.observed / 1e9 < 65
    assert 5 < finding.expected / 1e9 < 7
    assert finding.low < finding.expected < finding.high < finding.observed
    assert finding.window == Window(START + NOON * HOUR, START + (NOON + 1) * HOUR)
    assert finding.score > 5
    assert "when nothing is wrong" in finding.why
    assert [part.scope.api_key_id for part in finding.parts] == ["loop"]


def test_a_run_starts_with_its_first_hour() -> None:
    values = times(steady(6, HOURS, sigma=0.3), NOON - 5, 3, 6)
    (finding,) = said({leaf("slow"): values}, NOON)
    assert START + (NOON - 11) * HOUR <= finding.start < START + NOON * HOUR


def test_a_part_filled_hour_may_already_be_too_much() -> None:
    organisation = {**REST, leaf("loop"): times(steady(6, HOURS), NOON, 9)}
    (finding,) = judged(panel_of(organisation, complete_until=NOON), NOON)
    assert not finding.complete


def test_in_the_first_week_it_is_too_early() -> None:
    organisation = {**REST, leaf("loop"): times(steady(6, HOURS), 100, 90)}
    assert foretell(panel_of(organisation).before(96)) is None


@pytest.mark.parametrize(
    ("sensitivity", "odd"),
    [
        pytest.param(Sensitivity.LOW, False, id="low waits for more"),
        pytest.param(Sensitivity.MEDIUM, True, id="medium speaks"),
        pytest.param(Sensitivity.HIGH, True, id="high speaks"),
    ],
)
def test_sensitivity_moves_the_dollars(sensitivity: Sensitivity, odd: bool) -> None:
    organisation = {leaf("loop"): times(steady(1, HOURS), NOON, 3.5)}
    assert bool(said(organisation, NOON, Gates(1200.0, sensitivity))) == odd


def test_many_keys_at_once_are_told_as_one() -> None:
    organisation = {at: times(values, NOON, 4) for at, values in REST.items()}
    (finding,) = said(organisation, NOON)
    assert finding.scope == ORGANISATION


def test_what_was_told_is_not_learnt() -> None:
    day = slice(HOURS - WEEK, HOURS - WEEK + 24)
    values = steady(6, HOURS)
    values[day] *= 9
    organisation = {**REST, leaf("loop"): times(values, NOON, 4)}
    panel = panel_of(organisation)
    looped = Told(panel.leaves.scope(5), Window(START + day.start * HOUR, START + day.stop * HOUR))
    naive, wise = (
        next((f.score for f in judged(panel, NOON, told=told) if f.scope.api_key_id == "loop"), 0.0)
        for told in ((), (looped,))
    )
    assert wise >= naive
    assert wise > GATES.hour_bar(13)


@pytest.mark.parametrize("seed", range(3))
def test_the_future_changes_nothing_about_the_past(seed: int) -> None:
    loop = times(steady(6, HOURS, seed=seed), NOON, 9)
    whole = {**REST, leaf("loop"): loop}
    cut = {at: values[: NOON + 1] for at, values in whole.items()}
    assert judged(panel_of(whole), NOON) == judged(panel_of(cut), NOON)


def test_the_order_of_series_does_not_matter() -> None:
    panel = panel_of({**REST, leaf("loop"): times(steady(6, HOURS), NOON, 9)})
    turned = Panel(
        panel.grain,
        panel.first,
        Leaves.of(reversed(panel.leaves.values)),
        panel.usd[::-1],
        panel.known,
        panel.complete,
    )
    assert judged(panel, NOON) == judged(turned, NOON)


def test_the_typical_day_is_a_median_of_complete_days() -> None:
    assert typical_day(days_of(panel_of({leaf("a"): np.full(HOURS, 2.0)}))) == pytest.approx(48.0)


@pytest.mark.parametrize(
    ("months", "times_more", "odd"),
    [
        pytest.param((), 1, True, id="it never did before"),
        pytest.param((1, 2), 1, False, id="it does so at the end of every month"),
        pytest.param((1, 2), 12, True, id="and more than it ever does on such a day"),
        pytest.param((1,), 1, True, id="it did so once, and not the month before"),
    ],
)
def test_what_comes_every_month_is_no_news(months: tuple[int, ...], times_more: float, odd: bool) -> None:
    ends = [datetime(2026, month, day, 9, tzinfo=UTC) for month, day in ((8, 31), (7, 31), (6, 30))]
    start = datetime(2026, 6, 1, tzinfo=UTC)
    hours = (ends[0] - start) // HOUR + 1
    values = steady(1, hours, seed=3)
    for back in (0, *months):
        at = (ends[back] - start) // HOUR
        values[at : at + 6] += 40.0 * (times_more if back == 0 else 1)
    rest = {name: steady(8, hours, seed=30) for name in REST}
    panel = replace(panel_of({**rest, leaf("invoices"): values}), first=index(start, Grain.HOUR))
    found = [one for one in judged(panel, hours - 1) if one.said]
    assert bool(found) == odd
