"""Since when: to the hour where it is sharp, to the day where it crept in."""

from datetime import datetime

import numpy as np
import pytest

from bot.detect.gates import Gates
from bot.detect.onset import dearer_since, onset
from bot.detect.robust import Floats
from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.scope import Scope
from tests.fakes.incidents import finding
from tests.fakes.panels import START, WEEK, leaf, office, panel_of, steady

HOURS = 10 * WEEK
GATES = Gates(typical_day=1200.0)
SCOPE = Scope(api_key_id="watched")
MONDAY = 8 * WEEK
"""The first hour of a Monday."""


def found_by(values: Floats, day: int, grain: Grain = Grain.DAY, *, fell: bool = False) -> datetime:
    """The onset of what is told of a day, counted in hours since the start of the panel."""
    start = START + day * HOUR
    told = finding(
        SCOPE, {SCOPE: -5 if fell else 500}, grain=grain, start=start, window=Window(start, start + DAY)
    )
    return onset(panel_of({leaf("watched"): values[: day + 36]}), told, start + 2 * DAY, GATES)


def raised(values: Floats, since: int, *factors: float) -> Floats:
    """From an hour on times these factors, the last one for good."""
    changed = values.copy()
    held = np.full(len(values) - since, factors[-1])
    held[: len(factors)] = factors
    changed[since:] *= held
    return changed


@pytest.mark.parametrize("grain", list(Grain))
@pytest.mark.parametrize("hour", [0, 2, 9, 15, 20])
def test_a_sharp_rise_began_with_its_first_hour(hour: int, grain: Grain) -> None:
    values = raised(steady(9, HOURS), MONDAY + hour, 2.5)
    assert found_by(values, MONDAY, grain) == START + (MONDAY + hour) * HOUR


def test_a_rise_after_weeks_of_slow_growth_began_with_its_first_hour() -> None:
    growing = steady(9, HOURS, sigma=0.02) * 1.004 ** (np.arange(HOURS) / 24)
    assert found_by(raised(growing, MONDAY + 5, 2.5), MONDAY) == START + (MONDAY + 5) * HOUR


@pytest.mark.parametrize("usual", [steady(9, HOURS, sigma=0.05), office(9, HOURS)], ids=["steady", "office"])
def test_what_grew_day_by_day_began_on_the_first_of_them(usual: Floats) -> None:
    growth = np.repeat(1.08 ** np.arange(1, 8), 24)
    start = found_by(raised(usual, MONDAY - 2 * 24, *growth), MONDAY + 3 * 24)
    assert abs(start - (START + (MONDAY - 2 * 24) * HOUR)) <= 2 * DAY


def test_a_fall_began_with_its_first_silent_hour() -> None:
    silent = raised(steady(5, HOURS), MONDAY + 26, 0.0)
    assert found_by(silent, MONDAY + 24, fell=True) == START + (MONDAY + 26) * HOUR


def test_what_the_panel_does_not_reach_began_where_it_was_found() -> None:
    told = finding(SCOPE, {SCOPE: 500}, start=START - 5 * HOUR)
    panel = panel_of({leaf("watched"): steady(9, HOURS)})
    assert onset(panel, told, START + DAY, GATES) == START - 5 * HOUR


def test_tokens_became_dearer_in_an_hour_whatever_the_traffic_did() -> None:
    dice = np.random.default_rng(4)
    tokens = dice.integers(100, 900, 30)
    hours = [(START + at * HOUR, int(n) * (2.0 if at >= 17 else 1.0), int(n)) for at, n in enumerate(tokens)]
    assert dearer_since(hours, 1.0, START) == START + 17 * HOUR
    assert dearer_since([], 1.0, START) == START
