"""Time as the calendar tells it: "monday", "19 nov", "2026-11-19T14:00", "14:00 yesterday", "october"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.facts.clock import DAY, Grain, floor
from bot.questions.calendar_words import MONTHS, WEEKDAYS
from bot.questions.clocks import clock_at, instant
from bot.questions.dates import day_at
from bot.questions.relative import relative_at
from bot.questions.spans import WEEK, Span, Unit, ago, day_span, hour_span, month_span
from bot.questions.unread import Unread
from bot.questions.words import key_at

_MINUTE: Final = timedelta(minutes=1)
YEAR_LONG: Final = 365 * DAY
_MONTH: Final = re.compile(r"(19[7-9]\d|2\d{3})-(0?[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"19[7-9]\d|2\d{3}")
_LAST: Final = {"last", "past", "previous"}
_BEFORE_A_NAME: Final = {"last", "past", "previous", "this", "on"}


def span_at(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """What one expression from `at` names, or None. Raises Unread for days that there are not."""
    if at >= len(keys):
        return None
    if keys[at] == "the":
        found = span_at(keys, at + 1, now)
        return replace(found, count=found.count + 1) if found else None
    return _hour(keys, at, now) or _day(keys, at, now) or relative_at(keys, at, now) or _month(keys, at, now)


def _hour(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """A time of day, of a day that stands before it or after it, else the latest."""
    if exact := instant(keys[at], UTC):
        return hour_span(exact, now, 1)
    if day := _one_day(keys, at, now):
        clock = clock_at(keys, at + day.count)
        return _at(day.start, clock, now, day.count) if clock else None
    if (clock := clock_at(keys, at)) is None:
        return None
    beside = at + clock[0] + (key_at(keys, at + clock[0]) == "on")
    if day := _one_day(keys, beside, now):
        return _at(day.start, clock, now, beside + day.count - at - clock[0])
    today = floor(now, Grain.DAY)
    back = DAY if today + clock[1] * _MINUTE > now else timedelta()
    return _at(today - back, clock, now, 0)


def _at(day: datetime, clock: tuple[int, int], now: datetime, count: int) -> Span:
    return hour_span(day + clock[1] * _MINUTE, now, clock[0] + count)


def _one_day(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """A day, however it is named."""
    if at >= len(keys):
        return None
    if found := _day(keys, at, now):
        return found
    found = relative_at(keys, at, now)
    return found if found and found.unit is Unit.DAY else None


def _day(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    today = floor(now, Grain.DAY)
    if weekday := _weekday(keys, at, now):
        return weekday
    if (found := day_at(keys, at, today)) is None:
        return None
    return day_span(found.latest(today), now, found.count, None if found.year else YEAR_LONG)


def _weekday(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """The latest such day before today, or one with its date."""
    start = at + (keys[at] in _BEFORE_A_NAME)
    if key_at(keys, start) not in WEEKDAYS:
        return None
    weekday, today = WEEKDAYS[keys[start]], floor(now, Grain.DAY)
    if start + 1 < len(keys) and (dated := day_at(keys, start + 1, today)):
        return _dated(weekday, day_span(dated.latest(today), now, dated.count), start + 1)
    day = today - ((today.weekday() - weekday - 1) % 7 + 1) * DAY
    found = day_span(day, now, start + 1 - at, WEEK)
    return replace(found, name=f"{day:%A} {found.name}")


def _dated(weekday: int, day: Span, at: int) -> Span:
    if day.start.weekday() != weekday:
        raise Unread(f"{day.name} is a {day.start:%A}", at - 1, day.count + 1, day.name)
    return replace(day, count=day.count + 1, name=f"{day.start:%A} {day.name}")


def _month(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """2026-11, november, november 2026, last november, 2026."""
    if match := _MONTH.fullmatch(keys[at]):
        return month_span(_first(now, int(match[1]), int(match[2])), now, 1)
    if _YEAR.fullmatch(keys[at]):
        return _year(now, int(keys[at]))
    start = at + (keys[at] in _BEFORE_A_NAME)
    if (number := MONTHS.get(key_at(keys, start))) is None:
        return None
    if _YEAR.fullmatch(year := key_at(keys, start + 1)):
        return month_span(_first(now, int(year), number), now, start + 2 - at)
    is_over = keys[at] in _LAST
    year_back = number > now.month or (is_over and number == now.month)
    return month_span(_first(now, now.year - year_back, number), now, start + 1 - at)


def _year(now: datetime, year: int) -> Span:
    found = ago(Unit.YEAR, now.year - year, now)
    return found if now.year == year else replace(found, name=str(year))


def _first(now: datetime, year: int, month: int) -> datetime:
    return floor(now, Grain.DAY).replace(year=year, month=month, day=1)
