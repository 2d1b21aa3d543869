"""Ranges of time: "10 nov to 15 nov", "10-15 nov", "monday to friday", "14:00 to 16:00", "since monday"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.facts.clock import DAY, Grain, ceil, floor
from bot.questions.absolute import YEAR_LONG, span_at
from bot.questions.calendar_words import MONTHS
from bot.questions.clocks import clock_at
from bot.questions.dates import day_at
from bot.questions.spans import WEEK, Span, day_span, end_of_hour, hour_span
from bot.questions.unread import Unread, shown
from bot.questions.words import key_at

_TO: Final = {"..", "-", "--", "/", "to", "until", "till", "til", "through", "thru"}
_DAY: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_FULL_YEAR: Final = re.compile(r"\d{4}")


def stretch_at(keys: Sequence[str], at: int, now: datetime, *, ranges: bool) -> Span | None:
    """The longest stretch that words from `at` name; one whose name is empty has two ends or only a start.

    "to" joins its ends only where `ranges` says so. Raises Unread for what ends before it starts.
    """
    match keys[at]:
        case "since":
            return _since(keys, at, now)
        case "from":
            found = _range(keys, at + 1, now, _TO)
        case "between" if ranges:
            found = _range(keys, at + 1, now, {"and", *_TO})
        case _:
            return _range(keys, at, now, _TO if ranges else _TO - {"to"})
    return replace(found, count=found.count + 1) if found else None


def _since(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    if (first := span_at(keys, at + 1, now)) is None:
        return None
    end = end_of_hour(now)
    if first.start >= end:
        return replace(first, count=first.count + 1)
    return Span(first.count + 1, "", first.start, end)


def _range(keys: Sequence[str], at: int, now: datetime, joins: set[str]) -> Span | None:
    """One stretch, or two with a word between that makes them the ends of one."""
    if days := _days_of_a_month(keys, at, now):
        return days
    if (first := span_at(keys, at, now)) is None:
        return None
    to = at + first.count
    last = _end(keys, to + 1, first, now) if key_at(keys, to) in joins else None
    if last is None:
        return first
    swapped = f"{_typed(keys, to + 1, last)} to {_typed(keys, at, first)}"
    return _joined(
        first, last, Unread("a period ends after it starts", at, to + 1 + last.count - at, swapped)
    )


def _typed(keys: Sequence[str], at: int, span: Span) -> str:
    return " ".join(keys[at : at + span.count])


def _end(keys: Sequence[str], at: int, first: Span, now: datetime) -> Span | None:
    """The end of a range: "now" is the end of this hour, a time of day belongs to the day it starts on."""
    if key_at(keys, at) == "now":
        return Span(1, "", floor(now, Grain.HOUR), end_of_hour(now))
    clock = clock_at(keys, at) if first.exact else None
    if clock is None or first.exact is None:
        return span_at(keys, at, now)
    exact = floor(first.exact, Grain.DAY) + timedelta(minutes=clock[1])
    return hour_span(exact if exact > first.exact else exact + DAY, now, clock[0])


def _joined(first: Span, last: Span, reversed_: Unread) -> Span:
    """From the start of one to the end of the other."""
    if first.again and not first.again == last.again == YEAR_LONG:
        first = _latest(first, last.start)
    elif last.again and last.start < first.start:
        last = _moved(last, 1) if _moved(last, 1).start - first.start <= last.again / 2 else last
    end = ceil(last.exact, Grain.HOUR) if last.exact else last.end
    if end <= first.start:
        raise reversed_
    return Span(reversed_.count, "", first.start, end)


def _latest(span: Span, limit: datetime) -> Span:
    """The latest day of the same name that is not after a limit."""
    if span.again == WEEK:
        return _moved(span, (limit - span.start) // WEEK)
    moved = _moved(span, limit.year - span.start.year)
    return moved if moved.start <= limit else _moved(moved, -1)


def _moved(span: Span, times: int) -> Span:
    """The same day some weeks or years later; a 29 February is a 28th in other years."""
    if span.again == WEEK:
        start = span.start + times * WEEK
    else:
        leap = (span.start.month, span.start.day) == (2, 29)
        start = span.start.replace(year=span.start.year + times, day=28 if leap and times else span.start.day)
    return replace(span, start=start, end=start + (span.end - span.start))


def _days_of_a_month(keys: Sequence[str], at: int, now: datetime) -> Span | None:
    """10 to 15 nov, nov 10-15 2026, 10 nov to 15: the month is said once."""
    words = tuple(key_at(keys, at + place) for place in range(4))
    for pattern in ("d-dm", "md-d", "dm-d"):
        if all(_is(kind, one) for kind, one in zip(pattern, words, strict=True)):
            break
    else:
        return None
    month = words[pattern.index("m")]
    one, other = (words[place] for place, kind in enumerate(pattern) if kind == "d")
    follows = key_at(keys, at + 4)
    if pattern != "d-dm" and follows in MONTHS:
        return None
    year = (follows,) if _FULL_YEAR.fullmatch(follows) else ()
    count = 4 + len(year)
    first, last = (_day((number, month, *year), at, count, f"{one} to", now) for number in (one, other))
    return _joined(
        first, last, Unread("a period ends after it starts", at, count, f"{other} to {one} {month}")
    )


def _is(kind: str, key: str) -> bool:
    match kind:
        case "d":
            return _DAY.fullmatch(key) is not None
        case "m":
            return key in MONTHS
    return key in _TO


def _day(words: tuple[str, ...], at: int, count: int, before: str, now: datetime) -> Span:
    today = floor(now, Grain.DAY)
    try:
        found = day_at(words, 0, today)
    except Unread as none:
        raise Unread(none.what, at, count, f"{before} {none.better}") from None
    if found is None:
        raise Unread(f"{shown(' '.join(words))} is no day", at, count)
    return day_span(found.latest(today), now, count, None if found.year else YEAR_LONG)
