"""Time as it is told from now: "yesterday", "last week", "last 3 days", "24h", "2 weeks ago"."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.facts.clock import DAY, Grain, floor
from bot.questions.spans import WEEK, Span, Unit, ago, end_of_hour, rolling
from bot.questions.unread import Unread, shown
from bot.questions.words import key_at

_UNITS: Final = {
    form: unit
    for unit, forms in {
        Unit.HOUR: "h hr hrs hour hours",
        Unit.DAY: "d day days",
        Unit.WEEK: "w wk wks week weeks",
        Unit.MONTH: "mo mos month months",
        Unit.YEAR: "y yr yrs year years",
    }.items()
    for form in forms.split()
}
_WORDS: Final = {
    "today": (Unit.DAY, 0),
    "todays": (Unit.DAY, 0),
    "yesterday": (Unit.DAY, 1),
    "yesterdays": (Unit.DAY, 1),
    "tomorrow": (Unit.DAY, -1),
    "month": (Unit.MONTH, 0),
    "mtd": (Unit.MONTH, 0),
    "year": (Unit.YEAR, 0),
    "ytd": (Unit.YEAR, 0),
}
"""The unit of the calendar, and how many of them back."""
_MINUTES: Final = {"m", "min", "mins", "minute", "minutes"}
_PAST: Final = {"past", "trailing"}
_LAST: Final = {"last", "previous", "prev", "prior"}
_THIS: Final = {"this", "current"}
_NEXT: Final = {"next", "coming", "upcoming"}
QUALIFIERS: Final = _PAST | _LAST | _THIS | _NEXT
_ROLLING: Final = {Unit.HOUR: (1, Unit.HOUR), Unit.DAY: (24, Unit.HOUR), Unit.WEEK: (7, Unit.DAY),
                   Unit.MONTH: (30, Unit.DAY), Unit.YEAR: (365, Unit.DAY)}  # fmt: skip
"""What "the past day" or "the past month" is."""
_MOST: Final = {Unit.HOUR: 24 * 366, Unit.DAY: 3660, Unit.WEEK: 520, Unit.MONTH: 120, Unit.YEAR: 10}
_COUNTED: Final = re.compile(r"(\d{1,9})-?([a-z]*)")
NUMBERS: Final = {
    name: number
    for number, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_SATURDAY: Final = 5


def relative_at(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """What words from `at` name, or None. Raises Unread for numbers that nobody can mean."""
    return _fixed(keys, at, now) or _qualified(keys, at, now) or _counted(keys, at, now)


def _fixed(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    if keys[at] in _WORDS:
        return ago(*_WORDS[keys[at]], now)
    if keys[at] == "week":
        return rolling(7, Unit.DAY, now, 1)
    if keys[at] == "weekend":
        return _weekend(now, 1, is_over=False)
    return _phrase(tuple(keys[at : at + 3]), now)


def _phrase(words: tuple[str, ...], now: datetime) -> Span | None:
    if words == ("day", "before", "yesterday"):
        return ago(Unit.DAY, 2, now, 3)
    if words == ("same", "hours", "yesterday"):
        yesterday = ago(Unit.DAY, 1, now)
        return Span(3, " ".join(words), yesterday.start, end_of_hour(now) - DAY)
    return None


def _weekend(now: datetime, count: int, *, is_over: bool) -> Span:
    """The latest Saturday and Sunday, of which the first has begun, or both are over."""
    today = floor(now, Grain.DAY)
    back = (today.weekday() - _SATURDAY) % 7
    start = today - back * DAY - (WEEK if is_over and back < 2 else 0 * DAY)
    name = "last weekend" if today >= start + 2 * DAY else "this weekend"
    return Span(count, name, start, start + 2 * DAY, again=WEEK)


def _qualified(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    if keys[at] not in QUALIFIERS:
        return None
    if keys[at] in _PAST | _LAST and (found := _counted(keys, at + 1, now)):
        return Span(found.count + 1, found.name, found.start, found.end, found.unit)
    if key_at(keys, at + 1) == "weekend" and keys[at] not in _NEXT:
        return _weekend(now, 2, is_over=keys[at] not in _THIS)
    unit = _UNITS.get(key_at(keys, at + 1))
    return _unit(keys[at], unit, now) if unit else None


def _unit(qualifier: str, unit: Unit, now: datetime) -> Span:
    if qualifier in _THIS | _NEXT:
        return ago(unit, 0 if qualifier in _THIS else -1, now, 2)
    if qualifier in _PAST or unit is Unit.DAY:
        return rolling(*_ROLLING[unit], now, 2)
    return ago(unit, 1, now, 2)


def _counted(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """3d, 24 hours, three days, 2 weeks ago."""
    if (found := _number(keys, at)) is None:
        return None
    number, unit, count = found
    _check(number, unit, keys, at, count)
    if key_at(keys, at + count) == "ago":
        return ago(Unit(unit), number, now, count + 1)
    return rolling(number, Unit(unit), now, count)


def _number(keys: Sequence[str], at: int) -> tuple[int, str, int] | None:
    """(how many, of which unit, words)."""
    first, second = key_at(keys, at), key_at(keys, at + 1)
    match = _COUNTED.fullmatch(first)
    spelled = NUMBERS.get(first) or (1 if first in {"a", "an"} and key_at(keys, at + 2) == "ago" else None)
    if match is None and spelled is None:
        return None
    number, glued = (int(match[1]), match[2]) if match else (spelled or 1, "")
    unit = glued or second
    if unit in _MINUTES:
        return number, "minute", 2 - bool(glued)
    return (number, _UNITS[unit], 2 - bool(glued)) if unit in _UNITS else None


def _check(number: int, unit: str, keys: Sequence[str], at: int, count: int) -> None:
    said = shown(" ".join(keys[at : at + count]))
    if unit == "minute":
        raise Unread(f"spend is known by the hour, not for {said}", at, count, "1h")
    if number < 1:
        raise Unread(f"{said} is no time at all", at, count, "1 day")
    if number > _MOST[Unit(unit)]:
        raise Unread(f"{said} reaches further back than figures do", at, count, "365 days")
