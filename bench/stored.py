"""Histories too large to be pulled: written straight into the tables, as `replace` would have left them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
import sqlite3

from bot.facts.clock import DAY, Grain, Window, index
from bot.history import places
from bot.history.connection import connect
from bot.history.migrations import DAY_NUMBERS, NUMBERS
from bot.history.store import History

END = datetime(2026, 10, 31, tzinfo=UTC)
"""Midnight before the last day there is."""
_NANO = "(place * 2654435761 >> 7 & 4194303) * 1000"
_COUNT = "place * 40503 >> 3 & 65535"


@dataclass(frozen=True, slots=True)
class Shape:
    """How large: series, days up to and with the last, and the share of buckets that hold anything."""

    series: int
    days: int
    density: float

    @property
    def window(self) -> Window:
        """All of its days."""
        return Window(END + DAY - self.days * DAY, END + DAY)


def write_hours(path: Path, shape: Shape, until: datetime) -> int:
    """Facts by the hour up to `until` on the last day, and their roll-up; returns how many."""
    with _filling(path, shape, until) as db:
        spread = f"(day * 24 + hour) * 7919 + id * 104729"
        hours = "WITH RECURSIVE h (hour) AS (SELECT 0 UNION ALL SELECT hour + 1 FROM h WHERE hour < 23)"
        cut = index(until, Grain.HOUR)
        db.executemany(
            f"""INSERT INTO fact SELECT place, {_numbers(NUMBERS)}, 0, 1, 1 FROM ({hours}
                SELECT {places.OF_SERIES_DAY} + hour AS place FROM (SELECT ? AS day) CROSS JOIN series
                CROSS JOIN h WHERE ({spread}) % 1000 < {shape.density * 1000} AND day * 24 + hour < {cut})""",
            _days(shape),
        )
