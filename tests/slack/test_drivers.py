from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.facts.money import Usd
from bot.slack.drivers import shares
from tests.fakes.incidents import because, dollars, runaway


@pytest.mark.parametrize(
    ("drivers", "total", "lines"),
    [
        pytest.param([("all", "412")], "+$412.00", ["+$412.00 all"], id="one driver explains it all"),
        pytest.param(
            [("a", "500"), ("b", "-88")], "+$412.00", ["+$500.00 a", "-$88.00 b"], id="a rise and a fall"
        ),
        pytest.param(
            [("a", "300.004"), ("b", "50.004"), ("c", "31.996"), ("d", "20"), ("e", "9.996")],
            "+$412.00",
            ["+$300.00 a", "+$50.00 b", "+$32.00 c", "+$30.00 the rest"],
            id="three and the rest, in cents that add up",
        ),
        pytest.param([("a", "400")], "+$412.00", ["+$400.00 a", "+$12.00 the rest"], id="stale drivers"),
        pytest.param([], "+$0.00", [], id="no drivers"),
        pytest.param(
            [("a", "412.80"), ("b", "5"), ("c", "3"), ("d", "0.20"), ("e", "-9")],
            "+$412.00",
            ["+$412.80 a", "-$9.00 e", "+$8.20 the rest"],
            id="the largest come first, and crumbs are the rest",
        ),
        pytest.param(
            [("a", "411.999"), ("b", "0.001")], "+$412.00", ["+$412.00 a"], id="less than a cent is no line"
        ),
    ],
)
def test_the_largest_drivers(drivers: list[tuple[str, str]], total: str, lines: list[str]) -> None:
    amounts = tuple((label, dollars(amount)) for label, amount in drivers)
    written, parts = shares(runaway(cause=because(drivers=amounts)))
    assert (written, [f"{amount} {label}" for amount, label in parts]) == (total, lines)


def test_parts_below_a_cent_stay_exact() -> None:
    tiny = runaway(observed=Usd(7000), expected=Usd(0), cause=because(drivers=(("a", Usd(5001)),)))
    assert shares(tiny) == ("+$0.000007", [("+$0.000005001", "a"), ("+$0.000001999", "the rest")])


AMOUNTS = st.integers(-(10**16), 10**16) | st.integers(-(10**7), 10**7)


@given(st.lists(AMOUNTS, min_size=1, max_size=6), AMOUNTS)
@example([9_000_000, 5_500_000], 14_500_000)
def test_what_people_read_adds_up(amounts: list[int], excess: int) -> None:
    drivers = tuple((f"driver {at}", Usd(amount)) for at, amount in enumerate(amounts))
    incident = runaway(observed=Usd(excess), expected=Usd(0), cause=because(drivers=drivers))
    total, parts = shares(incident)
    assert _read(total) == sum(_read(amount) for amount, _ in parts)
    assert abs(_read(total) - Decimal(excess) / 10**9) <= Decimal("0.005")


def _read(amount: str) -> Decimal:
    return Decimal(amount.replace("$", "").replace(",", ""))
