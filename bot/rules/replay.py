"""What a rule would have said of the past: the same verdicts, hour by hour, as it would have lived them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.facts.clock import HOUR
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.leaves import Numbers
from bot.rules.language import Rule
from bot.rules.verdicts import Verdicts, verdicts
from bot.rules.view import View
from bot.rules.wording import reading


@dataclass(frozen=True, slots=True)
class Episode:
    """One time that a rule would have spoken of a member: from its first hour to its last.

    `said` is what it would have said first, `spent` the dollars of these hours: what there was to save.
    """

    rule: str
    scope: Scope
    start: datetime
    end: datetime
    said: str
    spent: Usd
    leaves: frozenset[Scope]
    """What the member consists of."""


def replay(rule: Rule, view: View, since: datetime, quiet: timedelta) -> list[Episode]:
    """The episodes that are not over at `since`, oldest first.

    What is back within `quiet` is the same episode, as it is the same incident; a further share of a budget,
    or another period of it, is another one.
    """
    first = view.panel.column(since)
    found = (verdicts(rule, block) for block in view.blocks())
    episodes = [episode for one in found for episode in _episodes(one, first, quiet // HOUR)]
    return sorted(episodes, key=lambda episode: (episode.start, repr(episode.scope)))


def _episodes(found: Verdicts, first: int, quiet: int) -> Iterator[Episode]:
    speaks = found.speaks & found.view.panel.known
    for member in np.flatnonzero(speaks[:, first:].any(axis=1)).tolist():
        for hours in _runs(speaks[member], _steps(found, member), quiet):
            if hours.stop > first:
                yield _episode(found, member, hours)


def _steps(found: Verdicts, member: int) -> Numbers:
    """What parts one episode from the next, by hour."""
    step = found.judged.step
    return np.zeros(found.view.panel.columns, np.int64) if step is None else step[member]


def _runs(speaks: Mask, steps: Numbers, quiet: int) -> Iterator[range]:
    """Stretches of hours in which it speaks, joined where so many hours or less lie between."""
    hours = np.flatnonzero(speaks)
    parted = (np.diff(hours) > quiet) | (np.diff(steps[hours]) != 0)
    for run in np.split(hours, np.flatnonzero(parted) + 1):
        yield range(int(run[0]), int(run[-1]) + 1)


def _episode(found: Verdicts, member: int, hours: range) -> Episode:
    panel = found.view.panel
    leaves = np.flatnonzero(found.groups.of_leaf == member)
    return Episode(
        rule=found.rule.name,
        scope=found.groups.scope(member),
        start=panel.start_of(hours.start),
        end=panel.start_of(hours.stop),
        said=reading(found.rule, found.judged, member, hours.start),
        spent=found.view.spent(member, hours),
        leaves=frozenset(panel.leaves.scope(int(leaf)) for leaf in leaves),
    )
