"""The days of an organisation's life, as arrays."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bench.detect.temper import Rng, Temper
from bot.facts.clock import Grain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_PUBLIC = ((1, 1), (1, 6), (4, 18), (4, 21), (5, 1), (5, 26), (6, 19), (7, 4), (8, 15), (9, 1))
_PUBLIC_AUTUMN = ((10, 3), (11, 1), (11, 27), (12, 25), (12, 26))
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """One entry a day. `per_day` buckets make a day; bucket `b` lies in day `b // per_day`."""

    start: date
    grain: Grain
    weekday: Ints
    """Monday is 0."""
    month_day: Ints
    to_month_end: Ints
    """Days left in the month: 0 on its last day."""
    holiday: Flags
    history: int
    """Days before anything is judged."""

    @property
    def days(self) -> int:
        """How many there are."""
        return len(self.weekday)

    @property
    def per_day(self) -> int:
        """Buckets in a day."""
        return 24 if self.grain is Grain.HOUR else 1

    @property
    def buckets(self) -> int:
        """How many there are."""
        return self.days * self.per_day

    @property
    def weekend(self) -> Flags:
        """Saturdays and Sundays."""
        return np.asarray(self.weekday >= _SATURDAY)

    @property
    def free(self) -> Flags:
        """Days on which offices are closed."""
        return self.weekend | self.holiday

    def at(self, bucket: int) -> datetime:
        """The start of a bucket."""
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)
        return midnight + bucket * self.grain.width


def calendar(rng: Rng, temper: Temper, grain: Grain) -> Calendar:
    """The calendar of an organisation of that temper."""
    days = [temper.start + timedelta(days=number) for number in range(temper.days)]
    return Calendar(
        temper.start,
        grain,
        np.array([day.weekday() for day in days]),
        np.array([day.day for day in days]),
        np.array([_to_month_end(day) for day in days]),
        _holidays(rng, temper, days),
        temper.history_days,
    )


def _to_month_end(day: date) -> int:
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (next_month - day).days - 1


def _holidays(rng: Rng, temper: Temper, days: list[date]) -> Flags:
    """Public holidays that this organisation keeps, and the weeks it shuts down."""
    pool = _PUBLIC + _PUBLIC_AUTUMN
    kept = {pool[number] for number in rng.permutation(len(pool))[: temper.public_holidays]}
    off = np.array([(day.month, day.day) in kept for day in days])
    if temper.shutdown:
        first, last = 20 + int(rng.integers(0, 5)), int(rng.integers(1, 7))
        off |= np.array([_shut(day, first, last) for day in days])
    return off


def _shut(day: date, first: int, last: int) -> bool:
    return (day.month == 12 and day.day >= first) or (day.month == 1 and day.day <= last)
