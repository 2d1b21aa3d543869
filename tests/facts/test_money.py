"""Amounts are read exactly or not at all, shown as people read them, split without loss."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.money import (
    BadAmount,
    Usd,
    allocate,
    cents_exact,
    dollars,
    show,
    usd_from_cents,
    usd_from_dollars,
    whole_cents,
)

DOLLAR = 10**9
AMOUNTS = st.integers(-(10**17), 10**17).map(Usd)


@pytest.mark.parametrize(
    ("cents", "nano"),
    [
        pytest.param("123.45", 1_234_500_000, id="upstream speaks of cents, not of dollars"),
        pytest.param("100", DOLLAR, id="a hundred cents are one dollar"),
        pytest.param("0", 0, id="nothing"),
        pytest.param("-50", -DOLLAR // 2, id="a credit"),
        pytest.param("0.0000001", 1, id="one nano-dollar"),
        pytest.param("0.00000005", 0, id="half a nano-dollar goes to the even side, down"),
        pytest.param("0.00000015", 2, id="one and a half go to the even side, up"),
        pytest.param("0.00000025", 2, id="two and a half go down again"),
        pytest.param("-0.00000005", 0, id="half a nano-dollar of credit goes to zero"),
        pytest.param(f"0.00000005{'0' * 40}1", 1, id="a hair above a half goes up, however thin the hair"),
        pytest.param("1e2", DOLLAR, id="an exponent"),
        pytest.param(".5", 5_000_000, id="no digit before the point"),
        pytest.param("+7.", 70_000_000, id="a sign, and no digit after the point"),
        pytest.param("99999999999.9999999", 10**18 - 1, id="the largest amount there is"),
        pytest.param(Decimal("12.5"), 125_000_000, id="a Decimal"),
        pytest.param(Decimal("0E+500"), 0, id="zero with an absurd exponent"),
    ],
)
def test_cents_are_read_exactly(cents: str | Decimal, nano: int) -> None:
    assert usd_from_cents(cents) == nano


BAD: list[Any] = [
    pytest.param("", id="nothing at all"),
    pytest.param("abc", id="a word"),
    pytest.param("1,000", id="a comma"),
    pytest.param("1_000", id="an underscore, which Python would read"),
    pytest.param(" 12 ", id="blanks, which Python would read"),
    pytest.param("12\n", id="a line end"),
    pytest.param("١٢", id="digits of another script, which Python would read"),
    pytest.param("NaN", id="not a number"),
    pytest.param("sNaN", id="a signalling one"),
    pytest.param("Infinity", id="infinity"),
    pytest.param("-inf", id="less than everything"),
    pytest.param("$12", id="a currency sign"),
    pytest.param("0x10", id="hexadecimal"),
    pytest.param("1e999999", id="beyond what Decimal can hold once multiplied"),
    pytest.param("9" * 60, id="sixty digits"),
    pytest.param(Decimal("NaN"), id="a Decimal that is not a number"),
    pytest.param(Decimal("sNaN"), id="a Decimal that signals"),
    pytest.param(Decimal("-Infinity"), id="an infinite Decimal"),
    pytest.param(Decimal("1e300000"), id="a Decimal beyond everything"),
]


@pytest.mark.parametrize("amount", BAD)
def test_what_is_no_amount_is_refused(amount: str | Decimal) -> None:
    with pytest.raises(BadAmount, match="amount of cents"):
        usd_from_cents(amount)
    with pytest.raises(BadAmount, match="amount of dollars"):
        usd_from_dollars(amount)


@pytest.mark.parametrize(
    "amount",
    [
        pytest.param(12.5, id="a float has lost digits already"),
        pytest.param(True, id="yes is no amount"),
        pytest.param(None, id="null"),
        pytest.param(["1"], id="a list"),
    ],
)
def test_cents_are_text_or_decimal(amount: Any) -> None:
    with pytest.raises(BadAmount):
        usd_from_cents(amount)


def test_a_billion_dollars_is_too_much() -> None:
    with pytest.raises(BadAmount, match="up to a billion dollars"):
        usd_from_cents("100000000000.0000001")
    with pytest.raises(BadAmount, match="up to a billion dollars"):
        usd_from_dollars(10**9 + 1)


@pytest.mark.parametrize(
    ("written", "nano"),
    [
        pytest.param(200, 200 * DOLLAR, id="a whole number"),
        pytest.param("0.05", 50_000_000, id="five cents"),
        pytest.param(0.1, 100_000_000, id="a float means what it is written as"),
        pytest.param(1e-9, 1, id="a tiny float"),
        pytest.param(Decimal("-1.5"), -1_500_000_000, id="a Decimal"),
    ],
)
def test_dollars_are_read_as_people_write_them(written: str | float | Decimal, nano: int) -> None:
    assert usd_from_dollars(written) == nano


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True])
def test_dollars_that_are_no_number_are_refused(value: float) -> None:
    with pytest.raises(BadAmount):
        usd_from_dollars(value)


@settings(deadline=None, max_examples=40)
@given(AMOUNTS)
def test_every_amount_survives_being_written_and_read(usd: Usd) -> None:
    assert usd_from_cents(str(Decimal(usd) / 10**7)) == usd
    assert usd_from_dollars(Decimal(usd) / 10**9) == usd


@settings(deadline=None, max_examples=40)
@given(st.decimals(-(10**8), 10**8, allow_nan=False))
def test_a_hundred_cents_make_a_dollar(amount: Decimal) -> None:
    assert abs(usd_from_dollars(amount) - 100 * usd_from_cents(amount)) <= 50


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(BadAmount):
        assert abs(usd_from_cents(text)) < 10**18


@pytest.mark.parametrize(
    ("nano", "shown"),
    [
        pytest.param(0, "$0.00", id="nothing"),
        pytest.param(1, "$0.000000001", id="one nano-dollar"),
        pytest.param(-5_000, "-$0.000005", id="a tiny credit"),
        pytest.param(9_000_000, "$0.009", id="just below a cent"),
        pytest.param(10_000_000, "$0.01", id="a cent"),
        pytest.param(1_234_500_000, "$1.23", id="half a cent goes to the even side"),
        pytest.param(-41_200_000_000, "-$41.20", id="a credit"),
        pytest.param(999_990_000_000, "$999.99", id="the last amount with cents"),
        pytest.param(999_996_000_000, "$1,000", id="what rounds to a thousand is written like a thousand"),
        pytest.param(1_000_000_000_000, "$1,000", id="a thousand"),
        pytest.param(-12_345_600_000_000, "-$12,346", id="thousands owed"),
        pytest.param(10**18 - 1, "$1,000,000,000", id="the largest amount there is"),
    ],
)
def test_amounts_are_shown_at_every_magnitude(nano: int, shown: str) -> None:
    assert show(Usd(nano)) == shown


@settings(deadline=None, max_examples=40)
@given(AMOUNTS)
def test_what_is_shown_is_near_and_has_the_sign(usd: Usd) -> None:
    read = Decimal(show(usd).replace("$", "").replace(",", "")) * DOLLAR
    assert abs(read - usd) <= max(5_000_000, abs(usd) // 1000)
    assert show(Usd(-usd)).lstrip("-") == show(usd).lstrip("-")
    assert show(usd).startswith("-") == (usd < 0)


@pytest.mark.parametrize(
    ("nano", "shown"),
    [
        pytest.param(12_345_670_000_000, "$12,345.67", id="thousands keep their cents"),
        pytest.param(-5_000_000_000, "-$5.00", id="a credit"),
        pytest.param(-1, "$0.00", id="a credit too small to write has no sign"),
        pytest.param(4_999_999, "$0.00", id="less than half a cent"),
    ],
)
def test_cents_exact(nano: int, shown: str) -> None:
    assert cents_exact(Usd(nano)) == shown


@settings(deadline=None, max_examples=40)
@given(st.lists(AMOUNTS))
def test_whole_cents_add_up_to_the_rounded_sum(amounts: list[Usd]) -> None:
    written = [Decimal(cents_exact(usd).replace("$", "").replace(",", "")) for usd in whole_cents(amounts)]
    assert sum(written) == Decimal(cents_exact(Usd(sum(amounts))).replace("$", "").replace(",", ""))
    assert all(abs(w * DOLLAR - usd) < 10**7 for w, usd in zip(written, amounts, strict=True))


def test_dollars_are_floats_for_drawings() -> None:
    assert dollars(Usd(1_500_000_000)) == 1.5


@settings(deadline=None, max_examples=40)
@given(AMOUNTS, st.lists(st.integers(0, 10**20), min_size=1))
def test_allocated_parts_sum_to_the_total_exactly(total: Usd, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    if any(weights):
        shares = [Decimal(total) * weight / sum(weights) for weight in weights]
        assert all(abs(part - share) < 2 for part, share in zip(parts, shares, strict=True))
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        pytest.param(10, [1, 1, 1], [4, 3, 3], id="what cannot be shared goes to the earlier one"),
        pytest.param(-10, [1, 1, 1], [-3, -3, -4], id="a negative total"),
        pytest.param(7, [0, 0], [4, 3], id="no weight at all splits evenly"),
        pytest.param(100, [1, 99], [1, 99], id="in proportion"),
        pytest.param(5, [0, 3], [0, 5], id="a weight of zero gets nothing"),
    ],
)
def test_allocate(total: int, weights: list[int], parts: list[int]) -> None:
    assert allocate(Usd(total), weights) == parts


@pytest.mark.parametrize(
    "weights", [pytest.param([], id="nobody to share"), pytest.param([2, -1], id="a negative weight")]
)
def test_allocate_refuses(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one weight"):
        allocate(Usd(1), weights)
