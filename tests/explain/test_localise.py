"""The fewest slices that carry what changed, in an organisation of 2,000 leaves that all move a little."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.robust import Floats
from bot.explain.localise import localise
from bot.facts.scope import ORGANISATION, Scope

DOLLAR = 1e9
PLACES = [(f"w{key % 7}", f"k{key}", f"m{model}", "", "api") for key in range(500) for model in range(4)]
DICE = np.random.default_rng(1)
USUAL = np.exp(DICE.normal(0, 1, len(PLACES))) * DOLLAR
QUIET = USUAL * np.exp(DICE.normal(0, 0.05, len(PLACES)))
Place = tuple[str, ...]


def where(**names: str) -> Callable[[Place], bool]:
    """Whether a place has these names."""
    at = {"workspace": 0, "key": 1, "model": 2}
    return lambda place: all(place[at[dimension]] == name for dimension, name in names.items())


def changed(*changes: tuple[Callable[[Place], bool], float]) -> Floats:
    """What is spent when the places that fit are at so many times what they are usually."""
    now = QUIET.copy()
    for fits, times in changes:
        now[[fits(place) for place in PLACES]] *= times
    return now


EVERYWHERE = where()


@pytest.mark.parametrize(
    ("now", "slices"),
    [
        pytest.param(changed((where(key="k17"), 300)), {Scope(api_key_id="k17")}, id="a key"),
        pytest.param(changed((where(model="m2"), 2)), {Scope(model="m2")}, id="a model of everybody"),
        pytest.param(changed((where(workspace="w3"), 3)), {Scope(workspace_id="w3")}, id="a workspace"),
        pytest.param(changed((EVERYWHERE, 1.6)), {ORGANISATION}, id="all alike"),
        pytest.param(
            changed((where(key="k17", model="m1"), 2000)),
            {Scope(api_key_id="k17", model="m1")},
            id="a key on a model whose other models stay",
        ),
        pytest.param(
            changed((where(workspace="w3", model="m0"), 9)),
            {Scope(workspace_id="w3", model="m0")},
            id="a model of one workspace",
        ),
        pytest.param(
            changed((where(key="k17"), 400), (where(key="k90"), 300)),
            {Scope(api_key_id="k17"), Scope(api_key_id="k90")},
            id="two keys at once",
        ),
        pytest.param(
            changed((where(model="m1"), 0.02), (where(model="m3"), 1.98)),
            {Scope(model="m1"), Scope(model="m3")},
            id="one model falls while another rises",
        ),
        pytest.param(
            changed((EVERYWHERE, 1.5), (where(key="k17"), 900)),
            {ORGANISATION, Scope(api_key_id="k17")},
            id="a key beyond what all do",
        ),
    ],
)
def test_the_slices_that_moved(now: Floats, slices: set[Scope]) -> None:
    found = localise(PLACES, now, USUAL)
    assert {part.scope for part in found} == slices


def test_of_slices_with_the_same_leaves_the_key_is_named() -> None:
    places = [("w", "k", "m", "", ""), ("v", "l", "n", "", "")]
    (part,) = localise(places, np.array([9 * DOLLAR, DOLLAR]), np.array([DOLLAR, DOLLAR]))
    assert (part.scope, part.excess) == (Scope(api_key_id="k"), 8 * DOLLAR)


def test_what_did_not_move_lies_nowhere() -> None:
    assert localise(PLACES, USUAL, USUAL) == ()


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("klm"), st.sampled_from("xy")),
        min_size=1,
        unique=True,
    )
)
def test_the_order_of_leaves_changes_nothing(names: list[tuple[str, str, str]]) -> None:
    places = [(workspace, key, model, "", "") for workspace, key, model in names]
    dice = np.random.default_rng(len(names))
    now, usual = dice.integers(1, 10**6, (2, len(places))) * DOLLAR
    order = dice.permutation(len(places))
    straight = localise(places, now, usual)
    assert localise([places[at] for at in order], now[order], usual[order]) == straight
    assert len({part.scope for part in straight}) == len(straight)
