"""The rows that make up a window: days from the roll-up, single hours only of the days that it cuts."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from bot.facts.clock import Grain, Window
from bot.history import places
from bot.history.places import days_in, hours_in
from bot.history.series import how_many

_WHOLE = (1 << 24) - 1
_HOURS_OF_DAY = f"SELECT hour % 24, grain = '{Grain.HOUR}' FROM coverage WHERE hour BETWEEN ? AND ?"
Query = tuple[str, tuple[object, ...]]
"""SQL and the values it takes."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some of the series: their ids as JSON, and whether they are few enough to be sought one by one."""

    ids: str
    few: bool

    @classmethod
    def of(cls, db: sqlite3.Connection, leaves: Sequence[int]) -> Self:
        """From leaf numbers."""
        return cls(json.dumps([leaf + 1 for leaf in leaves]), 2 * len(leaves) <= how_many(db))


@dataclass(frozen=True, slots=True)
class Part:
    """Days of which these hours count: a bit for each, the lowest is midnight's."""

    days: range
    hours: int = _WHOLE

    def select(self, columns: str, chosen: Chosen | None) -> Query:
        """Its rows: places and columns, of the roll-up where all hours count."""
        table = "day_total" if self.hours == _WHOLE else "fact"
        counted = f"(? >> {places.HOUR_OF_DAY} & 1)"
        if chosen and chosen.few:
            sought = f"series CROSS JOIN {places.DAYS} CROSS JOIN {table} ON {places.IN_SERIES_DAY}"
            where = f"id IN {places.GIVEN} AND {counted}"
            values = self.days.start, self.days.stop - 1, chosen.ids, self.hours
            return f"SELECT place, {columns} FROM {sought} WHERE {where}", values
        read = f"SELECT place, {columns} FROM {table} WHERE place BETWEEN ? AND ? AND {counted}"
        within = (*places.of_days(self.days), self.hours)
        if chosen is None:
            return read, within
        return f"{read} AND {places.SERIES} IN {places.GIVEN}", (*within, chosen.ids)

    def select_covered(self) -> Query:
        """Dollars of everything in it, by the hours as they were read."""
        query = """SELECT coalesce(sum(usd), 0) FROM coverage
            WHERE hour BETWEEN ? AND ? AND (? >> hour % 24 & 1)"""
        return query, (self.days.start * 24, self.days.stop * 24 - 1, self.hours)


def parts_of(db: sqlite3.Connection, window: Window) -> list[Part]:
    """The parts of a window of whole hours.

    Of a day that it cuts only hours count that were read as such: what was read as a whole day is not known
    by the hour. Where nothing else of the day was read, the roll-up says the same sooner.
    """
    hours, days = hours_in(window), days_in(window)
    cut = {day: part for day in {days[0], days[-1]} if (part := _cut(db, day, _bits(hours, day)))}
    whole = range(days.start + (days[0] in cut), days.stop - (days[-1] in cut))
    return [*([Part(whole)] if whole else []), *cut.values()]


def _bits(hours: range, day: int) -> int:
    """The hours of a day that lie in a range of hours."""
    first, last = max(hours.start - day * 24, 0), min(hours.stop - day * 24, 24)
    return (1 << last) - (1 << first)


def _cut(db: sqlite3.Connection, day: int, wanted: int) -> Part | None:
    """The wanted hours of a day, None where the whole day is as good."""
    if wanted == _WHOLE:
        return None
    found = db.execute(_HOURS_OF_DAY, (day * 24, day * 24 + 23)).fetchall()
    unwanted = any(not (wanted >> hour & 1 and hourly) for hour, hourly in found)
    hourly = sum(1 << hour for hour, is_hourly in found if is_hourly)
    return Part(range(day, day + 1), wanted & hourly) if unwanted else None


def union(parts: Sequence[Part], columns: Sequence[str], chosen: Chosen | None) -> Query:
    """The rows of all parts."""
    queries = [part.select(", ".join(columns), chosen) for part in parts]
    return " UNION ALL ".join(sql for sql, _ in queries), sum((values for _, values in queries), ())
