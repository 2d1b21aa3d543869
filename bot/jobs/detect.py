"""Judge every hour that became known since the last time, follow incidents, and queue what is to be told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.detect.days import judge_day
from bot.detect.gates import Gates, Settings, typical_day
from bot.detect.hours import Midnight, foretell, judge_hour
from bot.detect.measure import measure
from bot.detect.spenders import spenders
from bot.detect.told import Told, borne
from bot.explain.cause import breach, explain
from bot.explain.evidence import Subject
from bot.explain.owner import Teams, owned
from bot.facts.answer import Answer
from bot.facts.clock import HOUR, Grain, Window, floor
from bot.facts.directory import Directory
from bot.facts.finding import Finding
from bot.facts.incident import Incident
from bot.facts.scope import Scope
from bot.incidents.answers import Refused, act, kept_out, spoken_for
from bot.incidents.lifecycle import step
from bot.incidents.match import QUIET_PERIOD
from bot.incidents.surroundings import Surroundings
from bot.jobs.cycle import Report
from bot.jobs.dating import began
from bot.jobs.explain import spent
from bot.jobs.panels import days_so_far, days_until, hours_of, hours_until
from bot.jobs.ports import Store
from bot.jobs.speaking import speak
from bot.jobs.teams import assign_teams
from bot.jobs.telling import Telling, tell
from bot.panel.panel import Panel
from bot.rules.budgets import allowed_a_week
from bot.rules.calendar import planned
from bot.rules.language import Rule
from bot.rules.precedence import unsuppressed
from bot.rules.rulebook import Rulebook

_FIRST_LOOK = timedelta(hours=24)
"""How far back a new installation judges."""
_LONGEST_CATCH_UP = timedelta(days=7)
_JUDGED_UNTIL = "judged_until"


@dataclass(frozen=True, slots=True)
class Watch:
    """What the organisation's people set: how sensitive, which rules, who owns what, where alerts go."""

    detection: Settings
    rulebook: Rulebook
    telling: Telling
    teams: Teams = field(default_factory=dict)
    again: bool = False
    """Whether the newest complete hour is to be judged once more: by rules that have just changed."""


def detect(store: Store, watch: Watch, now: datetime) -> Report:
    """One look at everything that became known, hour by hour; all of its consequences are stored together.

    Judging each missed hour as if live makes a replay, a catch-up and a quiet night the same thing; telling
    comes once, at the end, so that people hear the present state. Says which rules could not be judged.
    """
    answered, directory = store.answers.newest(), store.names.load()
    assign_teams(store, directory, watch.teams)
    hours, days = hours_until(store, now), days_until(store, now)
    moments = list(_moments(store, hours, now, again=watch.again))
    counted = _counted(store, watch.rulebook, hours, moments)
    world = _World(store, watch, directory, hours, days, _told_before(store, days), counted)
    incidents = {one.id: one for one in store.incidents.recent(now - 2 * QUIET_PERIOD) if not one.is_blind}
    touched: dict[str, Incident] = {}
    for moment in moments:
        view = world.seen_at(moment.column, incidents.values())
        for incident in step(list(incidents.values()), view.findings(), moment.at, view.around()):
            incidents[incident.id] = touched[incident.id] = incident
    touched = {id_: world.explained(incident) for id_, incident in touched.items()}
    with store.transaction():
        for id_, answer in store.answers.after(answered):
            if id_ in touched:
                touched[id_] = _after(touched[id_], answer)
        store.incidents.save(touched.values())
        tell(store, watch.telling, touched.values(), now)
        store.runs.remember(_JUDGED_UNTIL, _complete_until(world.hours, now).isoformat())
    return Report(tuple(world.failed))


def _counted(store: Store, rulebook: Rulebook, hours: Panel, moments: Sequence["_Moment"]) -> Panel:
    """The hours with the counts that rules ask for, as far back as these rules look."""
    counts = sorted(rulebook.counts)
    if not (counts and moments):
        return hours
    since = hours.start_of(moments[0].column) - rulebook.counting_reach * HOUR
    return hours_of(store, Window(floor(since, Grain.DAY), hours.start_of(hours.columns)), counts)


def _after(incident: Incident, answer: Answer) -> Incident:
    """The incident after what somebody said while it was looked at; nothing, if it is over by now."""
    try:
        return act(incident, answer)
    except Refused:
        return incident


def _told_before(store: Store, days: Panel) -> dict[str, Incident]:
    """Incidents old enough to be over, whose dollars are still within reach."""
    return {one.id: one for one in store.incidents.recent(days.start_of(0)) if not one.is_blind}


def _told(incidents: Iterable[Incident]) -> Iterator[Told]:
    """The leaves that bore what statistics told, and when: it is not to be learnt as usual."""
    for incident in incidents:
        if window := kept_out(incident):
            yield from borne(incident.parts, window)


@dataclass(frozen=True, slots=True)
class _Moment:
    """One hour to judge: its column, and the instant from which it is judged."""

    column: int
    at: datetime


def _moments(store: Store, hours: Panel, now: datetime, *, again: bool) -> Iterator[_Moment]:
    """Hours complete since the last time, oldest first, then the newest hour as far as it has come."""
    until = _complete_until(hours, now)
    said = store.runs.recall(_JUDGED_UNTIL)
    start = datetime.fromisoformat(said) if said else until - _FIRST_LOOK
    start = max(min(start, until - HOUR * again), until - _LONGEST_CATCH_UP)
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
class _World:
    """Everything there is to look at, up to now."""

    store: Store
    watch: Watch
    directory: Directory
    hours: Panel
    days: Panel
    before: dict[str, Incident]
    counted: Panel
    """Some hours with the counts that rules ask for."""
    failed: dict[str, None] = field(default_factory=dict)
    """What is to be said of rules that could not be judged."""
    midnights: dict[datetime, Midnight | None] = field(default_factory=dict)

    def seen_at(self, column: int, incidents: Iterable[Incident]) -> "_View":
        """The world as it was when the hour of `column` was the newest, after these incidents."""
        days = days_so_far(self.store, self.days, self.hours.start_of(column))
        gates = self.watch.detection.named(self.directory.name_of).gates(typical_day(days), looks=2)
        told = (self.before | {incident.id: incident for incident in incidents}).values()
        hours, told_of = self.hours.before(column + 1), tuple(_told(told))
        return _View(self, hours, days, gates, told_of, tuple(told))

    def midnight(self, hour: datetime, told: Iterable[Told]) -> Midnight | None:
        """What the hours of a day are held against, from what was known when it began."""
        start = floor(hour, Grain.DAY)
        if start not in self.midnights:
            past = self.hours.before(max(self.hours.column(start), 0))
            self.midnights[start] = foretell(past, told)
        return self.midnights[start]

    def panel_of(self, rule: Rule) -> Panel:
        """The hours that a rule is judged on: those of detection, or some with the counts it asks for."""
        return self.counted if rule.counts else self.hours

    def explained(self, incident: Incident) -> Incident:
        """The incident with its cause, and whether its dollars are billed."""
        subject, teams = Subject.of(incident), self.watch.teams
        rows = spent(self.store.spend, subject)
        basis = max((row.basis for row in rows.now), default=incident.basis)
        if incident.rule:
            cause = breach(incident, rows.now, self.directory, teams)
        else:
            cause = explain(subject, rows, self.directory, teams)
        return replace(incident, cause=cause, basis=basis)


@dataclass(frozen=True, slots=True)
class _View:
    """The world as it was seen from one moment: nothing later shows in either panel."""

    world: "_World"
    hours: Panel
    days: Panel
    gates: Gates
    told: tuple[Told, ...]
    incidents: tuple[Incident, ...]

    def findings(self) -> list[Finding]:
        """What detectors and rules say of the newest hour and of its day so far.

        Without what was planned, what rules suppress, and what people called expected or a false alarm.
        """
        rulebook, directory = self.world.watch.rulebook, self.world.directory
        hour = self.hours.start_of(self.hours.columns - 1)
        midnight = self.world.midnight(hour, self.told)
        hourly = judge_hour(midnight, self.hours, self.days, self.gates) if midnight else []
        daily = judge_day(self.days, self.gates, self.told)
        spoken = speak(rulebook, self.world.panel_of, hour, directory)
        self.world.failed.update(dict.fromkeys(spoken.failed))
        found = [*(one for one in (*hourly, *daily) if one.said), *spoken.findings]
        news = [
            finding
            for finding in found
            if planned(rulebook.events, finding, directory) is None
            and spoken_for(finding, self.incidents) is None
        ]
        return unsuppressed(news, rulebook)

    def _weighed_against(self, scope: Scope) -> float:
        """A typical day's dollars, or less where a budget around a scope allows less a week."""
        watch, directory = self.world.watch, self.world.directory
        allowed = allowed_a_week(watch.rulebook, owned(scope, directory, watch.teams), directory)
        known = [amount for amount in (self.gates.typical_day, allowed) if amount]
        return min(known, default=0.0)

    def around(self) -> Surroundings:
        """What the lifecycle asks."""
        return Surroundings(
            measure=lambda scope, window, fell: measure(self.hours, scope, window, self.gates, fell=fell),
            spenders=lambda scope, since, window: spenders(self.hours, scope, since, window),
            onset=lambda finding, now: began(self.world.store.spend, self.hours, finding, now, self.gates),
            weighed_against=self._weighed_against,
        )
