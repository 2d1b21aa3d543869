"""What answers hold. Dollars are nano-USD; parts add up to totals exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.explain.evidence import Subject
from bot.facts.clock import Window
from bot.facts.directory import Directory
from bot.facts.incident import Cause, Incident, Point
from bot.facts.money import Usd
from bot.facts.spend import Basis
from bot.questions.forecast import Forecast
from bot.questions.question import Question


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension by name; `usual` is its median of the same stretch in earlier weeks."""

    name: str
    usd: Usd
    requests: int
    usual: Usd | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """A budget that covers what was asked, and the UTC day on which it ends at the expected pace."""

    name: str
    """The rule that states it."""
    budget: Usd
    spent: Usd
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Spend:
    """What a period cost, by whom or on what. The lines, largest first, and `others` sum to `total`.

    `window` begins and ends where the figures do; `unread` hours in between are missing. `usual` is the
    median of the same stretch in four earlier weeks, None where these were not read. `course` is what was
    spent and what is usual, by hour or day, at most 20 points.
    """

    question: Question
    window: Window
    total: Usd
    usual: Usd | None
    requests: int
    basis: Basis
    lines: tuple[Line, ...]
    others: Line | None = None
    """What lies beyond the lines, together: its name says how many ("31 others")."""
    course: tuple[Point, ...] = ()
    forecast: Forecast | None = None
    budgets: tuple[Allowance, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """One value of a dimension in two periods."""

    name: str
    now: Usd
    before: Usd

    @property
    def change(self) -> Usd:
        """How much more it is now."""
        return Usd(self.now - self.before)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two periods side by side, largest change first. Lines and `others` sum to the totals.

    Where the periods differ in length, `per_day` says that all amounts are means of a day. `unread` hours
    between the first and the last known one of either are missing.
    """

    question: Question
    now: Window
    before: Window
    total: Move
    basis: Basis
    lines: tuple[Move, ...]
    others: Move | None = None
    per_day: bool = False
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a scope cost what it did, and what it was held against.

    `against` is a window that was named, None for what was to be expected. `unread` hours are missing.
    """

    subject: Subject
    cause: Cause
    basis: Basis
    against: Window | None
    unread: int


@dataclass(frozen=True, slots=True)
class Incidents:
    """The newest incidents, those that go on first; `open` counts those in the whole history."""

    found: tuple[Incident, ...]
    open: int


@dataclass(frozen=True, slots=True)
class OneIncident:
    """One incident, as it stands after what was said about it."""

    incident: Incident
    said: bool = False
    """Whether something was said about it just now."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in force: its name, why it is there, where it stands, and how often it opened an incident."""

    name: str
    because: str
    place: str
    incidents: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force; `broken` says what is wrong with the files, when they are older ones."""

    lines: tuple[RuleLine, ...]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the figures reach: `complete_until` is the watermark; `checks` are (name, well, what)."""

    complete_until: datetime | None
    read_until: datetime | None
    checks: Sequence[tuple[str, bool, str]]


@dataclass(frozen=True, slots=True)
class Help:
    """What can be asked."""

    examples: tuple[tuple[str, str], ...]
    """(words, what they answer)."""


Reply = Spend | Comparison | Explanation | Incidents | OneIncident | Rules | Freshness | Help


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, its reply, and the names to show it with."""

    question: Question
    reply: Reply
    directory: Directory
    asked_at: datetime
