"""Hours of the clock, and instants, as people write them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.questions.words import key_at

_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d{1,6})?)?z?")
_HALF_DAY: Final = re.compile(r"(1[0-2]|0?[1-9])(am|pm)")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}t\d{2}(?:[:.+\d-]*)z?")
_MINUTES_A_DAY: Final = 24 * 60


def clock_at(keys: Sequence[str], at: int) -> tuple[int, int] | None:
    """(words, minutes after midnight) of a time of day such as 14:00, 2pm or "at 2 pm"; 24:00 ends a day."""
    start = at + (key_at(keys, at) == "at")
    end = start + 1 + (key_at(keys, start + 1) in {"am", "pm"})
    minutes = _minutes("".join(keys[start:end]))
    return None if minutes is None else (end + (key_at(keys, end) in {"utc", "gmt"}) - at, minutes)


def _minutes(key: str) -> int | None:
    if half := _HALF_DAY.fullmatch(key):
        return (int(half[1]) % 12 + 12 * (half[2] == "pm")) * 60
    match = _CLOCK.fullmatch(key)
    minutes = int(match[1]) * 60 + int(match[2]) if match else _MINUTES_A_DAY + 1
    return minutes if match and minutes <= _MINUTES_A_DAY and int(match[2]) < 60 else None


def instant(key: str, zone: tzinfo) -> datetime | None:
    """2026-11-19T14:00, of this zone where it names none, as UTC; None for what is no such instant."""
    if not _INSTANT.fullmatch(key):
        return None
    try:
        at = datetime.fromisoformat(key.upper())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
