"""Judge every hour that became known since the last time, follow incidents, and queue what is to be told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.detect.gates import Gates, Sensitivity, typical_day
from bot.detect.measure import measure, onset
from bot.detect.spike import judge
from bot.explain.cause import REFERENCE_WEEKS, explain
from bot.facts.clock import DAY, HOUR, Grain, Window, ceil, floor
from bot.facts.delivery import Delivery, Message, Why
from bot.facts.directory import Directory
from bot.facts.finding import Finding
from bot.facts.incident import Cause, Incident
from bot.incidents.lifecycle import QUIET_PERIOD, Surroundings, step
from bot.incidents.tell import decide, remembered
from bot.jobs.ports import Store
from bot.panel.panel import Panel
from bot.rules.calendar import planned
from bot.rules.evaluate import breaches
from bot.rules.rulebook import Rulebook

REACH = timedelta(days=84)
"""How much history is looked at: eight weeks before incidents up to four weeks old."""
_FIRST_LOOK = timedelta(hours=24)
"""How far back a new installation judges."""
_LONGEST_CATCH_UP = timedelta(days=7)
_JUDGED_UNTIL = "judged_until"

Render = Callable[[Incident, Directory, Why], Message]


@dataclass(frozen=True, slots=True)
class Watch:
    """What the organisation's people set: how sensitive, which rules, and where alerts go."""

    sensitivity: Sensitivity
    rulebook: Rulebook
    channel: str
    edits: bool
    """Whether a message can be rewritten there: if not, only what is worth saying is sent."""
    render: Render


def detect(store: Store, watch: Watch, now: datetime) -> None:
    """One look at everything that became known, hour by hour; all of its consequences are stored together.

    Judging each missed hour as if live makes a replay, a catch-up and a quiet night the same thing; telling
    comes once, at the end, so that people hear the present state.
    """
    hours = _panel(store, Grain.HOUR, now)
    days = _panel(store, Grain.DAY, now)
    directory = store.names.load()
    incidents = {incident.id: incident for incident in store.incidents.recent(now - 2 * QUIET_PERIOD)}
    touched: dict[str, Incident] = {}
    for moment in _moments(store, hours, now):
        view = _View(hours, days, moment, watch, directory, store)
        for incident in step(list(incidents.values()), view.findings(), moment.at, view.around()):
            incidents[incident.id] = touched[incident.id] = incident
    with store.transaction():
        store.incidents.save(touched.values())
        for incident in touched.values():
            _queue(store, watch, incident, directory, now)
        store.runs.remember(_JUDGED_UNTIL, _complete_until(hours, now).isoformat())


def _panel(store: Store, grain: Grain, now: datetime) -> Panel:
    window = Window(floor(now - REACH, Grain.DAY), ceil(now, Grain.DAY))
    spend = store.spend
    return Panel.build(window, grain, spend.leaves(), spend.cells(window, grain), spend.coverage(window))


@dataclass(frozen=True, slots=True)
class _Moment:
    """One hour to judge: its column, and the instant from which it is judged."""

    column: int
    at: datetime


def _moments(store: Store, hours: Panel, now: datetime) -> Iterator[_Moment]:
    """Hours complete since the last time, oldest first, then the newest hour as far as it has come."""
    until = _complete_until(hours, now)
    said = store.runs.recall(_JUDGED_UNTIL)
    start = datetime.fromisoformat(said) if said else until - _FIRST_LOOK
    start = max(start, until - _LONGEST_CATCH_UP)
    for column in range(hours.column(start), hours.column(until)):
        if hours.known[column]:
            yield _Moment(column, hours.start_of(column + 1))
    for column in range(hours.column(until), hours.columns):
        if hours.known[column] and hours.start_of(column) < now:
            yield _Moment(column, now)


def _complete_until(hours: Panel, now: datetime) -> datetime:
    """The end of the newest complete hour."""
    newest = max((int(column) for column in hours.complete.nonzero()[0]), default=-1)
    return hours.start_of(newest + 1) if newest >= 0 else floor(now, Grain.HOUR)


@dataclass(frozen=True, slots=True)
class _View:
    """The world as it is seen from one moment."""

    hours: Panel
    days: Panel
    moment: _Moment
    watch: Watch
    directory: Directory
    store: Store

    def findings(self) -> list[Finding]:
        """What detectors and rules say, less what was planned."""
        column, rulebook = self.moment.column, self.watch.rulebook
        found = [
            *judge(self._hours(), column, self._gates()).findings,
            *self._day_findings(),
            *breaches(rulebook.rules, self._hours(), column, self.directory),
        ]
        return [finding for finding in found if planned(rulebook.events, finding, self.directory) is None]

    def around(self) -> Surroundings:
        """What the lifecycle asks."""
        gates = self._gates()
        return Surroundings(
            measure=lambda scope, window: measure(self._hours(), scope, window, gates),
            onset=lambda scope, window: onset(self._hours(), scope, window, gates),
            explain=self._explain,
            typical_day=gates.typical_day,
        )

    def _hours(self) -> Panel:
        return self.hours.before(self.moment.column + 1)

    def _days_so_far(self) -> Panel:
        """Days up to the judged hour; its own day is summed from hours, so that nothing later shows."""
        day = self.days.column(self.hours.start_of(self.moment.column))
        first = self.hours.column(self.days.start_of(day))
        view = self.days.before(day + 1)
        usd, complete = view.usd.copy(), view.complete.copy()
        usd[:, day] = self.hours.usd[:, first : self.moment.column + 1].sum(axis=1)
        complete[day] = complete[day] and self.moment.column == first + 23
        return replace(view, usd=usd, complete=complete)

    def _day_findings(self) -> Sequence[Finding]:
        days = self._days_so_far()
        return judge(days, days.columns - 1, self._gates()).findings

    def _gates(self) -> Gates:
        return Gates(typical_day(self._days_so_far()), self.watch.sensitivity)

    def _explain(self, incident: Incident) -> Cause:
        spend, start = self.store.spend, incident.start
        before = Window(start - REFERENCE_WEEKS * 7 * DAY, start)
        until = max(floor(incident.measured_until, Grain.HOUR), start + HOUR)
        now_rows = spend.rows(Window(start, until), incident.scope)
        return explain(incident, now_rows, spend.rows(before, incident.scope), self.directory)


def _queue(store: Store, watch: Watch, incident: Incident, directory: Directory, now: datetime) -> None:
    """Put into the outbox what is worth saying about an incident, if anything."""
    told = store.outbox.told(incident.id, watch.channel)
    plain = watch.render(incident, directory, Why.EDIT)
    why = decide(told, incident, plain, now)
    if why is Why.QUIET or (why is Why.EDIT and not watch.edits):
        return
    delivery = Delivery(
        id=f"{incident.id}-{store.outbox.count(incident.id) + 1}",
        incident_id=incident.id,
        why=why,
        channel=watch.channel,
        message=watch.render(incident, directory, why),
        created_at=now,
    )
    store.outbox.add(delivery, remembered(told, why, incident, plain))
