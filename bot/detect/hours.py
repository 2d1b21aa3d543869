"""What is odd about an hour: one hour, or a run of hours, against what was foretold at midnight."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bot.detect.activity import chance_of_spend
from bot.detect.gates import HOUR_SHARE, Gates
from bot.detect.level import Level, follow
from bot.detect.months import comes_every_month
from bot.detect.reduce import reduced
from bot.detect.robust import Floats, Ints, spread
from bot.detect.season import Season, season
from bot.detect.series import DOLLARS, NANO, RESTING, Grouping, Rows, dollar_rows, groupings
from bot.detect.stack import likes_of, own_rate, tracks_of
from bot.detect.tails import Tail, beyond, tails_of
from bot.detect.telling import CANDIDATE, RANGE, is_borne_by_many, nano, parts, rarity, score_of
from bot.detect.told import Told, told_mask
from bot.facts.clock import Grain
from bot.facts.finding import Finding
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.panel import Panel

HISTORY = 28 * 24
"""Hours that are learnt from: four weeks."""
_LEAST_HOURS = 7 * 24
_RUNS = (2, 3, 6, 12)
_LEAST_SPREAD = 0.08
_OWN_WEIGHT = 10.0
_BOUND = 4.0
_STILL = 0.25
"""A run goes on while its newest hour has this share of its mean excess."""
_PERCENT = 0.5


@dataclass(frozen=True, slots=True)
class _Run:
    """How far the mean error of so many hours in a row usually is from nothing, and the tails of that."""

    length: int
    yardstick: Floats
    tails: dict[int, Tail]


@dataclass(frozen=True, slots=True)
class Midnight:
    """What the hours of a day are held against: all that was known when it began.

    The rows of `level` are the series of all groupings, one after the other; its last column is the first
    hour of the day, not seen yet. `usual` is dollars by row and slot of the week, `leaf_usual` by leaf.
    """

    first: int
    """Index of the day's first hour."""
    found: list[Grouping]
    rows: list[Rows]
    level: Level
    past: Mask
    """Cells to be learnt from: read, and not told."""
    season: Season
    likes: Ints
    tails: dict[int, Tail]
    runs: list[_Run]
    usual: Floats
    leaf_usual: Floats


def foretell(past: Panel, told: Iterable[Told] = ()) -> Midnight | None:
    """What the day after `past` (hours up to a midnight) is held against; None while it is too early."""
    if past.known.sum() < _LEAST_HOURS:
        return None
    window = past.since(past.columns - HISTORY)
    found = groupings(window, told_mask(window, told))
    rows = [_awaiting(row) for row in dollar_rows(window, found)]
    weekly = season(window.first, window.columns + 1, Grain.HOUR)
    series = sum(len(row.logs) for row in rows)
    tracks = tracks_of(rows, int(window.known.sum()), np.full(series, _LEAST_SPREAD))
    level = follow(tracks, weekly, hold=24)
    level = replace(level, score=np.where(level.learnt, level.score, np.nan))
    likes = likes_of(level.score, level, np.full(series, DOLLARS))
    slots = weekly.slot[:-1]
    return Midnight(
        first=window.first + window.columns,
        found=found,
        rows=rows,
        level=level,
        past=~tracks.told & np.append(window.known, False),
        season=weekly,
        likes=likes,
        tails=tails_of(level.score, likes),
        runs=[_run(level, likes, length) for length in _RUNS],
        usual=_by_slot(np.concatenate([one.dollars for one in found]), slots, weekly),
        leaf_usual=_by_slot(window.usd / NANO, slots, weekly),
    )


def _awaiting(row: Rows) -> Rows:
    """The row with one more column, not seen yet."""
    nothing = np.zeros((len(row.logs), 1))
    unseen = nothing > 0
    return replace(
        row,
        logs=np.column_stack((row.logs, nothing)),
        seen=np.column_stack((row.seen, unseen)),
        told=np.column_stack((row.told, unseen)),
    )


def _run(level: Level, likes: Ints, length: int) -> _Run:
    """Measure earlier runs that do not overlap; series with few lean on what is usual of their pool."""
    scores = level.score[:, :-1]
    runs = scores.shape[1] // length
    means = _means(scores[:, scores.shape[1] - runs * length :].reshape(len(scores), runs, length))
    own, count = spread(means, ~np.isnan(means))
    logs = np.log(np.maximum(np.nan_to_num(own, nan=1.0), 1e-2))
    lent = np.full(len(logs), -0.25 * np.log(length))
    for pool in np.unique(level.pools):
        members = (level.pools == pool) & (count >= _OWN_WEIGHT)
        if members.any():
            lent[level.pools == pool] = np.median(logs[members])
    yardstick = np.exp((count * logs + _OWN_WEIGHT * lent) / (count + _OWN_WEIGHT))
    return _Run(length, yardstick, tails_of(means / yardstick[:, None], likes))


def _means(scores: Floats) -> Floats:
    """Mean scores along the last axis where at least half were seen, else NaN; no hour speaks for many."""
    seen = ~np.isnan(scores)
    count = seen.sum(axis=-1)
    total = np.where(seen, np.clip(scores, -_BOUND, _BOUND), 0.0).sum(axis=-1)
    enough = count * 2 >= scores.shape[-1]
    means: Floats = np.full(total.shape, np.nan)
    return np.asarray(np.divide(total, count, where=enough & (count > 0), out=means))


def _by_slot(dollars: Floats, slots: Ints, weekly: Season) -> Floats:
    """The mean of each slot without its largest hour."""
    means = np.zeros((len(dollars), len(weekly.kind)))
    for slot in np.unique(slots):
        inside = dollars[:, slots == slot]
        if inside.shape[1] > 2:
            means[:, slot] = (inside.sum(axis=1) - inside.max(axis=1)) / (inside.shape[1] - 1)
        else:
            means[:, slot] = inside.mean(axis=1)
    return means


def judge_hour(midnight: Midnight, hours: Panel, days: Panel, gates: Gates) -> list[Finding]:
    """Everything odd about the newest hour of `hours`, said or not; it lies in the day after `midnight`.

    `hours` has the leaves that were foretold, and `days` the day so far last: what comes every month is no
    news in its hours either. An hour that may still fill is judged too: only too much is told of hours.
    """
    today = _Today.of(midnight, hours)
    best: dict[Scope, Finding] = {}
    for finding in today.findings(gates):
        if finding.scope not in best or finding.score > best[finding.scope].score:
            best[finding.scope] = finding
    bar = gates.hour_bar(len(midnight.likes))
    odd = (one for one in best.values() if one.score < bar or not comes_every_month(days, one.scope))
    return reduced(odd, bar)


@dataclass(frozen=True, slots=True)
class _Today:
    """The hours since midnight, series x hours: dollars and scores, NaN where a series rested."""

    midnight: Midnight
    hours: Panel
    dollars: Floats
    scores: Floats
    long_score: Floats
    slots: Ints

    @classmethod
    def of(cls, midnight: Midnight, hours: Panel) -> "_Today":
        """Scores of the day so far against what midnight foretold."""
        today = hours.since(midnight.first - hours.first)
        slots = season(midnight.first, today.columns, Grain.HOUR).slot
        dollars = np.concatenate([today.grouped(one.groups) for one in midnight.found]) / NANO
        share = dollars / np.concatenate([row.size for row in midnight.rows])[:, None]
        logs = np.log(np.maximum(share, RESTING)) - midnight.level.offset[:, slots]
        wide = midnight.level.wide[:, slots]
        foretold = (logs - midnight.level.foretold[:, [-1]]) / wide
        known = (share > RESTING) & (midnight.level.history[:, None] >= 24)
        long_score = (logs[:, -1] - midnight.level.middle) / wide[:, -1]
        return cls(midnight, hours, dollars, np.where(known, foretold, np.nan), long_score, slots)

    def findings(self, gates: Gates) -> Iterator[Finding]:
        """Candidates: of every series the rarest of the hour itself and of the runs that end in it."""
        chance, length = self._rarest()
        score = score_of(chance)
        usual_day = self.midnight.usual.mean(axis=1) * 24
        leaf_excess = self._leaf_excess()
        for row in np.flatnonzero(score >= CANDIDATE):
            grouping, series = self._series(int(row))
            worth = HOUR_SHARE * float(gates.worth(usual_day[row], grouping.groups.scope(series)))
            if not self._is_enough(int(row), int(length[row]), worth):
                continue
            finding = self._finding(int(row), float(score[row]), int(length[row]), leaf_excess)
            if finding:
                yield finding

    def _is_enough(self, row: int, length: int, worth: float) -> bool:
        """Whether dollars and percent are worth saying, and a run still goes on."""
        excess, usual = self._excess(row, length)
        newest, _ = self._excess(row, 1)
        return excess >= max(worth, _PERCENT * usual) and newest >= _STILL * excess / length

    def _rarest(self) -> tuple[Floats, Ints]:
        chance, length = self._single(), np.ones(len(self.dollars), np.int64)
        earlier = self.midnight.level.score[:, -1 - max(_RUNS) : -1]
        scores = np.column_stack((earlier, self.scores))
        for run in self.midnight.runs:
            mean = _means(scores[:, -run.length :]) / run.yardstick
            mean = np.where(np.isnan(scores[:, -1]), np.nan, mean)
            rare = np.minimum(len(_RUNS) * beyond(mean, self.midnight.likes, run.tails), 1.0)
            length = np.where(rare < chance, run.length, length)
            chance = np.minimum(chance, rare)
        return chance, length

    def _single(self) -> Floats:
        level = self.midnight.level
        newest = self.scores[:, -1]
        lower = np.minimum(np.nan_to_num(newest), self.long_score)
        own = own_rate(np.column_stack((level.score[:, :-1], newest))) / 2
        chance = np.maximum(self._likely() * beyond(lower, self.midnight.likes, self.midnight.tails), own)
        return np.asarray(np.where(np.isnan(newest), 1.0, chance))

    def _likely(self) -> Floats:
        """How likely each series is to spend in this hour of the week at all."""
        level, weekly = self.midnight.level, self.midnight.season
        slot = weekly.slot.copy()
        slot[-1] = self.slots[-1]
        return chance_of_spend(level.seen, self.midnight.past, Season(slot, weekly.kind, weekly.week))

    def _leaf_excess(self) -> Floats:
        newest = self.hours.usd[:, -1] / NANO
        usual = np.zeros(len(newest))
        known = self.midnight.leaf_usual[:, self.slots[-1]]
        usual[: len(known)] = known
        return newest - usual

    def _excess(self, row: int, length: int) -> tuple[float, float]:
        """Dollars beyond the usual in the newest hours of today, and what is usual for them."""
        length = min(length, self.dollars.shape[1])
        usual = float(self.midnight.usual[row, self.slots[-length:]].sum())
        return float(self.dollars[row, -length:].sum()) - usual, usual

    def _series(self, row: int) -> tuple[Grouping, int]:
        """The grouping of a row, and its number there."""
        for grouping in self.midnight.found:
            if row < len(grouping.groups):
                return grouping, row
            row -= len(grouping.groups)
        raise IndexError(row)

    def _finding(self, row: int, score: float, length: int, leaf_excess: Floats) -> Finding | None:
        grouping, series = self._series(row)
        leaves = np.flatnonzero(grouping.groups.of_leaf == series)
        if not grouping.narrow and not is_borne_by_many(leaf_excess[leaves]):
            return None
        column = self.hours.columns - 1
        observed = float(self.dollars[row, -1])
        usual = float(self.midnight.usual[row, self.slots[-1]])
        reach = float(np.exp(RANGE * self.midnight.level.wide[row, self.slots[-1]]))
        what = "more dollars than this hour of the week foretells"
        lasting = f"{length} hours in a row above what their hours of the week foretell"
        return Finding(
            kind="spike",
            scope=grouping.groups.scope(series),
            grain=Grain.HOUR,
            window=self.hours.window_of(column),
            observed=nano(observed),
            expected=nano(usual),
            low=nano(usual / reach),
            high=nano(usual * reach),
            score=round(score, 2),
            start=self.hours.start_of(max(column + 1 - length, 0)),
            why=f"{what if length == 1 else lasting}, {rarity(score, Grain.HOUR)}",
            complete=bool(self.hours.complete[-1]),
            parts=parts(self.hours.leaves, leaves, leaf_excess),
        )
