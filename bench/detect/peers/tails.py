"""An extreme-value test: how far out in the tail of its residuals a day is (peaks over threshold, SPOT)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.detect.peers.peer import LEAST_SPREAD, Peer, Verdict, off
from bench.detect.peers.robust import from_log, mean, median, to_log

Array = NDArray[np.float64]
_WEEKS = 8
_LEAST_PEAKS = 4


class Tails(Peer):
    """Minus log10 of the chance of a residual as large as today's: 3 means one day in a thousand.

    A residual is the logarithm's distance from the median of the same weekday in the last eight weeks. A
    generalised Pareto law is fitted to the tenth of the earlier residuals that is largest.
    """

    usual = 3.0
    floor = 1.5
    days = 180
    tail = 0.1
    least_days = 21

    def judge(self) -> Verdict:
        """Only "too much", as SPOT: with both tails it finds fewer incidents at the same false alarms."""
        unit = self.book.unit()
        values = to_log(self.book.usd(self.days + 1 + 7 * _WEEKS), unit)
        centre = weekday_medians(values, _WEEKS)
        residuals = off(values[:, 7 * _WEEKS :], centre)
        score = surprise(residuals, self.tail)
        return Verdict(
            np.where(self.book.age() >= self.least_days, score, np.nan), from_log(centre[:, -1], unit)
        )


def weekday_medians(values: Array, weeks: int) -> Array:
    """For every day but the first `weeks` weeks: the median of the same weekday in the `weeks` before it."""
    days = values.shape[1] - 7 * weeks
    return median(np.stack([values[:, 7 * week : 7 * week + days] for week in range(weeks)]), axis=0)


def surprise(residuals: Array, tail: float) -> Array:
    """-log10 of the chance of the last column under the law of the columns before it; 0 inside the bulk."""
    past, today = residuals[:, :-1], residuals[:, -1]
    law = _fit(past, tail)
    over = np.maximum(today - law.threshold, 0.0) / law.scale
    survival = np.log1p(law.shape * over) / law.shape
    chance = -np.log10(law.rate) + survival / np.log(10)
    return np.where(today > law.threshold, chance, 0.0)


@dataclass(frozen=True, slots=True)
class _Law:
    """A generalised Pareto law per series: `rate` is the chance of being above the threshold at all."""

    threshold: Array
    rate: Array
    scale: Array
    shape: Array


def _fit(past: Array, tail: float) -> _Law:
    """By probability-weighted moments (Hosking and Wallis), the shape kept between light and very heavy."""
    count = np.isfinite(past).sum(axis=1)
    ordered = np.sort(past, axis=1)
    peaks = np.clip(np.ceil(tail * count).astype(int), _LEAST_PEAKS, past.shape[1] - 1)
    rank = np.arange(past.shape[1]) - (count - peaks)[:, None]
    at = np.clip(count - peaks - 1, 0, None)[:, None]
    threshold = np.take_along_axis(ordered, at, 1)[:, 0]
    over = np.where((rank >= 0) & np.isfinite(ordered), ordered - threshold[:, None], np.nan)
    first = mean(over)
    second = mean(over * (1 - (rank + 0.65) / peaks[:, None]))
    shape = np.clip(2 - first / np.maximum(first - 2 * second, 1e-9), 0.02, 0.5)
    scale = np.maximum(first * (1 - shape), LEAST_SPREAD / 2)
    return _Law(threshold, peaks / np.maximum(count, 1), scale, shape)
