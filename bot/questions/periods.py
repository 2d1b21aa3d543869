"""The periods that words name, cut at the end of the hour that now lies in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.facts.clock import Window
from bot.questions.naming import stretch_name
from bot.questions.question import Period
from bot.questions.ranges import stretch_at
from bot.questions.spans import Span, Unit, ago, before, end_of_hour
from bot.questions.unread import Unread

PHRASES: Final = (
    "today", "yesterday", "tomorrow", "week", "month", "weekend", "this week", "this month", "this year",
    "last week", "last month", "last year", "last weekend", "last hour", "last 3 days", "last 7 days",
    "last 24 hours", "since", "until",
)  # fmt: skip
"""Periods, and words of periods, that people may have meant."""


@dataclass(frozen=True, slots=True)
class Named:
    """A period that words [at, at + count) name, and the span it was cut from."""

    at: int
    count: int
    period: Period
    span: Span


def period_at(keys: Sequence[str], at: int, now: datetime, *, ranges: bool = True) -> Named | None:
    """The period that words from `at` name, the longest there is, or None.

    "to" joins two days to a range only where `ranges` says so: in a comparison it stands between the sides.
    Raises Unread for days that there are not, for the future, and for what ends before it starts.
    """
    span = stretch_at(keys, at, now, ranges=ranges)
    return _named(span, at, now) if span else None


def named_today(now: datetime) -> Named:
    """What is meant where no period is named."""
    return _named(ago(Unit.DAY, 0, now, 0), 0, now)


def _named(span: Span, at: int, now: datetime) -> Named:
    end, is_month = end_of_hour(now), span.unit is Unit.MONTH
    if span.start >= end:
        better = "this month" if is_month else "this week" if span.unit is Unit.WEEK else "today"
        raise Unread(f"{span.name or 'that'} is still to come", at, span.count, better)
    goes_on = span.end >= end
    window = Window(span.start, min(span.end, end))
    name = span.name or stretch_name(window, now, goes_on=goes_on)
    return Named(at, span.count, Period(name, window, goes_on, is_month and goes_on), span)


def period_before(named: Named, now: datetime) -> Period:
    """The period before one: the month before a month, else as many hours, so many whole days earlier."""
    name, window = before(named.span, named.period.window, now)
    return Period(name, window)
