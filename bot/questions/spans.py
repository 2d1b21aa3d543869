"""Stretches of the UTC calendar and what they are called; they may go on or lie ahead, uncut."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.facts.clock import DAY, HOUR, Grain, Window, floor
from bot.questions.naming import day_name, first_of_month, month_name, next_month, stretch_name

WEEK: Final = 7 * DAY


class Unit(StrEnum):
    """What time is counted in."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


LENGTHS: Final = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK}
"""Of the units that are always as long."""


@dataclass(frozen=True, slots=True)
class Span:
    """What `count` words name: whole UTC hours [start, end), and what they are called."""

    count: int
    name: str
    start: datetime
    end: datetime
    unit: Unit | None = None
    """The unit of the calendar that it is, one whole."""
    exact: datetime | None = None
    """The instant, where words name one: a range ends there and not with its hour."""
    again: timedelta | None = None
    """After how long the same words, which name no year or week, mean the next such day."""


def end_of_hour(now: datetime) -> datetime:
    """The end of the hour that an instant lies in."""
    return floor(now, Grain.HOUR) + HOUR


def ago(unit: Unit, back: int, now: datetime, count: int = 1) -> Span:
    """The whole hour, day, week from Monday, month or year that lies so many back; 0 is the one now."""
    start = _back(_begin(unit, now), unit, back)
    end = _back(start, unit, -1)
    called = {0: f"this {unit}", 1: f"last {unit}", -1: f"next {unit}"}
    name = called.get(back) or _name(unit, start, end, now)
    if unit is Unit.DAY:
        name = {0: "today", 1: "yesterday", -1: "tomorrow"}.get(back) or name
    return Span(count, name, start, end, unit)


def _begin(unit: Unit, now: datetime) -> datetime:
    today = floor(now, Grain.DAY)
    return {
        Unit.HOUR: floor(now, Grain.HOUR),
        Unit.DAY: today,
        Unit.WEEK: today - today.weekday() * DAY,
        Unit.MONTH: first_of_month(today),
        Unit.YEAR: today.replace(month=1, day=1),
    }[unit]


def _back(start: datetime, unit: Unit, back: int) -> datetime:
    if unit in LENGTHS:
        return start - back * LENGTHS[unit]
    months = start.year * 12 + start.month - 1 - back * (12 if unit is Unit.YEAR else 1)
    return start.replace(year=months // 12, month=months % 12 + 1)


def _name(unit: Unit, start: datetime, end: datetime, now: datetime) -> str:
    return f"{start:%Y}" if unit is Unit.YEAR else stretch_name(Window(start, end), now)


def rolling(number: int, unit: Unit, now: datetime, count: int) -> Span:
    """The last so many hours, days ..., with the one that goes on; one hour is the last that is over."""
    if number == 1:
        return ago(unit, 1 if unit is Unit.HOUR else 0, now, count)
    if unit is Unit.WEEK:
        number, unit = 7 * number, Unit.DAY
    last = ago(unit, 0, now)
    return Span(count, f"last {number} {unit}s", _back(last.start, unit, number - 1), last.end)


def month_span(start: datetime, now: datetime, count: int) -> Span:
    """The month that begins at an instant."""
    name = "this month" if start == first_of_month(now) else month_name(start, floor(now, Grain.DAY))
    return Span(count, name, start, next_month(start), Unit.MONTH)


def day_span(start: datetime, now: datetime, count: int, again: timedelta | None = None) -> Span:
    """The day that begins at an instant."""
    return Span(count, day_name(start, floor(now, Grain.DAY)), start, start + DAY, Unit.DAY, again=again)


def hour_span(exact: datetime, now: datetime, count: int) -> Span:
    """The hour that an instant lies in."""
    start = floor(exact, Grain.HOUR)
    is_now = start == floor(now, Grain.HOUR)
    name = "this hour" if is_now else stretch_name(Window(start, start + HOUR), now)
    return Span(count, name, start, start + HOUR, exact=exact)


def before(span: Span, window: Window, now: datetime) -> tuple[str, Window]:
    """The stretch before a span that was cut to a window: the month before, else so many whole days earlier.

    It is no longer than the window, so that days and hours are held against as many.
    """
    is_long = span.unit in {Unit.MONTH, Unit.YEAR}
    start = _back(span.start, span.unit, 1) if span.unit and is_long else span.start - _whole_days(span)
    end = span.start if is_long and window.end == span.end else start + window.length
    found = Window(start, min(end, span.start) if is_long else end)
    if span.unit is Unit.DAY and window.end == end_of_hour(now):
        return "same hours yesterday", found
    return stretch_name(found, now), found


def _whole_days(span: Span) -> timedelta:
    """As many as it has; weekdays and weekends are held against those of the week before."""
    if span.again == WEEK:
        return WEEK
    return -(-(span.end - span.start) // DAY) * DAY
