"""Leaves and how they group into scopes."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.scope import ORGANISATION, Scope
from bot.panel.leaves import NAMES, Leaves

LEAVES = Leaves.of(
    [
        ("prod", "a", "opus", "", "api"),
        ("prod", "a", "haiku", "", "api"),
        ("dev", "b", "opus", "ada", ""),
        ("prod", "", "opus", "ada", ""),
        ("prod", "a", "opus", "", "api"),
    ]
)


@pytest.mark.parametrize(
    ("dimensions", "scopes", "of_leaf"),
    [
        pytest.param((), [ORGANISATION], [0, 0, 0, 0, 0], id="no dimension is the organisation"),
        pytest.param(
            ("workspace_id",), [Scope("prod"), Scope("dev")], [0, 0, 1, 0, 0], id="in order of appearance"
        ),
        pytest.param(
            ("api_key_id",),
            [Scope(api_key_id="a"), Scope(api_key_id="b")],
            [0, 0, 1, -1, 0],
            id="what has no key belongs to no key",
        ),
        pytest.param(
            ("api_key_id", "model"),
            [
                Scope(api_key_id="a", model="opus"),
                Scope(api_key_id="a", model="haiku"),
                Scope(api_key_id="b", model="opus"),
            ],
            [0, 1, 2, -1, 0],
            id="two dimensions; leaves that differ elsewhere share a group",
        ),
    ],
)
def test_groups(dimensions: tuple[str, ...], scopes: list[Scope], of_leaf: list[int]) -> None:
    groups = LEAVES.by(*dimensions)
    assert [groups.scope(group) for group in range(len(groups))] == scopes
    assert groups.of_leaf.tolist() == of_leaf


@pytest.mark.parametrize(
    ("scope", "leaves"),
    [
        pytest.param(ORGANISATION, [0, 1, 2, 3, 4], id="everything"),
        pytest.param(Scope(model="opus"), [0, 2, 3, 4], id="a model"),
        pytest.param(Scope(api_key_id=""), [3], id="what has no key, named on purpose"),
        pytest.param(Scope("prod", "a", "opus", "", "api"), [0, 4], id="a leaf and its twin of another tier"),
        pytest.param(Scope(actor="bob"), [], id="nobody"),
    ],
)
def test_inside_a_scope(scope: Scope, leaves: list[int]) -> None:
    assert LEAVES.inside(scope).tolist() == leaves


words = st.sampled_from(["", "x", "y"])


@given(
    st.lists(st.tuples(words, words, words, words, words), max_size=12),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=3),
)
def test_a_leaf_lies_in_its_group_and_no_other(values: list[tuple[str, ...]], names: list[str]) -> None:
    leaves = Leaves.of(values)
    groups = leaves.by(*names)
    scopes = [groups.scope(group) for group in range(len(groups))]
    assert len(set(scopes)) == len(groups)
    for number, scope in enumerate(scopes):
        assert leaves.inside(scope).tolist() == (groups.of_leaf == number).nonzero()[0].tolist()
    for leaf in (groups.of_leaf < 0).nonzero()[0]:
        assert any(not (leaves.scope(int(leaf)).pinned()[name]) for name in names)


@given(
    st.lists(st.tuples(words, words, words, words, words), max_size=12),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=3),
    st.randoms(use_true_random=False),
)
def test_some_of_the_groups_are_numbered_anew(
    values: list[tuple[str, ...]], names: list[str], choose: Random
) -> None:
    groups = Leaves.of(values).by(*names)
    kept = np.array([choose.random() < 0.5 for _ in range(len(groups))], np.bool_)
    some = groups.only(kept)
    assert [some.scope(one) for one in range(len(some))] == [
        groups.scope(one) for one in np.flatnonzero(kept).tolist()
    ]
    for leaf, group in enumerate(groups.of_leaf):
        where = int(some.of_leaf[leaf])
        assert where == -1 if group < 0 or not kept[group] else some.scope(where) == groups.scope(int(group))
