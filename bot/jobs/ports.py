"""What the jobs need from the rooms beside them, as Protocols; `app` plugs the real things in."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.facts.answer import Answer
from bot.facts.clock import Grain, Window
from bot.facts.delivery import Delivery, NotSent, Sent, Told
from bot.facts.directory import Directory, Key, Person
from bot.facts.incident import Incident
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import Basis, DayTotals, Slice, SpendRow
from bot.jobs.plan import Plan
from bot.panel.coverage import Coverage
from bot.panel.leaves import Leaves


class Source(Protocol):
    """An upstream of spend. Every method may raise an error whose text says what to do."""

    @property
    def lookback(self) -> timedelta:
        """How far back from its watermark every cycle reads again."""

    @property
    def usual_lag(self) -> timedelta:
        """How far its watermark usually lies behind at most."""

    def earliest(self, now: datetime) -> datetime:
        """The first UTC day that may be asked for."""

    def fetch(self, window: Window, grain: Grain, now: datetime) -> Slice:
        """Everything spent in a bucket-aligned window of at most 31 days."""

    def day_totals(self, window: Window, now: datetime) -> DayTotals:
        """Dollars by day, workspace and model, of days that are settled: to find what was restated."""

    def requests_for(self, rows: int, hours: int) -> int:
        """About how many requests a window of so many rows and hours takes."""


class Names(Protocol):
    """An upstream of names and owners."""

    def fetch(self) -> Directory:
        """Everything that may be looked up."""


class Sender(Protocol):
    """A channel to people."""

    edits: bool

    def send(self, delivery: Delivery) -> Sent | NotSent:
        """Tell it, or say why not; never raises for trouble of the channel."""


class KeySwitch(Protocol):
    """Where API keys are switched off and on."""

    def set_status(self, key_id: str, *, active: bool) -> Key:
        """Switch a key; as it then is. May raise an error whose text says what to do."""


class SpendStore(Protocol):
    """Spend as stored."""

    def replace(self, piece: Slice, now: datetime) -> int:
        """Put a slice in place of what was stored for its window; how many rows changed."""

    def coverage(self, window: Window) -> Coverage:
        """What has been read of a window."""

    def last_read(self) -> tuple[Window, datetime] | None:
        """The stretch read so far and the newest watermark."""

    def rows_per_hour(self) -> float:
        """How many rows an hour had lately; 0 when nothing was read."""

    def assign(self, teams: Sequence[str]) -> None:
        """Note whose each leaf is, in their order."""

    def leaves(self) -> Leaves:
        """Every dimension set ever seen."""

    def cells(self, window: Window, grain: Grain, counts: Sequence[str] = ()) -> Iterator[NDArray[np.int64]]:
        """(leaf, bucket, nano-dollars, counts) cells."""

    def day_totals(self, window: Window) -> DayTotals:
        """Stored dollars by day, workspace and model."""

    def rows(self, window: Window, scope: Scope) -> list[SpendRow]:
        """Stored rows of a scope, by time."""

    def sums(self, window: Window, scope: Scope, hours_of_week: Collection[int] = ...) -> list[SpendRow]:
        """What each dimension set of a scope adds up to, in some hours of the week only."""


class Totals(Protocol):
    """Sums of stored spend over whole hours; where leaves are named only those count, None is everything."""

    def by_leaf(
        self, window: Window, leaves: Sequence[int] | None = ...
    ) -> list[tuple[int, Usd, int, Basis]]:
        """(leaf, dollars, requests, basis) of every leaf that was used."""

    def usd_by_leaf(self, window: Window, leaves: Sequence[int] | None = ...) -> dict[int, Usd]:
        """The dollars alone."""

    def rows(self, windows: Sequence[Window], leaves: Sequence[int] | None = ...) -> list[SpendRow]:
        """Everything that is counted in windows together, a row for each leaf, dated at the first start."""

    def total(self, window: Window, leaves: Sequence[int] | None = ...) -> Usd:
        """The dollars that `by_leaf` adds up to."""

    def by_day(self, window: Window, leaves: Sequence[int] | None = ...) -> list[Usd]:
        """Dollars of each UTC day that a window touches, the whole of it."""

    def by_hour(self, window: Window, leaves: Sequence[int] | None = ...) -> list[Usd]:
        """Dollars of each hour of a window; what was read as a whole day stands in its first hour."""


class NameStore(Protocol):
    """Names as stored."""

    def remember(self, directory: Directory) -> None:
        """Add or refresh entries."""

    def remember_people(self, people: Iterable[Person]) -> None:
        """Add people named by usage."""

    def load(self) -> Directory:
        """Everything known by name."""

    def unnamed(self) -> int:
        """How many ids have no name yet."""


class IncidentStore(Protocol):
    """Incidents as stored."""

    def save(self, incidents: Iterable[Incident]) -> None:
        """Write each as it now stands."""

    def recent(self, since: datetime) -> list[Incident]:
        """Those that go on, and those that were over since."""

    def find(self, prefix: str) -> list[Incident]:
        """Those whose id begins so."""

    def open(self) -> list[Incident]:
        """Those that go on, oldest first."""

    def latest(self, limit: int = ...) -> list[Incident]:
        """The newest, newest first."""


class AnswerStore(Protocol):
    """What people said, as stored."""

    def add(self, incident_id: str, answer: Answer) -> None:
        """Note what somebody said."""

    def newest(self) -> int:
        """The number of the newest one."""

    def after(self, number: int) -> list[tuple[str, Answer]]:
        """What was said after the one of a number, by incident."""


class Outbox(Protocol):
    """What is to be told."""

    def add(self, delivery: Delivery, told: Told) -> None:
        """Queue a message."""

    def told(self, incident_id: str, channel: str) -> Told | None:
        """What was last told about an incident in a channel."""

    def heard(self, incident_id: str) -> list[str]:
        """The channels in which an incident was told, or is about to be."""

    def undelivered(self) -> list[tuple[str, str]]:
        """(incident id, error) of everything that waits since it could not be told."""

    def refused(self) -> dict[str, str]:
        """The channels that took nothing since their last refusal, and what was said of it."""

    def count(self, incident_id: str) -> int:
        """How many deliveries an incident has had."""

    def note(self, incident_id: str, channel: str, told: Told) -> None:
        """Remember how an incident stands, though nothing is sent."""

    def rung(self, channel: str, since: datetime) -> int:
        """How many incidents were told for the first time, or again, in a channel."""

    def due(self, now: datetime) -> Iterable[Delivery]:
        """What to send now, oldest first; each as it stands once those before it are settled."""

    def claim(self, delivery: Delivery) -> Delivery | None:
        """Note that sending begins; the delivery as it now reads, None if it is gone."""

    def settle(
        self, delivery: Delivery, outcome: Sent | NotSent, now: datetime, wait_seconds: float, *, keep: bool
    ) -> None:
        """Note what became of it; `keep` tries again even what was refused for good."""

    def divert(self, delivery: Delivery, channel: str, now: datetime) -> None:
        """Queue the same message for another channel."""

    def withdraw_digests(self, channel: str) -> None:
        """Give up the digests that still wait in a channel."""

    def is_posted(self, incident_id: str, channel: str) -> bool:
        """Whether an incident has a message that people can see in a channel."""


class Runs(Protocol):
    """Job runs and memory."""

    def start(self, job: str, now: datetime) -> int:
        """Note that a job begins."""

    def finish(self, run: int, now: datetime, *, ok: bool, said: str) -> None:
        """Note how it ended, and what it had to say."""

    def failing(self, jobs: Iterable[str]) -> dict[str, tuple[datetime, str]]:
        """Those of the jobs that failed again and again: since when, and what they say."""

    def recall(self, name: str) -> str:
        """A remembered value, or an empty string."""

    def remember(self, name: str, value: str) -> None:
        """Keep a value."""


class Store(Protocol):
    """The history as the jobs use it."""

    @property
    def spend(self) -> SpendStore:
        """Spend."""

    @property
    def totals(self) -> Totals:
        """Sums of spend."""

    @property
    def names(self) -> NameStore:
        """Names."""

    @property
    def incidents(self) -> IncidentStore:
        """Incidents."""

    @property
    def outbox(self) -> Outbox:
        """The outbox."""

    @property
    def answers(self) -> AnswerStore:
        """What people said."""

    @property
    def runs(self) -> Runs:
        """Job runs."""

    def transaction(self) -> AbstractContextManager[None]:
        """All of it or nothing of it."""


class Progress(Protocol):
    """Shows people how far a long pull has come."""

    def begin(self, plan: Plan) -> None:
        """A pull starts."""

    def advance(self, requests: int) -> None:
        """So many of them are done."""
