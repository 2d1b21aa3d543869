"""Slices of a small town's spend over four days, and what a history holds, read back in plain shapes."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from bot.facts.clock import HOUR, Grain, Window
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION
from bot.facts.spend import Basis, Slice, SpendRow
from bot.history.store import History
from tests.fakes.rows import HAIKU, OPUS, row

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = 96
KEYS = ("apikey_a", "apikey_b", "")
NOW = FIRST + HOURS * HOUR


def hours(first: int, last: int) -> Window:
    """From the start of one hour to the start of another, counted from FIRST."""
    return Window(FIRST + first * HOUR, FIRST + last * HOUR)


WHOLE = hours(0, HOURS)


def piece(
    window: Window, rows: Sequence[SpendRow], grain: Grain = Grain.HOUR, watermark: datetime = NOW
) -> Slice:
    """What a source says about a window."""
    return Slice("analytics", window, grain, watermark, rows)


def within(window: Window, rows: Sequence[SpendRow]) -> list[SpendRow]:
    """The rows that lie in a window."""
    return [one for one in rows if window.start <= one.hour < window.end]


def kept(history: History) -> list[SpendRow]:
    """Every row, in one order."""
    return sorted(history.spend.rows(WHOLE, ORGANISATION))


def cells(history: History, grain: Grain) -> dict[tuple[int, int], int]:
    """Nano-dollars by leaf and bucket."""
    found = (triple for chunk in history.spend.cells(WHOLE, grain) for triple in chunk.tolist())
    return {(leaf, bucket): usd for leaf, bucket, usd in found}


def everything(history: History) -> list[list[tuple[object, ...]]]:
    """All that is stored about spend, row by row."""
    tables = ("series", "fact", "day_total", "coverage")
    return [history._db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


@contextmanager
def new_history() -> Iterator[History]:
    """An empty one, for one example."""
    with tempfile.TemporaryDirectory() as folder, History(Path(folder) / "history.db") as history:
        yield history


def _row(at: int, key: str, model: str, odd: int, basis: Basis) -> SpendRow:
    return row(FIRST + at * HOUR, 1, api_key_id=key, model=model, usd_other=Usd(odd), basis=basis)


single_rows = st.builds(
    _row,
    st.integers(0, HOURS - 1),
    st.sampled_from(KEYS),
    st.sampled_from((OPUS, HAIKU)),
    st.integers(-(10**12), 10**15),
    st.sampled_from(Basis),
)
"""A row somewhere in the four days; amounts end in single nano-dollars, and some are credits."""
many_rows = st.lists(single_rows, max_size=30, unique_by=lambda one: one[:7])
windows = st.lists(st.integers(0, HOURS), min_size=2, max_size=2, unique=True).map(
    lambda ends: hours(min(ends), max(ends))
)
