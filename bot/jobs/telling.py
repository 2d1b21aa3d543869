"""Put into the outbox what is worth saying, within the day's alert budget."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.clock import Grain, floor
from bot.facts.delivery import Delivery, Message, Told, Why
from bot.facts.directory import Directory
from bot.facts.incident import Incident, State
from bot.facts.money import ZERO
from bot.facts.severity import Severity
from bot.incidents.tell import decide, remembered, rings
from bot.jobs.ports import Store

Render = Callable[[Incident, Directory, Why], Message]
RenderDigest = Callable[[Sequence[Incident], Directory, int], Message]


@dataclass(frozen=True, slots=True)
class Telling:
    """Where alerts go, in which words, and how many may ring in a UTC day."""

    channel: str
    edits: bool
    """Whether a message can be rewritten there: if not, only what is worth saying is sent."""
    render: Render
    digest: RenderDigest
    budget: int = 10


def tell(store: Store, telling: Telling, incidents: Iterable[Incident], now: datetime) -> None:
    """Queue what is worth saying about incidents, the largest first.

    What rings beyond the day's budget waits in the day's digest, unless it is critical or we are blind.
    """
    teller = _Teller(store, telling, store.names.load(), now)
    left = telling.budget - store.outbox.rung(telling.channel, floor(now, Grain.DAY))
    held: list[Incident] = []
    for incident in sorted(incidents, key=lambda one: (-abs(one.excess), one.id)):
        why = teller.why(incident)
        if rings(why) and left <= 0 and not _rings_always(incident):
            held.append(incident)
        elif why is not Why.QUIET and (why is not Why.EDIT or telling.edits):
            left -= rings(why)
            teller.queue(incident, why)
    if held:
        teller.queue_digest(held)


def _rings_always(incident: Incident) -> bool:
    return incident.severity is Severity.CRITICAL or incident.is_blind


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one channel at one moment."""

    store: Store
    telling: Telling
    directory: Directory
    now: datetime

    def why(self, incident: Incident) -> Why:
        """Why to speak of an incident now."""
        return decide(self._told(incident.id), incident, self._plain(incident), self.now)

    def queue(self, incident: Incident, why: Why) -> None:
        """Put what is to be said of an incident into the outbox."""
        told = remembered(self._told(incident.id), why, incident, self._plain(incident))
        self._add(incident.id, why, self.telling.render(incident, self.directory, why), told)

    def queue_digest(self, held: Sequence[Incident]) -> None:
        """One message a day that names what the budget has no room for; rewritten as more comes."""
        name = f"digest-{self.now:%y%m%d}"
        message, told = self.telling.digest(held, self.directory, self.telling.budget), self._told(name)
        if told is None or (told.message != message and self.telling.edits):
            why = Why.EDIT if told else Why.DIGEST
            self._add(name, why, message, Told(State.OPEN, Severity.NOTICE, ZERO, message))

    def _told(self, name: str) -> Told | None:
        return self.store.outbox.told(name, self.telling.channel)

    def _plain(self, incident: Incident) -> Message:
        return self.telling.render(incident, self.directory, Why.EDIT)

    def _add(self, name: str, why: Why, message: Message, told: Told) -> None:
        number, channel = self.store.outbox.count(name) + 1, self.telling.channel
        self.store.outbox.add(Delivery(f"{name}-{number}", name, why, channel, message, self.now), told)
