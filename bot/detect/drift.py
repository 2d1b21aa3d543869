"""What no single bucket shows: the last few against the weeks before them, for steps and slow creeps.

For several lengths the mean of the newest buckets is set against the mean of the four weeks before (and
before a gap, for creeps that would hide in their own baseline). The yardstick is how far the same two means
were apart at earlier times in the same series, pooled with the others': wandering and growing series are
measured by their own wandering and growth.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.detect.blocks import in_blocks
from bot.detect.level import Level
from bot.detect.newcomers import NEWCOMER, newcomers
from bot.detect.robust import MAD_TO_SIGMA, Floats, Ints, at_share, ranked
from bot.panel.coverage import Mask

_BASE = 28
_BOUND = 2.5
_LEAST_BASE = 5
_BURN_IN = 21
_OWN_WEIGHT = 5.0
_BIAS_WEIGHT = 4.0
_MEASURED = 14
_LEAST_POOL = 5
_LENT, _CAUTION = 0.4, 0.3
"""On a log scale: the yardstick against white noise where no pool tells, and what is added where one does."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The newest `length` buckets against four weeks that end `gap` buckets before them."""

    length: int
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    """Of one stretch: how far apart (log scale), in yardsticks, now and at earlier times.

    The stretches of `earlier` ended with the columns `ends`.
    """

    stretch: Stretch
    apart: Floats
    score: Floats
    earlier: Floats
    ends: Ints


@dataclass(frozen=True, slots=True)
class _Running:
    """Sums and counts of each series from its first column up to each."""

    sums: Floats
    counts: Ints

    @classmethod
    def of(cls, values: Floats, counted: Mask) -> "_Running":
        """Of what counts."""
        pad = ((0, 0), (1, 0))
        totals = np.cumsum(np.where(counted, values, 0.0), axis=1)
        return cls(np.pad(totals, pad), np.pad(np.cumsum(counted, axis=1), pad))

    def between(self, begin: Ints, end: Ints) -> tuple[Floats, Ints]:
        """Means and counts of columns [begin, end); a mean of nothing is NaN."""
        count = self.counts[:, end] - self.counts[:, begin]
        total = self.sums[:, end] - self.sums[:, begin]
        return np.divide(total, count, where=count > 0, out=np.full(total.shape, np.nan)), count


@dataclass(frozen=True, slots=True)
class _Measured:
    """How far apart, now and at earlier times, less the bias; of how many independent earlier times."""

    now: Floats
    unbiased: Floats
    earlier: Floats
    independent: Floats
    own: Floats


def drifts(level: Level, stretches: tuple[Stretch, ...]) -> Iterator[Drift]:
    """Measure each stretch for all series; NaN where too little was seen."""
    for stretch in stretches:
        measured = _measured_in_blocks(level, stretch)
        yardstick = _yardstick(measured, level, stretch)
        score = measured.unbiased / yardstick
        ends = _ends(level, stretch)[:-1] - 1
        yield Drift(stretch, measured.now, score, measured.earlier / yardstick[:, None], ends)


def _measured_in_blocks(level: Level, stretch: Stretch) -> _Measured:
    return in_blocks(len(level.base), lambda rows: _measured(level.of(rows), stretch))


def _measured(level: Level, stretch: Stretch) -> _Measured:
    bound = _BOUND * level.base[:, None]
    tamed = level.foretold + np.clip(level.error, -bound, bound)
    near, before = _Running.of(tamed, level.seen), _Running.of(tamed, level.learnt & _settled(level.seen))
    ends = _ends(level, stretch)
    counted = level.learnt[:, ends - 1]
    counted[:, -1] = level.seen[:, -1]
    apart = np.where(counted, _apart(stretch, ends, near, before), np.nan)
    earlier = apart[:, :-1]
    known = ~np.isnan(earlier)
    independent = known.sum(axis=1) * _step(stretch) / stretch.length
    bias = _bias(earlier, known, independent)
    unbiased = earlier - bias[:, None]
    own = MAD_TO_SIGMA * at_share(*ranked(np.abs(unbiased), known), 0.5)
    return _Measured(apart[:, -1], apart[:, -1] - bias, unbiased, independent, own)


def _ends(level: Level, stretch: Stretch) -> Ints:
    """The columns before which a stretch ended, from the oldest to now."""
    columns = level.seen.shape[1]
    return np.arange(columns, min(_BURN_IN + stretch.gap, columns - 1), -_step(stretch))[::-1]


def _settled(seen: Mask) -> Mask:
    """Without the first fortnight of series that began lately: newcomers grow."""
    new, began = newcomers(seen)
    since = np.where(new, began + NEWCOMER, 0)
    return np.asarray(np.arange(seen.shape[1]) >= since[:, None])


def _step(stretch: Stretch) -> int:
    """Longer stretches are looked at less often: they overlap."""
    return max(1, stretch.length // 3)


def _apart(stretch: Stretch, ends: Ints, near: _Running, base: _Running) -> Floats:
    begin = np.maximum(ends - stretch.length, 0)
    base_end = np.maximum(begin - stretch.gap, 0)
    newest, seen = near.between(begin, ends)
    before, learnt = base.between(np.maximum(base_end - _BASE, 0), base_end)
    rate = base.counts[:, [-1]] / max(base.counts.shape[1] - 2, 1)
    enough = seen >= np.maximum(0.5 * stretch.length * rate, min(stretch.length, 2))
    return np.asarray(np.where(enough & (learnt >= _LEAST_BASE), newest - before, np.nan))


def _bias(earlier: Floats, seen: Mask, independent: Floats) -> Floats:
    """How far apart the two usually are: a series that grows is expected to go on growing."""
    middle = np.nan_to_num(at_share(*ranked(earlier, seen), 0.5))
    return np.asarray(np.clip(middle, -1.0, 1.0) * independent / (independent + _BIAS_WEIGHT))


def _yardstick(measured: _Measured, level: Level, stretch: Stretch) -> Floats:
    """The spread of the distance at earlier times, leaning on the pool's against that of white noise."""
    white = level.base * np.sqrt(1 / stretch.length + 1 / 20)
    against = np.log(np.maximum(np.nan_to_num(measured.own, nan=1.0), 1e-3) / white)
    times = measured.independent * stretch.length / _step(stretch)
    known = times >= _MEASURED / _step(stretch)
    lent = np.full(len(white), _LENT)
    for pool in np.unique(level.pools):
        members = (level.pools == pool) & known
        if members.sum() >= _LEAST_POOL:
            lent[level.pools == pool] = np.median(against[members]) + _CAUTION
    weight = np.where(known, measured.independent / (measured.independent + _OWN_WEIGHT), 0.0)
    return np.asarray(white * np.exp(np.maximum(weight * against + (1 - weight) * lent, -_CAUTION)))
