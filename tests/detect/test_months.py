"""The days of earlier months that are like today."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.detect.months import comes_every_month, twins
from bot.facts.clock import DAY, Grain, index
from bot.facts.scope import Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel

KEY = Scope(api_key_id="invoices")


def panel(today: str, days: int, dear: Sequence[str] = (), now: int = 100) -> Panel:
    """A key of $10 a day, $100 on some days and `now` today."""
    newest = datetime.fromisoformat(today).replace(tzinfo=UTC)
    first = newest - (days - 1) * DAY
    usd = np.full((1, days), 10 * 10**9, np.int64)
    for day in dear:
        usd[0, (datetime.fromisoformat(day).replace(tzinfo=UTC) - first).days] = 100 * 10**9
    usd[0, -1] = now * 10**9
    known = np.ones(days, np.bool_)
    leaves = Leaves.of([("w", "invoices", "opus", "", "")])
    return Panel(Grain.DAY, index(first, Grain.DAY), leaves, usd, known, known)


@pytest.mark.parametrize(
    ("today", "days", "months"),
    [
        pytest.param("2026-09-15", 60, [["14", "15", "16", "17"]], id="the 15th, or 16 days from the end"),
        pytest.param("2026-08-31", 60, [["30", "31", "01"]], id="the last of August and of July"),
        pytest.param("2026-03-31", 60, [["27", "28", "01", "02", "03", "04"]], id="February has no 31st"),
        pytest.param("2026-08-15", 30, [], id="a month is not known yet"),
    ],
)
def test_the_same_place_of_earlier_months(today: str, days: int, months: list[list[str]]) -> None:
    seen = panel(today, days)
    found = [[f"{seen.start_of(int(column)):%d}" for column in month] for month in twins(seen)]
    assert found[: len(months)] == months
    assert bool(found) == bool(months)


@pytest.mark.parametrize(
    ("dear", "now", "usual"),
    [
        pytest.param(("2026-07-31", "2026-06-30"), 100, True, id="at every month's end"),
        pytest.param(("2026-07-30", "2026-07-01"), 100, True, id="a day early, a day late"),
        pytest.param(("2026-07-31", "2026-06-30"), 160, False, id="more than ever on such a day"),
        pytest.param(("2026-07-31",), 100, False, id="last month only"),
        pytest.param(("2026-07-15", "2026-06-15"), 100, False, id="in the middle of months"),
        pytest.param((), 100, False, id="never"),
    ],
)
def test_what_comes_every_month(dear: Sequence[str], now: int, usual: bool) -> None:
    assert comes_every_month(panel("2026-08-31", 75, dear, now), KEY) == usual


def test_hours_have_no_months() -> None:
    known, leaves = np.ones(24 * 70, np.bool_), Leaves.of([("w", "invoices", "opus", "", "")])
    hours = Panel(Grain.HOUR, 0, leaves, np.ones((1, len(known)), np.int64), known, known)
    assert twins(hours) == []
