"""Histories too large to be pulled: written straight into the tables, as `replace` would have left them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.facts.clock import DAY, Grain, Window, index
from bot.history import places
from bot.history.connection import connect
from bot.history.migrations import DAY_NUMBERS, NUMBERS
from bot.history.store import History

END = datetime(2026, 10, 31, tzinfo=UTC)
"""Midnight after the last whole day."""
_HOURS = """(WITH RECURSIVE clock (hour) AS (SELECT 0 UNION ALL SELECT hour + 1 FROM clock WHERE hour < 23)
    SELECT hour FROM clock)"""
_NANO, _COUNT = "(place * 2654435761 >> 7 & 4194303) * 1000", "place * 40503 >> 3 & 65535"
_MEASURES = {
    "usd": _NANO,
    "list_usd": _NANO,
    "usd_output": _NANO,
    "requests": _COUNT,
    "output_tokens": _COUNT,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How large: dimension sets, whole days before END, and the share of buckets in which one spends."""

    series: int
    days: int
    density: float

    @property
    def window(self) -> Window:
        """All of its days."""
        return Window(END - self.days * DAY, END)


def write_hours(path: Path, shape: Shape) -> int:
    """Facts by the hour, and their roll-up; returns how many facts."""
    with _filling(path, shape, Grain.HOUR) as db:
        place, buckets = f"{places.OF_SERIES_DAY} + hour AS place", f"series CROSS JOIN {_HOURS}"
        chosen = f"SELECT {place} FROM {{day}} CROSS JOIN {buckets} WHERE {_lot(shape, 'hour')}"
        _fill(db, shape, "fact", f"SELECT place, {_measures(NUMBERS)}, 0, 1, 1 FROM ({chosen})")
        sums = ", ".join(f"sum({name})" for name in DAY_NUMBERS)
        rolled = "FROM {day} JOIN fact ON place BETWEEN day << 32 AND (day + 1 << 32) - 1 GROUP BY place / 32"
        _fill(db, shape, "day_total", f"SELECT min(place) / 32 * 32, {sums}, 0 {rolled}")
        return int(db.execute("SELECT count(*) FROM fact").fetchone()[0])


def write_days(path: Path, shape: Shape) -> int:
    """A roll-up alone; returns how many cells."""
    with _filling(path, shape, Grain.DAY) as db:
        place = f"{places.OF_SERIES_DAY} AS place"
        chosen = f"SELECT {place} FROM {{day}} CROSS JOIN series WHERE {_lot(shape, '0')}"
        _fill(db, shape, "day_total", f"SELECT place, {_measures(DAY_NUMBERS)}, 0 FROM ({chosen})")
        return int(db.execute("SELECT count(*) FROM day_total").fetchone()[0])


@contextmanager
def _filling(path: Path, shape: Shape, grain: Grain) -> Iterator[sqlite3.Connection]:
    """A new history with its series and everything marked as read, to be filled in one go."""
    History(path).close()
    with closing(connect(path)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("BEGIN")
        add = "INSERT INTO series VALUES (?, ?, ?, ?, ?, ?, '', '')"
        db.executemany(add, map(_series, range(shape.series)))
        first, last = index(shape.window.start, Grain.HOUR), index(END, Grain.HOUR)
        covered = ((hour, grain, last * 3600) for hour in range(first, last))
        db.executemany("INSERT INTO coverage VALUES (?, 'bench', ?, ?, 1, 5)", covered)
        yield db
        db.execute("COMMIT")


def _fill(db: sqlite3.Connection, shape: Shape, table: str, select: str) -> None:
    """Insert day by day, so that the tables are written from front to back."""
    first, last = index(shape.window.start, Grain.DAY), index(END, Grain.DAY)
    insert = f"INSERT INTO {table} {select.format(day='(SELECT ? AS day)')}"
    db.executemany(insert, [(day,) for day in range(first, last)])


def _series(number: int) -> tuple[object, ...]:
    model = ("claude-opus-5", "claude-sonnet-5", "claude-haiku-5")[number % 3]
    names = (f"wrkspc_{number % 20:024d}", f"apikey_{number // 3:024d}", model, f"user_{number % 300:024d}")
    return number + 1, *names, "api"


def _lot(shape: Shape, hour: str) -> str:
    """Which buckets hold spend: a share of them, evenly scattered."""
    return f"((day * 24 + {hour}) * 7919 + id * 104729) % 1000 < {round(shape.density * 1000)}"


def _measures(names: tuple[str, ...]) -> str:
    return ", ".join(_MEASURES.get(name, "0") for name in names)
