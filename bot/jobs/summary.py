"""What was spent in a period, by whom or on what, against what is usual: the question people ask most."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Protocol

from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.facts.directory import Directory
from bot.facts.money import ZERO, Usd
from bot.facts.spend import Basis
from bot.facts.trouble import Trouble
from bot.jobs.scopes import DIMENSIONS

_WEEK = timedelta(days=7)
_REFERENCES = 4

PERIODS = ("today", "yesterday", "week", "month")


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension by name, with its dollars (nano-USD) and requests in the period."""

    name: str
    usd: Usd
    requests: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Question:
    """A period and a dimension."""

    period: str = "today"
    by: str = "key"


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer. `usual` is the median of the same stretch in four earlier weeks, None when not known."""

    question: Question
    window: Window
    lines: tuple[Line, ...]
    """Largest first; their dollars sum to `total`."""
    total: Usd
    usual: Usd | None
    basis: Basis


class Totals(Protocol):
    """What a summary needs of the stored spend."""

    def by(self, dimension: str, window: Window) -> list[tuple[str, Usd, int, Basis]]:
        """(value, dollars, requests, basis) of a window by the values of a dimension, largest first."""

    def total(self, window: Window) -> Usd | None:
        """Dollars of a window; None when a part of it was never read."""


def understand(words: Sequence[str]) -> Question:
    """Read "yesterday by model", in any order. Raises Trouble that names the nearest word that works."""
    question = Question()
    for word in (word.lower() for word in words if word.lower() != "by"):
        if word in PERIODS:
            question = Question(word, question.by)
        elif word.removesuffix("s") in DIMENSIONS:
            question = Question(question.period, word.removesuffix("s"))
        else:
            near = difflib.get_close_matches(word, [*PERIODS, *DIMENSIONS], n=1)
            meant = f"did you mean {near[0]!r}?" if near else "try: today by key"
            raise Trouble(
                f"{word!r} is neither one of {', '.join(PERIODS)} nor one of {', '.join(DIMENSIONS)}; {meant}"
            )
    return question


def summarise(question: Question, spend: Totals, directory: Directory, now: datetime) -> Summary:
    """Answer a question as of `now`."""
    window = period_window(question.period, now)
    dimension = DIMENSIONS[question.by]
    found = spend.by(dimension, window)
    lines = tuple(
        Line(directory.name_of(dimension, value), usd, requests, basis)
        for value, usd, requests, basis in found
    )
    return Summary(
        question=question,
        window=window,
        lines=lines,
        total=Usd(sum((line.usd for line in lines), ZERO)),
        usual=_usual(spend, window),
        basis=max((line.basis for line in lines), default=Basis.BILLED),
    )


def period_window(period: str, now: datetime) -> Window:
    """The UTC window a word means; periods that are not over end with the current hour."""
    today, until = floor(now, Grain.DAY), ceil(now + timedelta(microseconds=1), Grain.HOUR)
    starts = {"today": today, "week": today - 6 * DAY, "month": today.replace(day=1)}
    if period == "yesterday":
        return Window(today - DAY, today)
    return Window(starts[period], until)


def _usual(spend: Totals, window: Window) -> Usd | None:
    """The median of the same hours, as many whole weeks earlier as do not overlap."""
    weeks = -(-window.length // _WEEK)
    shifts = [weeks * _WEEK * (number + 1) for number in range(_REFERENCES)]
    totals = [spend.total(Window(window.start - shift, window.end - shift)) for shift in shifts]
    known = [total for total in totals if total is not None]
    return median_low(known) if known else None
