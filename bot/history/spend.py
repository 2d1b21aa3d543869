"""Spend: slices replaced whole, the daily roll-up kept in step, and what has been read so far."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import Grain, Window, at_index, index
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import DIMENSIONS, Basis, DayTotals, Slice, SpendRow
from bot.history.connection import transaction
from bot.history.migrations import NUMBERS
from bot.panel.coverage import Coverage
from bot.panel.leaves import Leaves

_FIRST_NUMBER = SpendRow._fields.index(NUMBERS[0])
_BASIS = SpendRow._fields.index("basis")
_VALUES = (*NUMBERS, "basis")
_COLUMNS = ("series", "day", "hour", *_VALUES, "first_seen", "last_changed")
_INSERT = f"INSERT INTO fact ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"""UPDATE fact SET ({", ".join(_VALUES)}, last_changed) = ({", ".join("?" * (len(_VALUES) + 1))})
    WHERE series = ? AND day = ? AND hour = ?"""
_WITHIN = "day BETWEEN ? AND ? AND day * 24 + hour >= ? AND day * 24 + hour < ?"
_EXISTING = f"""SELECT series, day, hour, {", ".join(_VALUES)} FROM fact
    WHERE series IN (SELECT id FROM series) AND {_WITHIN}"""
_ROLL_UP = f"""INSERT INTO day_total (day, series, {", ".join(_VALUES)})
    SELECT day, series, {", ".join(f"sum({name})" for name in NUMBERS)}, max(basis) FROM fact
    WHERE series IN (SELECT id FROM series) AND day BETWEEN ? AND ? GROUP BY series, day"""

_CELLS = {
    Grain.DAY: "SELECT series, day, usd FROM day_total WHERE day BETWEEN ? AND ?",
    Grain.HOUR: """SELECT series, day * 24 + hour, usd FROM fact
        WHERE series IN (SELECT id FROM series) AND day BETWEEN ? AND ?""",
}
_CHUNK = 50_000

_Place = tuple[int, int, int]
_Fields = tuple[datetime | str | int, ...]


class SpendTable:
    """The spend of one history file. All dollars are nano-dollars."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._series: dict[_Fields, int] | None = None

    def replace(self, piece: Slice, now: datetime) -> int:
        """Put `piece` in place of what was stored for its window, in one transaction; how many rows changed.

        Rows that stay the same keep their times; changed rows keep when they were first seen. Raises
        ValueError when the slice holds two rows for one place.
        """
        try:
            with transaction(self._db):
                changed = self._replace_facts(piece, int(now.timestamp()))
                if changed:
                    self._roll_up(piece.window)
                self._cover(piece, int(now.timestamp()))
        except BaseException:
            self._series = None  # ids given out in a transaction that did not happen must be forgotten
            raise
        return changed

    def _replace_facts(self, piece: Slice, now: int) -> int:
        old = self._stored(piece.window)
        new = self._placed(piece.rows)
        insert, update = [], []
        for place, values in new.items():
            before = old.pop(place, None)
            if before is None:
                insert.append((*place, *values, now, now))
            elif before != values:
                update.append((*values, now, *place))
        self._db.executemany(_INSERT, insert)
        self._db.executemany(_UPDATE, update)
        self._db.executemany("DELETE FROM fact WHERE series = ? AND day = ? AND hour = ?", list(old))
        return len(insert) + len(update) + len(old)

    def _stored(self, window: Window) -> dict[_Place, _Fields]:
        if not self._is_covered(window):
            return {}
        found = self._db.execute(_EXISTING, _within(window))
        return {row[:3]: row[3:] for row in found}

    def _placed(self, rows: Sequence[SpendRow]) -> dict[_Place, _Fields]:
        ids = self._series_ids(rows)
        hours = {hour: divmod(index(hour, Grain.HOUR), 24) for hour in {row[0] for row in rows}}
        placed = {
            (ids[row[1:_FIRST_NUMBER]], *hours[row[0]]): row[_FIRST_NUMBER : _BASIS + 1] for row in rows
        }
        if len(placed) != len(rows):
            raise ValueError("a slice holds two rows for one bucket and dimension set")
        return placed

    def _series_ids(self, rows: Sequence[SpendRow]) -> dict[_Fields, int]:
        columns = ", ".join(DIMENSIONS)
        if self._series is None:
            found = self._db.execute(f"SELECT {columns}, id FROM series")
            self._series = {tuple(row[:-1]): row[-1] for row in found}
        known = self._series
        missing = {row[1:_FIRST_NUMBER] for row in rows} - known.keys()
        for dimensions in sorted(missing):
            marks = ", ".join("?" * len(DIMENSIONS))
            added = self._db.execute(f"INSERT INTO series ({columns}) VALUES ({marks})", dimensions)
            known[dimensions] = added.lastrowid or 0
        return known

    def _roll_up(self, window: Window) -> None:
        days = _days(window)
        self._db.execute("DELETE FROM day_total WHERE day BETWEEN ? AND ?", days)
        self._db.execute(_ROLL_UP, days)

    def _cover(self, piece: Slice, now: int) -> None:
        watermark = int(piece.watermark.timestamp())
        self._db.executemany(
            "INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?, ?)",
            [(hour, piece.source, piece.grain, watermark, now) for hour in _hours(piece.window)],
        )

    def _is_covered(self, window: Window) -> bool:
        hours = _hours(window)
        query = "SELECT EXISTS (SELECT 1 FROM coverage WHERE hour BETWEEN ? AND ?)"
        return bool(self._db.execute(query, (hours.start, hours.stop - 1)).fetchone()[0])

    def coverage(self, window: Window) -> Coverage:
        """What has been read of each hour of `window`, as arrays in its order."""
        hours = _hours(window)
        covered = Coverage.none(window)
        query = "SELECT hour, grain, watermark, read_at FROM coverage WHERE hour BETWEEN ? AND ?"
        for hour, grain, watermark, read_at in self._db.execute(query, (hours.start, hours.stop - 1)):
            at = hour - hours.start
            covered.known[at] = True
            covered.hourly[at] = grain == Grain.HOUR
            covered.complete[at] = (hour + 1) * 3600 <= watermark
            covered.read_at[at] = read_at
        return covered

    def last_read(self) -> tuple[Window, datetime] | None:
        """The stretch from the first to the last hour ever read, and the newest watermark."""
        query = "SELECT min(hour), max(hour), max(watermark) FROM coverage"
        first, last, watermark = self._db.execute(query).fetchone()
        if first is None:
            return None
        window = Window(at_index(first, Grain.HOUR), at_index(last + 1, Grain.HOUR))
        return window, datetime.fromtimestamp(watermark, UTC)

    def rows_per_hour(self) -> float:
        """How many rows an hour had, over the last two UTC days that were read; 0 when nothing was."""
        query = """SELECT count(*) / 48.0 FROM fact WHERE series IN (SELECT id FROM series)
            AND day >= (SELECT max(hour) / 24 - 1 FROM coverage)"""
        return float(self._db.execute(query).fetchone()[0])

    def leaves(self) -> Leaves:
        """Every dimension set ever seen; leaf i is series id i + 1."""
        query = "SELECT workspace_id, api_key_id, model, actor, product FROM series ORDER BY id"
        return Leaves.of(self._db.execute(query).fetchall())

    def cells(self, window: Window, grain: Grain) -> Iterator[NDArray[np.int64]]:
        """(leaf, bucket since 1970, nano-dollars) triples of the spend in `window`, in chunks of rows."""
        found = self._db.execute(_CELLS[grain], _days(window))
        while chunk := found.fetchmany(_CHUNK):
            triples = np.fromiter(chain.from_iterable(chunk), np.int64, 3 * len(chunk)).reshape(-1, 3)
            triples[:, 0] -= 1
            yield triples

    def day_totals(self, window: Window) -> DayTotals:
        """Stored dollars by UTC day, workspace and model, to be held against the source's own."""
        query = """SELECT day, workspace_id, model, sum(usd) FROM day_total JOIN series ON series = id
            WHERE day BETWEEN ? AND ? GROUP BY day, workspace_id, model"""
        found = self._db.execute(query, _days(window))
        return {(at_index(day, Grain.DAY), *names): Usd(usd) for day, *names, usd in found}

    def rows(self, window: Window, scope: Scope) -> list[SpendRow]:
        """The stored rows of `window` that lie in `scope`, by time."""
        pinned = scope.pinned()
        where = "".join(f" AND {name} = ?" for name in pinned)
        query = f"""SELECT day * 24 + hour, {", ".join(DIMENSIONS)}, {", ".join(_VALUES)}
            FROM series JOIN fact ON series = id WHERE {_WITHIN}{where} ORDER BY day, hour, id"""
        found = self._db.execute(query, (*_within(window), *pinned.values()))
        return [
            SpendRow._make((at_index(hour, Grain.HOUR), *row[:-1], Basis(row[-1]))) for hour, *row in found
        ]


def _hours(window: Window) -> range:
    return range(index(window.start, Grain.HOUR), index(window.end, Grain.HOUR))


def _days(window: Window) -> tuple[int, int]:
    hours = _hours(window)
    return hours.start // 24, (hours.stop - 1) // 24


def _within(window: Window) -> tuple[int, int, int, int]:
    hours = _hours(window)
    return (*_days(window), hours.start, hours.stop)
