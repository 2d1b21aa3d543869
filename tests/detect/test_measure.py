import numpy as np
import pytest

from bot.detect.gates import Gates
from bot.detect.measure import Measure, measure
from bot.detect.robust import Floats
from bot.facts.clock import HOUR, Window
from bot.facts.scope import Scope
from tests.fakes.panels import START, WEEK, leaf, office, panel_of, steady

HOURS = 10 * WEEK
BEGIN = 8 * WEEK + 26
GATES = Gates(typical_day=1200.0)
SCOPE = Scope(api_key_id="watched")


def course(
    values: Floats, since: int = BEGIN, until: int = HOURS, complete_until: int | None = None
) -> Measure:
    panel = panel_of({leaf("watched"): values[:until]}, complete_until)
    window = Window(START + since * HOUR, START + (HOURS + 1) * HOUR)
    found = measure(panel, SCOPE, window, GATES)
    assert found is not None
    return found


def raised(values: Floats, hours: int, factor: float, since: int = BEGIN) -> Floats:
    changed = values.copy()
    changed[since : since + hours] *= factor
    return changed


def test_it_adds_up_what_was_spent_and_what_was_usual() -> None:
    values = raised(steady(5, HOURS, sigma=0.0), 7, 10.0)
    found = course(values, until=BEGIN + 7)
    assert found.observed == 7 * 50_000_000_000
    assert found.expected == 7 * 5_000_000_000
    assert found.per_hour == 45_000_000_000
    assert found.low < found.expected < found.high
    assert found.until == found.last_hot == START + (BEGIN + 7) * HOUR


@pytest.mark.parametrize(
    ("values", "quiet_hours", "over"),
    [
        pytest.param(raised(steady(5, HOURS), 7, 15.0), 3, False, id="a burst, three hours calm"),
        pytest.param(raised(steady(5, HOURS), 7, 15.0), 7, True, id="a burst, seven hours calm"),
        pytest.param(
            raised(steady(9, HOURS), 96, 2.0), 7, False, id="days at twice the usual, one night calm"
        ),
        pytest.param(
            raised(steady(9, HOURS), 96, 2.0), 50, True, id="days at twice the usual, two days calm"
        ),
        pytest.param(
            raised(office(20, HOURS), 86, 2.0),
            36,
            False,
            id="an office app on the weekend after: proves nothing",
        ),
    ],
)
def test_when_it_is_over(values: Floats, quiet_hours: int, over: bool) -> None:
    hot = 7 if values[BEGIN] > 60 else 86 if values[3] < 1 else 96
    assert course(values, until=BEGIN + hot + quiet_hours).over == over


def test_the_hour_in_progress_neither_calms_nor_cools_it() -> None:
    values = raised(steady(5, HOURS), 7, 15.0)
    values[BEGIN + 6] = 0.4  # ten minutes of the seventh hour
    found = course(values, until=BEGIN + 7, complete_until=BEGIN + 6)
    assert found.last_hot == found.until
    assert found.per_hour > 60e9


@pytest.mark.parametrize("hours", [1, 7, 20, 21, 100, 300])
def test_the_course_is_at_most_twenty_points_and_keeps_every_dollar(hours: int) -> None:
    values = raised(steady(5, HOURS), hours, 6.0)[: BEGIN + hours]
    points = course(values, until=BEGIN + hours).course
    assert 2 <= len(points) <= 20
    first = (points[0].at - START) // HOUR
    assert sum(point.observed for point in points) == pytest.approx(values[first:].sum() * 1e9, rel=1e-9)


def test_what_began_before_the_panel_cannot_be_measured() -> None:
    panel = panel_of({leaf("watched"): steady(5, HOURS)})
    assert measure(panel, SCOPE, Window(START - HOUR, START), GATES) is None
    assert np.isfinite(course(steady(5, HOURS)).observed)


def test_what_fell_silent_is_measured_as_a_shortfall_that_lasts_until_it_is_back() -> None:
    silent = raised(steady(5, HOURS, sigma=0.0), 72, 0.0)
    panel = panel_of({leaf("watched"): silent})
    gone = measure(panel, SCOPE, Window(START + BEGIN * HOUR, START + (BEGIN + 60) * HOUR), GATES, fell=True)
    back = measure(panel, SCOPE, Window(START + BEGIN * HOUR, START + (BEGIN + 130) * HOUR), GATES, fell=True)
    assert gone is not None
    assert back is not None
    assert (gone.observed, gone.expected, gone.per_hour, gone.over) == (0, 300_000_000_000, 0, False)
    assert back.over
    assert START + (BEGIN + 72) * HOUR <= back.last_hot <= START + (BEGIN + 96) * HOUR
