"""What lies in what."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import SpendRow
from tests.fakes.incidents import START

VALUES = st.none() | st.sampled_from(["", "a", "b"])
SCOPES = st.builds(Scope, VALUES, VALUES, VALUES, VALUES, VALUES)
ROW = SpendRow(START, workspace_id="w", api_key_id="k", model="opus", actor="u", product="p")


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        pytest.param(ORGANISATION, Scope(), True, id="the organisation covers itself"),
        pytest.param(ORGANISATION, Scope(api_key_id="k"), True, id="the organisation covers a key"),
        pytest.param(Scope(api_key_id="k"), ORGANISATION, False, id="a key does not cover the organisation"),
        pytest.param(Scope(api_key_id="k"), Scope(api_key_id="k", model="opus"), True, id="a key, its model"),
        pytest.param(Scope(model="opus"), Scope(api_key_id="k"), False, id="a model, a key of any model"),
        pytest.param(Scope(api_key_id=""), Scope(api_key_id="k"), False, id="no key is a value of its own"),
        pytest.param(Scope(api_key_id=""), Scope(api_key_id="", model="opus"), True, id="no key, on a model"),
        pytest.param(Scope(api_key_id="k"), ROW, True, id="a row of the key"),
        pytest.param(Scope(api_key_id="k", model="haiku"), ROW, False, id="a row of another model"),
    ],
)
def test_covers(wide: Scope, narrow: Scope | SpendRow, covered: bool) -> None:
    assert wide.covers(narrow) is covered


@settings(deadline=None, max_examples=40)
@given(SCOPES, SCOPES, SCOPES)
def test_covering_is_an_order(one: Scope, other: Scope, third: Scope) -> None:
    assert one.covers(one)
    assert ORGANISATION.covers(one)
    if one.covers(other) and other.covers(one):
        assert one == other
    if one.covers(other) and other.covers(third):
        assert one.covers(third)


@settings(deadline=None, max_examples=40)
@given(SCOPES)
def test_a_scope_is_what_it_pins(scope: Scope) -> None:
    assert Scope.of(scope.pinned()) == scope
    assert None not in scope.pinned().values()
