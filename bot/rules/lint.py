"""What is allowed in rule files and yet probably not meant, held against what was spent so far."""

from collections.abc import Iterator
from datetime import datetime

from bot.facts.directory import Directory
from bot.facts.scope import WORDS
from bot.facts.text import when
from bot.panel.leaves import NAMES
from bot.panel.panel import Panel
from bot.rules.language import Event, Rule
from bot.rules.matching import matches
from bot.rules.rulebook import Rulebook
from bot.rules.verdicts import verdicts

_ALWAYS = 0.5
"""Of the hours: what speaks that often says nothing."""


def warnings(rulebook: Rulebook, panel: Panel, directory: Directory, now: datetime) -> Iterator[str]:
    """Sentences that name the rule's place and the remedy. `panel` is of hours, the longer the better."""
    for rule in rulebook.rules:
        for warning in (*_of_rule(rule, panel, directory), *_of_patterns(rule, panel, directory)):
            yield f"{rulebook.places.get(rule.name, 'rules')}: {rule.name}: {warning}"
    for event in rulebook.events:
        yield from (f"{event.name}: {warning}" for warning in _of_event(event, now))


def _of_rule(rule: Rule, panel: Panel, directory: Directory) -> Iterator[str]:
    if not rule.examples:
        yield "has no example; add one, so that `claude-spend rules test` can run it"
    found = verdicts(rule, panel, directory)
    share = float(found.above.any(axis=0).mean()) if panel.columns else 0.0
    if share > _ALWAYS:
        yield f"would have spoken in {share:.0%} of the last {panel.columns} hours; raise above"


def _of_patterns(rule: Rule, panel: Panel, directory: Directory) -> Iterator[str]:
    """Patterns that nothing fits that ever spent: mostly a name misspelt, or gone."""
    for dimension, pattern in rule.where.patterns().items() if panel.leaves.values else ():
        values = {leaf[NAMES.index(dimension)] for leaf in panel.leaves.values}
        if not any(matches(dimension, value, pattern, directory) for value in values):
            yield f"no {WORDS[dimension]} that ever spent fits {pattern!r}; check the name"


def _of_event(event: Event, now: datetime) -> Iterator[str]:
    if event.end <= now:
        yield f"is over since {when(event.end)}; remove it"
