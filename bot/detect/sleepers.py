"""Suspicious without a law of their own: keys that slept for weeks and spend, and keys that start big."""

import numpy as np

from bot.detect.robust import MAD_TO_SIGMA, Floats, Ints, median
from bot.detect.tails import Tail
from bot.panel.coverage import Mask

SLEEP = 14
"""A series sleeps once it was silent for so many days, and twice as long as it ever was before it woke."""
FRESH = 4
"""Days for which a wake or a start is worth saying."""
_WAKES, _SLEPT = 0.05, 1000.0
"""Prior: wakes on so many days of sleep."""
_SELDOM = 7
_PRIOR_GAP = 7
_WAKE_SIZE = Tail(4, 1.2)
"""How much more a sleeper spends when it wakes, on a log scale."""
_NORMAL = 60
_TOGETHER, _TOGETHER_SHARE = 3, 0.2
_STARTS, _STARTED_DAYS = 0.2, 20.0
_LEAST_SIZE_SPREAD = 1.0
_LEAST_PEERS = 3
_ESTABLISHED = 14
_BIG = 0.25
"""A new one starts big when fewer of its peers than this spend as much on a busy day."""


def woken(dollars: Floats, told: Mask, known: Mask, among: int) -> Floats:
    """The chance of each series' newest day if it woke from sleep in the last few days, else 1.

    How often sleepers of its kind wake on a day in this organisation, shared out `among` all series, or how
    rare so long a gap is in its own rhythm, if that is likelier; times how often one that wakes spends as
    much against its own busy days of old. What was `told` woke nobody.
    """
    active = dollars > 0
    read: Ints = np.cumsum(known, dtype=np.int64)
    gap, asleep = _sleep(active, told, read, known)
    own = active & ~told
    rate = _wake_rates(own, asleep) / among
    chance = np.ones(len(dollars))
    together = _together(own & asleep, asleep)
    for series in np.flatnonzero(active[:, -1]):
        woke = _woke(active[series], asleep[series])
        before = np.flatnonzero(own[series, : len(read) - woke])
        if woke and len(before) and not together[-woke]:
            rhythm = _rhythm(np.diff(read[before]), int(gap[series, -woke]))
            times = np.log(dollars[series, [-1]] / np.median(dollars[series, before]))
            chance[series] = max(rate[series], rhythm) * _WAKE_SIZE.beyond(times)[0]
    return chance


def _sleep(active: Mask, told: Mask, read: Ints, known: Mask) -> tuple[Ints, Mask]:
    """By column, days read since each series last spent, and whether that is sleep.

    A sleep that was told when it ended does not make the next one usual.
    """
    gap, longest = _gaps(active, active, read)
    asleep = gap > np.maximum(SLEEP, 2 * longest)
    _, longest = _gaps(active, active & ~(asleep & told), read)
    return gap, (gap > np.maximum(SLEEP, 2 * longest)) & known


def _gaps(active: Mask, ends: Mask, read: Ints) -> tuple[Ints, Ints]:
    """By column, days read since each series last spent, and the longest such gap at its earlier `ends`."""
    last = np.maximum.accumulate(np.where(active, read, -1), axis=1)
    before = np.pad(last[:, :-1], ((0, 0), (1, 0)), constant_values=-1)
    gap = np.where(before >= 0, read - before, 0)
    ended = np.maximum.accumulate(np.where(ends, gap, 0), axis=1)
    return gap, np.pad(ended[:, :-1], ((0, 0), (1, 0)))


def _wake_rates(own: Mask, asleep: Mask) -> Floats:
    """Of each series, how many sleepers like it wake on a day.

    Those that spent on a few days only are of another kind: they may do so every quarter.
    """
    past, sleeping = own[:, :-1], asleep[:, :-1]
    seldom = past.sum(axis=1) < _SELDOM
    rate = np.zeros(len(own))
    for kind in (seldom, ~seldom):
        wakes, slept = (past & sleeping)[kind].sum(), sleeping[kind].sum()
        wakes_a_day = (_WAKES + wakes / 2) / (_SLEPT + slept)
        rate[kind] = wakes_a_day * max(int(asleep[kind, -1].sum()), 1)
    return rate


def _rhythm(gaps: Ints, gap: int) -> float:
    """The chance of a day that ends so long a gap of a series with these gaps before.

    The predictive law of exponential gaps whose rate is not known (Lomax), with a prior gap of a week.
    """
    count, total = len(gaps) + 1, int(gaps.sum()) + _PRIOR_GAP
    return float(count / total * (1 + gap / total) ** -count)


def _together(wakes: Mask, asleep: Mask) -> Mask:
    """Columns on which so many woke at once that it was the end of a holiday."""
    many = wakes.sum(axis=0)
    return np.asarray((many >= _TOGETHER) & (many > _TOGETHER_SHARE * asleep.sum(axis=0)))


def _woke(active: Mask, asleep: Mask) -> int:
    """For how many of the newest columns a series has spent since it woke; 0 when it did not lately."""
    run = int(np.logical_and.accumulate(active[::-1]).sum())
    return run if 0 < run <= FRESH and run < len(active) and asleep[-run] else 0


def started(dollars: Floats, known: Mask, among: int) -> Floats:
    """The chance of each series' newest day if it first spent in the last few days, else 1.

    How often a new one appears on a day, times how often a peer's busy day is as large, shared out `among`
    all series: so that it means the same as every other chance.
    """
    active = dollars > 0
    columns = dollars.shape[1]
    first = np.where(active.any(axis=1), active.argmax(axis=1), columns)
    since = int(np.argmax(known))
    age = columns - since
    fresh = (first >= columns - FRESH) & active[:, -1]
    recent = active[:, -30:]
    size = median(dollars[:, -30:], recent)
    peers = np.log(size[(first < columns - FRESH) & ~np.isnan(size)])
    if age < _ESTABLISHED or len(peers) < _LEAST_PEERS or not fresh.any():
        return np.ones(len(dollars))
    starts = ((first >= since + _ESTABLISHED) & (first < columns - FRESH + 1)).sum()
    rate = (_STARTS + starts) / (_STARTED_DAYS + max(age - _ESTABLISHED, 0))
    middle = np.median(peers)
    spread = max(_LEAST_SIZE_SPREAD, MAD_TO_SIGMA * float(np.median(np.abs(peers - middle))))
    larger = Tail(_NORMAL, spread).beyond(np.log(np.where(fresh, dollars[:, -1], 1.0)) - middle)
    big = fresh & (larger < _BIG)
    return np.asarray(np.where(big, rate * larger / among, 1.0))
