"""What is odd about the newest day, in every way to group the organisation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bot.detect.activity import chance_of_spend
from bot.detect.expect import usual_now
from bot.detect.gates import HOUR_SHARE, Gates
from bot.detect.lateness import Lateness
from bot.detect.reduce import TELLING, reduced
from bot.detect.robust import Floats, Ints, at_share, median, ranked
from bot.detect.season import Season, season
from bot.detect.series import (
    BROAD_DOLLARS,
    DOLLARS,
    NANO,
    PRICE,
    PROMPT,
    REPLY,
    Grouping,
    Rows,
    groupings,
    stacked,
)
from bot.detect.silences import Silence, awake, silenced
from bot.detect.sleepers import started, woken
from bot.detect.stack import Stack, Sustained, stack
from bot.detect.telling import CANDIDATE, RANGE, is_borne_by_many, nano, parts, rarity, score_of, too_early
from bot.detect.told import Told, told_mask
from bot.facts.clock import Grain
from bot.facts.finding import Finding
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.panel.coverage import Mask
from bot.panel.panel import Panel

HISTORY = 98
"""Days that are learnt from: fourteen weeks."""
_LEAST_DAYS = 7
_PERCENT = 0.15
_DROP_PERCENT = 0.5
_MIX_KNOWN = 10
"""Days of a series from which its mix is known."""
_FAR = 5.0
_FAR_TIMES, _FAR_DAYS = 0.3, 1000.0
"""Prior: the mix is that far off on so many of so many days."""
_NET_SHARE = 0.5
_CREDIBLE = 0.2
"""Tokens of a usual day from which their price is believed."""
_BLANK = 0.1
"""Of the organisation's typical day."""
_TYPICAL_DAYS = 28
_LONGEST_RUN = 14
_HOT_SCORE = 2.0
_NEVER_LATE = Lateness()
_WHY = {
    "spike": "more dollars than this series' own past foretells",
    "mixed spike": "more dollars than foretold, and at the same time another mix of tokens",
    "rise": "dollars that stay above what the weeks before foretell",
    "price": "dearer tokens: each costs more than it did",
    "drop": "spend that falls silent",
    "dormant": "a key that slept and spends again",
    "new": "a key that was never seen before starts big",
}


@dataclass(frozen=True, slots=True)
class _Law:
    """One way to be odd: the chance of it when nothing is wrong, and the dollars beyond the usual."""

    kind: str
    chance: Floats
    excess: Floats
    length: Ints | None = None


def judge_day(
    panel: Panel, gates: Gates, told: Iterable[Told] = (), late: Lateness = _NEVER_LATE
) -> list[Finding]:
    """Everything odd about the newest day of `panel`, said or not, one finding per cause and scope.

    A day that may still fill is judged for too much only. The more is usually `late`, the less a silence
    proves.
    """
    known = int(panel.known[:-1].sum())
    if known < _LEAST_DAYS:
        spent = Usd(int(panel.usd[:, -1:].sum()))
        because = f"{known} of {_LEAST_DAYS} days are known"
        return [too_early(panel, ORGANISATION, spent, because)] if spent else []
    mask = told_mask(panel, told)
    recent = panel.columns - HISTORY - 1
    window = panel.since(recent)
    found = groupings(window, mask[:, max(recent, 0) :], gates.least)
    if not found:
        return []
    stacked_up, sustained = stack(window, stacked(window, found))
    look = _Look(panel, mask, window, gates, found, stacked_up, sustained, _leaf_excess(window), late)
    bar = gates.bar(sum(len(grouping.groups) for grouping in found))
    of_scope: dict[Scope, list[Finding]] = {}
    for finding in look.findings():
        of_scope.setdefault(finding.scope, []).append(finding)
    judged = reduced((_most_telling(found, bar) for found in of_scope.values()), bar)
    return [*judged, *(early for early in look.too_early() if early.scope not in of_scope)]


def _most_telling(found: list[Finding], bar: float) -> Finding:
    """Of all that is odd about one scope the rarest; a kind that says why, where it too passes the bar."""
    rarest = max(found, key=lambda finding: finding.score)
    telling = [finding for finding in found if finding.kind in TELLING and finding.score >= bar]
    named = max(telling, key=lambda finding: finding.score, default=rarest)
    return replace(named, score=rarest.score)


def _how_often_far(scores: Floats) -> float:
    """On what share of days the mix of any series was far off: a far one is no rarer, however far it is."""
    far = int((np.abs(np.nan_to_num(scores)) > _FAR).sum())
    return float((far + _FAR_TIMES) / (np.isfinite(scores).sum() + _FAR_DAYS))


def _leaf_excess(panel: Panel) -> Floats:
    """Dollars of every leaf beyond its usual on the newest day."""
    usual = usual_now(panel.usd[:, :-1], panel.known[:-1], Grain.DAY)
    return np.asarray((panel.usd[:, -1] - usual) / NANO)


@dataclass(frozen=True, slots=True)
class _Look:
    """One day, ready to be told as findings. `panel` is all that is known, `window` what is learnt from."""

    panel: Panel
    told: Mask
    window: Panel
    gates: Gates
    found: list[Grouping]
    stack: Stack
    sustained: Sustained
    leaf_excess: Floats
    late: Lateness

    def findings(self) -> Iterator[Finding]:
        """Candidates of every grouping and law."""
        last_narrow = max((n for n, grouping in enumerate(self.found) if grouping.narrow), default=-1)
        for number in range(len(self.found)):
            series = _Series.of(self, number)
            for law in (*series.laws(), *(series.sleepers() if number == last_narrow else ())):
                yield from series.findings(law)

    def too_early(self) -> Iterator[Finding]:
        """The keys that cost what is worth saying and are too young to be judged."""
        for number, grouping in enumerate(self.found):
            if grouping.narrow and (found := self.stack.find(number, DOLLARS)):
                young = ~self.stack.judged[found[1]] & (grouping.dollars[:, -1] >= self.gates.least)
                for series in np.flatnonzero(young):
                    days = int(self.stack.level.history[found[1]][series])
                    scope, usd = grouping.groups.scope(int(series)), nano(float(grouping.dollars[series, -1]))
                    yield too_early(self.window, scope, usd, f"it spent on {days} days before")

    def is_net(self, finding: Finding) -> bool:
        """False for what one model of a key gained or lost when the key as a whole did not."""
        scope = finding.scope
        if scope.api_key_id is None or scope.model is None or finding.kind == "price":
            return True
        key = self.window.leaves.inside(Scope(api_key_id=scope.api_key_id))
        net = float(self.leaf_excess[key].sum()) * NANO
        return net / finding.excess >= _NET_SHARE

    @property
    def is_blank(self) -> bool:
        """Whether all are silent: data that is missing looks like that, and nobody's key."""
        return float(self.window.usd[:, -1].sum()) < _BLANK * self.gates.typical_day * NANO

    @property
    def season(self) -> Season:
        """The season of the window."""
        return season(self.window.first, self.window.columns, Grain.DAY)


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of one grouping on the judged day; dollars unless said otherwise."""

    look: _Look
    number: int
    rows: Rows
    place: slice
    likely: Floats
    busy: Floats
    """What is usual for a day on which it spends."""
    usual: Floats

    @classmethod
    def of(cls, look: _Look, number: int) -> "_Series":
        """Ready to be judged."""
        found = look.stack.find(number, DOLLARS) or look.stack.find(number, BROAD_DOLLARS)
        if not found:
            raise LookupError(f"grouping {number} has no dollars")
        rows, place = found
        past = look.window.known & ~rows.told
        past[:, -1] = False
        likely = chance_of_spend(rows.seen, past, look.season)
        busy = np.exp(look.stack.level.usual[place]) * rows.size
        usual = np.where(look.stack.level.history[place] > 0, busy * likely, 0.0)
        return cls(look, number, rows, place, likely, busy, usual)

    @property
    def grouping(self) -> Grouping:
        """How the leaves are grouped."""
        return self.look.found[self.number]

    @property
    def newest(self) -> Floats:
        """Dollars of the judged day."""
        return np.asarray(self.grouping.dollars[:, -1])

    def laws(self) -> Iterator[_Law]:
        """Every way in which these series can be odd."""
        spike = self._spike()
        yield spike
        yield self._rise()
        if price := self.look.stack.find(self.number, PRICE):
            yield from self._dearer(*price)
            yield self._mixed(spike)
        if bool(self.look.window.complete[-1]) and not self.look.is_blank:
            yield self._drop()

    def _spike(self) -> _Law:
        look = self.look.stack
        chance = np.maximum(self.likely * look.above[self.place], look.own[self.place] / 2)
        return _Law("spike", np.where(look.judged[self.place], chance, 1.0), self.newest - self.usual)

    def _rise(self) -> _Law:
        sustained = self.look.sustained
        excess = self.newest * -np.expm1(-np.clip(sustained.apart[self.place], 0.0, 5.0))
        return _Law("rise", 3 * sustained.chance[self.place], excess, sustained.length[self.place])

    def _dearer(self, rows: Rows, place: slice) -> Iterator[_Law]:
        """Each token costs more, today beyond anything seen or for some days, at a credible volume."""
        stack_, level = self.look.stack, self.look.stack.level
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
        yield _Law("price", np.where(dear, 2 * once, 1.0), gained)
        apart = np.clip(self.look.sustained.apart[place], 0.0, 5.0)
        lasting = np.where(credible, 4 * self.look.sustained.chance[place], 1.0)
        yield _Law("price", lasting, self.newest * -np.expm1(-apart), self.look.sustained.length[place])

    def _mixed(self, spike: _Law) -> _Law:
        """Dollars up and the mix changed on one day: each by itself might be chance."""
        odd = np.ones(len(self.newest))
        stack_ = self.look.stack
        for channel in (PRICE, REPLY, PROMPT):
            if found := stack_.find(self.number, channel):
                _, place = found
                either = 2 * np.minimum(stack_.above[place], stack_.below[place])
                judged = stack_.judged[place] & (stack_.level.history[place] >= _MIX_KNOWN)
                least = _how_often_far(stack_.level.score[place, :-1])
                odd = np.minimum(odd, np.where(judged, np.maximum(either, least), 1.0))
        return _Law("mixed spike", 6 * odd * spike.chance, spike.excess)

    def _drop(self) -> _Law:
        look, window = self.look.stack, self.look.window
        awake_ = awake(self.grouping.dollars, self.rows.size, window.known)
        past = window.known & ~self.rows.told
        past[:, -1] = False
        silence = Silence(
            dollars=self.grouping.dollars,
            awake=awake_,
            known=window.known,
            likely=chance_of_spend(awake_, past, self.look.season),
            low=look.below[self.place] if self.grouping.narrow else np.ones(len(awake_)),
            score=look.level.score[self.place, -1],
            history=look.level.history[self.place],
            late=self.look.late.silent,
        )
        return _Law("drop", silenced(silence, self.look.season), self.newest - self.usual)

    def sleepers(self) -> Iterator[_Law]:
        """What needs the whole past, and no law."""
        panel, groups = self.look.panel, self.grouping.groups
        dollars = panel.grouped(groups)
        told = np.zeros(dollars.shape, np.bool_)
        if self.look.told.any():
            told = 2 * panel.grouped(groups, np.where(self.look.told, panel.usd, 0)) > dollars
        among = sum(len(one.groups) for one in self.look.found)
        yield _Law("dormant", woken(dollars / NANO, told, panel.known, among), self.newest)
        yield _Law("new", started(dollars / NANO, panel.known, among), self.newest)

    def findings(self, law: _Law) -> Iterator[Finding]:
        """The candidates of one law that are worth their dollars and percent."""
        score, sign = score_of(law.chance), -1 if law.kind == "drop" else 1
        recent = self.grouping.dollars[:, -_TYPICAL_DAYS - 1 : -1]
        typical = np.nan_to_num(median(recent, np.ones(recent.shape, np.bool_)))
        for series in np.flatnonzero((score >= CANDIDATE) & self._is_enough(law, sign * law.excess, typical)):
            borne = sign * self.look.leaf_excess[self._leaves(int(series))]
            if self.grouping.narrow or is_borne_by_many(borne):
                finding = self._finding(law, int(series), float(score[series]))
                if self.look.is_net(finding):
                    yield finding

    def _is_enough(self, law: _Law, excess: Floats, typical: Floats) -> Mask:
        """Whether dollars and percent are worth saying; dearer tokens are held against those so far."""
        so_far = law.kind == "price" and not self.look.window.complete[-1]
        usual = self.newest - law.excess if so_far else self.usual
        percent = _DROP_PERCENT if law.kind == "drop" else _PERCENT
        share, gates = HOUR_SHARE if so_far else 1.0, self.look.gates
        enough = (excess >= share * gates.worth(typical)) & (excess >= percent * usual)
        for series in np.flatnonzero(enough & (law.chance < 1.0)):
            scope = self.grouping.groups.scope(int(series))
            enough[series] = excess[series] >= share * gates.worth(typical[series], scope)
        return enough

    def _leaves(self, series: int) -> Ints:
        return np.flatnonzero(self.grouping.groups.of_leaf == series)

    def _finding(self, law: _Law, series: int, score: float) -> Finding:
        column = self.look.window.columns - 1
        observed, excess = float(self.newest[series]), float(law.excess[series])
        reach = float(np.exp(RANGE * self.look.stack.level.spread[self.place][series]))
        expected = max(observed - excess, 0.0)
        length = int(law.length[series]) if law.length is not None else self._hot_run(series)
        return Finding(
            kind=law.kind,
            scope=self.grouping.groups.scope(series),
            grain=Grain.DAY,
            window=self.look.window.window_of(column),
            observed=nano(observed),
            expected=nano(expected),
            low=nano(expected / reach),
            high=nano(expected * reach),
            score=round(score, 2),
            start=self.look.window.start_of(max(column + 1 - max(length, 1), 0)),
            why=f"{_WHY[law.kind]}, {rarity(score, Grain.DAY)}",
            complete=bool(self.look.window.complete[-1]),
            parts=parts(
                self.look.window.leaves,
                self._leaves(series),
                self.look.leaf_excess,
                -1 if law.kind == "drop" else 1,
            ),
        )

    def _hot_run(self, series: int) -> int:
        """The newest day and how many just before it were hot already."""
        scores = self.look.stack.level.score[self.place][series]
        run = 1
        while run < min(_LONGEST_RUN, len(scores)) and scores[-1 - run] >= _HOT_SCORE:
            run += 1
        return run
