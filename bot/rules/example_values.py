"""What stands in examples: courses of made-up spend, and what is expected of a rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.rules.metrics import NAMES, Watched
from bot.rules.values import not_one_of, quoted

_STEP = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?|_)(?:x([1-9][0-9]{0,3}))?", re.ASCII)
_MOST_STEPS = 2000
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
    if isinstance(raw, str):
        return {None: series(raw)}
    if isinstance(raw, Mapping):
        return {_metric(name): series(steps if isinstance(steps, str) else "") for name, steps in raw.items()}
    raise ValueError("is a list; write the steps in one line, such as 10x7 90")


def _metric(name: str) -> Watched:
    found = next((metric for metric in NAMES if metric == name), None)
    if found is None:
        raise ValueError(not_one_of(name, NAMES))
    return found


def series(text: str) -> Series:
    """Amounts step by step: "10x7 90 _" is seven times 10, once 90, and a step that was never read."""
    steps: list[Decimal | None] = []
    for word in text.split():
        match = _STEP.fullmatch(word)
        if match is None:
            remedy = "write amounts without $ or %, such as 10x7 90, or _"
            raise ValueError(f"{quoted(word)} is no step of a series; {remedy}")
        amount = None if match[1] == "_" else Decimal(match[1])
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
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no day; write it like 2026-06-01") from None
