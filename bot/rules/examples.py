"""Examples of rules: spend that was made up, judged as if it were real."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.facts.clock import Grain
from bot.facts.directory import Directory
from bot.facts.money import ZERO, Usd, allocate
from bot.panel.leaves import NAMES, Leaves
from bot.panel.panel import Panel
from bot.rules.evaluate import breaches
from bot.rules.language import Example, Rule
from bot.rules.verdicts import verdicts

_HOURS = {"1h": 1, "1d": 24}
_FIRST_HOUR = 20_000 * 24


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an example: the step in which the rule fired first, and its words; None if it was quiet.

    `spent` are the dearest member's nano-dollars in the rule's window, at the end of each step.
    """

    rule: Rule
    example: Example
    fired_at: int | None
    said: str
    spent: tuple[Usd, ...]

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
    panel, width = _panel(rule, example), _HOURS[example.every]
    found = verdicts(rule, panel, Directory())
    fired = np.flatnonzero(found.above.any(axis=0))
    dearest = found.spent.max(axis=0, initial=0)[rule.hours + width - 1 :: width]
    spent = tuple(Usd(int(usd)) for usd in dearest)
    if not fired.size:
        return Outcome(rule, example, None, "", spent)
    (first, *_) = breaches([rule], panel, int(fired[0]), Directory())
    return Outcome(rule, example, (int(fired[0]) - rule.hours) // width + 1, first.why, spent)


def _panel(rule: Rule, example: Example) -> Panel:
    """The hours of the example, after as many quiet ones as the rule looks back."""
    width, steps = _HOURS[example.every], max(len(steps) for steps in example.series.values())
    usd = np.zeros((len(example.series), rule.hours + steps * width), np.int64)
    known = np.ones(usd.shape[1], np.bool_)
    for number, series in enumerate(example.series.values()):
        for step, amount in enumerate(series):
            hours = slice(rule.hours + step * width, rule.hours + (step + 1) * width)
            usd[number, hours] = allocate(amount or ZERO, [1] * width)
            known[hours] &= amount is not None
    leaves = Leaves.of(_leaf(rule, name) for name in example.series)
    return Panel(Grain.HOUR, _FIRST_HOUR, leaves, usd, known, known)


def _leaf(rule: Rule, name: str) -> tuple[str, ...]:
    """A leaf of the member of this name; whatever the rule asks of other dimensions fits."""
    patterns = rule.where.patterns().items()
    fitting = {dimension: pattern.replace("*", "any").replace("?", "x") for dimension, pattern in patterns}
    counted = rule.dimensions[0] if rule.dimensions else "api_key_id"
    return tuple((fitting | {counted: name}).get(dimension, "") for dimension in NAMES)
