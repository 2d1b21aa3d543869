"""Answers to questions on ten million rows, against a bare SELECT of the month's roll-up."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from bench.figures import Figure, seconds
from bench.stored import END, Shape, write_hours
from bot.facts.clock import Window
from bot.facts.directory import Directory, Key
from bot.history import places
from bot.history.connection import connect
from bot.history.store import History
from bot.jobs.answer import answer, names_known
from bot.questions.answers import Comparison, Spend
from bot.questions.understand import understand

_A_YEAR = Shape(series=2500, days=365, density=0.46)
"""A year of ten million rows: 2,500 dimension sets, each spending in a little under half of all hours."""
_KEY = f"apikey_{7:024d}"
_QUESTIONS = (
    "today",
    "yesterday by model",
    "week by user",
    "24h by workspace",
    "month by key",
    "month by model",
    "month by team",
    "month model:*opus* by key",
    f"month key:{_KEY}",
    "compare week by user",
    "compare month by model",
    f"why yesterday key:{_KEY}",
)
_LONG = ("why yesterday model:claude-opus-5", "why yesterday", "why week")
"""What it was spent on is only known by the hour: all figures of every hour of four weeks are added up."""
_TEAMS = {f"team {number}": (f"*{number:02d}0", f"key {number}*", f"*-{number}") for number in range(20)}
_MOST_MS, _MOST_NAMES_MS = 300.0, 20.0
_ROUNDS = 9
_NOW = END - timedelta(minutes=25)
_MILLI = 1e3


def figures() -> Iterator[Figure]:
    """The median time to open the file and answer, question by question."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        facts = write_hours(path, _A_YEAR)
        with History(path) as history:
            keys = (history.spend.leaves().named("api_key_id"))[:3000]
            history.names.remember(Directory(keys={id_: Key(id_, f"key {id_[-4:]}") for id_ in keys}))
            took = _median(partial(names_known, history, _TEAMS))
            yield Figure(f"summary: the names of {len(set(keys)):,} keys", took, "ms", most=_MOST_NAMES_MS)
        floor = _median(partial(_bare, path))
        for words in (*_QUESTIONS, *_LONG):
            most = _MOST_MS if words in _QUESTIONS else None
            shown = words.replace(_KEY, "KEY")
            took = _median(partial(_ask, path, words))
            yield Figure(f"summary: {shown}, {facts:,} rows", took, "ms", floor, most=most)


def _median(work: Callable[[], object]) -> float:
    return median(seconds(work) for _ in range(_ROUNDS)) * _MILLI


def _ask(path: Path, words: str) -> None:
    with History(path) as history:
        question = understand(words, _NOW, ZoneInfo("UTC"), {})
        reply = answer(question, history, _TEAMS, _NOW).reply
    if isinstance(reply, Spend):
        assert reply.total == sum(line.usd for line in (*reply.lines, *filter(None, [reply.others])))
    if isinstance(reply, Comparison):
        assert reply.total.now == sum(line.now for line in (*reply.lines, *filter(None, [reply.others])))


def _bare(path: Path) -> None:
    days = places.days_in(Window(END.replace(day=1), END))
    query = "SELECT sum(usd), sum(requests), max(estimated) FROM day_total WHERE place BETWEEN ? AND ?"
    with closing(connect(path)) as db:
        db.execute(query, places.of_days(days)).fetchone()
