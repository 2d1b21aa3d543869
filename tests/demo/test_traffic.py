import numpy as np
import pytest

from bot.demo.rhythm import Rhythm, weekly_level
from bot.demo.traffic import around_the_clock, office_day, request_size, weekday_level


def test_the_shapes_are_those_of_the_data() -> None:
    assert weekday_level().shape == (7,)
    assert weekday_level()[5:].max() < weekday_level()[:5].min()
    assert around_the_clock().mean() == pytest.approx(1)
    assert int(around_the_clock().argmin()) == 7
    working, weekend = office_day()
    assert working.mean() == pytest.approx(1)
    assert weekend.mean() == pytest.approx(0.64, abs=0.01)
    assert request_size("coding") == (2048, 28)
    assert request_size("conversation") == (1155, 211)


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_a_rhythm_spreads_its_week_and_changes_nothing_in_sum(rhythm: Rhythm) -> None:
    week = weekly_level(rhythm)
    assert week.shape == (168,)
    assert week.mean() == pytest.approx(1)
    assert (week >= 0).all()


@pytest.mark.parametrize(
    ("rhythm", "hours"),
    [
        pytest.param(Rhythm.SERVICE, set(range(24)), id="a service never sleeps"),
        pytest.param(Rhythm.NIGHTLY, {1, 2, 3, 4}, id="a nightly batch runs at night"),
        pytest.param(Rhythm.CRON, {0, 6, 12, 18}, id="a cron job runs every six hours"),
        pytest.param(Rhythm.WEEKEND, set(), id="a weekend batch leaves Monday alone"),
    ],
)
def test_a_rhythm_s_monday(rhythm: Rhythm, hours: set[int]) -> None:
    assert set(np.flatnonzero(weekly_level(rhythm)[:24]).tolist()) == hours
