"""What the diagnoses look at: an excess, its parts, and what was used now against what is usual."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.explain.creep import creeps
from bot.explain.totals import Totals, share
from bot.explain.waterfall import EXTRAS, Factor
from bot.facts.clock import HOUR, Grain, Window, ceil
from bot.facts.incident import Incident, Point
from bot.facts.money import ZERO, Usd
from bot.facts.scope import Scope

DEARER = "price"
"""The kind of a finding about dearer tokens."""
DEARER_EACH = (Factor.MIX, Factor.CACHE, Factor.PRICE, Factor.INPUT, Factor.OUTPUT, Factor.BALANCE)
"""What makes a request dearer."""
_HOT = 2.0
_LITTLE = 0.1


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be explained: dollars of a scope and window against what was expected of them (nano-USD).

    `kind` is the finding's, or empty when a person asks. `course` is drawn from a little before the window.
    """

    scope: Scope
    window: Window
    observed: Usd
    expected: Usd
    kind: str = ""
    course: Sequence[Point] = ()
    usual: tuple[Usd, Usd] | None = None
    """The range in which nothing is odd, where a person asks."""

    @classmethod
    def of(cls, incident: Incident) -> "Subject":
        """What an incident has cost so far: until it calmed down, if it has."""
        until = ceil(min(incident.measured_until, incident.last_hot), Grain.HOUR)
        return cls(
            incident.scope,
            Window(incident.start, max(until, incident.start + HOUR)),
            incident.observed,
            incident.expected,
            incident.kind,
            incident.course,
        )

    @property
    def excess(self) -> Usd:
        """Dollars beyond the expected."""
        return Usd(self.observed - self.expected)

    @property
    def is_usual(self) -> bool:
        """Whether a person asks of what is as usual."""
        within = self.usual is not None and self.usual[0] <= self.observed <= self.usual[1]
        return within and abs(self.excess) <= _LITTLE * self.expected

    @property
    def is_told_as_rise(self) -> bool:
        """Whether a detector told of too much."""
        return self.kind not in {"", "drop"}

    @property
    def is_of_many(self) -> bool:
        """Whether it is about more than one key or person."""
        return self.scope.api_key_id is None and self.scope.actor is None

    @property
    def is_creeping(self) -> bool:
        """Whether it grows day by day, or grew until it ended."""
        return creeps([point for point in self.course if point.at >= self.window.start])

    @property
    def hot_hours(self) -> int:
        """The most hours in a row that saw at least twice the usual; 0 if it is not drawn by the hour."""
        points = [point for point in self.course if point.at >= self.window.start]
        if len(points) < 2 or points[1].at - points[0].at != HOUR:
            return 0
        hot = [point.observed >= _HOT * max(point.expected, 1) for point in points]
        return max((len(list(run)) for is_hot, run in groupby(hot) if is_hot), default=0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """`before` is the usual mix, of which `usual_share` is usual for so long a stretch.

    `where` is the scope in words, or the one slice of a broad scope that carries most; `fresh` is how many
    spenders were never seen before.
    """

    subject: Subject
    now: Totals
    before: Totals
    usual_share: float
    parts: Mapping[Factor, Usd]
    where: str
    fresh: int

    def carries(self, *factors: Factor) -> float:
        """The share of the excess that these parts carry.

        Of dearer tokens only what makes them dearer is asked about, and what is paid beside them: traffic
        comes and goes. Where a rise was told that is none, of all that rose.
        """
        part = sum(self.parts.get(factor, ZERO) for factor in factors)
        whole = abs(self.subject.excess)
        if self.subject.kind == DEARER or (self.subject.is_told_as_rise and self.subject.excess <= 0):
            asked = (*DEARER_EACH, *EXTRAS) if self.subject.kind == DEARER else Factor
            return share(part, sum(max(self.parts.get(factor, ZERO), 0) for factor in asked))
        return part / whole * (-1 if self.subject.excess < 0 else 1) if whole else 0.0

    def times(self, measure: Callable[[Totals], float]) -> float:
        """How often the usual amount of `measure` was seen now; 0 when nothing was usual."""
        return share(measure(self.now), measure(self.before) * self.usual_share)

    @property
    def counted(self) -> bool:
        """Whether requests were counted, now and before."""
        return self.now.counted and self.before.counted

    @property
    def unit(self) -> str:
        """What the volume counts."""
        return "requests" if self.counted else "tokens"

    @property
    def volume(self) -> float:
        """How often the usual requests, or tokens where those are not counted on both sides."""
        return self.times(self._volume)

    def each(self, measure: Callable[[Totals], float]) -> float:
        """How often the usual amount of `measure` for each request or token; 0 when nothing was usual."""
        now, before = (share(measure(side), self._volume(side)) for side in (self.now, self.before))
        return share(now, before)

    def _volume(self, totals: Totals) -> float:
        return totals.requests if self.counted else totals.all_tokens
