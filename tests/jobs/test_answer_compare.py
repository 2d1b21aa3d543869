"""Two periods side by side: what moved, the largest change first."""

import pytest

from bot.facts.clock import DAY, HOUR, Window
from bot.facts.spend import Basis
from bot.history.store import History
from tests.fakes.rows import HAIKU, OPUS, row
from tests.jobs.asked import DOLLAR, MIDNIGHT, NOW, TODAY, YESTERDAY, compared, keep

DAY_BEFORE = MIDNIGHT - DAY


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param(
            "compare today",
            {"ci-eval": (5, 32), "no key (Playground)": (8, 0), "k2": (2, 0)},
            id="today so far, against the same hours yesterday",
        ),
        pytest.param(
            "compare yesterday with day before yesterday", {"ci-eval": (48, 3)}, id="two days that are over"
        ),
        pytest.param("compare today by model", {OPUS: (13, 32), HAIKU: (2, 0)}, id="by another dimension"),
        pytest.param("compare today key:k2 by model", {HAIKU: (2, 0)}, id="of a key"),
        pytest.param("compare today by user", {"no person": (14, 32), "ada": (1, 0)}, id="by people"),
    ],
)
def test_what_moved(history: History, words: str, lines: dict[str, tuple[int, int]]) -> None:
    keep(history, [*YESTERDAY, *TODAY, row(DAY_BEFORE - HOUR, 3, api_key_id="k1")], days=9)
    found = compared(history, words)
    moves = {move.name: (move.now // DOLLAR, move.before // DOLLAR) for move in found.lines}
    assert list(moves.items()) == list(lines.items())
    assert not found.per_day


def test_what_lies_beyond_the_lines_is_one_line(history: History) -> None:
    rows = [row(MIDNIGHT, number, api_key_id=f"key{number}") for number in range(1, 5)]
    keep(history, [*rows, row(DAY_BEFORE, 9, api_key_id="key1")], days=9)
    found = compared(history, "compare today top 2")
    assert [(move.name, move.change // DOLLAR) for move in found.lines] == [("key1", -8), ("key4", 4)]
    assert found.others
    assert (found.others.name, found.others.now, found.others.before) == ("2 others", 5 * DOLLAR, 0)


def test_one_estimated_part_makes_it_an_estimate(history: History) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=9)
    assert compared(history, "compare today").basis is Basis.ESTIMATED
    assert compared(history, "compare yesterday").basis is Basis.BILLED


def test_periods_of_different_length_are_compared_by_the_day(history: History) -> None:
    keep(history, [*YESTERDAY, row(DAY_BEFORE - 3 * DAY, 36, api_key_id="k1")], days=9)
    found = compared(history, "compare yesterday with 13 nov to 17 nov")
    (line,) = found.lines
    assert found.per_day
    assert (line.now // DOLLAR, line.before * 5 // DOLLAR) == (48, 36)


def test_what_is_not_known_yet_of_one_counts_in_neither(history: History) -> None:
    keep(history, [*YESTERDAY, TODAY[0]], days=8 + 1 / 24, until=MIDNIGHT + HOUR)
    found = compared(history, "compare today", NOW + 10 * HOUR)
    assert (found.now, found.before) == (
        Window(MIDNIGHT, MIDNIGHT + HOUR),
        Window(DAY_BEFORE, DAY_BEFORE + HOUR),
    )
    assert (found.per_day, found.unread) == (False, 0)


def test_hours_that_are_missing_in_between_are_counted(history: History) -> None:
    keep(history, [], days=1 / 24, until=DAY_BEFORE + HOUR)
    keep(history, [], days=1 / 24, until=DAY_BEFORE + 3 * HOUR)
    keep(history, TODAY)
    assert compared(history, "compare today").unread == 1


def test_nothing_against_nothing(history: History) -> None:
    keep(history, [], days=3)
    found = compared(history, "compare today")
    assert (found.lines, found.others, found.total.now, found.total.change) == ((), None, 0, 0)
