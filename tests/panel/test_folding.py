import numpy as np
import pytest

from bot.facts.clock import HOUR, Grain, index
from bot.panel.folding import by_day
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from tests.fakes.life import at

LEAVES = Leaves.of([("w", "ci", "opus", "", ""), ("w", "web", "opus", "", "")])


def hours(lead: int, columns: int, unread: slice = slice(0), partial: slice = slice(0)) -> Panel:
    """From so many hours after midnight: one nano-dollar an hour of ci, ten of web, two requests each."""
    known = np.ones(columns, np.bool_)
    known[unread] = False
    complete = known.copy()
    complete[partial] = False
    usd = np.outer([1, 10], np.ones(columns, np.int64))
    requests = {"requests": np.full((2, columns), 2)}
    return Panel(Grain.HOUR, index(at(0) + lead * HOUR, Grain.HOUR), LEAVES, usd, known, complete, requests)


@pytest.mark.parametrize(
    ("panel", "usd", "known", "complete"),
    [
        pytest.param(hours(0, 48), [24, 24], [1, 1], [1, 1], id="two whole days"),
        pytest.param(hours(0, 30), [24, 6], [1, 1], [1, 0], id="a day that has just begun"),
        pytest.param(hours(0, 25), [24, 1], [1, 1], [1, 0], id="its first hour"),
        pytest.param(hours(20, 28), [4, 24], [1, 1], [0, 1], id="begun in the evening"),
        pytest.param(hours(20, 2), [2], [1], [0], id="two hours of one evening"),
        pytest.param(hours(23, 2), [1, 1], [1, 1], [0, 0], id="an hour on either side of midnight"),
        pytest.param(hours(0, 48, unread=slice(5, 6)), [24, 24], [1, 1], [0, 1], id="an hour was not read"),
        pytest.param(
            hours(0, 72, unread=slice(24, 48)), [24, 24, 24], [1, 0, 1], [1, 0, 1], id="a day was not"
        ),
        pytest.param(
            hours(0, 48, partial=slice(47, 48)), [24, 24], [1, 1], [1, 0], id="an hour may still fill"
        ),
        pytest.param(hours(0, 0), [], [], [], id="nothing"),
    ],
)
def test_hours_are_summed_to_their_days(
    panel: Panel, usd: list[int], known: list[int], complete: list[int]
) -> None:
    days = by_day(panel)
    assert days.usd.tolist() == [usd, [10 * amount for amount in usd]]
    assert days.counts["requests"].tolist() == [[2 * amount for amount in usd]] * 2
    assert (days.known.tolist(), days.complete.tolist()) == (known, complete)


@pytest.mark.parametrize("lead", [0, 1, 23, 24, 47])
def test_days_keep_their_place_and_their_leaves(lead: int) -> None:
    panel = hours(lead, 60)
    days = by_day(panel)
    assert days.grain is Grain.DAY
    assert days.start_of(0) == at(lead // 24)
    assert days.leaves is panel.leaves
    assert days.usd.sum() == panel.usd.sum()
