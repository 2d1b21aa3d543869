"""Scopes as people write them, and what is said of those that fit nothing or too much."""

import re

import pytest

from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.trouble import Trouble
from bot.jobs.scopes import read_scope
from bot.panel.leaves import Leaves

LEAVES = Leaves.of(
    [
        ("ws_1", "k1", "claude-opus-5", "", ""),
        ("ws_1", "k2", "claude-haiku-5", "", ""),
        ("", "", "claude-opus-5-5", "u1", "claude_code"),
    ]
)
DIRECTORY = Directory(
    keys={"k1": Key("k1", "ci-eval"), "k2": Key("k2", "ci-lint"), "k3": Key("k3", "never spent")},
    workspaces={"ws_1": Workspace("ws_1", "Research")},
    people={"u1": Person("u1", "Ada")},
)


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        pytest.param([], ORGANISATION, id="nothing is everything"),
        pytest.param(["key:ci-eval"], Scope(api_key_id="k1"), id="a name"),
        pytest.param(["Key:K2"], Scope(api_key_id="k2"), id="an id, in any case"),
        pytest.param(["key:eval"], Scope(api_key_id="k1"), id="a part of a name"),
        pytest.param(["key:*lint"], Scope(api_key_id="k2"), id="a pattern"),
        pytest.param(["model:claude-opus-5"], Scope(model="claude-opus-5"), id="a name that begins another"),
        pytest.param(
            ["user:ada", "product:code"], Scope(actor="u1", product="claude_code"), id="two at once"
        ),
        pytest.param(["workspace:research"], Scope(workspace_id="ws_1"), id="a workspace"),
    ],
)
def test_words(words: list[str], scope: Scope) -> None:
    assert read_scope(words, LEAVES, DIRECTORY) == scope


@pytest.mark.parametrize(
    ("word", "said"),
    [
        pytest.param("kye:ci-eval", "write key:NAME (there are key, model, workspace", id="an unknown kind"),
        pytest.param("ci-eval", "names no scope; write", id="no kind"),
        pytest.param("key:ci", "2 keys fit 'ci': ci-eval, ci-lint; name one", id="too many"),
        pytest.param("key:ci-evil", "is called 'ci-evil'; did you mean 'ci-eval'?", id="nearly"),
        pytest.param("key:never spent", "no key that spent", id="a key without spend"),
        pytest.param("user:bob", "there are Ada", id="nothing near"),
        pytest.param("key:", "there are ci-eval, ci-lint", id="no name"),
    ],
)
def test_what_fits_nothing_is_told_with_the_remedy(word: str, said: str) -> None:
    with pytest.raises(Trouble, match=re.escape(said)):
        read_scope([word], LEAVES, DIRECTORY)


def test_two_of_a_kind_are_refused() -> None:
    with pytest.raises(Trouble, match="names one kind twice"):
        read_scope(["key:ci-eval", "key:ci-lint"], LEAVES, DIRECTORY)
