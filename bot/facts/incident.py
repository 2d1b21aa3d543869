"""One cause, followed from the first odd hour until it is over."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.facts.answer import Answer, Verb
from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.finding import Part
from bot.facts.money import ZERO, Usd
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.spend import Basis


class State(StrEnum):
    """Where an incident stands: the first three go on, the others are over."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    EXPECTED = "expected"
    FALSE_ALARM = "false alarm"

    @property
    def is_over(self) -> bool:
        """Whether it is no longer followed."""
        return self in OVER


BLIND = "blind: "
"""What the kind of an incident begins with that is about the bot itself, followed by what fails."""
KEY_DONE = {Verb.DISABLE_KEY: "key disabled", Verb.ENABLE_KEY: "key enabled again"}
"""What an incident's history says of its key."""
OVER = (State.RESOLVED, State.EXPECTED, State.FALSE_ALARM)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it cost more, as far as the figures show it.

    `drivers` are (label, dollars) and sum to the excess exactly; the largest rise comes first.
    """

    headline: str
    evidence: str = ""
    drivers: tuple[tuple[str, Usd], ...] = ()
    model: str = ""
    owner: str = ""
    next_step: str = ""
    where: tuple[Part, ...] = ()
    """The slices of the scope that carry the excess, largest first; none where all of it moved alike."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was spent from `at` to the next point, and what was usual for that stretch (nano-USD)."""

    at: datetime
    observed: Usd
    expected: Usd


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an incident's history: when, what became of it, the reason, and who; "" is the bot."""

    at: datetime
    what: str
    reason: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """A cause and its cost so far, over [start, measured_until), or [start, last_hot) once it is calm.

    `per_hour` is the excess per hour over the latest hot stretch; `low` and `high` bound the expectation.
    `kind`, `rule` and `grain` are those of the finding that opened it; `last_hot` ends its newest odd bucket.
    """

    id: str
    scope: Scope
    kind: str
    grain: Grain
    state: State
    severity: Severity
    start: datetime
    opened_at: datetime
    measured_until: datetime
    last_hot: datetime
    observed: Usd
    expected: Usd
    low: Usd
    high: Usd
    per_hour: Usd = ZERO
    score: float = 0.0
    why: str = ""
    basis: Basis = Basis.BILLED
    cause: Cause = Cause(headline="")
    parts: tuple[Part, ...] = ()
    course: tuple[Point, ...] = ()
    """What to draw: actual against usual, at most 20 points."""
    rule: str = ""
    resolved_at: datetime | None = None
    history: tuple[Change, ...] = ()
    dearest_hour: Usd = ZERO
    """The excess of its dearest hour."""
    answer: Answer | None = None
    """What people last said about it, as long as it counts."""
    breaks: tuple[str, ...] = ()
    """Rules that it breaks, besides the one that opened it."""
    label: str = ""
    """What its rule calls it, in a few words."""
    value: float = 0.0
    """The amount that its rule is about, in the unit of what it watches."""
    step: int = 0
    """How many shares of its budget are passed."""
    period: Window | None = None
    """The period of its budget: then it is over."""

    @property
    def excess(self) -> Usd:
        """What it has cost beyond the expected, so far."""
        return Usd(self.observed - self.expected)

    @property
    def by_month_end(self) -> Usd:
        """What it will cost beyond the expected from now to the end of the UTC month, if left.

        At the pace of its last day, or of its last hours while it is younger; zero once it has calmed down.
        """
        if self.per_hour <= 0 or self.last_hot < self.measured_until:
            return ZERO
        now = self.measured_until.astimezone(UTC)
        next_month = (now.replace(day=1) + 32 * DAY).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return Usd(round(self._pace() * ((next_month - now) / HOUR)))

    def _pace(self) -> float:
        """Nano-dollars an hour."""
        day_ago = self.measured_until - DAY
        if self.start > day_ago:
            return self.per_hour
        last_day = [point for point in self.course if point.at >= day_ago]
        hours = (self.measured_until - last_day[0].at) / HOUR if last_day else 0.0
        return sum(point.observed - point.expected for point in last_day) / hours if hours else self.per_hour

    @property
    def is_blind(self) -> bool:
        """Whether it is about the bot itself, which cannot see or tell."""
        return self.kind.startswith(BLIND)

    @property
    def fell(self) -> bool:
        """Whether it is about too little."""
        return self.kind == "drop"

    @property
    def multiple(self) -> float:
        """Observed against expected; infinity when nothing was expected."""
        return self.observed / self.expected if self.expected > 0 else float("inf")
