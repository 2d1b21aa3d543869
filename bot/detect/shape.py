"""The weekly shape of each series on a log scale: as much of it as the data shows, no more.

Offsets of weekday against weekend and of each slot within its kind are shrunk by empirical Bayes: the less
an offset stands out of its own sampling noise, the more it is taken for nothing (Efron and Morris 1973).
"""

from dataclasses import dataclass

import numpy as np

from bot.detect.robust import MAD_TO_SIGMA, Floats, Ints, at_share, median, ranked
from bot.detect.season import Season
from bot.panel.coverage import Mask

_MEDIAN_VARIANCE = 1.57
"""The variance of a median against that of a mean, under normal noise (pi / 2)."""
_LEAST_NOISE = 0.03
_UNKNOWN_NOISE = 0.3
_KIND_WEIGHT = 4.0
_LEAST_BETWEEN = {"kind": 0.0025, "slot": 0.0004}
"""Variances between kinds and slots that are believed in without evidence: 5 % and 2 %."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`offset` and `count` by series and slot; `noise` is the spread of single buckets around the shape."""

    offset: Floats
    count: Ints
    noise: Floats


def shape(logs: Floats, counted: Mask, season: Season) -> Shape:
    """The weekly shape of series x buckets; `logs` counts only where `counted`."""
    local = logs - _weekly_level(logs, counted, season.week)
    slots = len(season.kind)
    middle, count = np.zeros((len(logs), slots)), np.zeros((len(logs), slots), np.int64)
    for slot in np.unique(season.slot):
        columns = season.slot == slot
        count[:, slot] = counted[:, columns].sum(axis=1)
        middle[:, slot] = np.nan_to_num(median(local[:, columns], counted[:, columns]))
    noise = _noise(local, middle, counted, count, season)
    return Shape(_shrunk(middle, count, noise, season), count, noise)


def _weekly_level(logs: Floats, counted: Mask, week: int) -> Floats:
    """The median of each column's week, counted back from the newest; of everything where a week is empty."""
    rows, columns = logs.shape
    weeks = -(-columns // week)
    pad = ((0, 0), (weeks * week - columns, 0))
    folded = (rows, weeks, week)
    level = median(np.pad(logs, pad).reshape(folded), np.pad(counted, pad).reshape(folded))
    level = np.where(np.isnan(level), np.nan_to_num(median(logs, counted))[:, None], level)
    return np.asarray(np.repeat(level, week, axis=1)[:, weeks * week - columns :])


def _noise(local: Floats, middle: Floats, counted: Mask, count: Ints, season: Season) -> Floats:
    """The spread around slots, leaning on that around kinds while each slot was seen but once."""
    kinds = np.zeros_like(local)
    for kind in np.unique(season.kind):
        columns = season.kinds == kind
        kinds[:, columns] = np.nan_to_num(median(local[:, columns], counted[:, columns]))[:, None]
    total = counted.sum(axis=1)
    free = np.maximum(total - (count > 0).sum(axis=1), 0)
    slots = _half(local - middle[:, season.slot], counted) ** 2 * np.maximum(total, 2)
    around = slots * (free > 0) + _KIND_WEIGHT * _half(local - kinds, counted) ** 2
    return np.asarray(np.maximum(np.sqrt(around / (free + _KIND_WEIGHT)), _LEAST_NOISE))


def _half(residual: Floats, counted: Mask) -> Floats:
    middle = at_share(*ranked(np.abs(residual), counted), 0.5)
    return np.asarray(MAD_TO_SIGMA * np.nan_to_num(middle, nan=_UNKNOWN_NOISE))


def _shrunk(middle: Floats, count: Ints, noise: Floats, season: Season) -> Floats:
    kinds = [season.kind == kind for kind in np.unique(season.kind)]
    of_kind = np.stack([count[:, kind].sum(axis=1) for kind in kinds], axis=1)
    sums = np.stack([(count * middle)[:, kind].sum(axis=1) for kind in kinds], axis=1)
    level = sums / np.maximum(of_kind, 1)
    grand = (sums.sum(axis=1) / np.maximum(of_kind.sum(axis=1), 1))[:, None]
    believed = grand + _believed(level - grand, of_kind, noise, _LEAST_BETWEEN["kind"])
    offset = np.zeros_like(middle)
    for place, kind in enumerate(kinds):
        own = middle[:, kind] - level[:, [place]]
        within = _believed(own, count[:, kind], noise, _LEAST_BETWEEN["slot"])
        offset[:, kind] = believed[:, [place]] + within
    return offset


def _believed(deviation: Floats, count: Ints, noise: Floats, least: float) -> Floats:
    """How much of each deviation to believe: its variance beyond sampling noise, against both."""
    seen = count > 0
    sampling = _MEDIAN_VARIANCE * noise[:, None] ** 2 / np.maximum(count, 1)
    beyond = np.where(seen, deviation**2 - sampling, 0.0).sum(axis=1)
    between = np.maximum(beyond / np.maximum(seen.sum(axis=1) - 1, 1), least)[:, None]
    return np.asarray(np.where(seen, deviation * between / (between + sampling), 0.0))
