"""How good a method is over many organisations, at its own bar and at every other."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bench.detect.exam import Alarm, Case, Cry, Exam, examine
from bot.facts.clock import Grain

__all__ = ("Alarm", "Exam", "Marks", "Point", "area", "best_within", "examine", "marks", "sweep")

PROMPT = {Grain.DAY: 0, Grain.HOUR: 1}
"""Buckets after the first in which an alarm is still as prompt as can be asked."""
ONE_ALARM = timedelta(days=7)
"""False alarms on one scope, or on nested ones, with no longer gaps are one alarm to a person."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one incident at one bar.

    `noticed`: some alarm was about it. `right_first`: the first look that noticed it named its key. `delay`:
    buckets from its start to the look that named its key, 0 for the same bucket, None for never. `lost`:
    share of the excess in buckets before that look, 1 for never.
    """

    case: Case
    noticed: bool
    right_first: bool
    delay: int | None
    lost: float

    @property
    def found(self) -> bool:
        """Whether it was said, by its key."""
        return self.delay is not None


@dataclass(frozen=True, slots=True)
class Marks:
    """What a method comes to at one bar. Shares are NaN where there is nothing to share."""

    founds: tuple[Found, ...]
    false_alarms: int
    """As a person would see them."""
    true_findings: int
    findings: int
    series_months: float
    weeks: float
    """Of all organisations together."""

    @property
    def found(self) -> float:
        """Share of the incidents found."""
        return share(sum(found.found for found in self.founds), len(self.founds))

    @property
    def dollars(self) -> float:
        """Share of the excess that lies in incidents found, each organisation's measured in its usual spend.

        Else one organisation of $50,000 a day would outweigh a thousand of $50.
        """
        worth = [(found.found, found.case.excess / found.case.usual) for found in self.founds]
        return share(sum(usd for found, usd in worth if found), sum(usd for _, usd in worth))

    @property
    def per_100_months(self) -> float:
        """False alarms per 100 series-months."""
        return 100 * share(self.false_alarms, self.series_months)

    @property
    def per_week(self) -> float:
        """False alarms per organisation and week."""
        return share(self.false_alarms, self.weeks)

    @property
    def precision(self) -> float:
        """Incidents found among incidents found and false alarms, each counted once."""
        hits = sum(found.found for found in self.founds)
        return share(hits, hits + self.false_alarms)

    @property
    def raw_precision(self) -> float:
        """Findings that are not false among all findings, each look's counted."""
        return share(self.true_findings, self.findings)

    @property
    def right_key(self) -> float:
        """Of the incidents noticed, the share whose key was named at the first look."""
        noticed = [found for found in self.founds if found.noticed]
        return share(sum(found.right_first for found in noticed), len(noticed))

    @property
    def lost(self) -> float:
        """Mean share of the excess spent before the alarm, of incidents found."""
        lost = [found.lost for found in self.founds if found.found]
        return share(sum(lost), len(lost))

    @property
    def delay(self) -> float:
        """Mean buckets until the alarm, of incidents found."""
        delays = [found.delay for found in self.founds if found.delay is not None]
        return share(sum(delays), len(delays))

    @property
    def prompt(self) -> float:
        """Of the incidents found, the share said on the first day, or within two complete hours."""
        said = [found for found in self.founds if found.delay is not None]
        return share(sum((found.delay or 0) <= PROMPT[found.case.grain] for found in said), len(said))

    def of_kinds(self, kinds: Collection[str]) -> "Marks":
        """The same for incidents of some kinds only; false alarms are of no kind."""
        return replace(self, founds=tuple(found for found in self.founds if found.case.kind in kinds))


def share(part: float, whole: float) -> float:
    """NaN of nothing."""
    return part / whole if whole else float("nan")


def marks(exams: Sequence[Exam], bar: float | None = None) -> Marks:
    """At a bar of `score` common to all organisations; None: what the method itself says."""
    cried = [[cry for cry in exam.cries if _passes(cry.score, bar, said=cry.said)] for exam in exams]
    true = sum(_passes(score, bar, said=said) for exam in exams for score, said in exam.true)
    return Marks(
        tuple(_found(case, bar) for exam in exams for case in exam.cases),
        sum(_as_seen(exam, cries) for exam, cries in zip(exams, cried, strict=True)),
        true,
        true + sum(map(len, cried)),
        sum(exam.series_months for exam in exams),
        sum(exam.weeks for exam in exams),
    )


def _passes(score: float, bar: float | None, *, said: bool) -> bool:
    return said if bar is None else score >= bar


def _found(case: Case, bar: float | None) -> Found:
    seen = [one for one in case.sightings if _passes(one.score, bar, said=one.said)]
    first = min((one.after for one in seen), default=0)
    right_first = any(one.right for one in seen if one.after == first)
    delay = min((one.after for one in seen if one.right), default=None)
    lost = 1.0 if delay is None or delay >= len(case.spent) else case.spent[delay]
    return Found(case, bool(seen), right_first, delay, lost)


def _as_seen(exam: Exam, cries: Iterable[Cry]) -> int:
    """How many alarms a person would count: one that goes on in the same or a nested place is not another."""
    gap, count = ONE_ALARM // exam.grain.width, 0
    last: dict[int, int] = {}
    for cry in cries:
        open_since = cry.bucket - gap
        place = next((p for p in exam.nested[cry.place] if last.get(p, -gap - 1) >= open_since), None)
        count += place is None
        last[cry.place if place is None else place] = cry.bucket
    return count


@dataclass(frozen=True, slots=True)
class Point:
    """One bar of the sweep."""

    bar: float
    marks: Marks


def sweep(exams: Sequence[Exam], most_per_100: float = 100.0) -> list[Point]:
    """From the highest bar down to where false alarms pass `most_per_100`; closest together at the top."""
    points = list[Point]()
    for bar in _bars(exams):
        points.append(Point(bar, marks(exams, bar)))
        if points[-1].marks.per_100_months > most_per_100:
            break
    return points


def _bars(exams: Sequence[Exam]) -> list[float]:
    """Scores of ranks 1, 2, 3 ... and from there in steps of a thirtieth."""
    scores = [cry.score for exam in exams for cry in exam.cries]
    scores += [score for exam in exams for score, _ in exam.true]
    scores.sort(reverse=True)
    bars, rank = list[float](), 0
    while rank < len(scores):
        bars.append(scores[rank])
        rank += 1 + rank // 30
    return list(dict.fromkeys(bars))


def best_within(points: Sequence[Point], per_100: float) -> Point | None:
    """The point that finds most at no more than so many false alarms per 100 series-months."""
    allowed = [point for point in points if point.marks.per_100_months <= per_100]
    return max(allowed, key=lambda point: point.marks.found, default=None)


def area(points: Sequence[Point]) -> float:
    """Area under precision over found, as far as the sweep goes (average precision)."""
    total, before = 0.0, 0.0
    for point in points:
        gain = point.marks.found - before
        if gain > 0:
            total, before = total + gain * point.marks.precision, point.marks.found
    return total
