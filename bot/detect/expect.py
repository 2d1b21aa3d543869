"""What is usual: a robust expectation per hour of the week, or per weekday, on a log scale.

For each series the same slot of the last (up to eight) weeks gives a median and, over all slots together, a
median absolute deviation; medians bend to neither one wild night nor one dead weekend. Where the largest
tenth of the deviations says more than their median, as in bursty series, it counts. With less than four
weeks of history the slot is the hour of the day (or any day); with less than a week there is no expectation.

Sources: median/MAD as robust location and scale, Hampel (1974), "The influence curve and its role in robust
estimation"; the factor 1.4826 makes the MAD a standard deviation under normal noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import Grain
from bot.panel.coverage import Mask

Floats = NDArray[np.float64]

WEEKS = 8
_LEAST_WEEKS = 4
_LEAST_DAYS = 7
_MAD_TO_SIGMA = 1.4826
_NORMAL_90 = 1.645
"""Nine tenths of a normal distribution lie within so many standard deviations."""
_LEAST_SPREAD = {Grain.HOUR: 0.20, Grain.DAY: 0.10}
"""Log-scale spread below which no series is believed to stay: about +-20 % an hour, +-10 % a day."""
RANGE_SIGMAS = 3.0
_PER_DAY = {Grain.HOUR: 24, Grain.DAY: 1}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is usual for each series (rows) and slot (columns), in dollars; slot 0 is the judged bucket's.

    `center` and `spread` are on the scale log(dollars + offset); `usual` is a trimmed mean in dollars, so
    that usual amounts add up over slots; `low` and `high` bound what is no surprise.
    """

    center: Floats
    spread: Floats
    usual: Floats
    offset: float

    def low(self, slot: int = 0) -> Floats:
        """The lower end of the usual range."""
        return self._bound(slot, -RANGE_SIGMAS)

    def high(self, slot: int = 0) -> Floats:
        """The upper end of the usual range."""
        return self._bound(slot, RANGE_SIGMAS)

    def _bound(self, slot: int, sigmas: float) -> Floats:
        log_bound = self.center[:, slot] + sigmas * self.spread
        return np.maximum(np.exp(log_bound) - self.offset, 0.0)

    def score(self, observed: Floats, slot: int = 0) -> Floats:
        """Robust standard deviations above the usual, for observed dollars of each series."""
        log_observed = np.log(np.maximum(observed, 0.0) + self.offset)
        return (log_observed - self.center[:, slot]) / self.spread


def expect(past: Floats, known: Mask, grain: Grain, offset: float) -> Expectation | None:
    """The expectation from `past` (series x buckets, dollars, up to the judged bucket), or None: too early.

    `offset` (dollars, > 0) is where the log scale turns linear: amounts well below it are all alike.
    """
    period = _period(known, grain)
    if period is None:
        return None
    cycles = min(WEEKS if period == 7 * _PER_DAY[grain] else 4 * WEEKS, past.shape[1] // period)
    slots = _slots(past, known, cycles, period)
    logs = np.log(np.maximum(slots, 0.0) + offset)
    center = _median(logs, axis=1)
    deviation = np.abs(logs - center[:, None, :]).reshape(len(past), cycles * period)
    return Expectation(center, _spread(deviation, grain), _trimmed_mean(slots), offset)


def _spread(deviation: Floats, grain: Grain) -> Floats:
    """The larger of what half and what nine tenths of the deviations say: bursty series have tails."""
    half = _MAD_TO_SIGMA * _quantile(deviation, 0.5)
    most = _quantile(deviation, 0.9) / _NORMAL_90
    return np.maximum(np.maximum(half, most), _LEAST_SPREAD[grain])


def _quantile(values: Floats, share: float) -> Floats:
    """By series, of what is known; 0 where nothing is."""
    if not np.isnan(values).any():
        return np.asarray(np.quantile(values, share, axis=1))
    empty = np.logical_and.reduce(np.isnan(values), axis=1, keepdims=True)
    return np.asarray(np.nanquantile(np.where(empty, 0.0, values), share, axis=1))


def _period(known: Mask, grain: Grain) -> int | None:
    """Slots in a cycle: a week's when there are four of them, a day's when there are seven, else None."""
    day = _PER_DAY[grain]
    known_days = int(known[-4 * 7 * day :].sum()) / day
    if known_days >= _LEAST_WEEKS * 7 * 0.9:
        return 7 * day
    return day if known_days >= _LEAST_DAYS else None


def _slots(past: Floats, known: Mask, cycles: int, period: int) -> Floats:
    """The last `cycles` cycles as series x cycle x slot; what was never read is NaN."""
    recent = past[:, -cycles * period :]
    if not known[-cycles * period :].all():
        recent = np.where(known[-cycles * period :], recent, np.nan)
    return recent.reshape(len(past), cycles, period)


def _median(values: Floats, axis: int) -> Floats:
    if not np.isnan(values).any():
        return np.asarray(np.median(values, axis=axis))
    empty = np.isnan(values).all(axis=axis)
    filled = np.where(np.expand_dims(empty, axis), 0.0, values)
    return np.asarray(np.nanmedian(filled, axis=axis))


def _trimmed_mean(slots: Floats) -> Floats:
    """The mean over cycles without the least and the greatest one (plain mean below five cycles)."""
    if slots.shape[1] < 5:
        return _mean(slots)
    return _mean(np.sort(slots, axis=1)[:, 1:-1, :])


def _mean(slots: Floats) -> Floats:
    counted = (~np.isnan(slots)).sum(axis=1)
    return np.asarray(np.nansum(slots, axis=1) / np.maximum(counted, 1))
