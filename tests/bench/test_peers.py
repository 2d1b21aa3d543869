"""The peers that need numpy alone; the others are run by the benchmark, which installs what they stand on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from bench.detect.exam import Alarm
from bench.detect.organisation import Look
from bench.detect.peers.book import Book
from bench.detect.peers.catalogue import PLACES, peer
from bench.detect.peers.holt_winters import forecast_next
from bench.detect.peers.robust import median
from bench.detect.peers.tails import surprise
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow

START = datetime(2025, 1, 6, tzinfo=UTC)
DAYS = 49
BASE = Scope("", "base", "opus")
APP = Scope("", "app", "sonnet")
NUMPY_ONLY = [
    "+50 % over 7-day mean",
    "3-sigma over 28 days",
    "weekday median/MAD",
    "Holt-Winters",
    "extreme-value tail",
]


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def row(day: int, scope: Scope, dollars: float) -> SpendRow:
    usd = Usd(round(dollars * 1e9))
    return SpendRow(at(day), "", scope.api_key_id or "", scope.model or "", usd=usd, usd_output=usd)


def office(day: int) -> float:
    """An application of working days, with a tenth of them at the weekend; it wavers by ten percent."""
    level = 10.0 if day % 7 >= 5 else 100.0
    return level * (1 + 0.1 * float(np.sin(37.0 * day)))


def life(last: float, days: int = DAYS) -> list[Look]:
    """A large steady key and an application whose last day is what is asked about."""
    dollars = [*map(office, range(days)), last]
    return [Look(at(day), (row(day, BASE, 900), row(day, APP, usd))) for day, usd in enumerate(dollars)]


def replay(name: str, looks: Sequence[Look]) -> list[list[Alarm]]:
    judge = peer(name)
    return [judge.observe(look) for look in looks]


def last_day(name: str, looks: Sequence[Look]) -> list[Alarm]:
    judge = peer(name, looks[-1].start)
    return [judge.observe(look) for look in looks][-1]


@pytest.mark.parametrize("name", NUMPY_ONLY)
def test_a_runaway_is_said_by_its_key_and_model(name: str) -> None:
    [alarm] = last_day(name, life(last=2_000.0))
    assert (alarm.start, alarm.scope, alarm.named, alarm.said) == (at(DAYS), APP, APP, True)


@pytest.mark.parametrize("name", NUMPY_ONLY)
def test_a_usual_day_is_not_said(name: str) -> None:
    assert not [alarm for alarm in last_day(name, life(office(DAYS))) if alarm.said and alarm.scope == BASE]


@pytest.mark.parametrize("name", NUMPY_ONLY)
def test_more_is_odder(name: str) -> None:
    scores = [last_day(name, life(usd))[0].score for usd in (300.0, 600.0, 1_200.0)]
    assert all(less < more for less, more in pairwise(scores))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("3-sigma over 28 days", False, id="a chart that knows no weekday sees a weekend's end"),
        pytest.param("weekday median/MAD", True, id="a weekday's median"),
        pytest.param("Holt-Winters", True, id="a weekly season"),
        pytest.param("+50 % over 7-day mean", False, id="a rule with one side"),
        pytest.param("extreme-value tail", False, id="an upper tail"),
    ],
)
def test_a_working_day_of_nothing(name: str, said: bool) -> None:
    assert any(alarm.said for alarm in last_day(name, life(last=0.0))) is said


@pytest.mark.parametrize("name", NUMPY_ONLY)
def test_scores_do_not_depend_on_the_currency(name: str) -> None:
    looks = life(1_000.0)
    cents = [
        Look(look.start, tuple(one._replace(usd=Usd(one.usd // 100)) for one in look.rows)) for look in looks
    ]
    plain, scaled = (last_day(name, them) for them in (looks, cents))
    assert [alarm.score for alarm in scaled] == pytest.approx([alarm.score for alarm in plain], rel=1e-6)


@pytest.mark.parametrize("name", NUMPY_ONLY)
def test_the_future_changes_nothing_and_resting_before_judgement_neither(name: str) -> None:
    looks = life(2_000.0)
    whole, rested = replay(name, looks), peer(name, at(42))
    late = [rested.observe(look) for look in looks]
    assert late[:42] == [[]] * 42
    assert late[42:] == whole[42:]
    assert replay(name, looks[:45]) == whole[:45]


@pytest.mark.parametrize("name", NUMPY_ONLY)
def test_a_series_silent_on_most_days_is_left_to_others(name: str) -> None:
    looks = [Look(at(day), (row(day, BASE, 900), row(day, APP, 100.0 * (day % 7 == 0)))) for day in range(50)]
    assert not last_day(name, [*looks, Look(at(50), (row(50, BASE, 900), row(50, APP, 2_000)))])


def test_every_peer_has_a_module_of_its_own() -> None:
    assert set(NUMPY_ONLY) < set(PLACES)
    assert not [name for name in PLACES if "," in name]


def test_the_book_applies_corrections_and_knows_what_was_before_birth() -> None:
    book = Book()
    book.enter(Look(at(0), (row(0, BASE, 5),)))
    book.enter(Look(at(1), (row(1, BASE, 6), row(1, APP, 1)), restated=(row(0, BASE, 7), row(-3, BASE, 9))))
    book.enter(Look(at(2), ()))
    np.testing.assert_array_equal(book.usd(4), [[np.nan, 7, 6, 0], [np.nan, np.nan, 1, 0]])
    assert book.age().tolist() == [2, 1]


def test_a_correction_may_bring_a_series_forward() -> None:
    book = Book()
    book.enter(Look(at(0), ()))
    book.enter(Look(at(1), (row(1, APP, 1),)))
    book.enter(Look(at(2), (row(2, APP, 1),), restated=(row(0, APP, 4),)))
    np.testing.assert_array_equal(book.usd(3), [[4, 1, 1]])


def test_holt_winters_repeats_a_week_that_repeats_itself() -> None:
    week = np.array([5.0, 6, 7, 6, 5, 1, 1])
    forecast, spread = forecast_next(np.tile(week, 8)[None, :])
    assert forecast == pytest.approx([week[0]])
    assert spread == pytest.approx([0.0], abs=1e-9)


def test_the_tail_of_exponential_residuals_is_about_right() -> None:
    draws = np.random.default_rng(5).exponential(size=(200, 400))
    one_in_ten_thousand = np.full((200, 1), np.log(10_000))
    assert np.median(surprise(np.hstack([draws, one_in_ten_thousand]), 0.1)) == pytest.approx(4.0, abs=0.5)


def test_the_median_leaves_gaps_out() -> None:
    values = np.array([[1, np.nan, 3, 2], [np.nan] * 4])
    np.testing.assert_array_equal(median(values), [2, np.nan])
