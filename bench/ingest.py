"""A million facts into SQLite, against bare `executemany` of the same rows in one transaction.

Three floors: facts as they are stored (integers only), facts as the source gives them (ids as text), and, as
it begins with decoded pages, the wire rows themselves: one of usage and four of cost for each fact.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from bench import rows, wire
from bench.figures import Figure, seconds
from bot.facts.clock import Grain, index
from bot.facts.spend import Slice, SpendRow
from bot.history import places
from bot.history.connection import connect
from bot.history.store import History
from bot.sources.analytics import Join
from bot.sources.analytics_wire import CostItem, UsageItem

_SERIES, _HOURS, _WIRE_HOURS = 1000, 1000, 48
_MOST_TIMES = 3.0
_MICRO = 1e6


class Bare:
    """A table without types, keys or checks, filled in one transaction; counts the seconds."""

    def __init__(self, path: Path) -> None:
        self._db = connect(path)
        self._db.execute("BEGIN")
        self.seconds = 0.0

    def add(self, table: str, found: Sequence[Sequence[object]]) -> None:
        """Insert rows of one shape into a table of that shape."""
        columns = range(len(found[0]))
        self._db.execute(f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(f'c{at}' for at in columns)})")
        insert = f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})"
        self.seconds += seconds(partial(self._db.executemany, insert, found))

    def commit(self) -> float:
        """All the seconds it took."""
        self.seconds += seconds(partial(self._db.execute, "COMMIT"))
        self._db.close()
        return self.seconds


def figures() -> Iterator[Figure]:
    """From facts, then from wire rows, then from JSON."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _from_facts(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from _from_wire(Path(folder))


def _from_facts(folder: Path) -> Iterator[Figure]:
    stored, given, ours, facts = Bare(folder / "stored.db"), Bare(folder / "given.db"), 0.0, 0
    with History(folder / "ours.db") as history:
        for piece in rows.slices(_SERIES, _HOURS):
            stored.add("fact", _as_stored(piece.rows))
            given.add("fact", _as_given(piece.rows))
            ours += seconds(partial(history.spend.replace, piece, piece.window.end))
            facts += len(piece.rows)
    each, what = _MICRO / facts, f"ingest: replace, {facts:,} facts; floor: they "
    yield Figure(f"{what}as stored", ours * each, "us", stored.commit() * each, _MOST_TIMES)
    yield Figure(f"{what}as given", ours * each, "us", given.commit() * each, _MOST_TIMES)


def _from_wire(folder: Path) -> Iterator[Figure]:
    piece = next(rows.slices(_SERIES, _WIRE_HOURS))
    texts = wire.cost_texts(piece.rows), wire.usage_texts(piece.rows)
    decoding, (costs, usages) = _timed_decode(*texts)
    wires, stored = Bare(folder / "wire.db"), Bare(folder / "stored.db")
    wires.add("cost", wire.cost_columns(costs))
    wires.add("usage", wire.usage_columns(usages))
    stored.add("fact", _as_stored(piece.rows))
    with History(folder / "ours.db") as history:
        ours = seconds(partial(_join_and_replace, history, piece, costs, usages))
    each, what = _MICRO / len(piece.rows), f"ingest: join and replace, {len(piece.rows):,} facts; floor: "
    yield Figure(f"{what}their wire rows", ours * each, "us", wires.commit() * each, _MOST_TIMES)
    yield Figure(f"{what}they as stored", ours * each, "us", stored.commit() * each)
    yield Figure(f"ingest: JSON into wire rows, {len(piece.rows):,} facts", decoding * each, "us")


def _timed_decode(
    costs: Sequence[str], usages: Sequence[str]
) -> tuple[float, tuple[list[CostItem], list[UsageItem]]]:
    decoded: list[tuple[list[CostItem], list[UsageItem]]] = []
    took = seconds(lambda: decoded.append(wire.decode(costs, usages)))
    return took, decoded[0]


def _join_and_replace(
    history: History, piece: Slice, costs: Sequence[CostItem], usages: Sequence[UsageItem]
) -> None:
    join = Join(piece.window, piece.grain, piece.watermark)
    join.add_cost(costs)
    join.add_usage(usages)
    joined = Slice(piece.source, piece.window, piece.grain, piece.watermark, join.rows())
    assert history.spend.replace(joined, piece.window.end) == len(piece.rows)


def _as_stored(facts: Sequence[SpendRow]) -> list[Sequence[object]]:
    ids: dict[tuple[object, ...], int] = {}
    return [
        (
            places.of_hour(index(row.hour, Grain.HOUR)) + ids.setdefault(row[1:7], len(ids) + 1) * 32,
            *row[7:-1],
            0,
            1,
            1,
        )
        for row in facts
    ]


def _as_given(facts: Sequence[SpendRow]) -> list[Sequence[object]]:
    hours = {hour: f"{hour:%Y-%m-%dT%H:%M:%SZ}" for hour in {row.hour for row in facts}}
    return [(hours[row.hour], *row[1:-1], str(row.basis)) for row in facts]
