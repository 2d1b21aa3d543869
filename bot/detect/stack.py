"""All series of one look in one matrix: their levels, and how rare each one's newest bucket is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.detect.drift import Stretch, drifts
from bot.detect.level import Level, Tracks, follow
from bot.detect.months import together, twins
from bot.detect.newcomers import growth
from bot.detect.robust import Floats, Ints, at_share, ranked
from bot.detect.season import season
from bot.detect.series import BROAD_DOLLARS, DOLLARS, PRICE, Rows
from bot.detect.tails import beyond, tails_of
from bot.panel.coverage import Mask
from bot.panel.panel import Panel

_LEAST_SPREAD = {DOLLARS: 0.04, BROAD_DOLLARS: 0.04}
_LEAST_MIX_SPREAD = 0.008
_SPARSE = 0.5
_HEAVY = (2.35, 3.0)
"""Where the largest fortieth of a series' scores make it a heavier-tailed one."""
_HIGH_SHARE = 0.975
_SHORT = (12, 30)
"""Series with fewer buckets than these are compared with their like only."""
_DOLLAR_STRETCHES = (
    *(Stretch(length) for length in (2, 3, 5, 8, 13, 21)),
    *(Stretch(length, gap) for length, gap in ((5, 10), (8, 14), (13, 13))),
)
_PRICE_STRETCHES = tuple(Stretch(length) for length in (2, 3, 5, 8))
_RECURRING_SHARE = 0.6
_HOT = 1.5
_OWN_SHARE = 0.8
_EPISODE = 3
"""Odd buckets no further apart are one episode."""


@dataclass(frozen=True, slots=True)
class Sustained:
    """The least likely of several stretches: its chance, the distance on a log scale, and its length."""

    chance: Floats
    apart: Floats
    length: Ints


@dataclass(frozen=True, slots=True)
class Stack:
    """Rows of all groupings and channels, in the order they were given, and what is foretold of them.

    `above` and `below` are the chances of a newest bucket at least as high or as low; `own` is how often
    the series itself was nearly as odd before, at least twice.
    """

    rows: Sequence[Rows]
    level: Level
    above: Floats
    below: Floats
    own: Floats
    judged: Mask

    def find(self, grouping: int, channel: int) -> tuple[Rows, slice] | None:
        """The rows of a grouping and channel, and where they lie; None where there are none."""
        start = 0
        for rows in self.rows:
            if (rows.grouping, rows.channel) == (grouping, channel):
                return rows, slice(start, start + len(rows.logs))
            start += len(rows.logs)
        return None


def stack(panel: Panel, rows: Sequence[Rows]) -> tuple[Stack, Sustained]:
    """Follow the levels of all rows, and weigh their newest buckets one by one and in stretches."""
    channel = np.repeat([one.channel for one in rows], [len(one.logs) for one in rows])
    least = np.array([_LEAST_SPREAD.get(int(one), _LEAST_MIX_SPREAD) for one in channel])
    tracks = tracks_of(rows, int(panel.known[:-1].sum()), least)
    level = follow(tracks, season(panel.first, panel.columns, panel.grain))
    likes, low_likes = likes_of(level.score, level, channel), likes_of(-level.score, level, channel)
    earlier = np.where(level.learnt, level.score, np.nan)[:, :-1]
    grows = np.where(channel <= BROAD_DOLLARS, growth(tracks.seen, level.history), 0.0)
    shares = np.concatenate([one.share for one in rows])
    surer = level.spread / np.hypot(level.spread, grows) * np.sqrt(shares)
    newest, long_score = surer * np.nan_to_num(level.score[:, -1]), surer * level.long_score
    above = beyond(np.minimum(newest, long_score), likes, tails_of(earlier, likes))
    below = beyond(np.minimum(-newest, -long_score), low_likes, tails_of(-earlier, low_likes))
    monthly = together(twins(panel))
    one_by_one = Stack(
        rows,
        level,
        np.where(_recurs(newest, level.score[:, monthly], _HOT), 1.0, above),
        below,
        own_rate(level.score),
        tracks.seen[:, -1] & (level.history >= 4),
    )
    if not panel.complete[-1]:
        return one_by_one, _nothing(len(channel))
    return one_by_one, _sustained(level, channel, likes, monthly)


def tracks_of(rows: Sequence[Rows], read: int, least: Floats) -> Tracks:
    """All rows in one, pooled by channel and by whether they spend in half of the buckets that were `read`.

    The newest column does not count: it is judged.
    """
    channel = np.repeat([one.channel for one in rows], [len(one.logs) for one in rows])
    logs, seen, told = (
        np.concatenate([getattr(one, name) for one in rows]) for name in ("logs", "seen", "told")
    )
    pools = channel * 2 + (seen[:, :-1].sum(axis=1) < _SPARSE * max(read, 1))
    return Tracks(logs, seen, told, pools, least)


def _recurs(newest: Floats, twins: Floats, least: float) -> Mask:
    """Whether a series was nearly as far up on one of its `twins`: then it does so every month."""
    highest = np.nan_to_num(twins, nan=-np.inf).max(axis=1, initial=-np.inf)
    return np.asarray(highest >= np.maximum(_RECURRING_SHARE * newest, least))


def likes_of(scores: Floats, level: Level, channel: Ints) -> Ints:
    """Series whose errors have like upper tails: of one channel, as heavy, and about as long known."""
    past = scores[:, :-1]
    heavy = np.nan_to_num(at_share(*ranked(past, ~np.isnan(past)), _HIGH_SHARE), nan=2.0)
    kind = np.searchsorted(_HEAVY, heavy)
    kind = np.where(level.history < _SHORT[1], 3 + (level.history < _SHORT[0]), kind)
    return np.asarray(np.where(channel == BROAD_DOLLARS, DOLLARS, channel) * 10 + kind)


def own_rate(scores: Floats) -> Floats:
    """The share of each series' own buckets that began an episode nearly as odd as its last; 0 below two."""
    past = np.nan_to_num(scores[:, :-1], nan=-np.inf)
    newest = np.nan_to_num(scores[:, [-1]], nan=np.inf)
    odd = past >= _OWN_SHARE * newest
    begins = odd.copy()
    for back in range(1, _EPISODE + 1):
        begins[:, back:] &= ~odd[:, :-back]
    episodes, seen = begins.sum(axis=1), np.isfinite(past).sum(axis=1)
    return np.asarray(np.where(episodes >= 2, (episodes - 1) / np.maximum(seen, 1), 0.0))


def _nothing(series: int) -> Sustained:
    return Sustained(np.ones(series), np.zeros(series), np.zeros(series, np.int64))


def _sustained(level: Level, channel: Ints, likes: Ints, twins: Ints) -> Sustained:
    """The least likely stretch of each series; it ends with a day that has ended, which else would be low."""
    found = _nothing(len(channel))
    for members, stretches in (
        (channel <= BROAD_DOLLARS, _DOLLAR_STRETCHES),
        (channel == PRICE, _PRICE_STRETCHES),
    ):
        chosen, own = np.flatnonzero(members), likes[members]
        for drift in drifts(level.of(members), stretches) if len(chosen) else ():
            rarity = beyond(drift.score, own, tails_of(drift.earlier, own))
            rarity[_recurs(drift.score, drift.earlier[:, np.isin(drift.ends, twins)], 0.0)] = 1.0
            better = rarity < found.chance[chosen]
            place = chosen[better]
            found.chance[place], found.apart[place] = rarity[better], drift.apart[better]
            found.length[place] = drift.stretch.length
    return found
