"""Additive Holt-Winters with a weekly season, for all series and all smoothing constants at once, in numpy.

Of the grid of smoothing constants each series uses the one with the smallest one-step errors so far, which is
what `statsmodels.tsa.holtwinters.ExponentialSmoothing` seeks by optimisation at 80 ms for a series and a day;
this takes a third of a millisecond and can therefore be fitted anew every day.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from bench.detect.peers.peer import Peer, Verdict, in_spreads, off
from bench.detect.peers.robust import from_log, mean, to_log

Array = NDArray[np.float64]
_WEEK = 7
_GRID = np.array(list(product((0.05, 0.15, 0.3, 0.6), (0.0, 0.03), (0.05, 0.15, 0.3))))
"""Smoothing constants of level, trend and season."""
_DAMPING = 0.98


class HoltWinters(Peer):
    """Today's one-step forecast error over the root mean square of earlier ones, on logarithms."""

    usual = 3.0
    floor = 1.5
    days = 120
    least_days = 15

    def judge(self) -> Verdict:
        """Both sides."""
        unit = self.book.unit()
        window = to_log(self.book.usd(self.days + 1), unit)
        forecast, spread = forecast_next(window[:, :-1])
        score = in_spreads(off(window[:, -1], forecast), spread)
        return Verdict(np.where(self.book.age() >= self.least_days, score, np.nan), from_log(forecast, unit))


def forecast_next(past: Array) -> tuple[Array, Array]:
    """The forecast of the day after `past` (series x days, NaN before birth) and its standard deviation.

    Series with less than two weeks get their mean and NaN.
    """
    state = _State(past)
    errors = np.stack([state.step(past[:, day], day) for day in range(past.shape[1])], axis=-1)
    seen = np.cumsum(np.isfinite(past), axis=1)
    errors[np.broadcast_to((seen <= 2 * _WEEK)[:, None, :], errors.shape)] = np.nan
    squared = mean(errors**2)
    best = np.argmin(np.where(np.isfinite(squared), squared, np.inf), axis=1)[:, None]
    ahead = state.forecast(past.shape[1])
    return np.take_along_axis(ahead, best, 1)[:, 0], np.sqrt(np.take_along_axis(squared, best, 1)[:, 0])


class _State:
    """Level, trend and season, each shaped series x grid (x weekday)."""

    def __init__(self, past: Array) -> None:
        series, grid = len(past), len(_GRID)
        level, season = _start(past)
        self._level = np.repeat(level[:, None], grid, axis=1)
        self._trend = np.zeros((series, grid))
        self._season = np.repeat(season[:, None, :], grid, axis=1)

    def forecast(self, day: int) -> Array:
        """What is expected of a day, from the days before."""
        forecast: Array = self._level + _DAMPING * self._trend + self._season[:, :, day % _WEEK]
        return forecast

    def step(self, values: Array, day: int) -> Array:
        """Learn a day; returns its forecast errors, NaN where there is no value (nothing is learnt there)."""
        error = values[:, None] - self.forecast(day)
        learnt = np.nan_to_num(error)
        alpha, beta, gamma = _GRID.T
        self._level += np.where(np.isfinite(error), _DAMPING * self._trend, 0.0) + alpha * learnt
        self._trend = (
            np.where(np.isfinite(error), _DAMPING * self._trend, self._trend) + alpha * beta * learnt
        )
        self._season[:, :, day % _WEEK] += gamma * (1 - alpha) * learnt
        return error


def _start(past: Array) -> tuple[Array, Array]:
    """The level and weekday shape of each series' first four weeks, zero where there is nothing."""
    early = np.where(np.cumsum(np.isfinite(past), axis=1) <= 4 * _WEEK, past, np.nan)
    level = mean(early)
    season = np.stack([mean(early[:, day::_WEEK]) for day in range(_WEEK)], axis=-1) - level[:, None]
    return np.nan_to_num(level), np.nan_to_num(season)
