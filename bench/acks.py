"""How soon Slack hears that a command was heard: one by one, and two hundred at once, over a real socket."""

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from bench.figures import Figure
from bench.stored import END, Shape, write_hours
from tests.app.talking import Talk
from tests.fakes.slack import FakeSlack

_A_YEAR = Shape(series=500, days=365, density=0.46)
"""A year of two million rows: answers are work."""
_ONE_BY_ONE, _AT_ONCE = 50, 200
_MOST_MS, _MOST_AT_ONCE_MS = 100.0, 1000.0
_MILLI = 1e3


def figures() -> Iterator[Figure]:
    """The slowest acknowledgement of each kind, and how long until all are answered."""
    with tempfile.TemporaryDirectory() as folder, FakeSlack() as slack:
        path = Path(folder) / "history.db"
        write_hours(path, _A_YEAR)
        with Talk(slack, path, now=END - timedelta(minutes=25)).on():
            slack.wait_for_socket()
            slack.command("today").wait_answer(30)
            single = [slack.command("month by key").wait_ack(30) for _ in range(_ONE_BY_ONE)]
            begun = time.monotonic()
            events = [slack.command("yesterday by key") for _ in range(_AT_ONCE)]
            acks = [event.wait_ack(30) for event in events]
            for event in events:
                event.wait_answer(120)
            answered = time.monotonic() - begun
    yield Figure("ack, one by one, median", median(single) * _MILLI, "ms")
    yield Figure("ack, one by one, slowest", max(single) * _MILLI, "ms", most=_MOST_MS)
    yield Figure(f"ack, {_AT_ONCE} at once, slowest", max(acks) * _MILLI, "ms", most=_MOST_AT_ONCE_MS)
    yield Figure(f"{_AT_ONCE} at once, all answered", answered, "s")
