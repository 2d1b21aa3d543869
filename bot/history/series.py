"""Numbers for dimension sets: rows that agree in all dimensions are one series, whose id never changes."""

import sqlite3
from collections.abc import Sequence

from bot.facts.spend import DIMENSIONS

Dimensions = tuple[str, ...]
"""The dimension values of a row, in the order of DIMENSIONS."""

_NAMES = ", ".join(DIMENSIONS)
_ALL = f"SELECT id, {_NAMES} FROM series"
_ADD = f"INSERT INTO series ({_NAMES}) VALUES ({', '.join('?' * len(DIMENSIONS))})"


def series_ids(db: sqlite3.Connection, wanted: Sequence[Dimensions]) -> list[int]:
    """The id of each dimension set; those that have none yet are given one, in sorted order.

    Read anew each time: ids remembered from a transaction that was undone would be nobody's.
    """
    known = _ids(db)
    try:
        return [known[dimensions] for dimensions in wanted]
    except KeyError:
        db.executemany(_ADD, sorted(set(wanted) - known.keys()))
        known = _ids(db)
        return [known[dimensions] for dimensions in wanted]


def dimensions_by_id(db: sqlite3.Connection) -> dict[int, Dimensions]:
    """What each series id stands for."""
    return {id_: tuple(dimensions) for id_, *dimensions in db.execute(_ALL)}


def how_many(db: sqlite3.Connection) -> int:
    """The number of series: their ids count from 1, and none is ever taken away."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM series").fetchone()[0])


def _ids(db: sqlite3.Connection) -> dict[Dimensions, int]:
    return {dimensions: id_ for id_, dimensions in dimensions_by_id(db).items()}
