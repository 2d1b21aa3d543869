"""What was understood of a line so far, and the question that it makes."""

from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.facts.scope import WORDS
from bot.questions.known import Fit
from bot.questions.periods import Named, named_today, period_before
from bot.questions.question import Kind, Period, Question
from bot.questions.unread import ALL_WORDS, Unread, shown
from bot.questions.words import quoted

_TOP: Final = 10
_SIDES: Final = 2


@dataclass(slots=True)
class Draft:
    """The parts of a question, each with the place of the word that named it where that may matter."""

    kinds: list[tuple[Kind, int, int]] = field(default_factory=list)
    """(what is asked, place, words)."""
    compares: bool = False
    periods: list[Named] = field(default_factory=list)
    against: list[Named] = field(default_factory=list)
    """Periods right after a word such as "vs"."""
    by: list[str] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    top: int = _TOP
    incident: str = ""
    share: bool = False
    greeted: bool = False
    usual: bool = False
    """Whether what is usual was asked for."""
    either_at: int | None = None
    """Where "or" stands."""
    unlabelled: list[Fit] = field(default_factory=list)
    """Those of the fits whose dimension was not said."""
    taken: list[str] = field(default_factory=list)

    def question(self, now: datetime) -> Question:
        """The question that it makes. Raises Unread where the parts do not go together."""
        kind = self._kind()
        period, against = self._periods(kind, now)
        return Question(
            period=period,
            kind=kind,
            by=self._by(),
            where=MappingProxyType(self._where()),
            top=self.top,
            against=against,
            incident=self.incident,
            share=self.share,
            taken=tuple(self.taken),
        )

    def _kind(self) -> Kind:
        kinds = list(dict.fromkeys(kind for kind, _, _ in self.kinds))
        if self.incident:
            return Kind.INCIDENT
        if Kind.HELP in kinds:
            return Kind.HELP
        if len(kinds) > 1:
            _, at, count = next(one for one in self.kinds if one[0] is not kinds[0])
            raise Unread(f"{kinds[0]} and {kinds[1]} are two questions", at, count)
        if kinds:
            return kinds[0]
        if not self.compares:
            return Kind.HELP if self.greeted and self == Draft(greeted=True) else Kind.SPEND
        if self.usual and len(self.periods) + len(self.against) < _SIDES:
            self.taken.append("every answer says what is usual")
            return Kind.SPEND
        return Kind.COMPARE

    def _periods(self, kind: Kind, now: datetime) -> tuple[Period, Period | None]:
        if kind not in {Kind.COMPARE, Kind.EXPLAIN}:
            return self._last_period(now), None
        found = [*self.periods, *self.against]
        if len(found) > _SIDES:
            raise Unread("only two periods can be compared", found[-1].at, found[-1].count)
        now_side = self.periods[0] if self.periods else named_today(now)
        other = found[-1] if found and found[-1] is not now_side else None
        if kind is Kind.COMPARE and not other:
            self._refuse_names()
        if kind is Kind.EXPLAIN:
            return now_side.period, other.period if other else None
        return _sides(now_side, other, now)

    def _refuse_names(self) -> None:
        """Names are not compared but shown side by side."""
        dimensions = [fit.dimension for fit in self.unlabelled]
        several = next((one for one in dimensions if dimensions.count(one) > 1), None)
        if several is None:
            return
        names = (quoted(one) for fit in self.fits if fit.dimension == several for one in fit.patterns)
        word, period = WORDS[several], self.periods[0].period.name if self.periods else "today"
        better = " ".join((period, f"by {word}", *(f"{word}:{name}" for name in names)))
        raise Unread(f"periods are compared, {word}s are shown side by side", 0, ALL_WORDS, better)

    def _last_period(self, now: datetime) -> Period:
        """The last word counts."""
        found = sorted((*self.periods, *self.against), key=lambda one: one.at)
        if not found:
            return named_today(now).period
        names = dict.fromkeys(one.period.name for one in found)
        names.pop(found[-1].period.name)
        self.taken += [f"{found[-1].period.name}, not {', '.join(names)}"] if names else []
        return found[-1].period

    def _by(self) -> str:
        """The last word counts; where one key is asked about, its models are what is left to tell apart."""
        given = list(dict.fromkeys(self.by))
        if given:
            last = self.by[-1]
            others = [WORDS[one] for one in given if one != last]
            self.taken += [f"by {WORDS[last]}, not by {', '.join(others)}"] if others else []
            return last
        keys = [fit for fit in self.fits if fit.dimension == "api_key_id"]
        return "model" if len(keys) == 1 and keys[0].is_whole else "api_key_id"

    def _where(self) -> dict[str, tuple[str, ...]]:
        where: dict[str, dict[str, None]] = {}
        for fit in self.fits:
            where.setdefault(fit.dimension, {}).update(dict.fromkeys(fit.patterns))
        if self.either_at is not None and len(where) > 1:
            words = " or ".join(WORDS[dimension] for dimension in where)
            raise Unread(f"only names of one kind can be joined by or, not {words}", self.either_at)
        return {dimension: tuple(patterns) for dimension, patterns in where.items()}


def _sides(one: Named, other: Named | None, now: datetime) -> tuple[Period, Period]:
    """The later period and the earlier one; a single period is held against the one before it."""
    if other is None:
        return one.period, period_before(one, now)
    if one.period.window == other.period.window:
        raise Unread(f"{shown(other.period.name)} is the same period", other.at, other.count)
    later, earlier = sorted((one.period, other.period), key=lambda side: side.window.start, reverse=True)
    return later, earlier
