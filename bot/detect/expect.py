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

from bot.detect.robust import MAD_TO_SIGMA, NORMAL_90, Floats, Ints
from bot.facts.clock import Grain
from bot.panel.coverage import Mask

_WEEKS = 8
_LEAST_WEEKS = 4
_LEAST_DAYS = 7
_LEAST_SPREAD = {Grain.HOUR: 0.20, Grain.DAY: 0.10}
"""Log-scale spread below which no series is believed to stay: about +-20 % an hour, +-10 % a day."""
_PER_DAY = {Grain.HOUR: 24, Grain.DAY: 1}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is usual for each series (rows) and slot (columns), in dollars; slot 0 is the judged bucket's.

    `usual` is a trimmed mean, so that usual amounts add up over slots; `spread` is how far a bucket usually
    lies from its slot's median, on the scale log(dollars + offset).
    """

    spread: Floats
    usual: Floats


def expect(past: Floats, known: Mask, grain: Grain, offset: float) -> Expectation | None:
    """The expectation from `past` (series x buckets, dollars, up to the judged bucket), or None: too early.

    `offset` (dollars, > 0) is where the log scale turns linear: amounts well below it are all alike.
    """
    period = _period(known, grain)
    if period is None:
        return None
    cycles = _cycles(past, period, grain)
    slots = _slots(past, known, cycles, period)
    logs = np.log(np.maximum(slots, 0.0) + offset)
    deviation = np.abs(logs - _median(logs, axis=1)[:, None, :]).reshape(len(past), cycles * period)
    return Expectation(_spread(deviation, grain), _trimmed_mean(slots))


def usual_now(past: Ints, known: Mask, grain: Grain) -> Floats:
    """What is usual for the judged bucket alone, in the unit of `past`; nothing while it is too early."""
    period = _period(known, grain)
    if period is None:
        return np.zeros(len(past))
    like = slice(-_cycles(past, period, grain) * period, None, period)
    slots = np.where(known[like], past[:, like], np.nan)
    return np.asarray(_trimmed_mean(slots[:, :, None])[:, 0])


def usual_by_slot(past: Floats, known: Mask, grain: Grain) -> Floats | None:
    """What is usual of each series in each slot after `past`, without its spread; None: too early."""
    period = _period(known, grain)
    if period is None:
        return None
    return _trimmed_mean(_slots(past, known, _cycles(past, period, grain), period))


def _cycles(past: Floats | Ints, period: int, grain: Grain) -> int:
    most = _WEEKS if period == 7 * _PER_DAY[grain] else 4 * _WEEKS
    return int(min(most, past.shape[1] // period))


def _spread(deviation: Floats, grain: Grain) -> Floats:
    """The larger of what half and what nine tenths of the deviations say: bursty series have tails."""
    half = MAD_TO_SIGMA * _quantile(deviation, 0.5)
    most = _quantile(deviation, 0.9) / NORMAL_90
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
