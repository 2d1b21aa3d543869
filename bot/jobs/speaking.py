"""What all rules together say of an hour: one that fails does not stop the others."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.facts.directory import Directory
from bot.facts.finding import Finding
from bot.panel.panel import Panel
from bot.rules.evaluate import breaches
from bot.rules.language import Rule
from bot.rules.rulebook import Rulebook

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What rules say, and which could not be judged, in a sentence each."""

    findings: list[Finding]
    failed: list[str]


def speak(
    rulebook: Rulebook, panel_of: Callable[[Rule], Panel], hour: datetime, directory: Directory
) -> Spoken:
    """Every rule's findings of an hour, in their order; one that fails does not stop the others."""
    spoken = Spoken([], [])
    for rule in rulebook.rules:
        panel = panel_of(rule)
        try:
            spoken.findings.extend(breaches(rule, panel, panel.column(hour), directory))
        except Exception as error:
            log.debug("a rule failed", exc_info=True)
            what = f"{type(error).__name__}: {error}"
            place = rulebook.places.get(rule.name, "rules")
            spoken.failed.append(f"{place}: {rule.name!r} could not be judged ({what}); report this as a bug")
    return spoken
