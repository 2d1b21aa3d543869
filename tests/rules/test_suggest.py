"""Which limit would have spoken as often as people want."""

from datetime import timedelta

import pytest

from bot.rules.suggest import suggest
from bot.rules.verdicts import verdicts
from bot.rules.view import View
from tests.rules.test_evaluate import DIRECTORY, DOLLAR, panel, rule

QUIET = timedelta(hours=3)
DAY = [2, 3, 2, 3, 2, 2, 3, 2]


@pytest.mark.parametrize(
    ("hours", "times", "limit", "then"),
    [
        pytest.param([*DAY, 40, *DAY, 70, *DAY], 1, 40, 1, id="once: just below the second highest"),
        pytest.param([*DAY, 40, *DAY, 70, *DAY], 2, 3, 2, id="twice: what is usual stays below"),
        pytest.param([*DAY, 40, *DAY, 70, *DAY], 0.5, 70, 0, id="less than once: the highest itself"),
        pytest.param([*DAY, *DAY, *DAY], 5, 3, 0, id="a limit passed most of the time is none"),
        pytest.param([0] * 20, 2, None, 0, id="nothing was ever spent"),
        pytest.param([*DAY, 0.0371, 123.4, *DAY], 1, 3, 1, id="in two digits"),
    ],
)
def test_the_lowest_limit_that_speaks_so_often(
    hours: list[float], times: float, limit: float | None, then: int
) -> None:
    cap = rule(within="1h", above="$1")
    given = panel([round(10**4 * hour) for hour in hours])
    given.usd[:] //= 10**4
    found = suggest(verdicts(cap, View.of(cap, given, DIRECTORY)), 0, times, QUIET)
    assert (found.limit, found.then) == (None if limit is None else limit * DOLLAR, then)
