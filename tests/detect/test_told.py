from datetime import timedelta

import numpy as np
import pytest

from bot.detect.told import ACCEPTED_AFTER, Told, borne, told_mask
from bot.facts.clock import HOUR, Grain, Window, index
from bot.facts.finding import Part
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from tests.fakes.life import at

DAYS = 60
CI, WEB = ("w", "ci", "opus", "", ""), ("w", "web", "opus", "", "")


def panel() -> Panel:
    """Two leaves, sixty days."""
    known = np.ones(DAYS, np.bool_)
    usd = np.ones((2, DAYS), np.int64)
    return Panel(Grain.DAY, index(at(0), Grain.DAY), Leaves.of([CI, WEB]), usd, known, known)


def told(first: int, last: int, leaf: tuple[str, ...] = CI) -> list[Told]:
    """Told day by day, from one day to another, both included."""
    return [Told(Scope(*leaf), Window(at(day), at(day + 1))) for day in range(first, last + 1)]


def days(*told_: Told, leaf: int = 0) -> list[int]:
    """The days of a leaf that are not learnt from."""
    return np.flatnonzero(told_mask(panel(), told_)[leaf]).tolist()


HALF_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(Window(at(5), at(6)), [5], id="a day"),
        pytest.param(Window(at(5), at(8)), [5, 6, 7], id="three days at once"),
        pytest.param(Window(at(5) + 3 * HOUR, at(5) + 4 * HOUR), [5], id="an hour counts for its day"),
        pytest.param(Window(at(5) + 23 * HOUR, at(6)), [5], id="the last hour of a day"),
        pytest.param(Window(at(6) - HALF_HOUR, at(6) + HALF_HOUR), [5, 6], id="across midnight"),
        pytest.param(Window(at(-3), at(2)), [0, 1], id="begun before the panel"),
        pytest.param(Window(at(-3), at(-1)), [], id="before the panel"),
        pytest.param(Window(at(58), at(70)), [58, 59], id="goes on after the panel"),
        pytest.param(Window(at(70), at(71)), [], id="after the panel"),
    ],
)
def test_what_was_told_is_not_learnt(one: Window, expected: list[int]) -> None:
    assert days(Told(Scope(*CI), one)) == expected


def test_only_the_leaf_that_was_told_is_left_out() -> None:
    assert days(*told(5, 6, WEB)) == []
    assert days(*told(5, 6, WEB), leaf=1) == [5, 6]


@pytest.mark.parametrize(
    "leaf",
    [
        pytest.param(Scope("w", "gone", "opus", "", ""), id="a leaf that is gone"),
    ],
)
def test_other_scopes_leave_nothing_out(leaf: Scope) -> None:
    assert not told_mask(panel(), [Told(leaf, Window(at(5), at(6)))]).any()


def test_nothing_told_is_all_learnt() -> None:
    assert not told_mask(panel(), []).any()


@pytest.mark.parametrize(
    ("one", "left_out"),
    [
        pytest.param(told(10, 10 + ACCEPTED_AFTER.days - 2), range(10, 37), id="a day short of four weeks"),
        pytest.param(told(10, 10 + ACCEPTED_AFTER.days - 1), (), id="four weeks are the usual now"),
        pytest.param(told(10, 50), (), id="six weeks are so too"),
        pytest.param(
            [*told(3, 20), *told(22, 40)], [*range(3, 21), *range(22, 41)], id="a day between begins anew"
        ),
        pytest.param(
            [*told(0, 27), *told(40, 42)], [40, 41, 42], id="another incident after an accepted one"
        ),
        pytest.param([*told(5, 30), *told(20, 40)], (), id="told twice counts once, as one run"),
    ],
)
def test_what_goes_on_for_four_weeks_is_accepted(one: list[Told], left_out: range | list[int]) -> None:
    assert days(*one) == list(left_out)


def test_each_leaf_has_its_own_run() -> None:
    mask = told_mask(panel(), [*told(0, 27), *told(20, 30, WEB)])
    assert mask.sum(axis=1).tolist() == [0, 11]


@pytest.mark.parametrize(
    ("length", "learnt"),
    [
        pytest.param(2, False, id="two days of hours"),
        pytest.param(27, False, id="a day short of four weeks"),
        pytest.param(28, True, id="four weeks"),
    ],
)
def test_hours_too_are_accepted_after_four_weeks(length: int, learnt: bool) -> None:
    known = np.ones(40 * 24, np.bool_)
    usd = np.ones((1, len(known)), np.int64)
    hours = Panel(Grain.HOUR, index(at(0), Grain.HOUR), Leaves.of([CI]), usd, known, known)
    mask = told_mask(hours, [Told(Scope(*CI), Window(at(0), at(length)))])
    assert mask.sum() == (0 if learnt else length * 24)


def part(key: str, dollars: float) -> Part:
    return Part(Scope("w", key, "m", "", ""), Usd(round(dollars * 1e9)))


@pytest.mark.parametrize(
    ("parts", "told_"),
    [
        pytest.param([part("a", 100)], ["a"], id="one leaf"),
        pytest.param([part("a", 60), part("b", 40)], ["a", "b"], id="two leaves"),
        pytest.param([part("a", 97), part("b", 3)], ["a"], id="one bears next to nothing"),
        pytest.param([part("a", 90), part("b", -40)], ["a", "b"], id="one makes up for another"),
        pytest.param([part("a", -80), part("b", -2)], ["a"], id="a fall"),
        pytest.param([], [], id="nobody"),
    ],
)
def test_the_leaves_that_bear_what_is_told(parts: list[Part], told_: list[str]) -> None:
    day = Window(at(0), at(1))
    assert [(one.leaf.api_key_id, one.window) for one in borne(parts, day)] == [(key, day) for key in told_]
