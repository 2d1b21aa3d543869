"""A small organisation in a real history: three keys that spend the same every hour, until one does not."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.detect.gates import Settings
from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.delivery import Delivery, Message, Sent, Why
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.incident import Incident
from bot.facts.money import Usd, show, usd_from_dollars
from bot.facts.spend import Slice, SpendRow
from bot.history.store import History
from bot.jobs.detect import Watch, detect
from bot.jobs.telling import Telling
from bot.rules.rulebook import Rulebook
from tests.fakes.rows import row

MIDNIGHT = datetime.fromisoformat("2026-11-19T00:00Z")
"""A Thursday; the days before it are quiet."""
DAYS = 36
KEYS = {"key-a": 2, "key-b": 3, "key-c": 1}
"""Dollars an hour."""
DIRECTORY = Directory(
    keys={id_: Key(id_, f"{id_}-name", owner="user_ada") for id_ in KEYS},
    workspaces={"wrkspc_research": Workspace("wrkspc_research", "research")},
    people={"user_ada": Person("user_ada", "ada", "ada@example.com")},
)
Spikes = dict[tuple[str, int], int]
"""Dollars of (key, hour since midnight) where they are not the usual ones."""


def rows(hours: range, spikes: Spikes) -> list[SpendRow]:
    """The spend of some hours since midnight; keys beyond the three spend nothing but their spikes."""
    usual = {(key, hour): dollars for hour in hours for key, dollars in KEYS.items()}
    spent = usual | {place: dollars for place, dollars in spikes.items() if place[1] in hours}
    return [row(MIDNIGHT + hour * HOUR, times, api_key_id=key) for (key, hour), times in spent.items()]


def read(history: History, hours: range, spikes: Spikes, complete: int | None = None) -> None:
    """Store what the source says of some hours, complete up to hour `complete`, by default all of them."""
    window = Window(MIDNIGHT + hours.start * HOUR, MIDNIGHT + hours.stop * HOUR)
    watermark = window.end if complete is None else MIDNIGHT + complete * HOUR
    piece = Slice("analytics", window, Grain.HOUR, watermark, rows(hours, spikes))
    history.spend.replace(piece, window.end)


def found(path: Path, days: int = DAYS) -> None:
    """Write a history of so many quiet days before midnight, judged until then."""
    with History(path) as history:
        read(history, range(-days * 24, 0), {})
        history.names.remember(DIRECTORY)
        history.runs.remember("judged_until", MIDNIGHT.isoformat())


def render(incident: Incident, _: Directory, why: Why) -> Message:
    """Words that change with every nano-dollar."""
    return Message(f"{why} {incident.id} {incident.state} {show(incident.excess)} {incident.excess}")


def digest(held: Sequence[Incident], _: Directory, budget: int) -> Message:
    """What a day has no room for."""
    return Message(f"beyond {budget}: {', '.join(incident.id for incident in held)}")


def details(incident: Incident, _: Directory) -> Message:
    """The evidence."""
    return Message(f"details of {incident.id}")


TELLING = Telling("#ai", edits=True, render=render, details=details, news=render, digest=digest)
WATCH = Watch(Settings(), Rulebook(), TELLING)


@dataclass
class Town:
    """The history at `path`, lived through hour by hour."""

    path: Path
    spikes: Spikes = field(default_factory=dict)
    watch: Watch = WATCH

    def live(self, hours: range) -> None:
        """Every hour, five minutes after it ended: read it, judge it."""
        for hour in hours:
            self.read(range(hour, hour + 1))
            self.detect(hour + 1)

    def read(self, hours: range, complete: int | None = None) -> None:
        """Read some hours, complete up to `complete`."""
        with History(self.path) as history:
            read(history, hours, self.spikes, complete)

    def detect(self, hours: int, minutes: int = 5) -> None:
        """Judge, so long after midnight."""
        with History(self.path) as history:
            detect(history, self.watch, MIDNIGHT + hours * HOUR + timedelta(minutes=minutes))

    def incidents(self) -> list[Incident]:
        """All of them, by id."""
        with History(self.path) as history:
            return sorted(history.incidents.latest(), key=lambda incident: incident.id)

    def incident(self) -> Incident:
        """The only one."""
        (one,) = self.incidents()
        return one

    def waiting(self) -> list[Delivery]:
        """The messages that are to be told, without the replies."""
        return [one for one in self._due() if not one.is_reply]

    def _due(self) -> list[Delivery]:
        with History(self.path) as history:
            return list(history.outbox.due(MIDNIGHT + 1000 * DAY))

    def tell(self) -> list[tuple[Why, str]]:
        """Tell everything that waits; why, and in which words, without the replies."""
        waiting = self._due()
        with History(self.path) as history:
            for delivery in waiting:
                history.outbox.claim(delivery)
                history.outbox.settle(delivery, Sent("1700.1"), delivery.created_at, 0)
        return [(one.why, one.message.text) for one in waiting if not one.is_reply]

    def copy(self, name: str) -> "Town":
        """The same town with a history of its own."""
        path = self.path.with_name(name)
        shutil.copy(self.path, path)
        return replace(self, path=path)


def dollars(amount: int) -> Usd:
    """Whole dollars in nano-dollars."""
    return usd_from_dollars(amount)
