"""Drivers that add up, the owner, and what must not matter."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.explain.cause import explain
from bot.facts.directory import Directory, Key, Person
from bot.facts.incident import Cause
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import COMPONENTS, TOKENS, SpendRow
from tests.fakes.incidents import DIRECTORY, HOUR, START, runaway
from tests.fakes.rows import HAIKU, OPUS, row, summed

quick = settings(deadline=None, max_examples=15)
COUNTS = st.integers(0, 10**9)
DOLLARS = st.integers(-(10**9), 10**12).map(Usd)


def rows_of(first: int, last: int) -> st.SearchStrategy[list[SpendRow]]:
    """Any rows between two hours counted from the incident's start, negative figures included."""
    figures = dict.fromkeys((*TOKENS, "requests"), COUNTS) | dict.fromkeys(COMPONENTS, DOLLARS)
    one = st.builds(
        SpendRow,
        hour=st.integers(first, last).map(lambda hour: START + hour * HOUR),
        api_key_id=st.sampled_from(["", "k1", "k2"]),
        model=st.sampled_from(["", "m1", "m2", "m3"]),
        **figures,
    ).map(summed)
    return st.lists(one, max_size=6)


NOW, BEFORE = rows_of(0, 5), rows_of(-4 * 168, -1)
TOTALS = st.integers(-(10**12), 10**15).map(Usd)


def cause(
    now: list[SpendRow],
    before: list[SpendRow],
    observed: Usd,
    expected: Usd,
    directory: Directory = DIRECTORY,
) -> Cause:
    incident = runaway(scope=ORGANISATION, observed=observed, expected=expected)
    return explain(incident, now, before, directory)


@quick
@given(NOW, BEFORE, TOTALS, TOTALS)
def test_drivers_sum_to_the_excess_whatever_the_rows(
    now: list[SpendRow], before: list[SpendRow], observed: Usd, expected: Usd
) -> None:
    drivers = cause(now, before, observed, expected).drivers
    amounts = [usd for _, usd in drivers]
    assert sum(amounts) == observed - expected
    assert amounts == sorted(amounts, reverse=True)
    assert 0 not in amounts
    assert len({label for label, _ in drivers}) == len(drivers)


@quick
@given(NOW, BEFORE, st.randoms())
def test_the_order_of_rows_changes_nothing(
    now: list[SpendRow], before: list[SpendRow], random: Random
) -> None:
    straight = cause(now, before, Usd(10**12), Usd(10**10))
    random.shuffle(now)
    random.shuffle(before)
    assert cause(now, before, Usd(10**12), Usd(10**10)) == straight


@quick
@given(NOW, BEFORE)
def test_other_ids_change_nothing_but_names(now: list[SpendRow], before: list[SpendRow]) -> None:
    others, others_before = ([_renamed(one) for one in rows] for rows in (now, before))
    renamed = cause(others, others_before, Usd(10**12), Usd(10**10))
    straight = cause(now, before, Usd(10**12), Usd(10**10))
    assert repr(renamed).replace("other-", "") == repr(straight)


def _renamed(one: SpendRow) -> SpendRow:
    return one._replace(
        api_key_id=one.api_key_id and f"other-{one.api_key_id}", model=one.model and f"other-{one.model}"
    )


def test_only_what_was_spent_is_a_driver() -> None:
    now = [row(START + hour * HOUR, 5) for hour in range(6)]
    drivers = cause(now, [], Usd(30 * 10**9), Usd(10**9)).drivers
    assert {label for label, _ in drivers} == {
        "uncached input",
        "cache reads",
        "cache writes (5 min)",
        "output",
    }


def test_a_model_switch_is_told_by_model() -> None:
    week = timedelta(days=7)
    now = [row(START, 3, model=OPUS, requests=100)]
    before = [row(START - number * week, model=HAIKU) for number in (1, 2, 3, 4)]
    found = explain(
        runaway(observed=Usd(3 * 10**9), expected=Usd(10**9), measured_until=START + HOUR),
        now,
        before,
        DIRECTORY,
    )
    assert found.headline == "Model switch"
    assert found.drivers == ((OPUS, Usd(3 * 10**9)), (HAIKU, Usd(-(10**9))))
    assert found.model == OPUS


@pytest.mark.parametrize("models", [[OPUS, HAIKU], [HAIKU, OPUS]], ids="before ".join)
def test_of_two_models_alike_the_first_by_name_is_told(models: list[str]) -> None:
    rows = [row(START, model=model) for model in models]
    assert cause(rows, [], Usd(2 * 10**9), Usd(0)).model == HAIKU


PEOPLE = Directory(
    keys={"k1": Key("k1", "one", owner="u1"), "k2": Key("k2", "two", owner="u2"), "k3": Key("k3", "three")},
    people={"u1": Person("u1", "ada", "ada@example.com"), "u2": Person("u2", "max")},
)
BOTH_KEYS = [row(START, 1, api_key_id="k1"), row(START, 5, api_key_id="k2"), row(START, 2, api_key_id="k1")]


@pytest.mark.parametrize(
    ("scope", "rows", "owner"),
    [
        pytest.param(Scope(api_key_id="k1"), BOTH_KEYS, "ada <ada@example.com>", id="the key's own"),
        pytest.param(ORGANISATION, BOTH_KEYS, "max", id="of several keys the dearest one's"),
        pytest.param(Scope(actor="u1"), BOTH_KEYS, "ada", id="a person is their own owner"),
        pytest.param(Scope(actor="someone@else"), BOTH_KEYS, "someone@else", id="an unknown person by id"),
        pytest.param(Scope(api_key_id="k3"), BOTH_KEYS, "", id="a key nobody owns"),
        pytest.param(ORGANISATION, [row(START, api_key_id="")], "", id="spend without a key"),
        pytest.param(ORGANISATION, [], "", id="no rows at all"),
        pytest.param(
            ORGANISATION,
            [row(START, api_key_id="k2"), row(START, api_key_id="k1")],
            "ada <ada@example.com>",
            id="of two keys alike the first by id, whichever row comes first",
        ),
    ],
)
def test_owner(scope: Scope, rows: list[SpendRow], owner: str) -> None:
    assert explain(runaway(scope=scope), rows, [], PEOPLE).owner == owner
