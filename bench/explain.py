"""Why it cost more: where it lies among 10,000 leaves, the waterfall over them, and the sums it needs."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from bench.figures import Figure, best
from bench.rows import START, slices
from bench.stored import END, Shape, write_hours
from bot.explain.cause import hours_of_week
from bot.explain.localise import localise
from bot.explain.waterfall import Costs, waterfall
from bot.facts.clock import Window
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION
from bot.facts.spend import SpendRow
from bot.history.store import History
from bot.panel.leaves import NAMES

_LEAVES = 10_000
_MOST_LOCALISE = 0.05
_ROUNDS = 5
_STORED = Shape(series=1000, days=28, density=1.0)


def figures() -> Iterator[Figure]:
    """Seconds against the bare sum of the same numbers."""
    rows = _rows()
    places = [tuple(getattr(row, name) for name in NAMES) for row in rows]
    usual = np.array([float(row.usd) for row in rows])
    now = usual * np.exp(np.random.default_rng(3).normal(0, 0.1, len(rows)))
    now[[place[1] == places[0][1] for place in places]] *= 2000
    floor, ours = best(_ROUNDS, partial(np.sum, np.abs(now - usual)), partial(localise, places, now, usual))
    yield Figure(f"explain: where it lies among {_LEAVES:,} leaves", ours, "s", floor, most=_MOST_LOCALISE)
    yield _of_waterfall(rows)
    yield _of_sums()


def _rows() -> list[SpendRow]:
    return list(next(slices(_LEAVES, 1)).rows)


def _of_waterfall(before: list[SpendRow]) -> Figure:
    now = [row._replace(hour=START, requests=row.requests * 2) for row in before]
    total = Usd(sum(row.usd for row in before))
    floor, ours = best(
        2,
        lambda: sum(row.usd for row in now),
        lambda: waterfall(Costs(now, Usd(2 * total)), Costs(before, total)),
    )
    return Figure(f"explain: the waterfall of {_LEAVES:,} leaves", ours, "s", floor)


def _of_sums() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        facts = write_hours(path, _STORED)
        times = hours_of_week(Window(END, END + timedelta(hours=30)))
        with closing(sqlite3.connect(path)) as bare, History(path) as history:
            floor, ours = best(
                2,
                lambda: bare.execute("SELECT sum(usd) FROM fact").fetchone(),
                lambda: history.spend.sums(_STORED.window, ORGANISATION, times),
            )
    return Figure(
        f"explain: sums of the whole organisation over four weeks, {facts:,} facts", ours, "s", floor
    )
