"""What a rule would have said of the past: the same verdicts, hour by hour, as it would have lived them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.facts.clock import HOUR
from bot.facts.directory import Directory
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.panel import Panel
from bot.rules.evaluate import Row
from bot.rules.language import Rule
from bot.rules.verdicts import Verdicts, verdicts


@dataclass(frozen=True, slots=True)
class Episode:
    """One time that a rule would have spoken of a member: from its first hour above to its last.

    `peak` is the most that stood in its window, `spent` what was spent from the first of these hours on
    (nano-USD): what there was to save.
    """

    rule: str
    scope: Scope
    start: datetime
    end: datetime
    peak: Usd
    spent: Usd


def replay(
    rule: Rule, panel: Panel, directory: Directory, since: datetime, quiet: timedelta
) -> list[Episode]:
    """The episodes that begin at `since` or later, oldest first.

    What is back within `quiet` is the same episode, as it is the same incident.
    """
    found = verdicts(rule, panel, directory)
    dollars = panel.grouped(found.groups)
    episodes = [
        _episode(found, panel, dollars[member], member, hours)
        for member in map(int, np.flatnonzero(found.above.any(axis=1)))
        for hours in _runs(found.above[member], quiet // HOUR)
    ]
    recent = (episode for episode in episodes if episode.start >= since)
    return sorted(recent, key=lambda episode: (episode.start, repr(episode.scope)))


def _runs(above: Mask, quiet: int) -> Iterator[range]:
    """Stretches of hours above, joined where so many hours or less lie between."""
    hours = np.flatnonzero(above)
    for run in np.split(hours, np.flatnonzero(np.diff(hours) > quiet) + 1):
        yield range(int(run[0]), int(run[-1]) + 1)


def _episode(found: Verdicts, panel: Panel, dollars: Row, member: int, hours: range) -> Episode:
    span = slice(hours.start, hours.stop)
    return Episode(
        rule=found.rule.name,
        scope=found.groups.scope(member),
        start=panel.start_of(hours.start),
        end=panel.start_of(hours.stop),
        peak=Usd(int(found.spent[member, span].max())),
        spent=Usd(int(dollars[span].sum())),
    )
