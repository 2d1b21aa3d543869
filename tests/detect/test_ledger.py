from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.ledger import Ledger
from bot.facts.clock import HOUR, Grain, index
from bot.facts.money import Usd
from bot.facts.spend import SpendRow
from tests.fakes.life import at


def cell(day: int, usd: int, key: str = "ci", hour: int = 0, tier: str = "", requests: int = 1) -> SpendRow:
    """Nano-dollars of a key, in the hours of a day."""
    start = at(day) + hour * HOUR
    return SpendRow(
        start, api_key_id=key, service_tier=tier, usd=Usd(usd), requests=requests, output_tokens=usd
    )


def fed(days: Iterable[list[SpendRow]]) -> Ledger:
    """A ledger that saw these days, one after the other."""
    ledger = Ledger(Grain.DAY)
    for number, rows in enumerate(days):
        ledger.see(at(number), rows)
    return ledger


def usd(ledger: Ledger) -> dict[str, list[int]]:
    """Nano-dollars by key and day."""
    panel = ledger.panel()
    return {values[1]: row.tolist() for values, row in zip(panel.leaves.values, panel.usd, strict=True)}


@pytest.mark.parametrize(
    ("days", "seen"),
    [
        pytest.param([[cell(0, 5)], [cell(1, 7)]], {"ci": [5, 7]}, id="one row a day"),
        pytest.param([[cell(0, 5), cell(0, 2, "web")]], {"ci": [5], "web": [2]}, id="two keys"),
        pytest.param([[cell(0, 5)], [], [cell(2, 1)]], {"ci": [5, 0, 1]}, id="a day without spend"),
        pytest.param([[], [cell(1, 5, "web")]], {"web": [0, 5]}, id="a key that comes later"),
        pytest.param([[cell(0, 5), cell(0, 3, tier="batch")]], {"ci": [8]}, id="two service tiers are added"),
        pytest.param(
            [[cell(0, 1, hour=h) for h in range(24)]], {"ci": [24]}, id="hours are summed to their day"
        ),
    ],
)
def test_what_was_seen(days: list[list[SpendRow]], seen: dict[str, list[int]]) -> None:
    assert usd(fed(days)) == seen


def test_a_panel_tells_when_and_what_beside_the_dollars() -> None:
    panel = fed([[cell(0, 5, requests=3)], [cell(1, 7, requests=4)]]).panel()
    assert (panel.grain, panel.first, panel.columns) == (Grain.DAY, index(at(0), Grain.DAY), 2)
    assert panel.counts["requests"].tolist() == [[3, 4]]
    assert panel.counts["output_tokens"].tolist() == [[5, 7]]
    assert panel.known.all()
    assert panel.complete.all()


def test_a_day_that_was_skipped_is_not_known() -> None:
    ledger = fed([[cell(0, 5)]])
    assert ledger.see(at(3), [cell(3, 5)]) == 3
    assert ledger.panel().known.tolist() == [True, False, False, True]


def test_there_is_nothing_before_the_first_day() -> None:
    ledger = fed([[cell(0, 5)]])
    with pytest.raises(ValueError, match="2026-03-01 00:00 lies before the first bucket"):
        ledger.see(at(-1), [cell(-1, 5)])


def test_a_row_of_another_day_is_refused_and_nothing_is_entered() -> None:
    ledger = fed([[cell(0, 5)]])
    with pytest.raises(ValueError, match="a row of 2026-03-01 00:00 was given as one of 2026-03-03 00:00"):
        ledger.see(at(1), [cell(1, 7), cell(-1, 9)])
    assert usd(ledger) == {"ci": [5]}


def test_a_day_seen_again_is_replaced_whole() -> None:
    ledger = fed([[cell(0, 5), cell(0, 2, "web")]])
    ledger.see(at(0), [cell(0, 6)])
    assert usd(ledger) == {"ci": [6], "web": [0]}


@pytest.mark.parametrize(
    ("corrected", "seen"),
    [
        pytest.param([cell(0, 9)], {"ci": [9, 5]}, id="more than was seen"),
        pytest.param([cell(1, 1)], {"ci": [5, 1]}, id="less than was seen"),
        pytest.param([cell(0, 4), cell(0, 3, tier="batch")], {"ci": [7, 5]}, id="the cell as a whole"),
        pytest.param([cell(0, 2, "web")], {"ci": [5, 5], "web": [2, 0]}, id="a key that was not seen"),
        pytest.param([cell(-1, 9)], {"ci": [5, 5]}, id="a day before the first"),
        pytest.param([cell(2, 9)], {"ci": [5, 5]}, id="a day that was not seen yet"),
        pytest.param([], {"ci": [5, 5]}, id="nothing"),
    ],
)
def test_a_correction_replaces_its_cell(corrected: list[SpendRow], seen: dict[str, list[int]]) -> None:
    ledger = fed([[cell(0, 5)], [cell(1, 5)]])
    ledger.correct(corrected)
    assert usd(ledger) == seen


def test_a_correction_replaces_counts_too() -> None:
    ledger = fed([[cell(0, 5, requests=9)]])
    ledger.correct([cell(0, 6, requests=2)])
    assert ledger.panel().counts["requests"].tolist() == [[2]]


def test_a_correction_before_anything_was_seen_is_left_out() -> None:
    ledger = Ledger(Grain.DAY)
    ledger.correct([cell(-3, 9)])
    ledger.see(at(0), [cell(0, 5)])
    assert ledger.panel().first == index(at(0), Grain.DAY)


@given(st.lists(st.lists(st.integers(1, 9), max_size=40), min_size=1, max_size=150))
@settings(deadline=None, max_examples=25)
def test_nothing_is_lost_however_far_it_grows(dollars: list[list[int]]) -> None:
    ledger = fed(
        [cell(number, usd, f"key{key}") for key, usd in enumerate(amounts)]
        for number, amounts in enumerate(dollars)
    )
    expected = np.zeros((max(map(len, dollars)), len(dollars)), np.int64)
    for number, amounts in enumerate(dollars):
        expected[: len(amounts), number] = amounts
    assert list(usd(ledger).values()) == expected.tolist()
    assert ledger.panel().known.all()


def late(*numbers: int, first: int = 0, to: int = 100) -> Ledger:
    """Ten keys of 100 nano-dollars for 60 days; one had only `first` on some, corrected a day later."""
    ledger = Ledger(Grain.DAY)
    for number in range(60):
        rows = [cell(number, 100, f"key{key}") for key in range(1, 10)]
        ledger.correct([cell(number - 1, to)] if number - 1 in numbers else [])
        ledger.see(at(number), [cell(number, first if number in numbers else 100), *rows])
    return ledger


@pytest.mark.parametrize(
    ("ledger", "cells"),
    [
        pytest.param(late(), 0, id="nothing was corrected"),
        pytest.param(late(50), 1, id="one came a day late"),
        pytest.param(late(40, 45, 50), 3, id="three did"),
        pytest.param(late(50, first=40), 0, id="one was too low, not silent"),
        pytest.param(late(50, to=12), 0, id="what came is next to nothing"),
        pytest.param(late(10, 15, 20), 0, id="that was more than four weeks ago"),
        pytest.param(Ledger(Grain.DAY), 0, id="nothing was seen"),
    ],
)
def test_how_much_comes_late(ledger: Ledger, cells: int) -> None:
    assert ledger.lateness() * 280 == pytest.approx([cells, 0, 0, 0])


@pytest.mark.parametrize(
    ("grain", "after", "silent"),
    [
        pytest.param(Grain.DAY, 1, [1, 0, 0, 0], id="corrected after a day"),
        pytest.param(Grain.DAY, 3, [1, 1, 1, 0], id="corrected after three days"),
        pytest.param(Grain.DAY, 9, [1, 1, 1, 1], id="corrected after nine days"),
        pytest.param(Grain.HOUR, 5, [1, 0, 0, 0], id="corrected after five hours: by the end of its day"),
        pytest.param(Grain.HOUR, 26, [1, 1, 0, 0], id="corrected after twenty-six hours"),
    ],
)
def test_for_how_many_days_what_comes_late_had_been_silent(
    grain: Grain, after: int, silent: list[int]
) -> None:
    ledger, step = Ledger(grain), grain.width
    for number in range(64):
        hour = number if grain is Grain.HOUR else 24 * number
        corrected = cell(0, 100, hour=hour - after * (step // HOUR))
        ledger.correct([corrected] if number == 36 + after else [])
        ledger.see(at(0) + number * step, [cell(0, 1 if number == 36 else 100, hour=hour)])
    cells = 63 if grain is Grain.HOUR else 28
    assert ledger.lateness() * cells == pytest.approx(silent)
