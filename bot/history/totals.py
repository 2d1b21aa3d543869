"""Sums over windows from midnight UTC: whole days from the roll-up, the last part-day by the hour."""

import sqlite3

from bot.facts.clock import Grain, Window, index
from bot.facts.money import Usd
from bot.facts.spend import DIMENSIONS, Basis

_SPENT = """
    SELECT series, usd, requests, basis FROM day_total WHERE day BETWEEN ? AND ?
    UNION ALL
    SELECT series, usd, requests, basis FROM fact
    WHERE series IN (SELECT id FROM series) AND day = ? AND hour < ?"""


class TotalsTable:
    """Totals of one history file, nano-USD."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def by(self, dimension: str, window: Window) -> list[tuple[str, Usd, int, Basis]]:
        """(value, dollars, requests, basis) of a window by the values of a dimension, largest first."""
        if dimension not in DIMENSIONS:
            raise ValueError(f"{dimension!r} is not one of {', '.join(DIMENSIONS)}")
        query = f"""SELECT {dimension}, sum(usd), sum(requests), max(basis) FROM
              (SELECT series, sum(usd) AS usd, sum(requests) AS requests, max(basis) AS basis
               FROM ({_SPENT}) GROUP BY series)
            JOIN series ON id = series GROUP BY 1 ORDER BY 2 DESC, 1"""
        found = self._db.execute(query, _bounds(window))
        return [(value, Usd(usd), requests, Basis(basis)) for value, usd, requests, basis in found]

    def total(self, window: Window) -> Usd | None:
        """Dollars of a window; None when a part of it was never read."""
        hours = range(index(window.start, Grain.HOUR), index(window.end, Grain.HOUR))
        read = "SELECT count(*) FROM coverage WHERE hour BETWEEN ? AND ?"
        if self._db.execute(read, (hours.start, hours.stop - 1)).fetchone()[0] < len(hours):
            return None
        query = f"SELECT coalesce(sum(usd), 0) FROM ({_SPENT})"
        return Usd(self._db.execute(query, _bounds(window)).fetchone()[0])


def _bounds(window: Window) -> tuple[int, int, int, int]:
    """First and last whole day, then the part-day at the end and how many of its hours count."""
    last, hours = divmod(index(window.end, Grain.HOUR), 24)
    return index(window.start, Grain.DAY), last - 1, last, hours
