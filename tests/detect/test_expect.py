import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.expect import Expectation, expect
from bot.detect.robust import Floats
from bot.facts.clock import Grain
from tests.fakes.panels import WEEK, office, steady, weekend_batch


def usual(past: Floats, grain: Grain = Grain.HOUR, offset: float = 1.0) -> Expectation:
    found = expect(past, np.ones(past.shape[1], np.bool_), grain, offset)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("past", "column", "dollars"),
    [
        pytest.param(steady(10, 8 * WEEK), 3, 10.0, id="a steady service is usual at any hour"),
        pytest.param(office(10, 8 * WEEK), 10, 10.0, id="an office app at ten on a Monday"),
        pytest.param(office(10, 8 * WEEK), 3, 0.1, id="an office app at three at night"),
        pytest.param(office(10, 8 * WEEK), 125, 0.1, id="an office app on a Saturday"),
        pytest.param(weekend_batch(10, 8 * WEEK), 125, 10.0, id="a weekend batch on its weekend"),
        pytest.param(weekend_batch(10, 8 * WEEK), 30, 0.0, id="a weekend batch on a Tuesday"),
    ],
)
def test_the_usual_follows_the_hour_of_the_week(past: Floats, column: int, dollars: float) -> None:
    assert usual(past[None, :]).usual[0, column] == pytest.approx(dollars, rel=0.1)


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        pytest.param(6 * 24, False, id="six days are too early to say"),
        pytest.param(7 * 24, True, id="a week knows the hours of a day"),
        pytest.param(28 * 24, True, id="four weeks know the hours of a week"),
    ],
)
def test_how_much_history_it_takes(hours: int, says: bool) -> None:
    found = expect(steady(5, hours)[None, :], np.ones(hours, np.bool_), Grain.HOUR, 1.0)
    assert (found is not None) == says


def test_hours_never_read_are_not_zeros() -> None:
    past, known = steady(10, 8 * WEEK), np.ones(8 * WEEK, np.bool_)
    past[WEEK : 2 * WEEK], known[WEEK : 2 * WEEK] = 0.0, False
    found = expect(past[None, :], known, Grain.HOUR, 1.0)
    assert found is not None
    assert found.usual[0] == pytest.approx(np.full(WEEK, 10.0), rel=0.25)


def test_one_wild_night_hardly_moves_the_usual() -> None:
    calm = steady(10, 8 * WEEK)
    wild = calm.copy()
    wild[5 * WEEK : 5 * WEEK + 8] *= 50
    assert usual(wild[None, :]).usual[0, :8] == pytest.approx(usual(calm[None, :]).usual[0, :8], rel=0.1)
    assert usual(wild[None, :]).spread == pytest.approx(usual(calm[None, :]).spread)


def test_a_bursty_series_has_a_wide_range() -> None:
    bursts = np.where(np.random.default_rng(5).random(8 * WEEK) < 0.5, 30.0, 0.0)
    assert usual(bursts[None, :]).spread[0] > 1.0
    assert usual(steady(30, 8 * WEEK)[None, :]).spread[0] == pytest.approx(0.2)


def _amounts(seed: int) -> Floats:
    """A few series of eight weeks of days, over many orders of magnitude, with zeros."""
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.uniform(-3, 6, (rng.integers(1, 5), 56))
    return np.asarray(np.where(rng.random(sizes.shape) < 0.3, 0.0, sizes))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 100))
def test_scaling_every_amount_scales_the_usual_and_leaves_the_spread(seed: int, factor: float) -> None:
    past = _amounts(seed)
    plain, scaled = (usual(past * times, Grain.DAY, offset=times) for times in (1.0, factor))
    assert scaled.usual == pytest.approx(plain.usual * factor, rel=1e-6)
    assert scaled.spread == pytest.approx(plain.spread, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_one_series_does_not_depend_on_the_others(seed: int) -> None:
    past = _amounts(seed)
    together, alone = usual(past, Grain.DAY), usual(past[:1], Grain.DAY)
    assert together.usual[0] == pytest.approx(alone.usual[0])
    assert together.spread[0] == pytest.approx(alone.spread[0])
