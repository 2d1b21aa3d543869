"""Examples of rules: spend that was made up, judged as if it were real."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.facts.directory import Directory
from bot.rules.evaluate import breaches
from bot.rules.language import Example, Rule
from bot.rules.made_up import HOURS_A_STEP, panel_of
from bot.rules.verdicts import Verdicts, verdicts
from bot.rules.view import View


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an example: the step in which the rule fired first, and its words; None if it was quiet.

    `values` and `limits` are those of the member that fired, else of the highest, at the end of each step.
    """

    rule: Rule
    example: Example
    fired_at: int | None
    said: str
    values: tuple[float, ...]
    limits: tuple[float, ...]

    @property
    def problem(self) -> str:
        """What is not as expected, or an empty string."""
        expected, came = self.example.expect, self.fired_at
        if not expected.fires:
            return f"should be quiet, but fired at {came}" if came else ""
        if came is None:
            return "should have fired, but was quiet"
        if expected.step not in {None, came}:
            return f"should have fired at {expected.step}, but fired at {came}"
        if self.example.says and self.example.says not in self.said:
            return f"should say {self.example.says!r}, but said: {self.said}"
        return ""


def run(rule: Rule) -> Iterator[Outcome]:
    """The outcome of each of a rule's examples."""
    return (_outcome(rule, example) for example in rule.examples)


def _outcome(rule: Rule, example: Example) -> Outcome:
    panel, width = panel_of(rule, example), HOURS_A_STEP[example.every]
    found = verdicts(rule, View.of(rule, panel, Directory()))
    fired = np.flatnonzero(found.speaks.any(axis=0) | found.unseen)
    member, steps = _told_of(found), slice(rule.reach + width - 1, None, width)
    values, limits = (tuple(of[member, steps].tolist()) for of in (found.judged.value, found.judged.limit))
    if not fired.size:
        return Outcome(rule, example, None, "", values, limits)
    (first, *_) = breaches(rule, panel, int(fired[0]), Directory())
    return Outcome(rule, example, (int(fired[0]) - rule.reach) // width + 1, first.why, values, limits)


def _told_of(found: Verdicts) -> int:
    """The member that spoke first, else the one with the highest amounts."""
    if found.speaks.any():
        return int(np.argmax(found.speaks[:, np.argmax(found.speaks.any(axis=0))]))
    return int(np.argmax(np.nan_to_num(found.judged.value).max(axis=1)))
