"""Panels for examples: amounts step by step become dollars, tokens and requests by the hour."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

import numpy as np

from bot.facts.clock import Grain, index
from bot.panel.leaves import NAMES, Leaves, Numbers
from bot.panel.panel import Panel
from bot.rules.amounts import Unit
from bot.rules.example_values import Course, Series
from bot.rules.language import Example, Rule
from bot.rules.metrics import METRICS, Metric, Watched

HOURS_A_STEP = {"1h": 1, "1d": 24}
_NANO = 10**9
_SHARE = 24 * _NANO
"""Nano-dollars for each percent of the total."""
_REQUESTS, _TOKENS = 24_000, 24_000_000
"""In each step of a ratio whose other side is not given."""
_MOST_COUNTED = 1000
_HUNDRED = Decimal(100)
_Values = dict[str, str]
_Amounts = dict[str, list[int]]
"""Whole amounts by field of a SpendRow, step by step."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    values: _Values
    amounts: _Amounts


def panel_of(rule: Rule, example: Example) -> Panel:
    """The hours of the example, after as many as the rule looks back.

    Before it nothing was spent; where the rule compares with what was before, nothing is known of it.
    """
    width, steps = HOURS_A_STEP[example.every], max(map(_length, example.series.values()))
    made = list(_leaves(rule, example, steps))
    names = sorted({name for leaf in made for name in leaf.amounts} | rule.counts | {"usd"})
    sums = {
        name: _by_hour([leaf.amounts.get(name, []) for leaf in made], rule.reach, steps, width)
        for name in names
    }
    known = np.repeat(_known(example, steps), width)
    known = np.concatenate((np.full(rule.reach, not rule.compares), known))
    begins = index(datetime.combine(example.begins, time(), UTC), Grain.HOUR)
    tags = {name: [leaf.values.get(name, "") for leaf in made] for name in ("team", "service_tier")}
    leaves = Leaves([tuple(leaf.values.get(name, "") for name in NAMES) for leaf in made], tags)
    return Panel(Grain.HOUR, begins - rule.reach, leaves, sums.pop("usd"), known, known, sums)


def _length(course: Course) -> int:
    return max(len(series) for series in course.values())


def _known(example: Example, steps: int) -> list[bool]:
    """A step that is missing in one series was never read."""
    everything = [series for course in example.series.values() for series in course.values()]
    return [
        all(step >= len(series) or series[step] is not None for series in everything) for step in range(steps)
    ]


def _by_hour(amounts: list[list[int]], before: int, steps: int, width: int) -> Numbers:
    table = np.zeros((len(amounts), before + steps * width), np.int64)
    for row, series in enumerate(amounts):
        spread = [part for amount in series for part in _spread(amount, width)]
        table[row, before : before + len(spread)] = spread
    return table


def _spread(amount: int, width: int) -> list[int]:
    """As evenly as whole numbers allow, in every part of the step."""
    return [amount * (hour + 1) // width - amount * hour // width for hour in range(width)]


def _leaves(rule: Rule, example: Example, steps: int) -> Iterator[_Leaf]:
    shares = [Decimal(0)] * steps
    for name, course in example.series.items():
        given = {metric or rule.leading.watch: series for metric, series in course.items()}
        yield from _of_member(_named(rule, name), given)
        for step, share in enumerate(given.get("share of total", ())):
            shares[step] += share or 0
    if any(shares):
        rest = [int((_HUNDRED - min(share, _HUNDRED)) * _SHARE) for share in shares]
        yield _Leaf({}, {"usd": rest})


def _of_member(values: _Values, given: Mapping[Watched, Series]) -> Iterator[_Leaf]:
    counted = {name: series for name, series in given.items() if METRICS[name].distinct}
    summed = _amounts({name: series for name, series in given.items() if name not in counted})
    if summed or not counted:
        yield _Leaf(values, summed)
    for name, series in counted.items():
        most = min(int(max((amount or 0 for amount in series), default=0)), _MOST_COUNTED)
        for number in range(most):
            spent = [_NANO * ((amount or 0) > number) for amount in series]
            dimension = METRICS[name].distinct
            called = f"{values.get(dimension, name)} {number + 1}"
            yield _Leaf({**values, dimension: called}, {"usd": spent})


def _amounts(given: Mapping[Watched, Series]) -> _Amounts:
    """Sums as they are given; ratios with another side of their own; a dollar a step where no cost is."""
    amounts: _Amounts = {}
    for name, series in sorted(given.items(), key=lambda pair: bool(METRICS[pair[0]].over)):
        metric = METRICS[name]
        make = _ratio if metric.over else _sum
        amounts |= make(metric, [amount or Decimal(0) for amount in series], amounts)
    if amounts and "usd" not in amounts:
        some = next(iter(amounts.values()))
        amounts["usd"] = [_NANO * (amount > 0) for amount in some]
    return amounts


def _sum(metric: Metric, series: list[Decimal], _: _Amounts) -> _Amounts:
    scale = {Unit.DOLLARS: _NANO, Unit.SHARE: _SHARE}.get(metric.unit, 1)
    return {metric.of[0]: [int(amount * scale) for amount in series]}


def _ratio(metric: Metric, series: list[Decimal], known: _Amounts) -> _Amounts:
    if metric.unit is Unit.DOLLARS:
        return _a_request(series, known)
    part = metric.of[0]
    rest = next(name for name in metric.over if name != part)
    shares = [int(_TOKENS * min(amount, _HUNDRED) / _HUNDRED) for amount in series]
    return {part: shares, rest: [_TOKENS - share for share in shares]}


def _a_request(series: list[Decimal], known: _Amounts) -> _Amounts:
    if "requests" in known:
        both = zip(series, known["requests"], strict=False)
        return {"usd": [int(price * _NANO * requests) for price, requests in both]}
    if "usd" in known:
        pairs = zip(known["usd"], series, strict=False)
        return {"requests": [round(usd / (price * _NANO)) if price else 0 for usd, price in pairs]}
    return {
        "usd": [int(price * _NANO * _REQUESTS) for price in series],
        "requests": [_REQUESTS] * len(series),
    }


def _named(rule: Rule, name: str) -> _Values:
    """The member of this name; whatever the rule asks of other dimensions fits."""
    values = {dimension: _fitting(patterns[0]) for dimension, patterns in rule.where.patterns().items()}
    dimensions = rule.dimensions or ("api_key_id",)
    parts = [part.strip() for part in name.split("/", len(dimensions) - 1)]
    return values | dict(zip(dimensions, parts, strict=False))


def _fitting(pattern: str) -> str:
    plain = re.sub(r"\[([^\]!])[^\]]*\]", r"\1", pattern)
    return plain.replace("*", "any").replace("?", "x")
