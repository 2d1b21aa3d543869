from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.detect.robust import Floats
from bot.detect.season import season
from bot.detect.silences import FRESH, NEVER_LATE, Silence, awake, silenced
from bot.facts.clock import Grain

DAYS = 52
"""From a Monday to a Wednesday."""
WEEK = season(4, DAYS, Grain.DAY)
READ = np.ones(DAYS, np.bool_)
WEEKDAY = np.arange(DAYS) % 7 < 5
STEADY, OFFICE = 6, 6
SURE, LOW = 0.999, 1e-4


def silence(silent: Sequence[int] = (), run: int = 1) -> Silence:
    """Six series of every day, then six of weekdays; `silent` ones have been silent for `run` days."""
    dollars = np.full((STEADY + OFFICE, DAYS), 10.0)
    dollars[STEADY:, ~WEEKDAY] = 0.0
    dollars[list(silent), -run:] = 0.0
    series = len(dollars)
    return Silence(
        dollars=dollars,
        awake=awake(dollars, np.full(series, 10.0), READ),
        known=READ,
        likely=np.full(series, SURE),
        low=np.full(series, 0.4),
        score=np.zeros(series),
        history=np.full(series, 40),
        late=NEVER_LATE,
    )


def chances(one: Silence) -> Floats:
    return silenced(one, WEEK)


@pytest.mark.parametrize(
    ("silent", "odd"),
    [
        pytest.param((), (), id="nobody rests"),
        pytest.param((0,), (0,), id="one series falls silent"),
        pytest.param((0, 1), (0, 1), id="two fall silent"),
        pytest.param((0, STEADY), (0, STEADY), id="one of each kind"),
        pytest.param((0, 1, 2), (0, 1, 2), id="many that never rest fall silent: an outage"),
        pytest.param((STEADY, STEADY + 1), (STEADY, STEADY + 1), id="two of six offices"),
        pytest.param(range(STEADY, STEADY + OFFICE), (), id="a holiday: all offices rest"),
        pytest.param((0, *range(STEADY, STEADY + OFFICE)), (0,), id="what never rests, on a holiday"),
    ],
)
def test_who_fell_silent(silent: Sequence[int], odd: Sequence[int]) -> None:
    assert np.flatnonzero(chances(silence(silent)) < 0.01).tolist() == list(odd)


def test_many_that_are_low_together_are_a_holiday_too() -> None:
    quiet = silence()
    score, low = quiet.score.copy(), quiet.low.copy()
    score[STEADY:], low[STEADY:] = -3.0, LOW
    score[0], low[0] = -3.0, LOW
    found = chances(replace(quiet, score=score, low=low))
    assert found[0] < 0.01
    assert (found[STEADY:] == 1.0).all()


@pytest.mark.parametrize(
    ("likely", "history", "least"),
    [
        pytest.param(SURE, 9, 1.0, id="a series hardly known"),
        pytest.param(0.5, 40, 0.5, id="a series that rests every other day"),
        pytest.param(0.01, 40, 0.99, id="a series that hardly ever spends"),
    ],
)
def test_silence_proves_little(likely: float, history: float, least: float) -> None:
    one = replace(silence((0,)), likely=np.full(12, likely), history=np.full(12, history))
    assert chances(one)[0] >= least


def fallen(who: int, run: int) -> float:
    return float(chances(replace(silence((who,), run), likely=np.full(12, 0.9)))[who])


def test_the_longer_the_silence_the_rarer_until_it_is_known() -> None:
    by_run = [fallen(0, run) for run in range(1, 10)]
    assert by_run[:4] == sorted(by_run[:4], reverse=True)
    assert by_run[4:FRESH] == pytest.approx([by_run[3]] * (FRESH - 4), rel=0.5)
    assert by_run[FRESH:] == [1.0] * (9 - FRESH)


def test_a_weekend_makes_the_silence_of_an_office_no_longer() -> None:
    wednesday, over_the_weekend = 3, 6
    assert fallen(STEADY, wednesday) > fallen(STEADY, over_the_weekend)
    assert fallen(STEADY, over_the_weekend - 1) == fallen(STEADY, wednesday)


@pytest.mark.parametrize(
    ("cents", "rare"),
    [
        pytest.param(0, True, id="nothing"),
        pytest.param(30, True, id="3 %"),
        pytest.param(150, False, id="15 %"),
    ],
)
def test_as_good_as_silent(cents: int, rare: bool) -> None:
    dollars = silence().dollars.copy()
    dollars[0, -1] = cents / 100
    one = replace(silence(), dollars=dollars, awake=awake(dollars, np.full(len(dollars), 10.0), READ))
    assert (chances(one)[0] < 0.01) == rare


def test_where_cells_come_late_a_silence_proves_the_less_the_fresher_it_is() -> None:
    late = np.array([0.05, 0.01, 0.0, 0.0])
    by_run = [chances(replace(silence((0,), run), late=late))[0] for run in (1, 2, 3)]
    assert by_run == pytest.approx([0.05, 0.01, 0.0], abs=2e-3)


def test_days_that_were_not_read_make_no_silence_longer() -> None:
    long = replace(silence((0,), 3), likely=np.full(12, 0.9))
    known = long.known.copy()
    known[-3:-1] = False
    assert chances(replace(long, known=known))[0] > chances(long)[0]


def test_a_low_day_that_is_not_silent_is_as_rare_as_its_dollars_or_silence() -> None:
    low = np.full(12, 0.4)
    low[3] = LOW
    likely = np.full(12, 0.99)
    found = chances(replace(silence(), low=low, likely=likely))
    assert found[3] == pytest.approx(0.01 + 0.99 * LOW, rel=0.2)


def test_where_series_often_stop_for_good_a_stop_is_less_rare() -> None:
    restless = silence((0,))
    dollars = restless.dollars.copy()
    for series in range(1, 6):
        dollars[series, 8 * series :] = 0.0
    stopping = replace(restless, dollars=dollars)
    assert chances(stopping)[0] > chances(restless)[0]


def test_nothing_is_rarer_than_a_series_that_ends() -> None:
    sure = replace(silence((0,), 4), likely=np.full(12, 1 - 1e-12))
    assert chances(sure)[0] >= 5e-6
