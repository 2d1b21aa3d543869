"""Sums over any whole hours, by leaf, day or hour. Leaf i is series id i + 1.

Where leaves are named only those count; None is everything.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.facts.clock import Window
from bot.facts.money import Usd
from bot.facts.spend import Basis, SpendRow
from bot.history import places
from bot.history.migrations import NUMBERS
from bot.history.places import days_in, hours_in
from bot.history.series import dimensions_by_id
from bot.history.stretch import Chosen, parts_of, union

_BASES = (Basis.BILLED, Basis.ESTIMATED)
_BY_DAY = f"""SELECT (SELECT coalesce(sum(usd), 0) FROM series CROSS JOIN day_total
      ON place = {places.OF_SERIES_DAY} WHERE id IN {places.GIVEN}) FROM {places.DAYS}"""
_BY_HOUR = f"""SELECT {places.HOUR}, sum(usd) FROM {places.DAYS} CROSS JOIN series CROSS JOIN fact
    ON {places.IN_SERIES_DAY} WHERE id IN {places.GIVEN} GROUP BY 1"""
_ROWS = f"""WITH asked (day, hours) AS {{days}}
    SELECT id, {", ".join(f"sum({name})" for name in NUMBERS)}, max(estimated)
    FROM series CROSS JOIN asked CROSS JOIN fact
    ON {places.IN_SERIES_DAY} AND (hours >> {places.HOUR_OF_DAY} & 1) {{where}} GROUP BY id"""
_Leaves = Sequence[int] | None


class TotalsTable:
    """Sums of one history file, nano-USD."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def by_leaf(self, window: Window, leaves: _Leaves = None) -> list[tuple[int, Usd, int, Basis]]:
        """(leaf, dollars, requests, basis) of every leaf that was used.

        Hours that were read as a whole day count where all of the day lies in the window.
        """
        found = self._grouped({"usd": "sum", "requests": "sum", "estimated": "max"}, window, leaves)
        return [(leaf, Usd(usd), requests, _BASES[estimated]) for leaf, usd, requests, estimated in found]

    def usd_by_leaf(self, window: Window, leaves: _Leaves = None) -> dict[int, Usd]:
        """The dollars alone."""
        return {leaf: Usd(usd) for leaf, usd in self._grouped({"usd": "sum"}, window, leaves)}

    def rows(self, windows: Sequence[Window], leaves: _Leaves = None) -> list[SpendRow]:
        """Everything that is counted in windows together, a row for each leaf, dated at the first start."""
        days = [(day, part.hours) for one in windows for part in parts_of(self._db, one) for day in part.days]
        values: list[object] = [value for day in days for value in day]
        asked = f"(VALUES {', '.join(['(?, ?)'] * len(days))})"
        query = _ROWS.format(days=asked, where="" if leaves is None else f"WHERE id IN {places.GIVEN}")
        values += [] if leaves is None else [Chosen.of(self._db, leaves).ids]
        dimensions, start = dimensions_by_id(self._db), windows[0].start
        return [
            SpendRow._make((start, *dimensions[id_], *numbers, _BASES[estimated]))
            for id_, *numbers, estimated in self._db.execute(query, values)
        ]

    def total(self, window: Window, leaves: _Leaves = None) -> Usd:
        """The dollars that `by_leaf` adds up to."""
        parts = parts_of(self._db, window)
        if leaves is None:
            return Usd(sum(self._db.execute(*part.select_covered()).fetchone()[0] for part in parts))
        rows, values = union(parts, ["usd"], Chosen.of(self._db, leaves))
        return Usd(self._db.execute(f"SELECT coalesce(sum(usd), 0) FROM ({rows})", values).fetchone()[0])

    def by_day(self, window: Window, leaves: _Leaves = None) -> list[Usd]:
        """Dollars of each UTC day that a window touches, the whole of it."""
        days = days_in(window)
        if leaves is None:
            return self._covered("hour / 24", days, range(days.start * 24, days.stop * 24))
        chosen = Chosen.of(self._db, leaves)
        found = self._db.execute(_BY_DAY, (chosen.ids, days.start, days.stop - 1))
        return [Usd(usd) for (usd,) in found]

    def by_hour(self, window: Window, leaves: _Leaves = None) -> list[Usd]:
        """Dollars of each hour of a window; what was read as a whole day stands in its first hour."""
        hours, days = hours_in(window), days_in(window)
        if leaves is None:
            return self._covered("hour", hours, hours)
        chosen = Chosen.of(self._db, leaves)
        found = dict(self._db.execute(_BY_HOUR, (days.start, days.stop - 1, chosen.ids)))
        return [Usd(found.get(hour, 0)) for hour in hours]

    def _covered(self, bucket: str, buckets: range, hours: range) -> list[Usd]:
        """Dollars of everything by bucket: they are kept beside what was read."""
        query = f"SELECT {bucket}, sum(usd) FROM coverage WHERE hour BETWEEN ? AND ? GROUP BY 1"
        found = dict(self._db.execute(query, (hours.start, hours.stop - 1)))
        return [Usd(found.get(at, 0)) for at in buckets]

    def _grouped(
        self, columns: Mapping[str, str], window: Window, leaves: _Leaves
    ) -> Iterator[tuple[Any, ...]]:
        """Leaf by leaf its columns, each put together by its function."""
        chosen = None if leaves is None else Chosen.of(self._db, leaves)
        rows, values = union(parts_of(self._db, window), list(columns), chosen)
        together = ", ".join(f"{function}({name})" for name, function in columns.items())
        return self._db.execute(f"SELECT {places.SERIES} - 1, {together} FROM ({rows}) GROUP BY 1", values)
