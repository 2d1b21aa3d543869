"""Sums people ask for: by dimension and over windows, known only where everything was read."""

import pytest

from bot.facts.clock import HOUR, Grain, Window
from bot.facts.money import Usd
from bot.facts.spend import Basis
from bot.history.store import History
from tests.fakes.rows import HAIKU, OPUS, row
from tests.history.spending import FIRST, NOW, WHOLE, hours, piece

DOLLAR = 10**9
ROWS = (
    row(FIRST + 2 * HOUR, 5),
    row(FIRST + 3 * HOUR, 1, model=HAIKU, actor="user_ada"),
    row(FIRST + 26 * HOUR, 7, model=HAIKU, basis=Basis.ESTIMATED),
    row(FIRST + 30 * HOUR, 2, api_key_id=""),
)


@pytest.mark.parametrize(
    ("dimension", "window", "found"),
    [
        pytest.param(
            "model",
            WHOLE,
            [(HAIKU, 8, 800, Basis.ESTIMATED), (OPUS, 7, 700, Basis.BILLED)],
            id="largest first; one estimated part makes a figure an estimate",
        ),
        pytest.param(
            "api_key_id",
            hours(0, 31),
            [("apikey_ci", 13, 1300, Basis.ESTIMATED), ("", 2, 200, Basis.BILLED)],
            id="what has no key is a line of its own",
        ),
        pytest.param(
            "model",
            hours(24, 30),
            [(HAIKU, 7, 700, Basis.ESTIMATED)],
            id="a part-day ends where the window does, though more was read",
        ),
        pytest.param(
            "actor",
            hours(0, 24),
            [("", 5, 500, Basis.BILLED), ("user_ada", 1, 100, Basis.BILLED)],
            id="a day",
        ),
        pytest.param("product", hours(48, 72), [], id="a day without spend"),
    ],
)
def test_by_dimension(
    dimension: str, window: Window, found: list[tuple[str, int, int, Basis]], history: History
) -> None:
    history.spend.replace(piece(WHOLE, ROWS), NOW)
    assert history.totals.by(dimension, window) == [
        (value, Usd(dollars * DOLLAR), requests, basis) for value, dollars, requests, basis in found
    ]


def test_equal_amounts_go_by_name(history: History) -> None:
    rows = [row(FIRST, api_key_id=name) for name in ("b", "c", "a")]
    history.spend.replace(piece(WHOLE, rows), NOW)
    assert [value for value, *_ in history.totals.by("api_key_id", WHOLE)] == ["a", "b", "c"]


def test_the_present_day_counts_as_far_as_it_was_read(history: History) -> None:
    history.spend.replace(piece(hours(0, 31), ROWS), NOW)
    assert history.totals.by("product", hours(24, 31)) == [("", Usd(9 * DOLLAR), 900, Basis.ESTIMATED)]


def test_a_single_hour_read_beyond_the_window_is_left_out(history: History) -> None:
    history.spend.replace(piece(hours(0, 31), ROWS), NOW)
    assert history.totals.by("product", hours(24, 30)) == [("", Usd(7 * DOLLAR), 700, Basis.ESTIMATED)]


def test_a_dimension_is_one_of_ours(history: History) -> None:
    with pytest.raises(ValueError, match="'hour' is not one of workspace_id, api_key_id"):
        history.totals.by("hour", WHOLE)


@pytest.mark.parametrize(
    ("window", "dollars"),
    [
        pytest.param(hours(0, 48), 15, id="two days"),
        pytest.param(hours(0, 3), 5, id="a part of a day"),
        pytest.param(hours(24, 27), 7, id="a part of the second day"),
        pytest.param(hours(4, 20), 0, id="hours without spend are a true zero"),
        pytest.param(hours(40, 49), None, id="a window that reaches beyond what was read"),
        pytest.param(hours(60, 70), None, id="a window never read"),
    ],
)
def test_totals(window: Window, dollars: int | None, history: History) -> None:
    history.spend.replace(piece(hours(0, 48), ROWS), NOW)
    assert history.totals.total(window) == (None if dollars is None else dollars * DOLLAR)


def test_a_gap_makes_a_total_unknown_until_it_is_read(history: History) -> None:
    history.spend.replace(piece(hours(0, 5), ROWS[:2]), NOW)
    history.spend.replace(piece(hours(6, 24), []), NOW)
    assert history.totals.total(hours(0, 24)) is None
    history.spend.replace(piece(hours(5, 6), []), NOW)
    assert history.totals.total(hours(0, 24)) == 6 * DOLLAR


def test_a_day_at_day_grain_counts_once_read_by_the_hour(history: History) -> None:
    history.spend.replace(piece(hours(0, 24), [row(FIRST, 8)], Grain.DAY), NOW)
    assert history.totals.total(hours(0, 24)) == 8 * DOLLAR
    history.spend.replace(piece(hours(0, 24), [row(FIRST + 4 * HOUR, 8)]), NOW)
    assert history.totals.total(hours(0, 24)) == 8 * DOLLAR
    assert history.totals.total(hours(0, 4)) == 0
