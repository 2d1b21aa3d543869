"""What a rule would have said of the past: the same verdicts, hour by hour, as it would have lived them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.facts.clock import HOUR
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.rules.language import Rule
from bot.rules.verdicts import Verdicts, verdicts
from bot.rules.view import View
from bot.rules.wording import reading


@dataclass(frozen=True, slots=True)
class Episode:
    """One time that a rule would have spoken of a member: from its first hour to its last.

    `said` is what it would have said first, `spent` the dollars from then on: what there was to save.
    """

    rule: str
    scope: Scope
    start: datetime
    end: datetime
    said: str
    spent: Usd


def replay(rule: Rule, view: View, since: datetime, quiet: timedelta) -> list[Episode]:
    """The episodes that begin at `since` or later, oldest first.

    What is back within `quiet` is the same episode, as it is the same incident.
    """
    found = verdicts(rule, view)
    speaks = found.speaks & view.panel.known
    episodes = [
        _episode(found, int(member), hours)
        for member in np.flatnonzero(speaks.any(axis=1))
        for hours in _runs(speaks[member], quiet // HOUR)
    ]
    recent = (episode for episode in episodes if episode.start >= since)
    return sorted(recent, key=lambda episode: (episode.start, repr(episode.scope)))


def _runs(speaks: Mask, quiet: int) -> Iterator[range]:
    """Stretches of hours in which it speaks, joined where so many hours or less lie between."""
    hours = np.flatnonzero(speaks)
    for run in np.split(hours, np.flatnonzero(np.diff(hours) > quiet) + 1):
        yield range(int(run[0]), int(run[-1]) + 1)


def _episode(found: Verdicts, member: int, hours: range) -> Episode:
    panel = found.view.panel
    return Episode(
        rule=found.rule.name,
        scope=found.groups.scope(member),
        start=panel.start_of(hours.start),
        end=panel.start_of(hours.stop),
        said=reading(found.rule, found.judged, member, hours.start),
        spent=found.view.spent(member, hours),
    )
