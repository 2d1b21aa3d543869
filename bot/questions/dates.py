"""Days, months, and weekdays as people write them, with their year or without."""

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.facts.clock import DAY
from bot.questions.calendar_words import MONTHS
from bot.questions.unread import Unread, shown
from bot.questions.words import key_at

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})(\.(?:\d{4}|\d{2})?)?")
_NUMBER: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?")
_ORDINAL: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_GLUED: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?-?([a-z]{3,9})|([a-z]{3,9})-?(\d{1,2}))(?:-?(\d{4}))?"
)
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")
_YEARS: Final = range(1970, 3000)
_MONTHS_OF_YEAR: Final = range(1, 13)
_LEAP: Final = 9
"""Within so many years every date comes at least once, 29 February too."""
_A_LEAP_YEAR: Final = 2024


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, perhaps without its year, and how many words named it."""

    count: int
    month: int
    day: int
    year: int | None = None

    def latest(self, today: datetime) -> datetime:
        """Its midnight: in its year, else the latest one that is not after today."""
        days = self._in_years((today.year - back for back in range(_LEAP)), today)
        return next(day for day in days if self.year or day <= today)

    def soonest(self, today: datetime) -> datetime:
        """Its midnight: in its year, else the first one that is not before today."""
        days = self._in_years((today.year + ahead for ahead in range(_LEAP)), today)
        return next(day for day in days if self.year or day >= today)

    def _in_years(self, years: Iterable[int], today: datetime) -> Iterator[datetime]:
        """The day in each of the years that has it, or in its own."""
        for year in (self.year,) if self.year else years:
            if self.day <= calendar.monthrange(year, self.month)[1]:
                yield today.replace(year=year, month=self.month, day=self.day)


def day_at(keys: Sequence[str], at: int, today: datetime) -> Day | None:
    """The day that words from `at` name, such as 2026-11-19, 19 nov, nov 19 2026, 19.11. or the 19th.

    Raises Unread for days that no calendar has.
    """
    found = _iso(keys[at]) or _dotted(keys[at]) or _glued(keys[at]) or _in_words(keys, at)
    if found is None and (ordinal := _ORDINAL.fullmatch(keys[at])):
        found = _of_month(int(ordinal[1]), today)
    if found is None:
        _refuse_slashes(keys[at], at)
        return None
    if not 1 <= found.day <= _longest(found.year, found.month):
        _refuse(found, keys[at : at + found.count], at)
    return found


def _iso(key: str) -> Day | None:
    match = _ISO.fullmatch(key)
    return Day(1, int(match[2]), int(match[3]), int(match[1])) if match else None


def _dotted(key: str) -> Day | None:
    """19.11. and 19.11.2026; without the last point only what cannot be the version of a model."""
    match = _DOTTED.fullmatch(key)
    if match is None or (match[3] is None and int(match[1]) <= _MONTHS_OF_YEAR[-1]):
        return None
    return Day(1, int(match[2]), int(match[1]), _year((match[3] or "").strip(".")))


def _year(digits: str) -> int | None:
    if not digits:
        return None
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _glued(key: str) -> Day | None:
    match = _GLUED.fullmatch(key)
    name = (match[2] or match[3]) if match else ""
    if match is None or name not in MONTHS:
        return None
    return Day(1, MONTHS[name], int(match[1] or match[4]), _year(match[5] or ""))


def _in_words(keys: Sequence[str], at: int) -> Day | None:
    """19 nov, 19th of november 2026, nov 19."""
    second = at + 1 + (key_at(keys, at + 1) == "of")
    one, other = keys[at], key_at(keys, second)
    number, month = (one, other) if one not in MONTHS else (other, one)
    digits = _NUMBER.fullmatch(number)
    if digits is None or month not in MONTHS:
        return None
    year = key_at(keys, second + 1)
    has_year = year.isdecimal() and len(year) == 4
    count = second + 1 + has_year - at
    return Day(count, MONTHS[month], int(digits[1]), int(year) if has_year else None)


def _of_month(day: int, today: datetime) -> Day:
    """The latest such day of a month."""
    month = today.replace(day=1) - (DAY if day > today.day else timedelta())
    return Day(1, month.month, day, month.year)


def _longest(year: int | None, month: int) -> int:
    """The last day of a month, which without a year may be a leap one; 0 where there is no such month."""
    if month not in _MONTHS_OF_YEAR or (year is not None and year not in _YEARS):
        return 0
    return calendar.monthrange(_A_LEAP_YEAR if year is None else year, month)[1]


def _refuse(found: Day, words: Sequence[str], at: int) -> None:
    longest, year = _longest(found.year, found.month), f" {found.year}" if found.year else ""
    better = f"{longest} {_short(found.month)}{year}" if longest else "today"
    raise Unread(f"no calendar has the day {shown(' '.join(words))}", at, len(words), better)


def _refuse_slashes(key: str, at: int) -> None:
    match = _SLASHED.fullmatch(key)
    if match is None:
        return
    one, other, year = int(match[1]), int(match[2]), _year(match[3] or "")
    day, month = (one, other) if other in _MONTHS_OF_YEAR else (other, one)
    name = _short(month) if month in _MONTHS_OF_YEAR else ""
    better = f"{day} {name} {year or ''}".rstrip() if name else "today"
    raise Unread(f"{shown(key)} is the day or the month first, nobody can tell", at, 1, better)


def _short(month: int) -> str:
    return next(name for name, number in MONTHS.items() if number == month and len(name) == 3)
