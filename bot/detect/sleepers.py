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


def woken(dollars: Floats, known: Mask) -> Floats:
    """The chance of each series' newest day if it woke from sleep in the last few days, else 1.

    How often sleepers of this organisation wake on a day, times how often one that wakes spends as much
    against its own busy days of old.
    """
    active = dollars > 0
    gap, longest = _gaps(active, known)
    asleep = (gap > np.maximum(SLEEP, 2 * longest)) & known
    wakes = (asleep & active)[:, :-1].sum()
    rate = (_WAKES + wakes / 2) / (_SLEPT + asleep[:, :-1].sum())
    chance = np.ones(len(dollars))
    together = _together(active & asleep, asleep)
    for series in np.flatnonzero(active[:, -1]):
        woke = _woke(active[series], asleep[series])
        if woke and not together[-woke]:
            before = dollars[series, :-woke]
            times = np.log(dollars[series, [-1]] / np.median(before[before > 0]))
            chance[series] = rate * _WAKE_SIZE.beyond(times)[0]
    return chance


def _gaps(active: Mask, known: Mask) -> tuple[Ints, Ints]:
    """Days that were read since each series last spent, and its longest gap that ended before, by column."""
    read = np.cumsum(known)
    last = np.maximum.accumulate(np.where(active, read, -1), axis=1)
    before = np.pad(last[:, :-1], ((0, 0), (1, 0)), constant_values=-1)
    gap = np.where(before >= 0, read - before, 0)
    ended = np.maximum.accumulate(np.where(active, gap, 0), axis=1)
    return gap, np.pad(ended[:, :-1], ((0, 0), (1, 0)))


def _together(wakes: Mask, asleep: Mask) -> Mask:
    """Columns on which so many woke at once that it was the end of a holiday."""
    many = wakes.sum(axis=0)
    return np.asarray((many >= _TOGETHER) & (many > _TOGETHER_SHARE * asleep.sum(axis=0)))


def _woke(active: Mask, asleep: Mask) -> int:
    """How many columns back a series woke that spends since, counted from 1; 0 when it did not lately."""
    for back in range(1, min(FRESH, len(active) - 1) + 1):
        if not active[-back]:
            return 0
        if asleep[-back]:
            return back
    return 0


def started(dollars: Floats, known: Mask) -> Floats:
    """The chance of each series' newest day if it first spent in the last few days, else 1.

    How often a new one appears on a day, times how often a peer's busy day is as large, shared out over the
    series: so that it means the same as every other chance.
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
    return np.asarray(np.where(big, rate * larger / len(dollars), 1.0))
