"""Which days are billed, what billed days teach, and what the others are given."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.money import Usd
from bot.sources.admin_usage import CellKey
from bot.sources.attribution import Charge, Line
from bot.sources.estimation import Day, Rates, estimate, expected, is_settled, is_sure, learn

DAY = datetime(2026, 11, 18, tzinfo=UTC)
SEARCH, CODE = 5, 6


def line(
    listed: int,
    model: str = "claude-opus-5",
    tier: str = "standard",
    *,
    tokens: int = 100,
    priced: bool = True,
) -> Line:
    key = CellKey(DAY, "wrkspc_lab", "apikey_ci", model, tier)
    return Line(key, [tokens, 0, 0, 0, 0, 0], [listed, 0, 0, 0, 0, 0], priced)


def charge(amount: int, model: str = "claude-opus-5", component: int = 0) -> Charge:
    return Charge(DAY, "wrkspc_lab", model, "standard", component, Usd(amount))


HALF = Rates({}, Fraction(1, 2))


@pytest.mark.parametrize(
    ("hours_later", "lines", "charges", "settled"),
    [
        pytest.param(47, [line(100)], [charge(48)], False, id="ended yesterday, the bill two percent short"),
        pytest.param(47, [line(100)], [charge(49)], True, id="ended yesterday, the bill nearly there"),
        pytest.param(24, [line(100)], [charge(50)], True, id="ended just now, the bill already in"),
        pytest.param(23, [line(100)], [charge(50)], False, id="has not ended, whatever the bill says"),
        pytest.param(48, [line(100)], [charge(1)], True, id="a day after its end the bill is in"),
        pytest.param(48, [line(100)], [], False, id="a bill that is silent about tokens is late"),
        pytest.param(
            48, [line(100, tier="priority")], [], True, id="silent about priority tier is no wonder"
        ),
        pytest.param(48, [], [], True, id="an empty day"),
        pytest.param(
            30, [line(0, priced=False)], [charge(50)], False, id="no telling what an unpriced model costs"
        ),
        pytest.param(48, [line(0, priced=False)], [charge(50)], True, id="an unpriced model, a day later"),
        pytest.param(
            30, [line(100)], [charge(99, component=CODE)], False, id="code execution is not token money"
        ),
    ],
)
def test_is_settled(hours_later: int, lines: list[Line], charges: list[Charge], settled: bool) -> None:
    assert is_settled(Day(DAY, lines, charges), HALF, DAY + timedelta(hours=hours_later)) is settled


def test_only_age_makes_sure() -> None:
    day = Day(DAY, [line(100)], [charge(100)])
    assert not is_sure(day, DAY + timedelta(hours=47))
    assert is_sure(day, DAY + timedelta(hours=48))


@pytest.mark.parametrize(
    ("lines", "charges", "model", "rate"),
    [
        pytest.param([line(100)], [charge(80)], "claude-opus-5", "4/5", id="a discount"),
        pytest.param([line(100)], [charge(80)], "claude-opus-5-20260724", "4/5", id="for a snapshot as well"),
        pytest.param([line(100)], [charge(80)], "claude-haiku-4-5", "4/5", id="everybody's for a new model"),
        pytest.param([], [], "claude-opus-5", "1", id="list price where nothing was learned"),
        pytest.param([line(100)], [], "claude-opus-5", "1", id="blocked requests do not make a model free"),
        pytest.param([line(100)], [charge(-5)], "claude-opus-5", "1", id="nor does a credit"),
        pytest.param(
            [line(100)], [charge(80), charge(9, component=CODE)], "claude-opus-5", "4/5", id="tokens only"
        ),
        pytest.param(
            [line(100), line(900, tier="priority")],
            [charge(80)],
            "claude-opus-5",
            "4/5",
            id="no priority tier",
        ),
        pytest.param(
            [line(100), line(300, "claude-haiku-4-5")],
            [charge(50), charge(300, "claude-haiku-4-5")],
            "claude-sonnet-5",
            "7/8",
            id="everybody's by dollars",
        ),
        pytest.param(
            [line(100), line(0, "claude-quasar-9", priced=False)],
            [charge(50), charge(999, "claude-quasar-9")],
            "claude-sonnet-5",
            "1/2",
            id="an unpriced model teaches nothing",
        ),
    ],
)
def test_learn(lines: list[Line], charges: list[Charge], model: str, rate: str) -> None:
    assert learn([Day(DAY, lines, charges)]).of(model) == Fraction(rate)


def test_without_a_rate_of_their_own_searches_are_at_list_price() -> None:
    searching = line(1001)
    searching.listed[SEARCH] = 10
    estimate([searching], HALF)
    assert searching.money == [500, 0, 0, 0, 0, 10, 0, 0, 0]


def test_searches_have_a_rate_of_their_own() -> None:
    searching = line(100)
    searching.listed[SEARCH] = 20
    day = Day(DAY, [searching], [charge(50), charge(18, component=SEARCH)])
    estimate(day.lines, learn([day]))
    assert searching.money == [50, 0, 0, 0, 0, 18, 0, 0, 0]


def test_priority_tier_is_paid_for_elsewhere() -> None:
    committed = line(1000, tier="priority")
    estimate([committed], HALF)
    assert sum(committed.money) == 0


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=20), st.integers(1, 10**13))
def test_what_was_learned_gives_back_what_was_billed(listed: list[int], bill: int) -> None:
    day = Day(DAY, [line(usd) for usd in listed], [charge(bill)])
    rates = learn([day])
    assert expected(day, rates) == bill
    estimate(day.lines, rates)
    assert abs(sum(sum(line.money) for line in day.lines) - bill) <= len(listed)
