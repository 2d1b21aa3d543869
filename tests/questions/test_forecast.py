"""What months and weeks will have cost. All series end the day before `now`; 2026-09-01 is a Tuesday."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from bot.detect.robust import Floats
from bot.facts.clock import DAY, Window
from bot.facts.money import Usd, usd_from_dollars
from bot.questions.forecast import Forecast, forecast, runs_out

SEPTEMBER = Window(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
ELEVENTH = datetime(2026, 9, 11, tzinfo=UTC)
SPENT = usd_from_dollars(100)


def dates(count: int, now: datetime = ELEVENTH) -> list[date]:
    """The days before now, oldest first."""
    return [(now - back * DAY).date() for back in range(count, 0, -1)]


def noise(count: int, spread: float = 0.05) -> Floats:
    return np.random.default_rng(count).lognormal(0.0, spread, count)


def steady(count: int) -> Floats:
    return 10 * noise(count)


def office(count: int) -> Floats:
    return steady(count) * np.where([day.weekday() >= 5 for day in dates(count)], 0.1, 1.0)


def spike(count: int, *ago: int) -> Floats:
    """A hundredfold day, so many days ago."""
    days = steady(count)
    days[[-back for back in ago]] *= 100
    return days


def step(count: int, held: int, times: float) -> Floats:
    days = steady(count)
    days[-held:] *= times
    return days


def batch(count: int) -> Floats:
    """Ten times as much on the last day of each month."""
    return steady(count) * np.where([(day + DAY).day == 1 for day in dates(count)], 10.0, 1.0)


def growth(count: int) -> Floats:
    """A tenth more every thirty days, ten dollars by now."""
    return steady(count) * 1.1 ** (np.arange(-count, 0) / 30)


def foretold(
    days: Floats, now: datetime = ELEVENTH, spent: Usd = SPENT, period: Window = SEPTEMBER
) -> Forecast:
    found = forecast(days, spent, now, period)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("days", "rest"),
    [
        pytest.param(steady(120), 200, id="a steady service: twenty days more"),
        pytest.param(steady(20), 200, id="one known for twenty days"),
        pytest.param(office(120), 146, id="an office: fourteen working days and three weekends"),
        pytest.param(spike(120, 3), 200, id="a runaway last Tuesday is no level"),
        pytest.param(spike(120, 1, 2), 200, id="nor is one of two days that still goes on"),
        pytest.param(step(120, 7, 3.0), 600, id="what has held for a week is one"),
        pytest.param(step(120, 14, 0.25), 50, id="also where it is less"),
        pytest.param(step(120, 40, 2.0), 400, id="the level before is forgotten"),
        pytest.param(batch(150), 290, id="a batch at the end of every month"),
        pytest.param(growth(200), 206, id="growth that the past has earned"),
    ],
)
def test_what_the_rest_of_the_month_will_cost(days: Floats, rest: float) -> None:
    found = foretold(days)
    assert found.spent == SPENT
    assert (found.expected - SPENT) / 1e9 == pytest.approx(rest, rel=0.07)
    assert found.low <= SPENT + rest * 1e9 <= found.high


@pytest.mark.parametrize(
    ("days", "narrowest", "widest"),
    [
        pytest.param(steady(200), 0.0, 0.2, id="a steady service: a fifth at most"),
        pytest.param(steady(14), 0.2, 0.8, id="with two weeks of history nobody knows so well"),
        pytest.param(noise(200, 1.0), 0.3, 2.0, id="wild days: as wide as wild days are"),
        pytest.param(np.where(np.arange(200) % 13 == 5, noise(200), 0.0), 0.5, 4.0, id="mostly nothing"),
    ],
)
def test_how_wide_the_interval_is(days: Floats, narrowest: float, widest: float) -> None:
    found = foretold(days, spent=Usd(0))
    assert narrowest <= (found.high - found.low) / found.expected <= widest


@pytest.mark.parametrize(
    ("days", "says"),
    [
        pytest.param(steady(13), False, id="thirteen days"),
        pytest.param(steady(14), True, id="two weeks"),
        pytest.param(
            np.append(np.zeros(60), steady(13)), False, id="what came before the first spend is none"
        ),
        pytest.param(np.append(np.full(60, np.nan), steady(14)), True, id="days never read are no days"),
        pytest.param(np.where(np.arange(20) % 2, np.nan, 1.0), False, id="ten days read of twenty"),
        pytest.param(np.zeros(60), False, id="nothing was ever spent"),
        pytest.param(np.zeros(0), False, id="nothing is known"),
        pytest.param(-steady(60), False, id="nothing but credits"),
    ],
)
def test_when_it_is_too_early_to_say(days: Floats, says: bool) -> None:
    assert (forecast(days, SPENT, ELEVENTH, SEPTEMBER) is not None) == says


@pytest.mark.parametrize(
    ("now", "days", "path"),
    [
        pytest.param("2026-09-28T00:00Z", 120, [110, 120, 130], id="three days are left at midnight"),
        pytest.param("2026-09-28T12:00Z", 120, [105, 115, 125], id="at noon half of today is over"),
        pytest.param("2026-09-30T18:00Z", 120, [102.5], id="the last evening"),
    ],
)
def test_the_path_leads_to_the_expected(now: str, days: int, path: list[float]) -> None:
    found = foretold(steady(days), datetime.fromisoformat(now))
    assert [usd / 1e9 for usd in found.path] == pytest.approx(path, rel=0.01)
    assert found.path[-1] == found.expected


def test_nobody_knows_how_the_last_evening_goes_on() -> None:
    found = foretold(steady(120), datetime(2026, 9, 30, 18, tzinfo=UTC))
    assert (found.high - found.expected) / (found.expected - SPENT) > 0.7


def test_a_week_has_an_end_as_well() -> None:
    week = Window(datetime(2026, 9, 7, tzinfo=UTC), datetime(2026, 9, 14, tzinfo=UTC))
    found = foretold(office(120), period=week)
    assert len(found.path) == 3
    assert (found.expected - SPENT) / 1e9 == pytest.approx(12, rel=0.1)


@pytest.mark.parametrize(
    ("days", "error"),
    [
        pytest.param(
            steady(200), pytest.approx(0.01, abs=0.01), id="a steady service is foretold to a percent"
        ),
        pytest.param(noise(200, 1.0), pytest.approx(0.2, abs=0.1), id="a wild one is not"),
        pytest.param(steady(30), None, id="no forecast of a month is over yet"),
    ],
)
def test_how_far_such_forecasts_were_off(days: Floats, error: object) -> None:
    assert foretold(days).error == error


@pytest.mark.parametrize("now", [SEPTEMBER.start - timedelta(hours=1), SEPTEMBER.end])
def test_a_period_that_does_not_go_on_is_refused(now: datetime) -> None:
    with pytest.raises(ValueError, match="forecast a period that goes on"):
        forecast(steady(60), SPENT, now, SEPTEMBER)


@pytest.mark.parametrize(
    ("budget", "day"),
    [
        pytest.param(9, date(2026, 9, 28), id="it is used up already"),
        pytest.param(19, date(2026, 9, 28), id="today"),
        pytest.param(20, date(2026, 9, 29), id="to the cent is not over"),
        pytest.param(39, date(2026, 9, 30), id="on the last day"),
        pytest.param(40, None, id="never"),
    ],
)
def test_when_a_budget_runs_out(budget: float, day: date | None) -> None:
    path = tuple(usd_from_dollars(usd) for usd in (20, 30, 40))
    expected = Forecast(usd_from_dollars(10), path[-1], path[0], path[-1], None, path)
    assert runs_out(expected, usd_from_dollars(budget), date(2026, 9, 28)) == day
