"""Drivers that add up, where it lies, whose it is, and what must not matter."""

from typing import Any

import pytest
from hypothesis import given, settings

from bot.facts.directory import Directory, Key, Person
from bot.facts.finding import Part
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import SpendRow
from tests.explain.reading import told
from tests.explain.test_diagnosis import usual
from tests.explain.test_waterfall import TOTALS, Rows, any_rows
from tests.fakes.incidents import HOUR, START
from tests.fakes.rows import HAIKU, OPUS, row


def now(times: int = 1, **changes: Any) -> Rows:
    """The six hours of the incident."""
    return [row(START + hour * HOUR, times, **changes) for hour in range(6)]


@settings(deadline=None, max_examples=50)
@given(any_rows(), any_rows(), TOTALS, TOTALS)
def test_drivers_sum_to_the_excess_whatever_the_rows(
    now: Rows, before: Rows, observed: Usd, expected: Usd
) -> None:
    earlier = [one._replace(hour=one.hour - 168 * HOUR) for one in before]
    found = told(now, earlier, observed=observed, expected=expected, scope=ORGANISATION)
    assert sum(usd for _, usd in found.drivers) == observed - expected
    assert len({label for label, _ in found.drivers}) == len(found.drivers)


def test_what_moved_most_comes_first() -> None:
    found = told(now(9, cache_read_tokens=300_000, usd_cache_read=usd_from_dollars("0.3")), usual())
    amounts = [usd for _, usd in found.drivers]
    assert amounts == sorted(amounts, reverse=True)
    assert found.drivers[0][0] == "more requests"


@pytest.mark.parametrize(
    ("rows", "before", "where"),
    [
        pytest.param(
            [*now(), *now(5, api_key_id="a")],
            [*usual(), *usual(api_key_id="a")],
            {Scope(api_key_id="a"): 24},
            id="one key",
        ),
        pytest.param(
            [*now(2), *now(2, api_key_id="a")], [*usual(), *usual(api_key_id="a")], {}, id="all alike"
        ),
        pytest.param(
            [*now(3), *now(4, api_key_id="a"), *now(api_key_id="b")],
            [*usual(), *usual(api_key_id="a"), *usual(api_key_id="b")],
            {Scope(api_key_id="a"): 18, Scope(api_key_id="apikey_ci"): 12},
            id="two keys at once",
        ),
        pytest.param(
            [*now(4), *now(1, api_key_id="a"), *now(api_key_id="b")],
            [*usual(), *(one for _ in range(4) for one in usual(api_key_id="a")), *usual(api_key_id="b")],
            {Scope(api_key_id="apikey_ci"): 18, Scope(api_key_id="a"): -18},
            id="one rises while another falls by as much",
        ),
        pytest.param(
            [
                one
                for key in "abc"
                for model in (OPUS, HAIKU)
                for one in now(1 + 2 * (model == OPUS), model=model, api_key_id=key)
            ],
            [one for key in "abc" for model in (OPUS, HAIKU) for one in usual(model=model, api_key_id=key)],
            {Scope(model=OPUS): 36},
            id="one model of all keys",
        ),
    ],
)
def test_where_it_lies(rows: Rows, before: Rows, where: dict[Scope, int]) -> None:
    found = told(rows, before, scope=ORGANISATION).where
    assert found == tuple(Part(scope, usd_from_dollars(usd)) for scope, usd in where.items())


def test_where_it_lies_in_a_key_names_the_key_too() -> None:
    rows = [*now(5), *now(model=HAIKU)]
    assert told(rows, [*usual(), *usual(model=HAIKU)]).where == (
        Part(Scope(api_key_id="apikey_ci", model=OPUS), usd_from_dollars(24)),
    )


@pytest.mark.parametrize("models", [[OPUS, HAIKU], [HAIKU, OPUS]], ids="before ".join)
def test_of_two_models_alike_the_first_by_name_is_told(models: list[str]) -> None:
    assert told([row(START, model=model) for model in models], []).model == HAIKU


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
    assert told(rows, [], PEOPLE, scope=scope).owner == owner
