"""What stands in examples: courses of made-up spend, and what is expected of a rule."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.rules.amounts import Unit
from bot.rules.metrics import METRICS, NAMES, Watched
from bot.rules.values import not_one_of, quoted

_STEP = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?|_)(?:x([1-9][0-9]{0,3}))?", re.ASCII)
_MOST_STEPS = 2000
_MOST = 10**9
_EXPECTED = re.compile(r"quiet|(fires)(?: at ([1-9][0-9]{0,3}(?:,? [1-9][0-9]{0,3}){0,20}))?")

Series = tuple[Decimal | None, ...]
"""Amounts step by step; None was never read."""
Course = Mapping[Watched | None, Series]
"""A member's series by metric; None is what its rule watches."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example expects: to stay quiet (`fires` is False), or to fire, first in these steps."""

    fires: bool
    steps: tuple[int, ...] = ()


def course(raw: str | Mapping[str, object] | tuple[object, ...]) -> Course:
    """Steps such as "10x7 90", or the same for several metrics: {cost: 50x9, requests: 100x9}."""
    if isinstance(raw, Mapping) and raw:
        _refuse_both_sides(names := [_metric(name) for name in raw])
        return dict(zip(names, (series(_line(steps)) for steps in raw.values()), strict=True))
    return {None: series(_line(raw))}


def _line(steps: object) -> str:
    if isinstance(steps, str):
        return steps
    raise ValueError("says no steps in one line; write them like 10x7 90")


def _metric(name: str) -> Watched:
    found = next((metric for metric in NAMES if metric == name), None)
    if found is None:
        raise ValueError(not_one_of(name, NAMES))
    return found


def _refuse_both_sides(names: Iterable[Watched]) -> None:
    """A share makes up its own tokens or dollars: others beside it would not count."""
    metrics = {name: METRICS[name] for name in names}
    given = {field for metric in metrics.values() if metric.is_sum for field in metric.of}
    for name, metric in metrics.items():
        own = {*metric.over, *metric.of}
        if given & own if metric.unit is Unit.SHARE else given >= own and metric.over:
            raise ValueError(f"gives {name} and what it is made of; leave one of them out")


def series(text: str) -> Series:
    """Amounts step by step: "10x7 90 _" is seven times 10, once 90, and a step that was never read."""
    steps: list[Decimal | None] = []
    for word in text.split():
        match = _STEP.fullmatch(word)
        if match is None:
            remedy = "write amounts without $ or %, such as 10x7 90, or _"
            raise ValueError(f"{quoted(word)} is no step of a series; {remedy}")
        amount = None if match[1] == "_" else Decimal(match[1])
        if amount is not None and amount > _MOST:
            raise ValueError(f"{quoted(word)} is too much for an example; write at most {_MOST:,}")
        steps += [amount] * int(match[2] or 1)
    if not 1 <= len(steps) <= _MOST_STEPS:
        raise ValueError(f"has {len(steps)} steps; write 1 to {_MOST_STEPS}, such as 10x7 90")
    return tuple(steps)


def expected(text: str) -> Expected:
    """One of quiet, fires, and fires at some steps."""
    match = _EXPECTED.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"{quoted(text)} is not what can be expected; write quiet, fires, or fires at 8")
    return Expected(match[1] is not None, tuple(int(step) for step in re.findall("[0-9]+", match[2] or "")))


def first_day(text: str) -> date:
    """The day on which an example begins."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no day; write it like 2026-06-01") from None
    if not 2000 <= day.year < 2100:
        raise ValueError(f"{quoted(text)} is far away; write a day of this century")
    return day
