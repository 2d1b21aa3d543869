"""What holds for spend whatever is read, in whatever pieces, however often."""

import random
from collections import defaultdict
from datetime import datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.clock import DAY, HOUR, Grain, Window, ceil, floor
from bot.facts.spend import TOKENS, Slice, SpendRow
from bot.history.store import History
from tests.history.spending import (
    FIRST,
    HOURS,
    NOW,
    WHOLE,
    cells,
    everything,
    hours,
    kept,
    many_rows,
    new_history,
    piece,
    windows,
    within,
)

FEW = settings(max_examples=20, deadline=None)

SUMMED = ("nano_usd", "nano_list_usd", "requests", "web_searches", *TOKENS)
SUMS = f"api_key_id, model, {', '.join(f'sum({name})' for name in SUMMED)}, max(basis)"

Place = tuple[object, ...]
Remembered = dict[Place, tuple[SpendRow, datetime, datetime]]


def spend_hours(history: History) -> list[tuple[object, ...]]:
    """Places, dollars and times of all rows, as people may query them."""
    query = "SELECT hour, api_key_id, model, nano_usd, basis, first_seen, last_changed FROM spend_hour"
    return sorted(history._db.execute(query))


def remember(memory: Remembered, window: Window, rows: list[SpendRow], now: datetime) -> Remembered:
    """What replacing a window means, in a dictionary."""
    outside = {at: entry for at, entry in memory.items() if not window.start <= entry[0].hour < window.end}
    inside: Remembered = {}
    for row in rows:
        before, first, changed = memory.get(row[:7], (None, now, now))
        inside[row[:7]] = (row, first, changed if before == row else now)
    return outside | inside


@FEW
@given(st.lists(st.tuples(windows, many_rows), min_size=1, max_size=4))
def test_replacing_a_window_is_what_it_says(pulls: list[tuple[Window, list[SpendRow]]]) -> None:
    """Vanished rows go, unchanged rows keep both times, changed ones the first, rows outside stay."""
    memory: Remembered = {}
    with new_history() as history:
        for number, (window, rows) in enumerate(pulls):
            now = NOW + number * HOUR
            before, memory = memory, remember(memory, window, within(window, rows), now)
            differ = [at for at in before.keys() | memory.keys() if before.get(at) != memory.get(at)]
            assert history.spend.replace(piece(window, within(window, rows)), now) == len(differ)
        assert spend_hours(history) == sorted(
            (
                f"{row.hour:%Y-%m-%dT%H:%M:%SZ}",
                row.api_key_id,
                row.model,
                row.usd,
                row.basis,
                f"{first:%Y-%m-%dT%H:%M:%SZ}",
                f"{changed:%Y-%m-%dT%H:%M:%SZ}",
            )
            for row, first, changed in memory.values()
        )


@FEW
@given(many_rows)
def test_replacing_twice_is_replacing_once(rows: list[SpendRow]) -> None:
    with new_history() as history:
        assert history.spend.replace(piece(WHOLE, rows), NOW) == len(rows)
        once = everything(history)
        assert history.spend.replace(piece(WHOLE, rows), NOW) == 0
        assert everything(history) == once


@FEW
@given(many_rows, st.lists(st.integers(1, HOURS - 1), max_size=5, unique=True), st.randoms())
def test_pieces_and_their_order_do_not_matter(
    rows: list[SpendRow], cuts: list[int], chance: random.Random
) -> None:
    edges = [0, *sorted(cuts), HOURS]
    pieces = [hours(first, last) for first, last in pairwise(edges)]
    chance.shuffle(pieces)
    with new_history() as whole, new_history() as cut:
        whole.spend.replace(piece(WHOLE, rows), NOW)
        for window in pieces:
            cut.spend.replace(piece(window, within(window, rows)), NOW)
        assert kept(cut) == kept(whole) == sorted(rows)
        assert cut.spend.day_totals(WHOLE) == whole.spend.day_totals(WHOLE)
        for days in range(1, 5):
            window = Window(FIRST, FIRST + days * DAY)
            assert sorted(cut.totals.rows([window])) == sorted(whole.totals.rows([window]))
            assert cut.totals.total(window) == whole.totals.total(window)


@FEW
@given(many_rows, st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[SpendRow], chance: random.Random) -> None:
    with new_history() as one, new_history() as other:
        one.spend.replace(piece(WHOLE, rows), NOW)
        other.spend.replace(piece(WHOLE, chance.sample(rows, len(rows))), NOW)
        assert everything(one) == everything(other)
        assert one.spend.leaves().values == sorted(one.spend.leaves().values)


def read_at(window: Window, rows: list[SpendRow], grain: Grain) -> Slice:
    """What a source would say of a window at a grain: at day grain of whole days, each row at midnight."""
    window = Window(floor(window.start, grain), ceil(window.end, grain))
    moved = (row._replace(hour=floor(row.hour, grain)) for row in rows)
    return piece(window, within(window, list({row[:7]: row for row in moved}.values())), grain)


@FEW
@given(st.lists(st.tuples(windows, many_rows, st.sampled_from(Grain)), min_size=1, max_size=4))
def test_dollars_of_a_day_are_those_of_its_hours(pulls: list[tuple[Window, list[SpendRow], Grain]]) -> None:
    """Also after windows that cut days, and after days at day grain that were read again by the hour."""
    with new_history() as history:
        for window, rows, grain in pulls:
            history.spend.replace(read_at(window, rows, grain), NOW)
        by_hour: dict[tuple[int, int], int] = defaultdict(int)
        for (leaf, hour), usd in cells(history, Grain.HOUR).items():
            by_hour[leaf, hour // 24] += usd
        assert cells(history, Grain.DAY) == by_hour


@FEW
@given(st.lists(st.tuples(windows, many_rows), min_size=1, max_size=4))
def test_all_figures_of_a_day_are_those_of_its_hours(pulls: list[tuple[Window, list[SpendRow]]]) -> None:
    with new_history() as history:
        for window, rows in pulls:
            history.spend.replace(piece(window, within(window, rows)), NOW)
        by_day = history._db.execute(f"SELECT day, {SUMS} FROM spend_day GROUP BY 1, 2, 3")
        by_hour = history._db.execute(f"SELECT substr(hour, 1, 10), {SUMS} FROM spend_hour GROUP BY 1, 2, 3")
        assert sorted(by_day) == sorted(by_hour)
