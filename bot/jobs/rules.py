"""What rule files say and would have said, for those who edit them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.facts.incident import Incident
from bot.incidents.lifecycle import QUIET_PERIOD
from bot.jobs.panels import hours_of, hours_until
from bot.jobs.ports import Store
from bot.rules.lint import warnings
from bot.rules.replay import Episode, replay
from bot.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Replayed:
    """An episode, and the incidents that people saw of the same spend at that time."""

    episode: Episode
    known: tuple[Incident, ...]


def lint(store: Store, rulebook: Rulebook, now: datetime) -> list[str]:
    """Warnings about rules, held against the hours that detection looks at."""
    return list(warnings(rulebook, hours_until(store, now), store.names.load(), now))


def replay_all(store: Store, rulebook: Rulebook, window: Window) -> list[Replayed]:
    """What each rule would have said in a window, in the order of the rules."""
    longest = max((rule.within for rule in rulebook.rules), default=DAY)
    reach = Window(floor(window.start - longest, Grain.DAY), ceil(window.end, Grain.DAY))
    panel = hours_of(store, reach)
    panel = panel.before(panel.column(ceil(window.end, Grain.HOUR)))
    directory, incidents = store.names.load(), store.incidents.recent(reach.start)
    return [
        Replayed(episode, _known(incidents, episode))
        for rule in rulebook.rules
        for episode in replay(rule, panel, directory, window.start, QUIET_PERIOD)
    ]


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
