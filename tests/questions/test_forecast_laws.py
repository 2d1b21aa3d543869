"""What holds of every forecast."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.robust import Floats
from bot.facts.clock import DAY, Window
from bot.facts.money import Usd
from bot.questions.forecast import Forecast, _Ahead, _foretell, _series, forecast

MARCH = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
SPENT = Usd(123_456_789_012)


@st.composite
def series(draw: st.DrawFn, least: int = 14) -> Floats:
    """Days over many orders of magnitude, with zeros, spikes and a level that changes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(least, 250))
    days = rng.lognormal(rng.uniform(-12, 12), draw(st.sampled_from([0.0, 0.1, 1.0, 3.0])), count)
    days[rng.integers(0, count + 1) :] *= draw(st.sampled_from([0.0, 0.01, 1.0, 50.0]))
    return np.where(rng.random(count) < draw(st.sampled_from([0.0, 0.5, 0.95])), 0.0, days)


moments = st.floats(0.0, 30.99).map(lambda days: MARCH.start + days * DAY)


def check(found: Forecast | None) -> None:
    if found is None:
        return
    assert found.spent <= found.low <= found.expected <= found.high
    assert list(found.path) == sorted(found.path)
    assert found.path[0] >= found.spent
    assert found.path[-1] == found.expected
    assert found.error is None or found.error >= 0


@settings(deadline=None)
@given(days=series(least=0), now=moments)
def test_everything_is_in_order(days: Floats, now: datetime) -> None:
    check(forecast(days, SPENT, now, MARCH))


@settings(deadline=None)
@given(days=series(), now=moments, seed=st.integers(0, 2**32), share=st.sampled_from([0.02, 0.3, 0.9, 1.0]))
def test_days_never_read_never_raise(days: Floats, now: datetime, seed: int, share: float) -> None:
    gaps = np.random.default_rng(seed).random(len(days)) < share
    check(forecast(np.where(gaps, np.nan, days), SPENT, now, MARCH))


@settings(deadline=None)
@given(days=series(), now=moments)
def test_a_long_gap_never_raises(days: Floats, now: datetime) -> None:
    check(forecast(np.append(days, np.full(60, np.nan)), SPENT, now, MARCH))


@settings(deadline=None)
@given(days=series(), now=moments, times=st.floats(1e-3, 1e3))
def test_other_units_give_the_same_forecast(days: Floats, now: datetime, times: float) -> None:
    one, other = forecast(days, Usd(0), now, MARCH), forecast(days * times, Usd(0), now, MARCH)
    assert (one is None) == (other is None)
    if one and other:
        plain = [usd * times for usd in (one.low, one.expected, one.high, *one.path)]
        scaled = [other.low, other.expected, other.high, *other.path]
        assert scaled == pytest.approx(plain, rel=1e-9, abs=2 * times + 2)
        assert (one.error is None) == (other.error is None)
        assert (other.error or 0.0) == pytest.approx(one.error or 0.0)


@settings(deadline=None)
@given(days=series(), later=series(), ahead=st.integers(1, 31), over=st.floats(0.0, 0.99))
def test_what_comes_later_changes_no_earlier_forecast(
    days: Floats, later: Floats, ahead: int, over: float
) -> None:
    distance, now = _Ahead(ahead, over), 20_000
    days[0] = days.max() or 1.0  # a series begins with its first spend
    then = _foretell(_series(days, now), distance)
    since = _foretell(_series(np.append(days, later), now + len(later)), distance)
    assert since.foretold[: len(days) + 1] == pytest.approx(then.foretold)
    assert since.off[: len(then.off)] == pytest.approx(then.off)
