"""What rules would have said of a year: 20 rules of all kinds over 1,000 series, read from the file."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.figures import Figure, best
from bench.stored import END, Shape, write_hours
from bot.facts.clock import Window
from bot.history.store import History
from bot.jobs.rules import Past, replay_rule
from bot.rules.rulebook import Rulebook
from bot.rules.rulebook import read as read_rules

_YEAR = timedelta(days=365)
_MOST_SECONDS = 10.0
_STORED = Shape(series=1000, days=435, density=0.3)
"""A key works a third of its hours."""
_CONDITIONS = """\
above: $50; within: 1h
above: $400; within: 24h
above: $2,000; within: 7d
above: $9,000; within: month to date
above: $50; within: 1h; for: 3h; until: $40
above: $20; within: 1h; outside: Mon-Fri 07:00-20:00 Europe/Berlin
above: $400; within: 24h; mute: Sat,Sun
rises: 3x; within: 1d
rises: 3x; within: 1d; against: same weekday
falls: 90%; within: 1d
appears: 30d
disappears: 3d
budget: $9,000 a month; at: [50%, 80%, 100%]
budget: $9,000 a month; on: forecast
budget: $9,000 a month; burns: 10x; within: 6h
watch: share of total; above: 40%; within: 24h
watch: requests; above: 10M; within: 1h
watch: cost per request; above: $1; within: 24h
watch: cache read share; below: 1%; within: 24h; missing: hold
all: [{above: $400, within: 24h}, {rises: 2x, within: 1d}]"""


def figures() -> Iterator[Figure]:
    """Seconds from panels in memory to the last episode, and from the file; against reading its dollars."""
    rulebook = _rulebook()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        write_hours(path, _STORED)
        (floor,) = best(1, lambda: _bare(path))
        with History(path) as history:
            panels: list[Past] = []
            (read_in,) = best(1, lambda: panels.append(_past(history, rulebook)))
        (judged,) = best(1, lambda: _replayed(panels[0], rulebook))
    name = f"rules: {len(rulebook.rules)} rules over a year of {_STORED.series:,} series"
    yield Figure(name, judged, "s", floor, most=_MOST_SECONDS)
    yield Figure(f"{name}, with reading", read_in + judged, "s", floor)


def _rulebook() -> Rulebook:
    entries = [
        f"  - name: rule {number}\n    because: Agreed.\n    per: [key, model]\n"
        + "".join(f"    {field}\n" for field in condition.split("; "))
        for number, condition in enumerate(_CONDITIONS.splitlines())
    ]
    return read_rules({"rules.yaml": "rules:\n" + "".join(entries)})


def _bare(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return sum(usd for (usd,) in db.execute("SELECT usd FROM fact"))


def _past(history: History, rulebook: Rulebook) -> Past:
    return Past.of(history, rulebook, Window(END - _YEAR, END), {})


def _replayed(past: Past, rulebook: Rulebook) -> int:
    return sum(len(replay_rule(rule, past)) for rule in rulebook.rules)
