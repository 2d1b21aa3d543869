"""Stretches of time as people write them: lengths, periods of the calendar, hours of the week. All UTC."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.facts.clock import DAY, HOUR, Grain, Window, floor
from bot.rules.values import closest, quoted

_LENGTH = re.compile(r"([1-9][0-9]{0,3})([hd])")
_TO_DATE = re.compile(r"(day|week|month) to date")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?"
_HOURS_OF_WEEK = re.compile(
    rf"({_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*)?\s*(?:([01][0-9]|2[0-3]):00-([01][0-9]|2[0-4]):00)?\s*(\S+)?",
    re.ASCII | re.IGNORECASE,
)


class Period(StrEnum):
    """A stretch of the UTC calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def hours(self) -> int:
        """How many hours it has at most."""
        return {Period.DAY: 24, Period.WEEK: 7 * 24, Period.MONTH: 31 * 24}[self]

    def around(self, at: datetime) -> Window:
        """The day, the week from Monday, or the month that holds an instant."""
        start = floor(at, Grain.DAY)
        if self is Period.MONTH:
            start = start.replace(day=1)
            return Window(start, (start + 32 * DAY).replace(day=1))
        if self is Period.WEEK:
            start -= start.weekday() * DAY
        return Window(start, start + (DAY if self is Period.DAY else 7 * DAY))


@dataclass(frozen=True, slots=True)
class Span:
    """How far back something is looked at: so many hours, or since a period of the calendar began."""

    hours: int
    """At most so many."""
    period: Period | None = None

    def __str__(self) -> str:
        if self.period:
            return f"the {self.period} to date"
        if self.hours == 1:
            return "1 hour"
        return (
            f"{self.hours // 24} days" if self.hours > 24 and self.hours % 24 == 0 else f"{self.hours} hours"
        )


def length(text: str, longest: timedelta, *, shortest: timedelta = HOUR) -> timedelta:
    """Whole hours or days, from "1h" to "31d"."""
    match = _LENGTH.fullmatch(text)
    found = int(match[1]) * (HOUR if match[2] == "h" else DAY) if match else None
    if found is None or not shortest <= found <= longest:
        bounds = f"from {_short(shortest)} to {_short(longest)}"
        remedy = f"write whole hours or days {bounds}, such as {_short(max(shortest, DAY))}"
        raise ValueError(f"{quoted(text)} is not a length of time that can be watched; {remedy}")
    return found


def _short(length: timedelta) -> str:
    return f"{length // DAY}d" if length > DAY and length % DAY == timedelta() else f"{length // HOUR}h"


def span(text: str) -> Span:
    """A length such as "24h" or "7d", or a period so far such as "month to date"."""
    if match := _TO_DATE.fullmatch(" ".join(text.split())):
        period = Period(match[1])
        return Span(period.hours, period)
    try:
        return Span(length(text, 31 * DAY) // HOUR)
    except ValueError as error:
        raise ValueError(f"{error}, or month to date") from None


@dataclass(frozen=True, slots=True)
class HoursOfWeek:
    """Days and hours of the week in a time zone; hours that run past midnight belong to the day before."""

    days: frozenset[int]
    start: int
    end: int
    zone: str
    text: str

    def holds(self, at: datetime) -> bool:
        """Whether the hour that starts at an instant lies in it."""
        local = at.astimezone(_zone(self.zone))
        if self.start < self.end:
            return local.weekday() in self.days and self.start <= local.hour < self.end
        evening = local.weekday() in self.days and local.hour >= self.start
        return evening or ((local.weekday() - 1) % 7 in self.days and local.hour < self.end)

    def __str__(self) -> str:
        return self.text


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def hours_of_week(text: str) -> HoursOfWeek:
    """Days, hours and zone: "Mon-Fri 07:00-20:00 Europe/Berlin", "Sat,Sun", "22:00-06:00"; else UTC."""
    words = " ".join(text.split())
    match = _HOURS_OF_WEEK.fullmatch(words)
    if match is None or not (match[1] or match[2]):
        remedy = "write them like Mon-Fri 07:00-20:00 Europe/Berlin, or Sat,Sun"
        raise ValueError(f"{quoted(text)} are no hours of the week; {remedy}")
    _refuse_unknown(zone := match[4] or "UTC")
    start, end = int(match[2] or 0), int(match[3] or 24)
    if start == end:
        raise ValueError(f"{quoted(text)} ends when it begins; write 00:00-24:00 for the whole day")
    return HoursOfWeek(_weekdays(match[1]), start, end, zone, words)


def _refuse_unknown(zone: str) -> None:
    if any(letter.isdigit() for letter in zone):
        raise ValueError(f"{quoted(zone)} are no whole hours; write them like 07:00-20:00")
    try:
        _zone(zone)
    except (KeyError, ValueError, OSError):
        near = closest(zone, available_timezones())
        remedy = (
            f"did you mean {near}?" if near else "write days, whole hours and a zone: Mon-Fri 07:00-20:00 UTC"
        )
        raise ValueError(f"{quoted(zone)} is no time zone; {remedy}") from None


def _weekdays(text: str | None) -> frozenset[int]:
    """Monday is 0; a range may run over Sunday."""
    days: set[int] = set()
    for part in (text or "mon-sun").lower().split(","):
        first, last = (_DAYS.index(day[:3]) for day in (part.split("-")[0], part.split("-")[-1]))
        days |= {(first + ahead) % 7 for ahead in range((last - first) % 7 + 1)}
    return frozenset(days)
