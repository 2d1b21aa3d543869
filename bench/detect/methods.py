"""What can be examined: a method sees looks, oldest first, and answers each with alarms."""

from collections.abc import Sequence
from typing import Protocol

from bench.detect.exam import Alarm
from bench.detect.organisation import Look, Organisation
from bench.detect.peers.catalogue import PLACES, peer
from bot.detect.watch import Watcher
from bot.facts.clock import Grain
from bot.facts.finding import Finding

OURS = "ours"
METHODS = (OURS, *PLACES)
"""The bot's own watcher, and its peers."""


class Method(Protocol):
    """One replay of one organisation."""

    def observe(self, look: Look) -> list[Alarm]:
        """What it would say after this look, candidates below its own bar included."""


class Ours:
    """The bot's own watcher, with its usual settings."""

    def __init__(self, grain: Grain) -> None:
        """Fed by the day or by the hour."""
        self._watcher, self._grain = Watcher(), grain

    def observe(self, look: Look) -> list[Alarm]:
        """Its findings, candidates included."""
        watcher, start = self._watcher, look.start
        if self._grain is Grain.DAY:
            findings = watcher.observe(start.date(), look.rows, look.restated, candidates=True)
        else:
            findings = watcher.observe_hour(start, look.rows, look.restated, candidates=True)
        return [_alarm(look, finding) for finding in findings]


def _alarm(look: Look, finding: Finding) -> Alarm:
    named = finding.parts[0].scope if finding.parts else finding.scope
    return Alarm(look.start, finding.scope, finding.score, finding.said, named)


def method(name: str, organisation: Organisation) -> Method:
    """A fresh one by name; KeyError for one there is not, ImportError where a peer's package is missing."""
    return Ours(organisation.grain) if name == OURS else peer(name, organisation.judged_from)


def replay(method: Method, looks: Sequence[Look]) -> list[Alarm]:
    """All that a method says, oldest first."""
    return [alarm for look in looks for alarm in method.observe(look)]
