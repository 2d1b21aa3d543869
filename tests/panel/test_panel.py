"""Dense panels: what is missing, zero and part-filled are three things, and sums are exact."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.clock import DAY, HOUR, Grain, Window, index
from bot.facts.scope import Scope
from bot.panel.coverage import Coverage
from bot.panel.leaves import Leaves
from bot.panel.panel import Matrix, Panel

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 3
HOURS = DAYS * 24
WINDOW = Window(START, START + DAYS * DAY)
LEAVES = Leaves.of(
    [("w", "a", "opus", "", "api"), ("w", "a", "haiku", "", "api"), ("w", "", "opus", "ada", "")]
)

Cell = tuple[int, int, int]
"""Leaf, column and nano-dollars."""


def coverage(read: slice = slice(None), complete_until: int = HOURS, by_day: slice = slice(0)) -> Coverage:
    """Hours `read`, of which those before `complete_until` are complete; `by_day` were read at day grain."""
    covered = Coverage.none(WINDOW)
    covered.known[read] = covered.hourly[read] = True
    covered.hourly[by_day] = False
    covered.complete[:complete_until] = covered.known[:complete_until]
    return covered


def build(grain: Grain, cells: Sequence[Cell], covered: Coverage, chunk: int = 1000) -> Panel:
    """A panel of three leaves, fed in chunks."""
    first = index(START, grain)
    placed = [(leaf, column + first, usd) for leaf, column, usd in cells]
    chunks: list[Matrix] = [
        np.array(placed[at : at + chunk], np.int64) for at in range(0, len(placed), chunk)
    ]
    return Panel.build(grain, LEAVES, chunks, covered)


def runs(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    """The columns where a mask is set."""
    return np.flatnonzero(mask).tolist()


FROM_THE_START = [(0, 0, 5)]
BY_DAY = coverage(by_day=slice(0, 24))


class TestKnowing:
    @pytest.mark.parametrize(
        ("covered", "cells", "known", "complete"),
        [
            pytest.param(coverage(), FROM_THE_START, (0, 72), (0, 72), id="everything was read"),
            pytest.param(coverage(), [(0, 30, 5)], (30, 72), (30, 72), id="nothing before the first spend"),
            pytest.param(coverage(), [], (0, 0), (0, 0), id="an organisation that never spent"),
            pytest.param(coverage(slice(0, 50)), FROM_THE_START, (0, 50), (0, 50), id="hours never read"),
            pytest.param(coverage(complete_until=70), FROM_THE_START, (0, 72), (0, 70), id="hours that fill"),
            pytest.param(BY_DAY, [(0, 0, 5), (0, 24, 1)], (24, 72), (24, 72), id="a day read by the day"),
        ],
    )
    def test_hours(
        self, covered: Coverage, cells: list[Cell], known: tuple[int, int], complete: tuple[int, int]
    ) -> None:
        panel = build(Grain.HOUR, cells, covered)
        assert runs(panel.known) == list(range(*known))
        assert runs(panel.complete) == list(range(*complete))

    @pytest.mark.parametrize(
        ("covered", "cells", "known", "complete"),
        [
            pytest.param(coverage(), FROM_THE_START, [0, 1, 2], [0, 1, 2], id="everything was read"),
            pytest.param(BY_DAY, FROM_THE_START, [0, 1, 2], [0, 1, 2], id="by the day will do"),
            pytest.param(coverage(), [(2, 1, 5)], [1, 2], [1, 2], id="nothing before the first spend"),
            pytest.param(coverage(slice(0, 50)), FROM_THE_START, [0, 1, 2], [0, 1], id="a day in progress"),
            pytest.param(
                coverage(complete_until=71), FROM_THE_START, [0, 1, 2], [0, 1], id="an hour to fill"
            ),
            pytest.param(coverage(slice(24, 72)), [(0, 1, 5)], [1, 2], [1, 2], id="a day never read"),
        ],
    )
    def test_days(self, covered: Coverage, cells: list[Cell], known: list[int], complete: list[int]) -> None:
        panel = build(Grain.DAY, cells, covered)
        assert (runs(panel.known), runs(panel.complete)) == (known, complete)

    def test_a_zero_is_true_where_it_is_known(self) -> None:
        panel = build(Grain.HOUR, FROM_THE_START, coverage(slice(0, 50)))
        assert panel.usd[0, 49] == panel.usd[0, 50] == 0
        assert panel.known[49]
        assert not panel.known[50]

    def test_a_credit_begins_an_organisation_as_spend_does(self) -> None:
        assert runs(build(Grain.DAY, [(0, 1, -5)], coverage()).known) == [1, 2]


class TestColumns:
    @pytest.mark.parametrize(
        ("grain", "at", "column"),
        [
            pytest.param(Grain.HOUR, START, 0, id="the first hour"),
            pytest.param(Grain.HOUR, START + 1.5 * HOUR, 1, id="half past one"),
            pytest.param(Grain.HOUR, START - HOUR, -1, id="before the panel"),
            pytest.param(Grain.DAY, START + 47 * HOUR, 1, id="late on the second day"),
            pytest.param(Grain.DAY, START + 80 * HOUR, 3, id="behind the panel"),
        ],
    )
    def test_of_an_instant(self, grain: Grain, at: datetime, column: int) -> None:
        assert build(grain, FROM_THE_START, coverage()).column(at) == column

    @pytest.mark.parametrize("grain", Grain)
    def test_and_back(self, grain: Grain) -> None:
        panel = build(grain, FROM_THE_START, coverage())
        assert panel.window_of(2) == Window(START + 2 * grain.width, START + 3 * grain.width)
        assert [panel.column(panel.start_of(column)) for column in range(panel.columns)] == list(
            range(panel.columns)
        )

    def test_before_a_column_nothing_later_shows(self) -> None:
        panel = build(Grain.HOUR, [(0, 0, 5), (1, 10, 7), (2, 11, 9)], coverage())
        earlier = panel.before(11)
        assert earlier.columns == earlier.usd.shape[1] == len(earlier.complete) == 11
        assert earlier.usd.sum() == 12
        assert panel.usd.sum() == 21


def test_sums_beyond_what_floats_hold_are_exact() -> None:
    nearly = 2**60
    panel = build(Grain.DAY, [(0, 0, nearly + 1), (1, 0, nearly + 1), (2, 0, 1)], coverage())
    assert panel.grouped(LEAVES.by()).tolist() == [[2**61 + 3, 0, 0]]
    assert panel.grouped(LEAVES.by("model")).tolist() == [[nearly + 2, 0, 0], [nearly + 1, 0, 0]]


def test_groups_without_leaves_in_them_are_empty() -> None:
    nobody = Leaves.of([])
    panel = Panel.build(Grain.DAY, nobody, [], coverage())
    assert panel.grouped(nobody.by()).shape == (0, 3)
    assert not panel.known.any()


some_cells = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, DAYS - 1), st.integers(-(10**15), 10**17)),
    max_size=9,
    unique_by=lambda cell: cell[:2],
)
DIMENSIONS = (("workspace_id",), ("api_key_id",), ("model",), ("api_key_id", "model"), ("actor",), ())


@given(some_cells, st.sampled_from(DIMENSIONS))
def test_groups_are_the_sums_of_their_leaves(cells: list[Cell], dimensions: tuple[str, ...]) -> None:
    groups = LEAVES.by(*dimensions)
    sums = build(Grain.DAY, cells, coverage()).grouped(groups)
    for number in range(len(groups)):
        scope = groups.scope(number)
        inside = set(LEAVES.inside(scope).tolist())
        by_hand = [sum(usd for leaf, at, usd in cells if leaf in inside and at == day) for day in range(DAYS)]
        assert sums[number].tolist() == by_hand


@given(some_cells, st.integers(1, 9), st.randoms())
def test_the_order_of_cells_and_chunks_does_not_matter(
    cells: list[Cell], chunk: int, chance: random.Random
) -> None:
    one = build(Grain.DAY, cells, coverage())
    other = build(Grain.DAY, chance.sample(cells, len(cells)), coverage(), chunk)
    assert one.usd.tolist() == other.usd.tolist()
    assert one.known.tolist() == other.known.tolist()


@given(some_cells)
def test_nothing_is_lost_between_cells_and_panel(cells: list[Cell]) -> None:
    panel = build(Grain.DAY, cells, coverage())
    assert int(panel.usd.sum()) == sum(usd for *_, usd in cells)
    assert np.count_nonzero(panel.usd) == sum(usd != 0 for *_, usd in cells)
    assert LEAVES.scope(0) == Scope("w", "a", "opus", "", "api")
