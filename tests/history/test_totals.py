"""Sums over whole hours: by leaf, day and hour, exact whatever was read and wherever a window cuts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.clock import DAY, HOUR, Grain, Window, ceil, floor, index
from bot.facts.spend import Basis, SpendRow
from bot.history.store import History
from tests.fakes.rows import HAIKU, OPUS, row
from tests.history.spending import (
    FIRST,
    HOURS,
    NOW,
    WHOLE,
    hours,
    kept,
    many_rows,
    new_history,
    piece,
    windows,
    within,
)

DOLLAR = 10**9
FEW = settings(max_examples=40, deadline=None)
ROWS = (
    row(FIRST + 2 * HOUR, 5),
    row(FIRST + 3 * HOUR, 1, model=HAIKU, actor="user_ada"),
    row(FIRST + 26 * HOUR, 7, model=HAIKU, basis=Basis.ESTIMATED),
    row(FIRST + 30 * HOUR, 2, api_key_id=""),
)


Line = tuple[str, str, float, int, Basis]


def found(history: History, window: Window) -> list[Line]:
    """Key, model, dollars, requests and basis."""
    values = history.spend.leaves().values
    lines = history.totals.by_leaf(window)
    return sorted(
        (values[leaf][1], values[leaf][2], usd / DOLLAR, requests, basis)
        for leaf, usd, requests, basis in lines
    )


@pytest.mark.parametrize(
    ("window", "lines"),
    [
        pytest.param(
            hours(0, 24),
            [("apikey_ci", HAIKU, 1, 100, Basis.BILLED), ("apikey_ci", OPUS, 5, 500, Basis.BILLED)],
            id="a day",
        ),
        pytest.param(
            hours(3, 28),
            [("apikey_ci", HAIKU, 1, 100, Basis.BILLED), ("apikey_ci", HAIKU, 7, 700, Basis.ESTIMATED)],
            id="from hour to hour over midnight, the same key by two people",
        ),
        pytest.param(hours(2, 3), [("apikey_ci", OPUS, 5, 500, Basis.BILLED)], id="an hour"),
        pytest.param(hours(3, 24), [("apikey_ci", HAIKU, 1, 100, Basis.BILLED)], id="the rest of a day"),
        pytest.param(hours(30, 96), [("", OPUS, 2, 200, Basis.BILLED)], id="what has no key"),
        pytest.param(hours(48, 72), [], id="a day without spend"),
    ],
)
def test_by_leaf(window: Window, lines: list[Line], history: History) -> None:
    history.spend.replace(piece(WHOLE, ROWS), NOW)
    assert found(history, window) == lines


def test_one_estimated_part_makes_a_figure_an_estimate(history: History) -> None:
    history.spend.replace(piece(WHOLE, [row(FIRST), row(FIRST + HOUR, basis=Basis.ESTIMATED)]), NOW)
    assert found(history, hours(0, 1)) == [("apikey_ci", OPUS, 1, 100, Basis.BILLED)]
    assert found(history, hours(0, 2)) == [("apikey_ci", OPUS, 2, 200, Basis.ESTIMATED)]


def test_the_present_day_counts_as_far_as_it_was_read(history: History) -> None:
    history.spend.replace(piece(hours(0, 31), ROWS), NOW)
    assert history.totals.total(hours(24, 31)) == 9 * DOLLAR
    assert history.totals.total(hours(24, 48)) == 9 * DOLLAR


def test_a_single_hour_read_beyond_the_window_is_left_out(history: History) -> None:
    history.spend.replace(piece(hours(0, 31), ROWS), NOW)
    assert history.totals.total(hours(24, 30)) == 7 * DOLLAR


def test_days_and_hours_are_whole_and_in_their_order(history: History) -> None:
    history.spend.replace(piece(hours(0, 72), ROWS), NOW)
    assert history.totals.by_day(hours(0, HOURS)) == [6 * DOLLAR, 9 * DOLLAR, 0, 0]
    assert history.totals.by_day(hours(25, 26)) == [9 * DOLLAR]
    assert history.totals.by_hour(hours(1, 5)) == [0, 5 * DOLLAR, DOLLAR, 0]
    ada = history.spend.leaves().named("actor").index("user_ada")
    assert history.totals.by_hour(hours(1, 5), [ada]) == [0, 0, DOLLAR, 0]
    assert history.totals.by_day(hours(0, 48), [ada]) == [DOLLAR, 0]


@pytest.mark.parametrize(
    ("window", "dollars"),
    [
        pytest.param(hours(0, 24), 8, id="counts as a whole"),
        pytest.param(hours(0, 25), 8, id="also in a longer window"),
        pytest.param(hours(0, 23), 0, id="is not known by the hour, at its first one neither"),
        pytest.param(hours(23, 48), 0, id="nor at its last"),
    ],
)
def test_a_day_that_was_read_as_a_whole(window: Window, dollars: int, history: History) -> None:
    history.spend.replace(piece(hours(0, 24), [row(FIRST, 8)], Grain.DAY), NOW)
    history.spend.replace(piece(hours(24, 48), []), NOW)
    assert history.totals.total(window) == dollars * DOLLAR
    assert history.totals.total(window, [0]) == dollars * DOLLAR
    assert sum(usd for _, usd, _, _ in history.totals.by_leaf(window)) == dollars * DOLLAR
    assert sum(one.usd for one in history.totals.rows([window])) == dollars * DOLLAR


def test_a_day_at_day_grain_counts_once_read_by_the_hour(history: History) -> None:
    history.spend.replace(piece(hours(0, 24), [row(FIRST, 8)], Grain.DAY), NOW)
    history.spend.replace(piece(hours(0, 24), [row(FIRST + 4 * HOUR, 8)]), NOW)
    assert history.totals.total(hours(0, 24)) == 8 * DOLLAR
    assert history.totals.total(hours(0, 4)) == 0


def test_nothing_stored_is_nothing(history: History) -> None:
    totals = history.totals
    assert (totals.by_leaf(WHOLE), totals.rows([WHOLE]), totals.total(WHOLE), totals.total(WHOLE, [])) == (
        [],
        [],
        0,
        0,
    )
    assert totals.by_day(WHOLE) == [0] * 4
    assert totals.by_hour(hours(1, 3), []) == [0, 0]


def test_rows_of_several_windows_are_added_up(history: History) -> None:
    history.spend.replace(piece(WHOLE, ROWS), NOW)
    rows = history.totals.rows([hours(26, 27), hours(2, 4)])
    assert sorted((one.model, one.usd // DOLLAR, one.requests) for one in rows) == [
        (HAIKU, 1, 100),
        (HAIKU, 7, 700),
        (OPUS, 5, 500),
    ]
    assert {one.hour for one in rows} == {FIRST + 26 * HOUR}


def leaf_of(history: History) -> dict[tuple[str, ...], int]:
    return {values: leaf for leaf, values in enumerate(history.spend.leaves().values)}


def plain_sums(
    rows: Iterable[SpendRow], numbers: dict[tuple[str, ...], int]
) -> dict[int, tuple[int, int, Basis]]:
    """What `by_leaf` should say, by adding up."""
    sums: dict[int, tuple[int, int, Basis]] = {}
    for one in rows:
        leaf = numbers[one[1:6]]
        usd, requests, basis = sums.get(leaf, (0, 0, Basis.BILLED))
        sums[leaf] = (usd + one.usd, requests + one.requests, max(basis, one.basis))
    return sums


def in_the_views(history: History, window: Window) -> int:
    """Nano-dollars of a window in the public views: days where they lie in it whole, else hours."""
    first, last = ceil(window.start, Grain.DAY), floor(window.end, Grain.DAY)
    days, hourly = (f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"), "%Y-%m-%dT%H:00:00Z"
    by_day = "SELECT coalesce(sum(nano_usd), 0) FROM spend_day WHERE day >= ? AND day < ?"
    by_hour = """SELECT coalesce(sum(nano_usd), 0) FROM spend_hour
        WHERE hour >= ? AND hour < ? AND NOT (substr(hour, 1, 10) >= ? AND substr(hour, 1, 10) < ?)"""
    cut = (window.start.strftime(hourly), window.end.strftime(hourly), *days)
    return sum(history._db.execute(*query).fetchone()[0] for query in ((by_day, days), (by_hour, cut)))


some_leaves = st.one_of(st.none(), st.lists(st.integers(0, 5), unique=True).map(tuple))
"""Everything, or some leaves of whom not all may be there."""


@FEW
@given(many_rows, windows, some_leaves, windows)
def test_sums_are_those_of_the_rows(
    rows: list[SpendRow], window: Window, leaves: Sequence[int] | None, read: Window
) -> None:
    """By leaf, day and hour, all or some leaves, wherever the window cuts and however far was read."""
    with new_history() as history:
        history.spend.replace(piece(read, within(read, rows)), NOW)
        numbers, totals = leaf_of(history), history.totals
        meant = [one for one in kept(history) if leaves is None or numbers[one[1:6]] in leaves]
        asked = within(window, meant)
        sums = plain_sums(asked, numbers)
        assert {leaf: tuple(rest) for leaf, *rest in totals.by_leaf(window, leaves)} == sums
        assert totals.usd_by_leaf(window, leaves) == {leaf: usd for leaf, (usd, *_) in sums.items()}
        assert totals.total(window, leaves) == sum(one.usd for one in asked)
        by_hour: defaultdict[int, int] = defaultdict(int)
        by_day: defaultdict[int, int] = defaultdict(int)
        for one in meant:
            by_hour[index(one.hour, Grain.HOUR)] += one.usd
            by_day[index(one.hour, Grain.DAY)] += one.usd
        assert totals.by_hour(window, leaves) == [
            by_hour[index(hour.start, Grain.HOUR)] for hour in window.split(HOUR)
        ]
        days = Window(floor(window.start, Grain.DAY), ceil(window.end, Grain.DAY))
        assert totals.by_day(window, leaves) == [
            by_day[index(day.start, Grain.DAY)] for day in days.split(DAY)
        ]


def _added(one: SpendRow, other: SpendRow) -> SpendRow:
    """Every number, and the less sure basis."""
    numbers = (now + then for now, then in zip(one[7:-1], other[7:-1], strict=True))
    return SpendRow._make((*one[:7], *numbers, max(one.basis, other.basis)))


@FEW
@given(many_rows, windows, some_leaves)
def test_rows_hold_everything_that_is_counted(
    rows: list[SpendRow], window: Window, leaves: Sequence[int] | None
) -> None:
    with new_history() as history:
        history.spend.replace(piece(WHOLE, rows), NOW)
        numbers = leaf_of(history)
        whole: dict[int, SpendRow] = {}
        for one in within(window, kept(history)):
            leaf = numbers[one[1:6]]
            whole[leaf] = _added(whole[leaf], one) if leaf in whole else one._replace(hour=window.start)
        expected = [one for leaf, one in whole.items() if leaves is None or leaf in leaves]
        assert sorted(history.totals.rows([window], leaves)) == sorted(expected)


@FEW
@given(many_rows, windows, st.sets(st.integers(0, 3)))
def test_totals_are_those_of_the_public_views(rows: list[SpendRow], window: Window, daily: set[int]) -> None:
    """Also where some days were read as a whole."""
    with new_history() as history:
        for day in range(4):
            own = within(hours(24 * day, 24 * day + 24), rows)
            grain = Grain.DAY if day in daily else Grain.HOUR
            moved = {one[1:7]: one._replace(hour=floor(one.hour, Grain.DAY)) for one in own}
            found = list(moved.values()) if day in daily else own
            history.spend.replace(piece(hours(24 * day, 24 * day + 24), found, grain), NOW)
        everything = in_the_views(history, window)
        every_leaf = range(len(history.spend.leaves().values))
        assert history.totals.total(window) == everything
        assert history.totals.total(window, every_leaf) == everything
        assert sum(usd for _, usd, _, _ in history.totals.by_leaf(window)) == everything
        assert sum(history.totals.usd_by_leaf(window, every_leaf).values()) == everything
        assert sum(one.usd for one in history.totals.rows([window])) == everything
