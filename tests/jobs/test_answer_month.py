"""Where a month is heading, and what that does to the budgets around what was asked about."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.facts.clock import DAY, HOUR
from bot.facts.spend import SpendRow
from bot.history.store import History
from bot.jobs.rulebook import take_up
from tests.fakes.rows import HAIKU, row
from tests.jobs.asked import DOLLAR, MIDNIGHT, NOW, keep, spent

DAYS = 80
TEAMS = {"ci": ["ci-*"]}
MONTH = 30 * 24
"""Dollars of November: one an hour, half of it by ci-eval."""
SO_FAR = 18 * 24 + 3


def steady(days: int = DAYS) -> list[SpendRow]:
    """Two keys by turns, a dollar an hour, until now."""
    hours = (MIDNIGHT + hour * HOUR for hour in range(-days * 24, 3))
    return [
        row(at, api_key_id="k1") if at.hour % 2 else row(at, api_key_id="k2", model=HAIKU) for at in hours
    ]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weeks in which every hour cost the same."""
    path = tmp_path_factory.mktemp("steady") / "history.db"
    with History(path) as history:
        keep(history, steady(), days=DAYS + 1 / 8, until=MIDNIGHT + 3 * HOUR)
    return path


@pytest.mark.parametrize(
    ("words", "now", "dollars"),
    [
        pytest.param("month", NOW, MONTH, id="of everything"),
        pytest.param("month key:ci-eval", NOW, MONTH / 2, id="of a key"),
        pytest.param("month by model", NOW + 5 * HOUR, MONTH, id="judged where the figures end"),
        pytest.param("month", NOW + 20 * HOUR, MONTH, id="also where a day is not known at all yet"),
    ],
)
def test_a_month_is_forecast(path: Path, words: str, now: datetime, dollars: float) -> None:
    with History(path) as history:
        spend = spent(history, words, now)
    assert spend.forecast
    assert spend.forecast.spent == spend.total
    assert spend.forecast.expected / DOLLAR == pytest.approx(dollars, rel=0.03)
    assert spend.forecast.path[-1] == spend.forecast.expected
    assert len(spend.forecast.path) == 12


@pytest.mark.parametrize("words", ["today", "week", "october", "24h"])
def test_only_the_month_that_goes_on_is_forecast(path: Path, words: str) -> None:
    with History(path) as history:
        spend = spent(history, words)
    assert (spend.forecast, spend.budgets) == (None, ())


def test_a_history_of_days_forecasts_nothing(history: History) -> None:
    keep(history, steady(5), days=6)
    assert spent(history, "month").forecast is None


def test_before_its_first_spend_an_organisation_was_not_thrifty(history: History) -> None:
    keep(history, steady(25), days=180)
    forecast = spent(history, "month").forecast
    assert forecast
    assert forecast.expected / DOLLAR == pytest.approx(MONTH, rel=0.03)


def budgets(path: Path, rules: str, words: str = "month") -> dict[str, tuple[float, date | None]]:
    """What is spent of each budget, and when it ends."""
    lines = "".join(
        f"  - {{name: r{at}, because: b, {rule}}}\n" for at, rule in enumerate(rules.split(" | "))
    )
    with History(path) as history:
        assert not take_up(history.runs, lambda: {"rules/r.yaml": f"rules:\n{lines}".encode()}, NOW).problems
        spend = spent(history, words, teams=TEAMS)
    return {one.name: (one.spent / DOLLAR, one.ends_on) for one in spend.budgets}


@pytest.mark.parametrize(
    ("rules", "words", "found"),
    [
        pytest.param(
            "per: organisation, budget: $5000 a month", "month", {"r0": (SO_FAR, None)}, id="one that lasts"
        ),
        pytest.param(
            "per: organisation, budget: $482 a month",
            "month",
            {"r0": (SO_FAR, date(2026, 11, 21))},
            id="one that ends on a day",
        ),
        pytest.param(
            "per: organisation, budget: $100 a week | per: organisation, budget: $20 a day",
            "month",
            {"r0": (3 * 24 + 3, date(2026, 11, 20)), "r1": (3, date(2026, 11, 19))},
            id="of the week and of the day, in their own periods",
        ),
        pytest.param(
            "per: key, budget: $5000 a month", "month", {}, id="of a key, where all keys are asked about"
        ),
        pytest.param(
            "per: key, budget: $5000 a month",
            "month key:ci-eval",
            {"r0": (SO_FAR // 2, None)},
            id="of the key",
        ),
        pytest.param(
            "per: organisation, budget: $5000 a month",
            "month key:ci-eval",
            {"r0": (SO_FAR, None)},
            id="of everything around the key: all that was spent of it counts",
        ),
        pytest.param(
            "per: team, budget: $290 a month",
            "month key:ci-eval",
            {"r0": (SO_FAR // 2, date(2026, 11, 25))},
            id="of its team",
        ),
        pytest.param(
            "per: [key, model], budget: $5000 a month",
            "month model:haiku",
            {"r0": (SO_FAR - SO_FAR // 2, None)},
            id="of a key on a model that no other uses",
        ),
        pytest.param(
            "per: organisation, where: {model: '*opus*'}, budget: $5000 a month",
            "month",
            {},
            id="of less than was asked",
        ),
        pytest.param(
            "per: organisation, where: {model: '*opus*'}, budget: $5000 a month",
            "month key:ci-eval",
            {"r0": (SO_FAR // 2, None)},
            id="of what the key uses",
        ),
        pytest.param(
            "per: organisation, except: {key: ci-*}, budget: $5000 a month",
            "month key:ci-eval",
            {},
            id="that leaves it out",
        ),
        pytest.param(
            "per: organisation, budget: $5k a month, at: 80% | per: organisation, budget: $5k a month",
            "month",
            {"r0": (SO_FAR, None)},
            id="stated twice",
        ),
        pytest.param("per: organisation, above: $5, within: 1h", "month", {}, id="a cap is no budget"),
        pytest.param("per: organisation, budget: $5000 a month", "today", {}, id="of no day"),
    ],
)
def test_the_budgets_that_cover_what_was_asked(
    path: Path, rules: str, words: str, found: dict[str, tuple[float, date | None]]
) -> None:
    assert budgets(path, rules, words) == found


def test_a_budget_of_a_day_that_nothing_is_known_of_is_left_out(path: Path) -> None:
    rules = b"rules: [{name: r, because: b, per: organisation, budget: $20 a day}]"
    with History(path) as history:
        take_up(history.runs, lambda: {"rules/r.yaml": rules}, NOW)
        assert spent(history, "month", NOW + DAY).budgets == ()
