"""UTC time as the house counts it: hours and days named by their start, windows half open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOURS_A_WEEK = 168
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_HOUR_OF_WEEK = 72
"""A Thursday."""


class Grain(StrEnum):
    """How wide one bucket is."""

    HOUR = "hour"
    DAY = "day"

    @property
    def width(self) -> timedelta:
        """The bucket's length."""
        return HOUR if self is Grain.HOUR else DAY


def floor(at: datetime, grain: Grain) -> datetime:
    """The start of the UTC bucket that holds `at`, which must carry a time zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    at = at.astimezone(UTC)
    return _EPOCH + (at - _EPOCH) // grain.width * grain.width


def ceil(at: datetime, grain: Grain) -> datetime:
    """The first bucket start at or after `at`."""
    start = floor(at, grain)
    return start if start == at else start + grain.width


def index(at: datetime, grain: Grain) -> int:
    """Whole buckets since 1970-01-01 UTC: the integer kept in SQLite and used to place array columns."""
    return (at - _EPOCH) // grain.width


def hour_of_week(at: datetime) -> int:
    """0 to 167, from Monday 00:00 UTC."""
    return (index(at, Grain.HOUR) + _EPOCH_HOUR_OF_WEEK) % HOURS_A_WEEK


def at_index(number: int, grain: Grain) -> datetime:
    """The inverse of `index`."""
    return _EPOCH + number * grain.width


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of UTC time [start, end)."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs time zones")
        if self.end <= self.start:
            raise ValueError(f"a window must end after it starts: {self}")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def split(self, longest: timedelta) -> Iterator["Window"]:
        """Cut it into consecutive windows no longer than `longest`, oldest first."""
        start = self.start
        while start < self.end:
            yield Window(start, min(start + longest, self.end))
            start += longest

    def __str__(self) -> str:
        start, end = self.start.astimezone(UTC), self.end.astimezone(UTC)
        return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
