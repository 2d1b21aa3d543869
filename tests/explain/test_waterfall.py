"""The waterfall is exact, says the one thing that changed, and does not care about names or order."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.explain.waterfall import Costs, Factor, waterfall
from bot.facts.money import Usd
from bot.facts.spend import COMPONENTS, TOKENS, SpendRow
from tests.fakes.incidents import START
from tests.fakes.rows import HAIKU, OPUS, row, summed

CENT = 10**7
COUNTS = st.integers(0, 10**9)
DOLLARS = st.integers(-(10**9), 10**12).map(Usd)
TOTALS = st.integers(-(10**12), 10**15).map(Usd)
Rows = list[SpendRow]
Parts = dict[Factor, Usd]


def any_rows(
    dollars: st.SearchStrategy[Usd] = DOLLARS, counts: st.SearchStrategy[int] = COUNTS
) -> st.SearchStrategy[Rows]:
    figures = dict.fromkeys((*TOKENS, "requests"), counts) | dict.fromkeys(COMPONENTS, dollars)
    names = {
        "api_key_id": st.sampled_from(["", "k1", "k2"]),
        "model": st.sampled_from(["", "m1", "m2", "m3"]),
    }
    return st.lists(st.fixed_dictionaries({**figures, **names}).map(_row), max_size=6)


def _row(fields: dict[str, Any]) -> SpendRow:
    return summed(SpendRow(START, **fields))


def parts(now: Rows, before: Rows) -> Parts:
    """With totals as the rows have them."""
    return waterfall(_costs(now), _costs(before))


def _costs(rows: Rows) -> Costs:
    return Costs(rows, Usd(sum(one.usd for one in rows)))


@settings(deadline=None, max_examples=300)
@given(any_rows(), any_rows(), TOTALS, TOTALS)
def test_the_parts_sum_to_the_difference_to_the_nano_dollar(
    now: Rows, before: Rows, observed: Usd, expected: Usd
) -> None:
    found = waterfall(Costs(now, observed), Costs(before, expected))
    assert sum(found.values()) == observed - expected
    assert 0 not in found.values()


@settings(deadline=None, max_examples=100)
@given(any_rows(), any_rows(), st.randoms(use_true_random=False))
def test_order_and_names_change_nothing(now: Rows, before: Rows, random: Random) -> None:
    found = parts(now, before)
    others, earlier = ([_renamed(one) for one in rows] for rows in (now, before))
    random.shuffle(others)
    random.shuffle(earlier)
    assert parts(others, earlier) == found


def _renamed(one: SpendRow) -> SpendRow:
    """With names that sort the other way round."""
    keys, models = {"k1": "z", "k2": "a"}, {"m1": "c", "m2": "b", "m3": "a"}
    return one._replace(api_key_id=keys.get(one.api_key_id, ""), model=models.get(one.model, ""))


@settings(deadline=None, max_examples=100)
@given(any_rows(st.integers(1, 10**12).map(Usd), st.integers(1, 10**9)))
def test_twice_of_everything_is_all_traffic(before: Rows) -> None:
    now = [_times(one, 2) for one in before]
    assert parts(now, before) == ({Factor.TRAFFIC: sum(one.usd for one in before)} if before else {})


@settings(deadline=None, max_examples=100)
@given(any_rows(st.integers(1, 10**12).map(Usd)))
def test_the_same_again_has_no_parts(rows: Rows) -> None:
    assert parts(rows, list(rows)) == {}


def _times(one: SpendRow, times: int, names: Sequence[str] = (*TOKENS, *COMPONENTS, "requests")) -> SpendRow:
    return summed(one._replace(**{name: getattr(one, name) * times for name in names}))


def used(model: str, requests: int = 100, uncached: int = 0, read: int = 0, output: int = 0) -> SpendRow:
    """Tokens by the request at fixed prices: opus costs five times as much as haiku, output five of input."""
    price = (50 if model == OPUS else 10) * CENT // 10**6
    tokens = {"uncached_input_tokens": uncached, "cache_read_tokens": read, "output_tokens": output}
    counts = {name: each * requests for name, each in tokens.items()}
    costs = {
        "usd_uncached_input": Usd(10 * price * counts["uncached_input_tokens"]),
        "usd_cache_read": Usd(price * counts["cache_read_tokens"]),
        "usd_output": Usd(50 * price * counts["output_tokens"]),
    }
    rest = {"cache_write_5m_tokens": 0, "usd_cache_write_5m": Usd(0)}
    return row(START, model=model, requests=requests, **counts, **costs, **rest)


def on(key: str, *rows: SpendRow) -> Rows:
    return [one._replace(api_key_id=key) for one in rows]


CACHED: dict[str, Any] = {"uncached": 100, "read": 900, "output": 50}
BROKEN: dict[str, Any] = {"uncached": 1000, "output": 50}


@pytest.mark.parametrize(
    ("now", "before", "factor"),
    [
        pytest.param([used(OPUS, **CACHED)], [used(HAIKU, **CACHED)], Factor.MIX, id="another model"),
        pytest.param(
            [used(HAIKU, 50, **CACHED), used(OPUS, 50, **CACHED)],
            [used(HAIKU, 100, **CACHED)],
            Factor.MIX,
            id="half the traffic moves to a model that was not used before",
        ),
        pytest.param(
            [used(HAIKU, 50, **CACHED), used(OPUS, 10, uncached=3000), used(OPUS, 50, **CACHED)],
            [used(HAIKU, 100, **CACHED), used(OPUS, 10, uncached=3000)],
            Factor.MIX,
            id="half the traffic moves to a model whose own requests are longer and not cached",
        ),
        pytest.param([used(OPUS, **BROKEN)], [used(OPUS, **CACHED)], Factor.CACHE, id="a dead cache"),
        pytest.param(
            [used(OPUS, **BROKEN), used(HAIKU, uncached=400, output=10)],
            [used(OPUS, **CACHED), used(HAIKU, uncached=400, output=10)],
            Factor.CACHE,
            id="a dead cache on one of two models",
        ),
        pytest.param(
            [*on("a", used(OPUS, **BROKEN)), *on("b", used(HAIKU, 500, **CACHED))],
            [*on("a", used(OPUS, **CACHED)), *on("b", used(HAIKU, 500, **CACHED))],
            Factor.CACHE,
            id="a dead cache of one of two keys",
        ),
        pytest.param(
            [used(OPUS, uncached=300, output=50)],
            [used(OPUS, uncached=100, output=50)],
            Factor.INPUT,
            id="longer prompts",
        ),
        pytest.param(
            [used(OPUS, uncached=100, output=90)],
            [used(OPUS, uncached=100, output=50)],
            Factor.OUTPUT,
            id="longer answers",
        ),
        pytest.param(
            [_times(used(OPUS, **CACHED), 2, COMPONENTS)],
            [used(OPUS, **CACHED)],
            Factor.PRICE,
            id="the same tokens at twice the price",
        ),
        pytest.param(
            [used(OPUS, **CACHED), *on("b", used(OPUS, **CACHED))],
            [used(OPUS, **CACHED)],
            Factor.NEW,
            id="a new key",
        ),
        pytest.param(
            [used(OPUS, **CACHED)],
            [used(OPUS, **CACHED), *on("b", used(OPUS, **CACHED))],
            Factor.GONE,
            id="a key that stopped",
        ),
        pytest.param(
            [row(START, usd_session=Usd(10**9))], [row(START)], Factor.SESSION, id="an agent session"
        ),
        pytest.param([row(START, 3, requests=0)], [row(START, requests=0)], Factor.TRAFFIC, id="uncounted"),
    ],
)
def test_one_change_is_one_part(now: Rows, before: Rows, factor: Factor) -> None:
    difference = sum(one.usd for one in now) - sum(one.usd for one in before)
    assert parts(now, before) == {factor: difference}


def test_the_usual_counts_for_as_much_as_was_expected() -> None:
    four_weeks = [used(OPUS, 400, **CACHED)]
    usual = Usd(sum(one.usd for one in four_weeks) // 4)
    assert waterfall(_costs([used(OPUS, **CACHED)]), Costs(four_weeks, usual)) == {}
    twice = waterfall(_costs([used(OPUS, 200, **CACHED)]), Costs(four_weeks, usual))
    assert twice == {Factor.TRAFFIC: usual}


def test_who_is_known_but_rests_in_these_hours_is_traffic_and_not_new() -> None:
    now = [used(OPUS, **CACHED), *on("b", used(OPUS, **CACHED))]
    before = [used(OPUS, **CACHED)]
    found = waterfall(_costs(now), _costs(before), resting={("api_key_id", "b")})
    assert found == {Factor.TRAFFIC: now[1].usd}


def test_what_no_row_tells_is_called_missing() -> None:
    assert waterfall(Costs([], Usd(700)), Costs([], Usd(200))) == {Factor.MISSING: 500}


def test_of_several_changes_each_has_its_part() -> None:
    found = parts([used(OPUS, 150, uncached=300, output=50)], [used(OPUS, uncached=100, output=50)])
    assert set(found) == {Factor.TRAFFIC, Factor.INPUT}
    assert found[Factor.INPUT] > found[Factor.TRAFFIC] > 0


def test_a_credit_of_the_weeks_before_is_not_usual() -> None:
    credit = summed(SpendRow(START, usd_other=Usd(-23 * 10**9)))
    usual = Costs([row(START, 24), credit], Usd(6 * 10**9))
    assert waterfall(Costs([row(START, 12)], Usd(12 * 10**9)), usual) == {Factor.TRAFFIC: 6 * 10**9}
    now = waterfall(Costs([row(START, 6), credit], Usd(-17 * 10**9)), usual)
    assert now == {Factor.OTHER: -23 * 10**9}


def test_requests_that_were_counted_only_lately_are_no_measure() -> None:
    before = [row(START, 3, requests=0), row(START, 1)]
    assert parts([row(START, 8)], before) == {Factor.TRAFFIC: 4 * 10**9}
