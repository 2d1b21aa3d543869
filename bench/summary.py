"""`claude-spend summary` on ten million rows, against a bare SELECT of the month's roll-up."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from bench.figures import Figure, seconds
from bench.stored import END, Shape, write_hours
from bot.facts.clock import Window
from bot.history import places
from bot.history.connection import connect
from bot.history.store import History
from bot.jobs.summary import summarise, understand

_A_YEAR = Shape(series=2500, days=365, density=0.46)
"""A year of ten million rows: 2,500 dimension sets, each spending in a little under half of all hours."""
_QUESTIONS = ("month by key", "month by model", "week by user", "yesterday by workspace", "today by key")
_MOST_MS = 100.0
_ROUNDS = 9
_NOW = END - timedelta(minutes=25)
_MILLI = 1e3


def figures() -> Iterator[Figure]:
    """The median time to open the file and answer, question by question."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        facts = write_hours(path, _A_YEAR)
        floor = median(seconds(partial(_bare, path)) for _ in range(_ROUNDS)) * _MILLI
        for words in _QUESTIONS:
            ours = median(seconds(partial(_ask, path, words)) for _ in range(_ROUNDS)) * _MILLI
            what = f"summary: {words}, {facts:,} rows"
            yield Figure(what, ours, "ms", floor if words.startswith("month") else None, most=_MOST_MS)


def _ask(path: Path, words: str) -> None:
    with History(path) as history:
        summarise(understand(words.split()), history.totals, history.names.load(), _NOW)


def _bare(path: Path) -> None:
    days = places.days_in(Window(END.replace(day=1), END))
    query = "SELECT sum(usd), sum(requests), max(estimated) FROM day_total WHERE place BETWEEN ? AND ?"
    with closing(connect(path)) as db:
        db.execute(query, places.of_days(days)).fetchone()
