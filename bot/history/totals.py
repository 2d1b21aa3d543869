"""Sums over windows from midnight UTC: days from the roll-up, hours only of a day that was read further."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.facts.clock import Grain, Window, at_index
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import DIMENSIONS, Basis
from bot.history import places
from bot.history.places import days_in, hours_in

_SPENT = f"""
    SELECT place, usd, requests, estimated FROM day_total WHERE place BETWEEN ? AND ?
    UNION ALL
    SELECT place, usd, requests, estimated FROM fact WHERE place BETWEEN ? AND ? AND {places.HOUR} < ?"""
_BASES = (Basis.BILLED, Basis.ESTIMATED)
_OWNERS = ("workspace_id", "api_key_id", "actor")
_Line = tuple[tuple[str, ...], Usd, int, Basis]


class TotalsTable:
    """Totals of one history file, nano-USD."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def by(self, dimension: str, window: Window) -> list[tuple[str, Usd, int, Basis]]:
        """(value, dollars, requests, basis) of a window by the values of a dimension, largest first."""
        if dimension not in DIMENSIONS:
            raise ValueError(f"{dimension!r} is not one of {', '.join(DIMENSIONS)}")
        found = self._by((dimension,), window)
        return [(value, usd, requests, basis) for (value,), usd, requests, basis in found]

    def by_owner(self, window: Window) -> list[tuple[Scope, Usd, int, Basis]]:
        """(workspace, key and person, dollars, requests, basis) of a window, largest first."""
        found = self._by(_OWNERS, window)
        return [
            (Scope(**dict(zip(_OWNERS, values, strict=True))), usd, requests, basis)
            for values, usd, requests, basis in found
        ]

    def _by(self, dimensions: Sequence[str], window: Window) -> Iterator[_Line]:
        columns = ", ".join(dimensions)
        query = f"""SELECT sum(usd), sum(requests), max(estimated), {columns} FROM
              (SELECT {places.SERIES} AS number, sum(usd) AS usd, sum(requests) AS requests,
                 max(estimated) AS estimated FROM ({_SPENT}) GROUP BY 1)
            JOIN series ON id = number GROUP BY {columns} ORDER BY 1 DESC, {columns}"""
        for usd, requests, estimated, *values in self._db.execute(query, self._bounds(window)):
            yield tuple(values), Usd(usd), requests, _BASES[estimated]

    def total(self, window: Window) -> Usd | None:
        """Dollars of a window; None when a part of it was never read."""
        hours = hours_in(window)
        query = "SELECT count(*), sum(usd) FROM coverage WHERE hour BETWEEN ? AND ?"
        read, usd = self._db.execute(query, (hours.start, hours.stop - 1)).fetchone()
        return Usd(usd) if read == len(hours) else None

    def read_until(self, window: Window) -> datetime | None:
        """The end of the last hour of a window that was read; None when none was."""
        hours = hours_in(window)
        query = "SELECT max(hour) FROM coverage WHERE hour BETWEEN ? AND ?"
        (last,) = self._db.execute(query, (hours.start, hours.stop - 1)).fetchone()
        return None if last is None else at_index(last + 1, Grain.HOUR)

    def _bounds(self, window: Window) -> tuple[int, int, int, int, int]:
        """The places of days from the roll-up, then those of a day to be cut, and the hour to cut at."""
        hours, days = hours_in(window), days_in(window)
        until, midnight = hours.stop, days.stop * 24
        query = "SELECT EXISTS (SELECT 1 FROM coverage WHERE hour >= ? AND hour < ?)"
        goes_on = self._db.execute(query, (until, midnight)).fetchone()[0]
        whole = range(days.start, days.stop - goes_on)
        return *places.of_days(whole), *places.of_days(range(whole.stop, days.stop)), until
