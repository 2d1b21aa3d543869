"""The daily and the weekly digest: once a day and channel, at its local hour, whatever restarts between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.explain.owner import Teams
from bot.facts.clock import DAY, Grain, Window, floor
from bot.facts.delivery import Delivery, Message, Told, Why
from bot.facts.incident import Incident, State
from bot.facts.money import ZERO, Usd
from bot.facts.scope import ORGANISATION
from bot.facts.severity import Severity
from bot.facts.spend import SpendRow
from bot.facts.trouble import Trouble
from bot.jobs.answer import UNATTRIBUTED, answer
from bot.jobs.cycle import Report
from bot.jobs.ports import Store
from bot.questions.answers import Spend
from bot.questions.digest import Digest
from bot.questions.question import Period, Question

Render = Callable[[Digest], Message]
_WEEK = timedelta(weeks=1)
_ALL = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """When and where. `weekday` is Monday's 0 to Sunday's 6, None for no weekly digest."""

    channels: Mapping[str, ZoneInfo]
    hour: int
    daily: bool
    weekday: int | None
    teams: Teams


def send_digests(store: Store, plan: Plan, render: Render, now: datetime) -> Report:
    """Queue the digests whose hour has come. What cannot be compared yet is not summed up."""
    for channel, zone in plan.channels.items():
        occasion = _Occasion(store, plan, channel, _last_due(now.astimezone(zone), plan.hour))
        if occasion.is_over or not occasion.is_complete:
            continue
        with store.transaction():
            occasion.remember()
            digest = occasion.digest() if occasion.is_weekly or plan.daily else None
            if digest and digest.is_worth_saying:
                occasion.queue(digest, render(digest), now)
    return Report()


def _last_due(local: datetime, hour: int) -> datetime:
    """When the newest digest was due: what nobody was there to tell is told until the next one is."""
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= local else today - DAY


@dataclass(frozen=True, slots=True)
class _Occasion:
    """One digest of one channel: due at an hour of its local day, about the UTC day or days before."""

    store: Store
    plan: Plan
    channel: str
    due: datetime

    @property
    def is_over(self) -> bool:
        """Whether it was told, or was not worth telling."""
        return self.store.runs.recall(self._memory) >= self.due.date().isoformat()

    @property
    def is_complete(self) -> bool:
        """Whether the day before is all there: where figures are late, the digest comes later, too."""
        read = self.store.spend.last_read()
        return read is not None and read[1] >= floor(self.due, Grain.DAY)

    @property
    def is_weekly(self) -> bool:
        """Whether a whole week is summed up."""
        return self.due.weekday() == self.plan.weekday

    @property
    def _memory(self) -> str:
        return f"digest {self.channel}"

    def remember(self) -> None:
        """It is over from now on, whatever it says."""
        self.store.runs.remember(self._memory, self.due.date().isoformat())

    def queue(self, digest: Digest, message: Message, now: datetime) -> None:
        """Put it into the outbox."""
        name = f"{'weekly' if digest.is_weekly else 'daily'}-{digest.day:%y%m%d} {self.channel}"
        self.store.outbox.withdraw_digests(self.channel)
        number = self.store.outbox.count(name) + 1
        delivery = Delivery(f"{name}-{number}", name, Why.DIGEST, self.channel, message, now)
        self.store.outbox.add(delivery, Told(State.OPEN, Severity.NOTICE, ZERO, message))

    def digest(self) -> Digest | None:
        """What there is to say; None where there is too little to compare with."""
        today = floor(self.due, Grain.DAY)
        window = Window(today - (_WEEK if self.is_weekly else DAY), today)
        period = Period("in the last seven days" if self.is_weekly else "yesterday", window)
        spend = self._spend(Question(period, top=_ALL))
        if spend is None or spend.usual is None:
            return None
        return Digest(
            day=today.date(),
            is_weekly=self.is_weekly,
            spend=spend,
            incidents=self._incidents(window),
            directory=self.store.names.load(),
            held=len(self.store.runs.recall(f"digest-{today - DAY:%y%m%d} {self.channel}").split()),
            month=self._month(),
            unattributed=self._unattributed(period),
            cache=_cache(self.store, window) if self.is_weekly else None,
        )

    def _spend(self, question: Question) -> Spend | None:
        try:
            reply = answer(question, self.store, self.plan.teams, self.due).reply
        except Trouble:
            return None
        return reply if isinstance(reply, Spend) else None

    def _month(self) -> Spend | None:
        end = floor(self.due, Grain.HOUR)
        first = floor(end, Grain.DAY).replace(day=1)
        if end <= first:
            return None
        return self._spend(Question(Period("this month", Window(first, end), goes_on=True, is_month=True)))

    def _unattributed(self, period: Period) -> Usd | None:
        """What belongs to no team; None where there are no teams."""
        teams = self._spend(Question(period, by="team", top=_ALL)) if self.plan.teams else None
        if teams is None:
            return None
        return next((line.usd for line in teams.lines if line.name == UNATTRIBUTED), ZERO)

    def _incidents(self, window: Window) -> tuple[Incident, ...]:
        """Those that went on in the window, the dearest first; blindness only while it lasts."""
        found = self.store.incidents.recent(window.start)
        touched = [
            one for one in found if one.opened_at < self.due and not (one.is_blind and one.state.is_over)
        ]
        return tuple(sorted(touched, key=lambda one: (-abs(one.excess), one.id)))


def _cache(store: Store, window: Window) -> tuple[float, float] | None:
    """How much of all input was read from the cache, in the window and in as long before it."""
    before = Window(window.start - window.length, window.start)
    now, then = (_read_share(store.spend.sums(one, ORGANISATION)) for one in (window, before))
    return None if now is None or then is None else (now, then)


def _read_share(rows: list[SpendRow]) -> float | None:
    read = sum(row.cache_read_tokens for row in rows)
    written = sum(row.cache_write_5m_tokens + row.cache_write_1h_tokens for row in rows)
    whole = read + written + sum(row.uncached_input_tokens for row in rows)
    return read / whole if whole and read + written else None
