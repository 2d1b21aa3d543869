"""The level of each series, followed bucket by bucket, and how far each bucket fell from what was foretold.

A robust exponential smoother (Gelper, Fried and Croux 2010): a bucket moves the level by no more than two
spreads' worth, so a spike is soon forgotten and a level that stays is learnt. Each series keeps the one of
three speeds that would have foretold its past best.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from bot.detect.blocks import in_blocks
from bot.detect.robust import MAD_TO_SIGMA, Floats, Ints, at_share, median, ranked, spread
from bot.detect.season import Season
from bot.detect.shape import Shape, shape
from bot.panel.coverage import Mask

SPEEDS = np.array([0.08, 0.2, 0.45])
_HASTE = np.array([1.0, 1.02, 1.05])
"""A faster smoother must do better by this much."""
_BOUND = 2.0
_FIRST = 7
_WARM = 4
"""Buckets before a series' errors count."""
_LONG = 28
_OWN_WEIGHT = 8.0
"""The pool's spread counts for so many buckets of a series' own."""
_KIND_WEIGHT = 10.0
_UNKNOWN_SPREAD = 0.35
_LEAST_SPREAD = 0.002


@dataclass(frozen=True, slots=True)
class Tracks:
    """Series x buckets to follow: `logs` counts where `seen`, and is not learnt from where `told`.

    `pools` says which series lend each other their spread; `least` is the least spread that is believed.
    """

    logs: Floats
    seen: Mask
    told: Mask
    pools: Ints
    least: Floats


@dataclass(frozen=True, slots=True)
class Level:
    """What was foretold of each series (rows) and bucket (columns), on a log scale; the last one is judged.

    `error` is beyond the foretold, and counts where `seen`; `score` is the error in spreads, NaN where it
    does not count, `base` the spread of a usual bucket. `spread` is the spread of the judged bucket's error
    and `usual` what it was foretold to be; `long_score` is its error against the median of the last 28
    buckets instead. By slot of the week, `offset` is the shape and `wide` the spread of a bucket foretold.
    """

    foretold: Floats
    error: Floats
    seen: Mask
    learnt: Mask
    score: Floats
    base: Floats
    spread: Floats
    usual: Floats
    long_score: Floats
    middle: Floats
    offset: Floats
    wide: Floats
    history: Ints
    pools: Ints

    def of(self, rows: Mask | slice) -> "Level":
        """The level of some of the series only."""
        return replace(self, **{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class _Alone:
    """What a series says of itself, before others lend it their experience.

    `own` is the spread of `count` errors; by slot, `factor` is how much wider those of its kind are,
    `inflation` what not knowing the slot and the level exactly adds, `offset` the weekly shape. `middle` is
    the median of the last 28.
    """

    foretold: Floats
    error: Floats
    learnt: Mask
    own: Floats
    count: Ints
    factor: Floats
    inflation: Floats
    offset: Floats
    middle: Floats


def follow(tracks: Tracks, season: Season, hold: int = 1) -> Level:
    """Follow the level of each series and foretell the last bucket.

    The level is renewed every `hold` buckets, counted from the first: hours are foretold at midnight.
    """
    alone = in_blocks(len(tracks.logs), lambda rows: _alone(tracks, rows, season, hold))
    base = np.maximum(_lent(alone, tracks.pools), tracks.least)
    wide = base[:, None] * alone.factor
    newest = season.slot[-1]
    spread_ = wide[:, newest] * alone.inflation[:, newest]
    usual = alone.foretold[:, -1] + alone.offset[:, newest]
    score = np.empty_like(alone.error)
    warm = np.cumsum(alone.learnt, axis=1, dtype=np.int16) - alone.learnt >= _WARM
    np.divide(alone.error, wide[:, season.slot], out=score)
    score[~(warm & tracks.seen)] = np.nan
    score[:, -1] /= alone.inflation[:, newest]
    return Level(
        foretold=alone.foretold,
        error=alone.error,
        seen=tracks.seen,
        learnt=alone.learnt,
        score=score,
        base=base,
        spread=spread_,
        usual=usual,
        long_score=(tracks.logs[:, -1] - alone.offset[:, newest] - alone.middle) / spread_,
        middle=alone.middle,
        offset=alone.offset,
        wide=wide * alone.inflation,
        history=alone.learnt.sum(axis=1),
        pools=tracks.pools,
    )


def _alone(tracks: Tracks, rows: slice, season: Season, hold: int) -> _Alone:
    logs = tracks.logs[rows]
    past = tracks.seen[rows] & ~tracks.told[rows]
    past[:, -1] = False
    weekly = shape(logs, past, season)
    flat = logs - weekly.offset[:, season.slot]
    foretold = _foretold(flat, past, weekly.noise)
    foretold = np.repeat(foretold[:, ::hold], hold, axis=1)[:, : logs.shape[1]] if hold > 1 else foretold
    error = flat - foretold
    so_far: Ints = np.cumsum(past, axis=1)
    warm = past & (so_far > _WARM)
    own, count = spread(error, warm)
    recent = past & (so_far[:, [-1]] - so_far < _LONG)
    return _Alone(
        foretold=foretold,
        error=error,
        learnt=past,
        own=own,
        count=count,
        factor=_kind_factor(error, warm, season),
        inflation=_inflation(weekly, so_far[:, -1]),
        offset=weekly.offset,
        middle=np.nan_to_num(median(flat, recent)),
    )


def _foretold(flat: Floats, past: Mask, noise: Floats) -> Floats:
    """The level before each bucket, at each series' best speed."""
    bound = _BOUND * np.maximum(noise, 0.05)
    start = np.nan_to_num(median(flat, past & (np.cumsum(past, axis=1) <= _FIRST)))
    rows, columns = flat.shape
    levels = np.empty((columns, len(SPEEDS), rows))
    level = np.repeat(start[None, :], len(SPEEDS), axis=0)
    loss, counted = np.zeros_like(level), np.zeros(rows)
    for column in range(columns):
        levels[column] = level
        known = past[:, column]
        error = np.clip(flat[:, column] - level, -bound, bound) * known
        warm = counted >= _WARM
        loss += np.abs(error) * warm
        counted += known
        level = level + SPEEDS[:, None] * error
    best = np.argmin(loss * _HASTE[:, None], axis=0)
    return np.asarray(levels[:, best, np.arange(rows)].T)


def _lent(alone: _Alone, pools: Ints) -> Floats:
    """The spread of each series' errors, the less its own the shorter it was seen."""
    logs = np.log(np.maximum(np.nan_to_num(alone.own, nan=_UNKNOWN_SPREAD), _LEAST_SPREAD))
    lent = np.full(len(logs), np.log(_UNKNOWN_SPREAD))
    for pool in np.unique(pools):
        members = (pools == pool) & (alone.count >= 10)
        if members.sum() >= 5:
            lent[pools == pool] = np.median(logs[members]) + 0.25 * np.std(logs[members])
    together = (alone.count * logs + _OWN_WEIGHT * lent) / (alone.count + _OWN_WEIGHT)
    return np.asarray(np.exp(together + np.where(alone.count == 0, 0.3, 0.0)))


def _kind_factor(error: Floats, told: Mask, season: Season) -> Floats:
    """By slot: how much wider its kind's errors are than the series' own, as far as that is known."""
    ordered, count = ranked(np.abs(error), told)
    whole = np.log(
        np.maximum(np.nan_to_num(MAD_TO_SIGMA * at_share(ordered, count, 0.5), nan=0.3), _LEAST_SPREAD)
    )
    factor = np.ones((len(error), len(season.kind)))
    for kind in np.unique(season.kind):
        columns = season.kinds == kind
        own, seen = spread(error[:, columns], told[:, columns])
        wider = np.log(np.maximum(np.nan_to_num(own, nan=0.3), _LEAST_SPREAD)) - whole
        factor[:, season.kind == kind] = np.exp(np.clip(wider * seen / (seen + _KIND_WEIGHT), -0.5, 1.0))[
            :, None
        ]
    return factor


def _inflation(weekly: Shape, history: Ints) -> Floats:
    """By slot, what not knowing the slot and the level exactly adds to the spread of a bucket foretold."""
    return np.asarray(np.sqrt(1 + 1 / (weekly.count + 1) + 0.5 / np.maximum(history, 1)[:, None]))
