"""Until when something is to be quiet: "4h", "2 days", "until tomorrow", "until monday 14:00", "1 week".

Unlike periods these lie ahead and follow the clock of the people who say them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from bot.facts.clock import DAY, HOUR
from bot.questions.calendar_words import WEEKDAYS
from bot.questions.clocks import clock_at, instant
from bot.questions.dates import day_at
from bot.questions.relative import NUMBERS
from bot.questions.unread import Unread, shown
from bot.questions.words import key_at

MARKS: Final = ("until", "till", "til", "for", "to")
_MORNING: Final = 9 * 60
"""A day that is named begins when people come to work: minutes after midnight."""
_LENGTH: Final = re.compile(r"(\d{1,6})([a-z]*)")
_UNITS: Final = {
    form: length
    for length, forms in {
        timedelta(minutes=1): "m min mins minute minutes",
        HOUR: "h hr hrs hour hours",
        DAY: "d day days",
        7 * DAY: "w wk wks week weeks",
        30 * DAY: "mo month months",
    }.items()
    for form in forms.split()
}
_LONGEST: Final = 3660 * DAY


def until_at(keys: Sequence[str], at: int, now: datetime, zone: tzinfo) -> tuple[int, datetime] | None:
    """(words, UTC instant) that words from `at` name, or None. Raises Unread for what is not ahead."""
    start = at + (key_at(keys, at) in MARKS)
    found = _length(keys, start, now) or _moment(keys, start, now, zone)
    if found is None:
        return None
    count, end = found
    if end <= now:
        said = shown(" ".join(keys[at : start + count]))
        raise Unread(f"{said} is not ahead of now", at, start + count - at, "4h")
    return start + count - at, end


def _length(keys: Sequence[str], at: int, now: datetime) -> tuple[int, datetime] | None:
    first, second = key_at(keys, at), key_at(keys, at + 1)
    match = _LENGTH.fullmatch(first)
    number = int(match[1]) if match else NUMBERS.get(first) or (first in {"a", "an"})
    unit = (match[2] if match else "") or second
    if unit not in _UNITS or (match is None and not number):
        return None
    count = 1 if match and match[2] else 2
    if number * _UNITS[unit] > _LONGEST:
        raise Unread(f"{shown(' '.join(keys[at : at + count]))} is too long", at, count, "90d")
    return count, now + number * _UNITS[unit]


def _moment(keys: Sequence[str], at: int, now: datetime, zone: tzinfo) -> tuple[int, datetime] | None:
    """An instant, a day with or without a time of day, or the next such time of day."""
    if exact := instant(key_at(keys, at), zone):
        return 1, exact
    here = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    day = _day(keys, at, here) if at < len(keys) else None
    count = day[0] if day else 0
    clock = clock_at(keys, at + count)
    if day:
        clock_count, minutes = clock or (0, _MORNING)
        return count + clock_count, _on(day[1], minutes, zone)
    if clock is None:
        return None
    end = _on(here, clock[1], zone)
    return clock[0], end if end > now else _on(here + DAY, clock[1], zone)


def _day(keys: Sequence[str], at: int, here: datetime) -> tuple[int, datetime] | None:
    """(words, its midnight) of a day that is not before today."""
    start = at + (keys[at] == "next")
    match key_at(keys, start):
        case "today":
            return 1, here
        case "tomorrow":
            return 1, here + DAY
        case "week" if start > at:
            return 2, here + (7 - here.weekday()) * DAY
        case name if name in WEEKDAYS:
            return start + 1 - at, here + ((WEEKDAYS[name] - here.weekday() - 1) % 7 + 1) * DAY
    found = day_at(keys, at, here)
    return (found.count, found.soonest(here)) if found else None


def _on(midnight: datetime, minutes: int, zone: tzinfo) -> datetime:
    """A time of day on the wall clock of a zone, as UTC."""
    at = midnight.replace(tzinfo=None) + timedelta(minutes=minutes)
    return at.replace(tzinfo=zone).astimezone(UTC)
