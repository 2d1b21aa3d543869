"""The day panel of 100,000 series and 365 days from the file, against a bare SELECT of the same cells."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from bench.figures import Figure, best
from bench.stored import Shape, write_days
from bot.facts.clock import Grain
from bot.history import places
from bot.history.connection import connect
from bot.history.store import History
from bot.panel.panel import Panel

_SERIES, _DAYS = 100_000, 365
_REALISTIC, _FULL = 0.1, 1.0
"""The share of days on which a dimension set (key, model, person ...) spends at all."""
_MOST_TIMES = 3.0
_CHUNK = 50_000
_ROUNDS = {_REALISTIC: 3, _FULL: 1}


def figures() -> Iterator[Figure]:
    """As sparse as an organisation is."""
    yield _figure(Shape(_SERIES, _DAYS, _REALISTIC))


def full_figures() -> Iterator[Figure]:
    """Every series on every day: a file of 2 GB, a few minutes."""
    yield _figure(Shape(_SERIES, _DAYS, _FULL))


def _figure(shape: Shape) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        cells = write_days(path, shape)
        floor, ours = best(_ROUNDS[shape.density], partial(_bare, path, shape), partial(_built, path, shape))
    what = f"panel: {shape.series:,} series x {shape.days} days, {shape.density:.0%} full ({cells:,} cells)"
    return Figure(what, ours, "s", floor, _MOST_TIMES)


def _bare(path: Path, shape: Shape) -> None:
    query = "SELECT place, usd FROM day_total WHERE place BETWEEN ? AND ?"
    with closing(connect(path)) as db:
        found = db.execute(query, places.of_days(places.days_in(shape.window)))
        while found.fetchmany(_CHUNK):
            pass


def _built(path: Path, shape: Shape) -> None:
    with History(path) as history:
        spend, window = history.spend, shape.window
        cells = spend.cells(window, Grain.DAY)
        panel = Panel.build(Grain.DAY, spend.leaves(), cells, spend.coverage(window))
    assert panel.usd.shape == (shape.series, shape.days)
