import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.detect.activity import chance_of_spend
from bot.detect.season import Season, season
from bot.facts.clock import Grain
from bot.panel.coverage import Mask

MONDAY = 4
"""1970-01-05 in days since 1970-01-01."""
WEEKS = 8
THURSDAY, SATURDAY = 7 * WEEKS + 3, 7 * WEEKS + 5
"""Columns of the ninth week."""
DAYS = np.arange(7 * WEEKS + 7)
OFFICE = DAYS % 7 < 5
ALWAYS, NEVER = DAYS >= 0, DAYS < 0


def calendar(columns: int) -> Season:
    return season(MONDAY, columns, Grain.DAY)


def likely(active: Mask, judged: int, unread: slice = slice(0), others: int = 4) -> float:
    """How likely a series is to spend on a day, among others that spend every day."""
    rows = np.stack([active[: judged + 1], *[ALWAYS[: judged + 1]] * others])
    past = np.ones(judged + 1, np.bool_)
    past[-1], past[unread] = False, False
    return float(chance_of_spend(rows, past, calendar(judged + 1))[0])


@pytest.mark.parametrize(
    ("active", "judged", "least", "most"),
    [
        pytest.param(ALWAYS, THURSDAY, 0.99, 1.0, id="every day, on a weekday"),
        pytest.param(ALWAYS, SATURDAY, 0.99, 1.0, id="every day, on a Saturday"),
        pytest.param(OFFICE, THURSDAY, 0.99, 1.0, id="on weekdays, on a weekday"),
        pytest.param(OFFICE, SATURDAY, 0.0, 0.02, id="on weekdays, on a Saturday"),
        pytest.param(~OFFICE, SATURDAY, 0.97, 1.0, id="at weekends, on a Saturday"),
        pytest.param(~OFFICE, THURSDAY, 0.0, 0.02, id="at weekends, on a weekday"),
        pytest.param(DAYS % 2 == 0, THURSDAY, 0.3, 0.7, id="every other day"),
        pytest.param(DAYS % 7 == 3, THURSDAY, 0.6, 1.0, id="on Thursdays, on a Thursday"),
        pytest.param(DAYS % 7 == 2, THURSDAY, 0.0, 0.15, id="on Wednesdays, on a Thursday"),
        pytest.param(DAYS >= THURSDAY - 12, THURSDAY, 0.97, 1.0, id="every day since it began"),
        pytest.param(DAYS == 3, THURSDAY, 0.0, 0.05, id="once, eight weeks ago"),
        pytest.param(NEVER, THURSDAY, 0.0, 0.6, id="never yet"),
    ],
)
def test_how_likely_it_is_to_spend(active: Mask, judged: int, least: float, most: float) -> None:
    assert least < likely(active, judged) < most


def test_the_judged_day_itself_is_not_asked() -> None:
    rested = ALWAYS.copy()
    rested[THURSDAY] = False
    assert likely(rested, THURSDAY) == likely(ALWAYS, THURSDAY)


def test_a_day_that_was_not_read_is_no_rest() -> None:
    blind = ALWAYS.copy()
    blind[20:30] = False
    assert likely(blind, THURSDAY, slice(20, 30)) > 0.99 > likely(blind, THURSDAY)


def test_the_longer_it_never_rested_the_surer() -> None:
    weeks = [likely(THURSDAY - 7 * count <= DAYS, THURSDAY) for count in (1, 3, 8)]
    assert weeks == sorted(weeks)


def test_rests_of_others_make_a_rest_likelier() -> None:
    columns = THURSDAY + 1
    past = DAYS[:columns] < THURSDAY
    resting = np.tile(ALWAYS[:columns], (6, 1))
    for series in range(1, 6):
        resting[series, [9 * series, 9 * series + 4]] = False
    among = chance_of_spend(resting, past, calendar(columns))[0]
    assert among < likely(ALWAYS, THURSDAY, others=5)


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 5), st.integers(2, 40))), st.data())
@settings(deadline=None, max_examples=60)
def test_it_is_always_a_probability_that_says_neither_never_nor_always(
    active: Mask, data: st.DataObject
) -> None:
    columns = active.shape[1]
    past = data.draw(arrays.arrays(np.bool_, columns))
    past[-1] = False
    chance = chance_of_spend(active, past, calendar(columns))
    assert ((chance > 0) & (chance < 1)).all()
