"""Every way in which series can be odd on their newest day: the chance of each when nothing is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.detect.activity import chance_of_spend
from bot.detect.robust import Floats, Ints, at_share, ranked
from bot.detect.season import Season, season
from bot.detect.series import BROAD_DOLLARS, DOLLARS, NANO, PRICE, PROMPT, REPLY, Grouping, Rows
from bot.detect.silences import Silence, awake, silenced
from bot.detect.sleepers import started, woken
from bot.detect.stack import Stack, Sustained
from bot.facts.clock import Grain
from bot.panel.coverage import Mask
from bot.panel.panel import Panel

_MIX_KNOWN = 10
"""Days of a series from which its mix is known."""
_FAR = 5.0
_FAR_TIMES, _FAR_DAYS = 0.3, 1000.0
"""Prior: the mix is that far off on so many of so many days."""
_CREDIBLE = 0.2
"""Tokens of a usual day from which their price is believed."""
_BLANK = 0.1
"""Of the organisation's typical day."""


@dataclass(frozen=True, slots=True)
class Law:
    """One way to be odd: the chance of it when nothing is wrong, and the dollars beyond the usual."""

    kind: str
    chance: Floats
    excess: Floats
    length: Ints | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The newest day and what is known before it, in every way to group the organisation.

    `panel` is all that is known, `told` what was told of it, `window` what is learnt from; `typical_day` is
    the organisation's, in dollars; `late` as of a Silence.
    """

    panel: Panel
    told: Mask
    window: Panel
    found: list[Grouping]
    stack: Stack
    sustained: Sustained
    late: Floats
    typical_day: float

    @property
    def series(self) -> int:
        """How many series there are."""
        return sum(len(grouping.groups) for grouping in self.found)

    def learnt(self, rows: Rows) -> Mask:
        """The cells of some rows that are learnt from: read, not told, and before the judged day."""
        past = self.window.known & ~rows.told
        past[:, -1] = False
        return past

    @property
    def is_blank(self) -> bool:
        """Whether all are silent: data that is missing looks like that, and nobody's key."""
        return float(self.window.usd[:, -1].sum()) < _BLANK * self.typical_day * NANO

    @property
    def season(self) -> Season:
        """The season of the window."""
        return season(self.window.first, self.window.columns, Grain.DAY)


@dataclass(frozen=True, slots=True)
class Series:
    """The series of one grouping on the judged day; dollars unless said otherwise."""

    day: Day
    number: int
    rows: Rows
    place: slice
    likely: Floats
    busy: Floats
    """What is usual for a day on which it spends."""
    usual: Floats

    @classmethod
    def of(cls, day: Day, number: int) -> "Series":
        """Ready to be judged."""
        found = day.stack.find(number, DOLLARS) or day.stack.find(number, BROAD_DOLLARS)
        if not found:
            raise LookupError(f"grouping {number} has no dollars")
        rows, place = found
        likely = chance_of_spend(rows.seen, day.learnt(rows), day.season)
        busy = np.exp(day.stack.level.usual[place]) * rows.size
        usual = np.where(day.stack.level.history[place] > 0, busy * likely, 0.0)
        return cls(day, number, rows, place, likely, busy, usual)

    @property
    def grouping(self) -> Grouping:
        """How the leaves are grouped."""
        return self.day.found[self.number]

    @property
    def newest(self) -> Floats:
        """Dollars of the judged day."""
        return np.asarray(self.grouping.dollars[:, -1])

    def leaves(self, series: int) -> Ints:
        """The leaves of one of them."""
        return np.flatnonzero(self.grouping.groups.of_leaf == series)

    def laws(self) -> Iterator[Law]:
        """Every way in which these series can be odd."""
        spike = self._spike()
        yield spike
        yield self._rise()
        if price := self.day.stack.find(self.number, PRICE):
            yield from self._dearer(*price)
            yield self._mixed(spike)
        if bool(self.day.window.complete[-1]) and not self.day.is_blank:
            yield self._drop()

    def _spike(self) -> Law:
        stack_ = self.day.stack
        chance = np.maximum(self.likely * stack_.above[self.place], stack_.own[self.place] / 2)
        return Law("spike", np.where(stack_.judged[self.place], chance, 1.0), self.newest - self.usual)

    def _rise(self) -> Law:
        sustained = self.day.sustained
        excess = self.newest * -np.expm1(-np.clip(sustained.apart[self.place], 0.0, 5.0))
        return Law("rise", 3 * sustained.chance[self.place], excess, sustained.length[self.place])

    def _dearer(self, rows: Rows, place: slice) -> Iterator[Law]:
        """Each token costs more, today beyond anything seen or for some days, at a credible volume."""
        stack_, level = self.day.stack, self.day.stack.level
        lift = rows.logs[:, -1] - level.usual[place]
        tokens = self.newest / np.exp(rows.logs[:, -1])
        usual_tokens = self.busy / np.exp(level.usual[place])
        learnt = level.learnt[place][:, :-1]
        highest = np.nan_to_num(at_share(*ranked(rows.logs[:, :-1], learnt), 0.98))
        judged = stack_.judged[place] & (level.history[place] >= _MIX_KNOWN)
        credible = judged & (tokens > _CREDIBLE * usual_tokens)
        once = np.maximum(stack_.above[place], stack_.own[place] / 2)
        dear = credible & (rows.logs[:, -1] > highest)
        gained = self.newest * -np.expm1(-np.clip(lift, 0.0, 5.0))
        yield Law("price", np.where(dear, 2 * once, 1.0), gained)
        apart = np.clip(self.day.sustained.apart[place], 0.0, 5.0)
        lasting = np.where(credible, 4 * self.day.sustained.chance[place], 1.0)
        yield Law("price", lasting, self.newest * -np.expm1(-apart), self.day.sustained.length[place])

    def _mixed(self, spike: Law) -> Law:
        """Dollars up and the mix changed on one day: each by itself might be chance."""
        odd = np.ones(len(self.newest))
        stack_ = self.day.stack
        for channel in (PRICE, REPLY, PROMPT):
            if found := stack_.find(self.number, channel):
                _, place = found
                either = 2 * np.minimum(stack_.above[place], stack_.below[place])
                judged = stack_.judged[place] & (stack_.level.history[place] >= _MIX_KNOWN)
                least = _how_often_far(stack_.level.score[place, :-1])
                odd = np.minimum(odd, np.where(judged, np.maximum(either, least), 1.0))
        return Law("mixed spike", 6 * odd * spike.chance, spike.excess)

    def _drop(self) -> Law:
        stack_, window = self.day.stack, self.day.window
        awake_ = awake(self.grouping.dollars, self.rows.size, window.known)
        silence = Silence(
            dollars=self.grouping.dollars,
            awake=awake_,
            known=window.known,
            likely=chance_of_spend(awake_, self.day.learnt(self.rows), self.day.season),
            low=stack_.below[self.place] if self.grouping.narrow else np.ones(len(awake_)),
            score=stack_.level.score[self.place, -1],
            history=stack_.level.history[self.place],
            late=self.day.late,
        )
        return Law("drop", silenced(silence, self.day.season), self.newest - self.usual)

    def sleepers(self) -> Iterator[Law]:
        """What needs the whole past instead of a level: wakes and starts."""
        panel, groups = self.day.panel, self.grouping.groups
        dollars = panel.grouped(groups)
        told = np.zeros(dollars.shape, np.bool_)
        if self.day.told.any():
            told = 2 * panel.grouped(groups, np.where(self.day.told, panel.usd, 0)) > dollars
        among = self.day.series
        yield Law("dormant", woken(dollars / NANO, told, panel.known, among), self.newest)
        yield Law("new", started(dollars / NANO, panel.known, among), self.newest)


def _how_often_far(scores: Floats) -> float:
    """On what share of days the mix of any series was far off: a far one is no rarer, however far it is."""
    far = int((np.abs(np.nan_to_num(scores)) > _FAR).sum())
    return float((far + _FAR_TIMES) / (np.isfinite(scores).sum() + _FAR_DAYS))
