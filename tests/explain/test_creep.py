"""What grows day by day, and what stays where it stepped to."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.explain.creep import creeps
from bot.facts.clock import HOUR
from bot.facts.incident import Point
from bot.facts.money import usd_from_dollars
from tests.fakes.incidents import START


def course(days: Sequence[float], step: timedelta = 6 * HOUR, hours: int = 0) -> list[Point]:
    """Multiples of the usual by the day, drawn in steps; the newest day may have only some hours yet."""
    whole = [multiple for multiple in days[:-1] for _ in range(24)] + [days[-1]] * (hours or 24)
    drawn = range(0, len(whole), step // HOUR)
    return [
        Point(START + at * HOUR, usd_from_dollars(100 * whole[at]), usd_from_dollars(100)) for at in drawn
    ]


@pytest.mark.parametrize(
    ("points", "creeping"),
    [
        pytest.param(course([1.05, 1.1, 1.2, 1.3, 1.4, 1.5]), True, id="a little more every day"),
        pytest.param(
            course([1.2, 1.25, 1.4, 1.3, 1.45, 1.5, 1.4, 1.6]), True, id="with better and worse days"
        ),
        pytest.param(course([1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.0, 1.0]), True, id="until it ended"),
        pytest.param(course([2, 2.1, 1.9, 2, 2, 2.1]), False, id="a new level"),
        pytest.param(course([2, 1.9, 2.1, 2, 2.6]), False, id="a new level with one dear day"),
        pytest.param(course([1.1, 1.2, 1.3, 1.4]), False, id="four days are too few to say"),
        pytest.param(course([1.5, 1.4, 1.3, 1.2, 1.1]), False, id="what falls"),
        pytest.param(course([0.9, 0.8, 0.9, 0.8, 0.9]), False, id="too little"),
        pytest.param([], False, id="nothing is drawn"),
        pytest.param(course([2.0]), False, id="one day"),
        pytest.param(course([1.1, 1.2, 1.3, 1.4, 1.5], 24 * HOUR), True, id="drawn by the day"),
    ],
)
def test_what_creeps(points: list[Point], creeping: bool) -> None:
    assert creeps(points) is creeping


@pytest.mark.parametrize("days", [[1.1, 1.2, 1.3, 1.4, 1.5, 1.6], [2.0, 2.1, 1.9, 2.0, 2.1, 1.9]])
@pytest.mark.parametrize("hours", [6, 12, 18, 24])
def test_a_day_that_has_just_begun_changes_nothing(days: list[float], hours: int) -> None:
    assert creeps(course(days, hours=hours)) is creeps(course(days))
