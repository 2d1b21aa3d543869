"""Numbers for dimension sets: rows that agree in all dimensions are one series, whose id never changes."""

import sqlite3
from collections.abc import Sequence

from bot.facts.spend import DIMENSIONS

Dimensions = tuple[str, ...]
"""The dimension values of a row, in the order of DIMENSIONS."""

_NAMES = ", ".join(DIMENSIONS)
_ALL = f"SELECT id, {_NAMES} FROM series"
_ADD = f"INSERT INTO series ({_NAMES}) VALUES ({', '.join('?' * len(DIMENSIONS))})"


class SeriesIds:
    """The ids of one history file, read once and remembered."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[Dimensions, int] | None = None

    def of(self, wanted: Sequence[Dimensions]) -> list[int]:
        """The id of each dimension set; those that have none yet are given one, in sorted order."""
        if self._known is None:
            self._known = self._read()
        try:
            return [self._known[dimensions] for dimensions in wanted]
        except KeyError:
            self._db.executemany(_ADD, sorted(set(wanted) - self._known.keys()))
            self._known = self._read()
            return [self._known[dimensions] for dimensions in wanted]

    def _read(self) -> dict[Dimensions, int]:
        return {tuple(dimensions): id_ for id_, *dimensions in self._db.execute(_ALL)}

    def forget(self) -> None:
        """Read them anew: ids given out in a transaction that did not happen are nobody's."""
        self._known = None
