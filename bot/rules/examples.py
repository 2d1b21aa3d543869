"""Examples of rules: spend that was made up, judged as if it were real."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.facts.directory import Directory
from bot.rules.evaluate import breaches
from bot.rules.language import Example, Rule
from bot.rules.made_up import HOURS_A_STEP, panel_of
from bot.rules.verdicts import Verdicts, news, verdicts
from bot.rules.view import View

_LISTED = 6
"""Steps that are named."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an example: the steps in which the rule said something new, and what it said.

    `values` and `limits` are those of the member that fired, else of the highest, at the end of each step.
    """

    rule: Rule
    example: Example
    fired: tuple[int, ...]
    said: tuple[str, ...]
    values: tuple[float, ...]
    limits: tuple[float, ...]

    @property
    def problem(self) -> str:
        """What is not as expected, or an empty string."""
        expected = self.example.expect
        if not expected.fires:
            return f"should be quiet, but fired at {_listed(self.fired)}" if self.fired else ""
        if not self.fired:
            return "should have fired, but was quiet"
        if self.fired[: len(expected.steps)] != expected.steps:
            return f"should have fired at {_listed(expected.steps)}, but fired at {_listed(self.fired)}"
        if self.example.says and not any(self.example.says in words for words in self.said):
            return f"should say {self.example.says!r}, but said: {' '.join(self.said)}"
        return ""


def _listed(steps: tuple[int, ...]) -> str:
    return " ".join(map(str, steps[:_LISTED])) + (" ..." if len(steps) > _LISTED else "")


def run(rule: Rule) -> Iterator[Outcome]:
    """The outcome of each of a rule's examples."""
    return (_outcome(rule, example) for example in rule.examples)


def _outcome(rule: Rule, example: Example) -> Outcome:
    panel, width = panel_of(rule, example), HOURS_A_STEP[example.every]
    found = verdicts(rule, View.of(rule, panel, Directory()))
    hours = [hour for hour in sorted(news(found)) if hour >= rule.reach]
    said = [breaches(rule, panel, hour, Directory())[0].why for hour in hours]
    fired = tuple(dict.fromkeys((hour - rule.reach) // width + 1 for hour in hours))
    values, limits = _drawn(found, slice(rule.reach + width - 1, None, width))
    return Outcome(rule, example, fired, tuple(said), values, limits)


def _drawn(found: Verdicts, steps: slice) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The course of the member that spoke first, else of the one with the highest amounts."""
    if not len(found.groups):
        return (), ()
    first = np.argmax(found.speaks.any(axis=0))
    by_height = np.nan_to_num(found.judged.value).max(axis=1)
    member = int(np.argmax(found.speaks[:, first] if found.speaks.any() else by_height))
    values, limits = (of[member, steps].tolist() for of in (found.judged.value, found.judged.limit))
    return tuple(values), tuple(limits)
