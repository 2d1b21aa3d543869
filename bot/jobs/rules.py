"""What rule files say and would have said, for those who edit them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.explain.owner import Teams
from bot.facts.clock import HOUR, Grain, Window, ceil, floor
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.incidents.lifecycle import QUIET_PERIOD
from bot.jobs.panels import REACH, hours_of
from bot.jobs.ports import Store
from bot.jobs.teams import assign_teams
from bot.panel.panel import Panel
from bot.rules.language import Rule
from bot.rules.lint import warnings
from bot.rules.replay import Episode, replay
from bot.rules.rulebook import Rulebook
from bot.rules.suggest import Suggestion, suggest
from bot.rules.verdicts import verdicts
from bot.rules.view import View

_MONTH = timedelta(days=30)
_MOST_VIEWS = 4
"""Each holds sums by member and hour: with a year of a thousand keys 80 MB for each metric."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """An episode, and the incidents that people saw of the same spend at that time."""

    episode: Episode
    known: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """The stored hours that rules are run over."""

    window: Window
    hours: Panel
    counted: Panel
    """The same with the counts that rules ask for."""
    directory: Directory
    incidents: Sequence[Incident]
    _views: dict[object, View] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, store: Store, rulebook: Rulebook, window: Window, teams: Teams) -> "Past":
        """Read what the rules need to be judged in every hour of a window."""
        directory = store.names.load()
        assign_teams(store, directory, teams)
        back = max((rule.reach for rule in rulebook.rules), default=0) * HOUR
        reach = Window(floor(window.start - back, Grain.DAY), ceil(window.end, Grain.DAY))
        hours = _until(hours_of(store, reach), window.end)
        counts = sorted(rulebook.counts)
        counted = _until(hours_of(store, reach, counts), window.end) if counts else hours
        return cls(window, hours, counted, directory, store.incidents.recent(reach.start))

    def view_of(self, rule: Rule) -> View:
        """What a rule is judged on; rules about the same members share their sums."""
        members = (rule.dimensions, rule.where, rule.exclude, bool(rule.counts))
        if members not in self._views:
            if len(self._views) == _MOST_VIEWS:
                self._views.pop(next(iter(self._views)))
            panel = self.counted if rule.counts else self.hours
            self._views[members] = View.of(rule, panel, self.directory)
        return self._views[members]


def _until(panel: Panel, end: datetime) -> Panel:
    return panel.before(panel.column(ceil(end, Grain.HOUR)))


def lint(store: Store, rulebook: Rulebook, teams: Teams, now: datetime) -> list[str]:
    """Warnings about rules, held against the hours that detection looks at."""
    past = Past.of(store, rulebook, Window(now - REACH, now), teams)
    return list(warnings(rulebook, past.view_of, past.directory, now))


def replay_rule(rule: Rule, past: Past) -> list[Replayed]:
    """What a rule would have said in the window, oldest first."""
    episodes = replay(rule, past.view_of(rule), past.window.start, QUIET_PERIOD)
    return [Replayed(episode, _known(past.incidents, episode)) for episode in episodes]


def _known(incidents: Sequence[Incident], episode: Episode) -> tuple[Incident, ...]:
    """Incidents of the same time, whose scope is the episode's, inside it or around it."""
    return tuple(
        one
        for one in incidents
        if not one.is_blind
        and one.start < episode.end
        and episode.start < one.last_hot
        and (one.scope.covers_scope(episode.scope) or episode.scope.covers_scope(one.scope))
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What one set of rules would have said and the other would not; `both` is what both would have."""

    only_here: list[Episode]
    only_there: list[Episode]
    both: int


def difference(here: Sequence[Episode], there: Sequence[Episode]) -> Difference:
    """Compare what rules of the same name say of the same members at the same time."""
    only_here = [one for one in here if not any(_alike(one, other) for other in there)]
    only_there = [one for one in there if not any(_alike(one, other) for other in here)]
    return Difference(only_here, only_there, len(here) - len(only_here))


def _alike(one: Episode, other: Episode) -> bool:
    same = (one.rule, one.scope) == (other.rule, other.scope)
    return same and one.start < other.end and other.start < one.end


def suggestions(rulebook: Rulebook, past: Past, a_month: float) -> Iterator[Suggestion]:
    """For every rule with a plain upper limit the one that would have spoken so often in a month."""
    months = past.window.length / _MONTH
    for rule in rulebook.rules:
        if rule.above is not None:
            found = verdicts(rule, past.view_of(rule))
            since = found.view.panel.column(past.window.start)
            yield suggest(found, since, a_month * months, QUIET_PERIOD)
