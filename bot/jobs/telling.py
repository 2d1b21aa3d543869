"""Put into the outbox what is worth saying, within the day's alert budget."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts.clock import Grain, floor
from bot.facts.delivery import Delivery, Message, Role, Told, Why
from bot.facts.directory import Directory
from bot.facts.incident import Incident, State
from bot.facts.money import Usd
from bot.facts.severity import Severity
from bot.incidents.tell import decide, is_loud, is_news, remembered, rings
from bot.jobs.ports import Store

Route = Callable[[Incident, Directory], Sequence[str]]
Render = Callable[[Incident, Directory, Why], Message]
RenderDetails = Callable[[Incident, Directory], Message]
RenderDigest = Callable[[Sequence[Incident], Directory, int], Message]


@dataclass(frozen=True, slots=True)
class Telling:
    """Where alerts go, in which words, and how many may ring in a UTC day and channel."""

    channel: str
    """Where everybody is told."""
    edits: bool
    """Whether a message can be rewritten and replied to: if not, only what is worth saying is sent."""
    render: Render
    details: RenderDetails
    """The evidence, as the first reply."""
    news: Render
    """What changed, as a later reply: an edit rings nobody."""
    digest: RenderDigest
    budget: int = 10
    route: Route | None = None
    """Who is told of an incident; everybody without it."""


def tell(store: Store, telling: Telling, incidents: Iterable[Incident], now: datetime) -> None:
    """Queue what is worth saying about incidents where it belongs, the largest first.

    What rings beyond the day's budget waits in the day's digest, unless it is critical or we are blind.
    """
    directory = store.names.load()
    heard: dict[str, list[Incident]] = {}
    for incident in incidents:
        for channel in _channels(store, telling, incident, directory):
            heard.setdefault(channel, []).append(incident)
    for channel, own in heard.items():
        _tell(_Teller(store, replace(telling, channel=channel), directory, now), own)


def _channels(store: Store, telling: Telling, incident: Incident, directory: Directory) -> dict[str, None]:
    """Where it is to be told, and where it was told already: what was begun is told to its end."""
    heard = store.outbox.heard(incident.id)
    if incident.state.is_over and heard:
        return dict.fromkeys(heard)
    routed = telling.route(incident, directory) if telling.route else (telling.channel,)
    return dict.fromkeys((*heard, *routed))


def _tell(teller: "_Teller", incidents: Iterable[Incident]) -> None:
    """Tell one channel."""
    left = teller.left()
    held: list[Incident] = []
    for incident in sorted(incidents, key=_largest_first):
        why, told = teller.why(incident)
        if rings(why, told) and left <= 0 and not _rings_always(incident):
            held.append(incident)
        elif why is Why.EDIT and not teller.telling.edits:
            teller.note(incident)
        elif why is not Why.QUIET:
            left -= rings(why, told)
            teller.queue(incident, why)
    if held:
        teller.queue_digest(held)


def _largest_first(incident: Incident) -> tuple[int, str]:
    return -abs(incident.excess), incident.id


def _rings_always(incident: Incident) -> bool:
    return incident.severity is Severity.CRITICAL or incident.is_blind


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one channel at one moment."""

    store: Store
    telling: Telling
    directory: Directory
    now: datetime

    def left(self) -> int:
        """How many more may ring today."""
        return self.telling.budget - self.store.outbox.rung(self.telling.channel, floor(self.now, Grain.DAY))

    def why(self, incident: Incident) -> tuple[Why, Told | None]:
        """Why to speak of an incident now, and what was told of it before."""
        told = self._told(incident.id)
        return decide(told, incident, self._plain(incident), self.now), told

    def queue(self, incident: Incident, why: Why) -> None:
        """Put what is to be said of an incident into the outbox: its message, and a reply in its thread."""
        before = self._told(incident.id)
        told = remembered(before, why, incident, self._plain(incident))
        self._add(incident.id, why, self.telling.render(incident, self.directory, why), told)
        if self.telling.edits and not incident.is_blind:
            self._reply(incident, why, before, told)

    def _reply(self, incident: Incident, why: Why, before: Told | None, told: Told) -> None:
        if before is None and not incident.state.is_over:
            details = self._delivery(incident.id, why, self.telling.details(incident, self.directory))
            self.store.outbox.add(replace(details, role=Role.DETAILS), told)
        elif before and is_news(why) and self.store.outbox.is_posted(incident.id, self.telling.channel):
            news = self._delivery(incident.id, why, self.telling.news(incident, self.directory, why))
            self.store.outbox.add(replace(news, role=Role.NEWS, aloud=is_loud(why, before, told)), told)

    def note(self, incident: Incident) -> None:
        """Remember how an incident stands where its message cannot be rewritten."""
        told = remembered(self._told(incident.id), Why.EDIT, incident, self._plain(incident))
        self.store.outbox.note(incident.id, self.telling.channel, told)

    def queue_digest(self, held: Sequence[Incident]) -> None:
        """One message a day that names what the budget has no room for; rewritten as more comes.

        Where it cannot be rewritten it comes again once there are twice as many.
        """
        name = f"digest-{self.now:%y%m%d} {self.telling.channel}"
        everything = self._held_today(name, held)
        message = self.telling.digest(everything, self.directory, self.telling.budget)
        told, count = self._told(name), Usd(len(everything))
        if told is None or (not self.telling.edits and count >= 2 * told.excess):
            self._add(name, Why.DIGEST, message, Told(State.OPEN, Severity.NOTICE, count, message))
        elif self.telling.edits and told.message != message:
            self._add(name, Why.EDIT, message, replace(told, message=message))

    def _held_today(self, name: str, held: Sequence[Incident]) -> list[Incident]:
        """All that the day's budget had no room for, as they now stand."""
        known = {one.id: one for one in held}
        for id_ in self.store.runs.recall(name).split():
            if id_ not in known:
                known |= {one.id: one for one in self.store.incidents.find(id_)}
        self.store.runs.remember(name, " ".join(sorted(known)))
        return sorted(known.values(), key=_largest_first)

    def _told(self, name: str) -> Told | None:
        return self.store.outbox.told(name, self.telling.channel)

    def _plain(self, incident: Incident) -> Message:
        return self.telling.render(incident, self.directory, Why.EDIT)

    def _add(self, name: str, why: Why, message: Message, told: Told) -> None:
        self.store.outbox.add(self._delivery(name, why, message), told)

    def _delivery(self, name: str, why: Why, message: Message) -> Delivery:
        number, channel = self.store.outbox.count(name) + 1, self.telling.channel
        return Delivery(f"{name}-{number}", name, why, channel, message, self.now)
