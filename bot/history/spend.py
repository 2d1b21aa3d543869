"""Spend: slices replaced whole, the daily roll-up kept in step, and what has been read so far."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import HOURS_A_WEEK, Grain, Window, at_index, hour_of_week, index
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import DIMENSIONS, Basis, DayTotals, Slice, SpendRow
from bot.history import places
from bot.history.connection import transaction
from bot.history.migrations import DAY_NUMBERS, NUMBERS
from bot.history.places import days_in, hours_in
from bot.history.series import dimensions_by_id, series_ids
from bot.panel.coverage import Coverage
from bot.panel.leaves import Leaves

_VALUES = (*NUMBERS, "estimated")
_COLUMNS = ("place", *_VALUES, "first_seen", "last_changed")
_AMENDED = (*_VALUES, "last_changed")
_WRITE = f"""INSERT INTO fact ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" * len(_COLUMNS))})
    ON CONFLICT (place) DO UPDATE SET
    ({", ".join(_AMENDED)}) = ({", ".join(f"excluded.{name}" for name in _AMENDED)})"""
_WITHIN = f"place BETWEEN ? AND ? AND {places.HOUR} >= ? AND {places.HOUR} < ?"
_STORED = f"SELECT place, {', '.join(_VALUES)} FROM fact WHERE {_WITHIN}"
_ROLL_UP = f"""INSERT INTO day_total (place, {", ".join(DAY_NUMBERS)}, estimated)
    SELECT {places.OF_SERIES_DAY}, {", ".join(f"sum({name})" for name in DAY_NUMBERS)}, max(estimated)
    FROM (SELECT ? AS day) CROSS JOIN series CROSS JOIN fact ON {places.IN_SERIES_DAY} GROUP BY id"""
_CELL_TABLE = {Grain.DAY: "day_total", Grain.HOUR: "fact"}
_CHUNK = 50_000

_HOUR_OF = itemgetter(SpendRow._fields.index("hour"))
_USD_OF = itemgetter(SpendRow._fields.index("usd"))
_DIMENSIONS_OF = itemgetter(*(SpendRow._fields.index(name) for name in DIMENSIONS))
_FIRST_NUMBER, _BASIS = SpendRow._fields.index(NUMBERS[0]), SpendRow._fields.index("basis")
_BASES = (Basis.BILLED, Basis.ESTIMATED)
_KEPT = slice(1, 1 + len(_VALUES))

_HOUR_OF_WEEK = f"({places.HOUR} + {hour_of_week(at_index(0, Grain.HOUR))}) % {HOURS_A_WEEK}"

_Fact = tuple[Any, ...]
"""A row of `fact`, integers in the order of _COLUMNS; `_KEPT` are the values that tell whether it changed."""


class SpendTable:
    """The spend of one history file. All dollars are nano-dollars."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def replace(self, piece: Slice, now: datetime) -> int:
        """Put `piece` in place of what was stored for its window, in one transaction; how many rows changed.

        Rows that stay the same keep their times; changed rows keep when they were first seen. Raises
        ValueError when the slice holds two rows for one place.
        """
        with transaction(self._db):
            changed = self._replace_facts(piece, int(now.timestamp()))
            if changed:
                self._roll_up(days_in(piece.window))
            self._cover(piece, int(now.timestamp()))
        return changed

    def _replace_facts(self, piece: Slice, now: int) -> int:
        old = self._stored(piece.window)
        facts = self._facts(piece.rows, now)
        changed = (fact for fact in facts if old.pop(fact[0], None) != fact[_KEPT]) if old else facts
        written = self._db.executemany(_WRITE, changed).rowcount
        self._db.executemany("DELETE FROM fact WHERE place = ?", [(place,) for place in old])
        return written + len(old)

    def _stored(self, window: Window) -> dict[int, _Fact]:
        return {row[0]: row[1:] for row in self._db.execute(_STORED, _within(window))}

    def _facts(self, rows: Sequence[SpendRow], now: int) -> Iterator[_Fact]:
        """The rows as they are stored, by place: appending to a table is faster than scattering into it."""
        unordered = self._places(rows)
        order = np.argsort(unordered)
        ordered = unordered[order]
        if (ordered[1:] == ordered[:-1]).any():
            raise ValueError("a slice holds two rows for one bucket and dimension set")
        by_place = zip(ordered.tolist(), map(rows.__getitem__, order.tolist()), strict=True)
        billed = Basis.BILLED
        return (
            (place, *row[_FIRST_NUMBER:_BASIS], 0 if row[_BASIS] is billed else 1, now, now)
            for place, row in by_place
        )

    def _places(self, rows: Sequence[SpendRow]) -> NDArray[np.int64]:
        hours = {hour: places.of_hour(index(hour, Grain.HOUR)) for hour in set(map(_HOUR_OF, rows))}
        of_hours = np.fromiter(map(hours.__getitem__, map(_HOUR_OF, rows)), np.int64, len(rows))
        series = np.array(series_ids(self._db, list(map(_DIMENSIONS_OF, rows))), np.int64)
        return of_hours + places.of_series(series)

    def _roll_up(self, days: range) -> None:
        self._db.execute("DELETE FROM day_total WHERE place BETWEEN ? AND ?", places.of_days(days))
        self._db.executemany(_ROLL_UP, [(day,) for day in days])

    def _cover(self, piece: Slice, now: int) -> None:
        spent: defaultdict[datetime, int] = defaultdict(int)
        for hour, usd in zip(map(_HOUR_OF, piece.rows), map(_USD_OF, piece.rows), strict=True):
            spent[hour] += usd
        watermark = int(piece.watermark.timestamp())
        self._db.executemany(
            "INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?, ?, ?)",
            [
                (hour, piece.source, piece.grain, watermark, now, spent[at_index(hour, Grain.HOUR)])
                for hour in hours_in(piece.window)
            ],
        )

    def coverage(self, window: Window) -> Coverage:
        """What has been read of each hour of `window`, as arrays in its order."""
        hours = hours_in(window)
        query = f"""SELECT hour, grain = '{Grain.HOUR}', (hour + 1) * 3600 <= watermark, read_at FROM coverage
            WHERE hour BETWEEN ? AND ?"""
        found = self._db.execute(query, (hours.start, hours.stop - 1)).fetchall()
        hour, hourly, complete, read_at = np.array(found, np.int64).reshape(-1, 4).T
        covered, at = Coverage.none(window), hour - hours.start
        covered.known[at] = True
        covered.hourly[at], covered.complete[at], covered.read_at[at] = hourly, complete, read_at
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
        """How many rows an hour had, over the hours read of the last two UTC days; 0 when nothing was."""
        last_hour = self._db.execute("SELECT max(hour) FROM coverage").fetchone()[0]
        if last_hour is None:
            return 0.0
        days = range(last_hour // 24 - 1, last_hour // 24 + 1)
        facts = "SELECT count(*) FROM fact WHERE place BETWEEN ? AND ?"
        hours = "SELECT count(*) FROM coverage WHERE hour >= ?"
        rows = self._db.execute(facts, places.of_days(days)).fetchone()[0]
        return float(rows / self._db.execute(hours, (days.start * 24,)).fetchone()[0])

    def leaves(self) -> Leaves:
        """Every dimension set ever seen; leaf i is series id i + 1."""
        query = """SELECT team, service_tier, workspace_id, api_key_id, model, actor, product
            FROM series ORDER BY id"""
        found = self._db.execute(query).fetchall()
        tags = {"team": [row[0] for row in found], "service_tier": [row[1] for row in found]}
        return Leaves([row[2:] for row in found], tags)

    def assign(self, teams: Sequence[str]) -> None:
        """Note whose each leaf is, in their order; an empty name is nobody's."""
        numbered = [(team, number, team) for number, team in enumerate(teams, 1)]
        with transaction(self._db):
            self._db.executemany("UPDATE series SET team = ? WHERE id = ? AND team <> ?", numbered)

    def cells(self, window: Window, grain: Grain, counts: Sequence[str] = ()) -> Iterator[NDArray[np.int64]]:
        """(leaf, bucket since 1970, nano-dollars, counts) of the spend on the days of `window`, in chunks.

        `counts` names fields of a SpendRow: requests or tokens.
        """
        columns = ("place", "usd", *counts)
        query = f"SELECT {', '.join(columns)} FROM {_CELL_TABLE[grain]} WHERE place BETWEEN ? AND ?"
        found = self._db.execute(query, places.of_days(days_in(window)))
        width = len(columns)
        while chunk := found.fetchmany(_CHUNK):
            table = np.fromiter(chain.from_iterable(chunk), np.int64, width * len(chunk)).reshape(-1, width)
            yield np.column_stack((*places.leaves_and_buckets(table[:, 0], grain), table[:, 1:]))

    def day_totals(self, window: Window) -> DayTotals:
        """Stored dollars by UTC day, workspace and model, to be held against the source's own."""
        query = f"""SELECT {places.DAY}, workspace_id, model, sum(usd)
            FROM day_total JOIN series ON id = {places.SERIES}
            WHERE place BETWEEN ? AND ? GROUP BY 1, workspace_id, model"""
        found = self._db.execute(query, places.of_days(days_in(window)))
        return {(at_index(day, Grain.DAY), *names): Usd(usd) for day, *names, usd in found}

    def rows(self, window: Window, scope: Scope) -> list[SpendRow]:
        """The stored rows of `window` that lie in `scope`, by time."""
        pinned, days = scope.pinned(), days_in(window)
        where = "".join(f" AND {name} = ?" for name in pinned)
        query = f"""WITH RECURSIVE days (day) AS (SELECT ? UNION ALL SELECT day + 1 FROM days WHERE day < ?)
            SELECT {places.HOUR}, id, {", ".join(_VALUES)}
            FROM series CROSS JOIN days CROSS JOIN fact ON {places.IN_SERIES_DAY}
            WHERE {_WITHIN}{where} ORDER BY 1, id"""
        values = (days.start, days.stop - 1, *_within(window), *pinned.values())
        starts = {hour: at_index(hour, Grain.HOUR) for hour in hours_in(window)}
        dimensions = dimensions_by_id(self._db)
        return [
            SpendRow._make((starts[hour], *dimensions[series], *numbers, _BASES[estimated]))
            for hour, series, *numbers, estimated in self._db.execute(query, values)
        ]

    def sums(
        self, window: Window, scope: Scope, hours_of_week: Collection[int] = range(HOURS_A_WEEK)
    ) -> list[SpendRow]:
        """What each dimension set in `scope` adds up to, one row each, dated at the start of the window.

        Only the hours of the week that are named count, where hours were read; 0 is Monday 00:00 UTC.
        """
        pinned, days = scope.pinned(), days_in(window)
        where = "".join(f" AND {name} = ?" for name in pinned)
        if len(hours_of_week) < HOURS_A_WEEK:
            where += f" AND {_HOUR_OF_WEEK} IN ({', '.join(str(int(hour)) for hour in hours_of_week)})"
            where += f" AND (SELECT grain FROM coverage WHERE hour = {places.HOUR}) = '{Grain.HOUR}'"
        query = f"""WITH RECURSIVE days (day) AS (SELECT ? UNION ALL SELECT day + 1 FROM days WHERE day < ?)
            SELECT id, {", ".join(f"sum({name})" for name in NUMBERS)}, max(estimated)
            FROM series CROSS JOIN days CROSS JOIN fact ON {places.IN_SERIES_DAY}
            WHERE {_WITHIN}{where} GROUP BY id"""
        values = (days.start, days.stop - 1, *_within(window), *pinned.values())
        dimensions = dimensions_by_id(self._db)
        return [
            SpendRow._make((window.start, *dimensions[series], *numbers, _BASES[estimated]))
            for series, *numbers, estimated in self._db.execute(query, values)
        ]


def _within(window: Window) -> tuple[int, int, int, int]:
    hours = hours_in(window)
    return (*places.of_days(days_in(window)), hours.start, hours.stop)
