"""What is odd about the newest day, told as findings: with its dollars, its scope and the reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bot.detect.expect import usual_now
from bot.detect.gates import HOUR_SHARE, Gates
from bot.detect.laws import Day, Law, Series
from bot.detect.reduce import TELLING, reduced
from bot.detect.robust import Floats, median
from bot.detect.series import DOLLARS, NANO, groupings, stacked
from bot.detect.silences import NEVER_LATE
from bot.detect.stack import stack
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
_NET_SHARE = 0.5
_TYPICAL_DAYS = 28
_LONGEST_RUN = 14
_HOT_SCORE = 2.0
_WHY = {
    "spike": "more dollars than this series' own past foretells",
    "mixed spike": "more dollars than foretold, and at the same time another mix of tokens",
    "rise": "dollars that stay above what the weeks before foretell",
    "price": "dearer tokens: each costs more than it did",
    "drop": "spend that falls silent",
    "dormant": "a key that slept and spends again",
    "new": "a key that was never seen before starts big",
}


def judge_day(
    panel: Panel, gates: Gates, told: Iterable[Told] = (), late: Floats = NEVER_LATE
) -> list[Finding]:
    """Everything odd about the newest day of `panel`, said or not, one finding per cause and scope.

    A day that may still fill is judged for too much only. `late[n]` is the share of cells that come more
    than n days late: the more, the less a silence proves.
    """
    known = int(panel.known[:-1].sum())
    if known < _LEAST_DAYS:
        spent = Usd(int(panel.usd[:, -1:].sum()))
        because = f"{known} of {_LEAST_DAYS} days are known"
        return [too_early(panel, ORGANISATION, spent, because)] if spent else []
    day = _day(panel, gates, told_mask(panel, told), late)
    return _judged(_Look(day, gates, _leaf_excess(day.window))) if day else []


def _day(panel: Panel, gates: Gates, told: Mask, late: Floats) -> Day | None:
    """What is to be judged; None where nobody ever spent what is worth saying."""
    recent = max(panel.columns - HISTORY - 1, 0)
    window = panel.since(recent)
    found = groupings(window, told[:, recent:], gates.least)
    if not found:
        return None
    return Day(panel, told, window, found, *stack(window, stacked(window, found)), late, gates.typical_day)


def _judged(look: "_Look") -> list[Finding]:
    bar = look.gates.bar(look.day.series)
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


def _leaf_excess(panel: Panel) -> Floats:
    """Dollars of every leaf beyond its usual on the newest day."""
    usual = usual_now(panel.usd[:, :-1], panel.known[:-1], Grain.DAY)
    return np.asarray((panel.usd[:, -1] - usual) / NANO)


@dataclass(frozen=True, slots=True)
class _Look:
    """One day, ready to be told as findings."""

    day: Day
    gates: Gates
    leaf_excess: Floats

    def findings(self) -> Iterator[Finding]:
        """Candidates of every grouping and law."""
        narrow = [number for number, grouping in enumerate(self.day.found) if grouping.narrow]
        for number in range(len(self.day.found)):
            series = Series.of(self.day, number)
            for law in (*series.laws(), *(series.sleepers() if number in narrow[-1:] else ())):
                yield from self._findings(series, law)

    def too_early(self) -> Iterator[Finding]:
        """The keys that cost what is worth saying and are too young to be judged."""
        for number, grouping in enumerate(self.day.found):
            if grouping.narrow and (found := self.day.stack.find(number, DOLLARS)):
                young = ~self.day.stack.judged[found[1]] & (grouping.dollars[:, -1] >= self.gates.least)
                for series in np.flatnonzero(young):
                    days = int(self.day.stack.level.history[found[1]][series])
                    scope, usd = grouping.groups.scope(int(series)), nano(float(grouping.dollars[series, -1]))
                    yield too_early(self.day.window, scope, usd, f"it spent on {days} days before")

    def _findings(self, series: Series, law: Law) -> Iterator[Finding]:
        """The candidates of one law that are worth their dollars and percent."""
        score, sign = score_of(law.chance), -1 if law.kind == "drop" else 1
        enough = self._is_enough(series, law, sign * law.excess)
        for number in np.flatnonzero((score >= CANDIDATE) & enough):
            borne = sign * self.leaf_excess[series.leaves(int(number))]
            if series.grouping.narrow or is_borne_by_many(borne):
                finding = self._finding(series, law, int(number), float(score[number]))
                if self._is_net(finding):
                    yield finding

    def _is_enough(self, series: Series, law: Law, excess: Floats) -> Mask:
        """Whether dollars and percent are worth saying; dearer tokens are held against those so far."""
        recent = series.grouping.dollars[:, -_TYPICAL_DAYS - 1 : -1]
        typical = np.nan_to_num(median(recent, np.ones(recent.shape, np.bool_)))
        so_far = law.kind == "price" and not self.day.window.complete[-1]
        usual = series.newest - law.excess if so_far else series.usual
        percent = _DROP_PERCENT if law.kind == "drop" else _PERCENT
        share = HOUR_SHARE if so_far else 1.0
        enough = (excess >= share * self.gates.worth(typical)) & (excess >= percent * usual)
        for number in np.flatnonzero(enough & (law.chance < 1.0)):
            scope = series.grouping.groups.scope(int(number))
            enough[number] = excess[number] >= share * self.gates.worth(typical[number], scope)
        return np.asarray(enough)

    def _is_net(self, finding: Finding) -> bool:
        """False for what one model of a key gained or lost when the key as a whole did not."""
        scope = finding.scope
        if scope.api_key_id is None or scope.model is None or finding.kind == "price":
            return True
        key = self.day.window.leaves.inside(Scope(api_key_id=scope.api_key_id))
        net = float(self.leaf_excess[key].sum()) * NANO
        return net / finding.excess >= _NET_SHARE

    def _finding(self, series: Series, law: Law, number: int, score: float) -> Finding:
        window, column = self.day.window, self.day.window.columns - 1
        observed, excess = float(series.newest[number]), float(law.excess[number])
        level, sign = self.day.stack.level.of(series.place), -1 if law.kind == "drop" else 1
        reach = float(np.exp(RANGE * level.spread[number]))
        expected = max(observed - excess, 0.0)
        length = int(law.length[number]) if law.length is not None else _hot_run(level.score[number])
        return Finding(
            kind=law.kind,
            scope=series.grouping.groups.scope(number),
            grain=Grain.DAY,
            window=window.window_of(column),
            observed=nano(observed),
            expected=nano(expected),
            low=nano(expected / reach),
            high=nano(expected * reach),
            score=round(score, 2),
            start=window.start_of(max(column + 1 - max(length, 1), 0)),
            why=f"{_WHY[law.kind]}, {rarity(score, Grain.DAY)}",
            complete=bool(window.complete[-1]),
            parts=parts(window.leaves, series.leaves(number), self.leaf_excess, sign),
        )


def _hot_run(scores: Floats) -> int:
    """The newest day and how many just before it were hot already."""
    run = 1
    while run < min(_LONGEST_RUN, len(scores)) and scores[-1 - run] >= _HOT_SCORE:
        run += 1
    return run
