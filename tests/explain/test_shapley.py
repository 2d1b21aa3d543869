"""The shares of what changed: fair, complete, and blind to what did not change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.explain.shapley import shapley

AMOUNTS = st.lists(st.floats(0, 1000), min_size=6, max_size=6)


def product_of(before: list[float], now: list[float]) -> list[float]:
    sides = (np.array(before), np.array(now))
    found = shapley(len(before), lambda *at: np.prod([sides[side][n] for n, side in enumerate(at)]))
    return [float(part) for part in found]


@given(AMOUNTS)
def test_the_shares_add_up(amounts: list[float]) -> None:
    before, now = amounts[:3], amounts[3:]
    difference = float(np.prod(now) - np.prod(before))
    assert sum(product_of(before, now)) == pytest.approx(difference, abs=1e-6)


@pytest.mark.parametrize(
    ("before", "now", "shares"),
    [
        pytest.param([2, 3], [4, 3], [6, 0], id="what did not change has none"),
        pytest.param([1, 1], [3, 3], [4, 4], id="what changed alike has the same"),
        pytest.param([2, 2], [4, 1], [3, -3], id="one may take back what the other gave"),
        pytest.param([0, 5], [2, 5], [10, 0], id="from nothing"),
    ],
)
def test_shares_of_a_product(before: list[float], now: list[float], shares: list[float]) -> None:
    assert product_of(before, now) == pytest.approx(shares)
