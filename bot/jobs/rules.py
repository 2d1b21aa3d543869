"""What rule files say and would have said, for those who edit them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.detect.reduce import MOST
from bot.explain.owner import Teams
from bot.facts.clock import HOUR, Grain, Window, ceil, floor
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.incidents.match import QUIET_PERIOD
from bot.jobs.panels import REACH, hours_of
from bot.jobs.ports import Store
from bot.jobs.teams import assign_teams
from bot.panel.panel import Panel
from bot.rules.as_written import as_written
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


Episodes = Sequence[Episode]
BeforeAndAfter = tuple[Rule | None, Rule | None]
"""A rule there and here; None where there is none."""


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
    """With the counts that rules ask for."""
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
        hours = hours_of(store, reach, sorted(rulebook.counts))
        hours = hours.before(hours.column(ceil(window.end, Grain.HOUR)))
        return cls(window, hours, directory, store.incidents.recent(reach.start))

    def view_of(self, rule: Rule) -> View:
        """What a rule is judged on; rules about the same members share their sums."""
        members = (rule.dimensions, rule.where, rule.exclude)
        if members not in self._views:
            if len(self._views) == _MOST_VIEWS:
                self._views.pop(next(iter(self._views)))
            self._views[members] = View.of(rule, self.hours, self.directory)
        return self._views[members]


def lint(store: Store, rulebook: Rulebook, teams: Teams, now: datetime) -> list[str]:
    """Warnings about rules, held against the hours that detection looks at."""
    past = Past.of(store, rulebook, Window(now - REACH, now), teams)
    found = warnings(rulebook, past.view_of, past.hours.leaves, past.directory, now)
    return [*found, *_refused(store.outbox.refused(), rulebook)]


def _refused(refused: Mapping[str, str], rulebook: Rulebook) -> Iterator[str]:
    """Addressees that Slack would not have."""
    named = [(rule.name, rule.route) for rule in rulebook.rules]
    named += [(route.name, (*route.to, *route.also)) for route in rulebook.routes]
    for name, addressees in named:
        for who in addressees:
            if who in refused:
                yield f"{name}: {who} was refused lately: {refused[who]}"


def replay_rule(rule: Rule, past: Past) -> list[Replayed]:
    """What a rule would have said in the window, oldest first."""
    episodes = replay(rule, past.view_of(rule), past.window.start, QUIET_PERIOD)
    return [Replayed(episode, _known(past.incidents, episode)) for episode in episodes]


def _known(incidents: Sequence[Incident], episode: Episode) -> tuple[Incident, ...]:
    """Incidents of the same time and mostly of the same spend."""
    return tuple(
        one
        for one in incidents
        if not one.is_blind
        and one.start < episode.end
        and episode.start < max(one.last_hot, one.start + HOUR)
        and (one.scope.covers_scope(episode.scope) or _share_of(one, episode) >= MOST)
    )


def _share_of(incident: Incident, episode: Episode) -> float:
    """How much of an incident's excess lies in what an episode is about."""
    whole = sum(part.excess for part in incident.parts)
    inside = sum(part.excess for part in incident.parts if part.scope in episode.leaves)
    return inside / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule here and there: which of its fields differ, and what it would have said in only one of them."""

    rule: str
    fields: dict[str, tuple[str, str]]
    """By field what it says there and here; empty where the rule is in one of them alone."""
    here: int
    there: int
    only_here: list[Episode]
    only_there: list[Episode]
    moved: list[tuple[Episode, Episode]]
    """What both would have said, at another time: there and here."""

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return (
            not (self.fields or self.only_here or self.only_there or self.moved) and self.here == self.there
        )


def difference(
    name: str, rules: tuple[Rule | None, Rule | None], here: Episodes, there: Episodes
) -> Difference:
    """Compare what a rule says there and here (`rules`, in this order; None where there is none)."""
    before, after = rules
    pairs = [(other, one) for one in here for other in there if _alike(one, other)]
    matched = {id(episode) for pair in pairs for episode in pair}
    return Difference(
        rule=name,
        fields=_fields(before, after) if before and after else {},
        here=len(here),
        there=len(there),
        only_here=[one for one in here if id(one) not in matched],
        only_there=[one for one in there if id(one) not in matched],
        moved=[(other, one) for other, one in pairs if one.start != other.start],
    )


def _fields(before: Rule, after: Rule) -> dict[str, tuple[str, str]]:
    both = {name: (getattr(before, name), getattr(after, name)) for name in Rule.model_fields}
    changed = {name: pair for name, pair in both.items() if pair[0] != pair[1] and name != "examples"}
    return {name.rstrip("_"): (as_written(old), as_written(new)) for name, (old, new) in changed.items()}


def _alike(one: Episode, other: Episode) -> bool:
    return one.scope == other.scope and one.start < other.end and other.start < one.end


def suggestions(rulebook: Rulebook, past: Past, a_month: float) -> Iterator[Suggestion]:
    """For every rule with a plain upper limit the one that would have spoken so often in a month."""
    months = past.window.length / _MONTH
    for rule in rulebook.rules:
        if rule.above is not None:
            found = verdicts(rule, past.view_of(rule))
            since = found.view.panel.column(past.window.start)
            yield suggest(found, since, a_month * months, QUIET_PERIOD)
