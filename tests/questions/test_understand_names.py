"""Filters: whose spend is asked about."""

import pytest

from bot.facts.scope import WORDS
from bot.questions.words import quoted
from tests.questions.asked import NAMES, ask, refusal

KEY, MODEL, USER, TEAM, WORKSPACE, PRODUCT = (
    "api_key_id",
    "model",
    "actor",
    "team",
    "workspace_id",
    "product",
)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        pytest.param("key:ci-eval", {KEY: ("ci-eval",)}, id="a whole name"),
        pytest.param("KEY:CI-Eval", {KEY: ("ci-eval",)}, id="a whole name, loudly"),
        pytest.param("key=ci-eval", {KEY: ("ci-eval",)}, id="an equals sign"),
        pytest.param("key: ci-eval", {KEY: ("ci-eval",)}, id="a space after the colon"),
        pytest.param("api-key:ci-eval", {KEY: ("ci-eval",)}, id="another word for a key"),
        pytest.param("key:ci-*", {KEY: ("ci-*",)}, id="a pattern"),
        pytest.param("model:opus", {MODEL: ("*opus*",)}, id="a part of names"),
        pytest.param("model:Opus", {MODEL: ("*opus*",)}, id="a part of names, loudly"),
        pytest.param("model:opus-4.8", {MODEL: ("*opus-4-8",)}, id="a version as people write it"),
        pytest.param("model:opus-5", {MODEL: ("*opus-5",)}, id="a version and not the next one"),
        pytest.param("model:haiku-4.5", {MODEL: ("*haiku-4-5-20??????",)}, id="a version with a date"),
        pytest.param("key:ci-eval key:my*", {KEY: ("ci-eval", "my*")}, id="any of two"),
        pytest.param("key:ci-eval,support-bot", {KEY: ("ci-eval", "support-bot")}, id="any of a list"),
        pytest.param("key:ci-* model:opus", {KEY: ("ci-*",), MODEL: ("*opus*",)}, id="two kinds at once"),
        pytest.param('key:"my key"', {KEY: ("my key",)}, id="quotes"),
        pytest.param("key:'my key'", {KEY: ("my key",)}, id="single quotes"),
        pytest.param("key:\u201cmy key\u201d", {KEY: ("my key",)}, id="quotes that a phone made"),
        pytest.param("key:my key yesterday", {KEY: ("my key",)}, id="quotes forgotten"),
        pytest.param("user:ada", {USER: ("*ada*",)}, id="a first name"),
        pytest.param("person:ada lovelace", {USER: ("Ada Lovelace",)}, id="a whole name of two words"),
        pytest.param("user:bela@example.com", {USER: ("bela@example.com",)}, id="an address"),
        pytest.param(
            "user:<mailto:bela@example.com|bela@example.com>",
            {USER: ("bela@example.com",)},
            id="an address that Slack made a link of",
        ),
        pytest.param("ws:research", {WORKSPACE: ("research",)}, id="a workspace in short"),
        pytest.param('key:""', {KEY: ("no key (Playground)",)}, id="what has no key"),
        pytest.param("key:apikey_01Gone99", {KEY: ("*apikey_01gone99*",)}, id="an id is taken on trust"),
        pytest.param("key ci-eval yesterday", {KEY: ("ci-eval",)}, id="no colon"),
        pytest.param("team research", {TEAM: ("research",)}, id="the kind decides between two of a name"),
        pytest.param("workspace research", {WORKSPACE: ("research",)}, id="and so for the other"),
        pytest.param("model opus 4.8", {MODEL: ("*opus-4-8",)}, id="a model of two words"),
    ],
)
def test_filters(words: str, where: dict[str, tuple[str, ...]]) -> None:
    found = ask(words)
    assert found.where == where
    assert found.taken == ()


@pytest.mark.parametrize(
    ("words", "where", "taken"),
    [
        pytest.param("ci-eval", {KEY: ("ci-eval",)}, "ci-eval as key ci-eval", id="a whole name"),
        pytest.param("opus", {MODEL: ("*opus*",)}, "opus as model *opus*", id="a part of several models"),
        pytest.param("sup", {KEY: ("sup*",)}, "sup as key sup*", id="the beginning of a name"),
        pytest.param("ci", {KEY: ("ci*",)}, "ci as key ci*", id="a short word of names"),
        pytest.param("eval", {KEY: ("*eval*",)}, "eval as key *eval*", id="a part of a name"),
        pytest.param("ci-*", {KEY: ("ci-*",)}, "ci-* as key ci-*", id="a pattern"),
        pytest.param(
            "*opus*", {MODEL: ("*opus*",)}, "*opus* as model *opus*", id="a pattern over other names"
        ),
        pytest.param("ci eval", {KEY: ("ci-eval",)}, "ci eval as key ci-eval", id="a space for a dash"),
        pytest.param("my key", {KEY: ("my key",)}, "my key as key my key", id="two words"),
        pytest.param(
            "ada lovelace's", {USER: ("Ada Lovelace",)}, "ada lovelace as user Ada Lovelace", id="a person"
        ),
        pytest.param("ada's", {USER: ("ada*",)}, "ada as user ada*", id="what is hers"),
        pytest.param(
            "default workspace", {WORKSPACE: ("Default workspace",)}, None, id="with a word of ours"
        ),
        pytest.param("claude code", {PRODUCT: ("claude_code",)}, None, id="a product"),
        pytest.param("claude opus 5", {MODEL: ("claude-opus-5",)}, None, id="a whole model"),
        pytest.param("opus 4.8", {MODEL: ("*opus-4-8",)}, "opus 4.8 as model *opus-4-8", id="a version"),
        pytest.param("opus and sonnet", {MODEL: ("*opus*", "*sonnet*")}, None, id="any of two"),
        pytest.param("opus or sonnet", {MODEL: ("*opus*", "*sonnet*")}, None, id="one or the other"),
        pytest.param(
            "research",
            {TEAM: ("research",)},
            "research as team research, not workspace:research",
            id="two kinds have it",
        ),
        pytest.param(
            "search",
            {TEAM: ("search",)},
            "search as team search",
            id="a whole name goes before the beginning of another",
        ),
        pytest.param("playground", {KEY: ("*playground*",)}, None, id="what has no key"),
        pytest.param("<@U1ADA|ada>", {}, None, id="who is mentioned first is the bot"),
        pytest.param("by key <@U1ADA|ada>", {USER: ("ada*",)}, None, id="who is mentioned later is a name"),
        pytest.param(
            "o'neil",
            {USER: ("*o'neil*", "Zo\u00eb O\u2019Neil")},
            None,
            id="names with other marks are still found",
        ),
        pytest.param("zoe\u0308", {USER: ("zo\u00eb*",)}, None, id="letters composed otherwise"),
        pytest.param("prod - eu", {KEY: ("Prod \u2013 EU",)}, None, id="another dash"),
    ],
)
def test_words_that_are_names(words: str, where: dict[str, tuple[str, ...]], taken: str | None) -> None:
    found = ask(f"{words} yesterday")
    assert found.where == where
    assert found.period.name == "yesterday"
    assert taken is None or found.taken == (taken,)


@pytest.mark.parametrize(
    ("words", "by"),
    [
        pytest.param("ci-eval", "model", id="of one key, its models"),
        pytest.param("key:ci-eval", "model", id="of one key by filter"),
        pytest.param("key:ci-eval by user", "actor", id="what was asked for goes first"),
        pytest.param("key:ci-eval by key", KEY, id="the key itself, if asked for"),
        pytest.param("key:ci-*", KEY, id="of several keys, the keys"),
        pytest.param("key:ci-eval,support-bot", KEY, id="of two keys, the keys"),
        pytest.param("opus", KEY, id="of a model, the keys"),
        pytest.param("which models did ada use", "model", id="of a person what was asked for"),
        pytest.param("by key ci-eval", KEY, id="by key, then a key"),
        pytest.param("key: yesterday", KEY, id="a colon too many"),
    ],
)
def test_what_it_is_split_by(words: str, by: str) -> None:
    assert ask(words).by == by


def test_where_no_names_are_known_filters_are_taken_on_trust() -> None:
    found = ask("key:ci-* model:opus user:ada", names={})
    assert found.where == {KEY: ("ci-*",), MODEL: ("*opus*",), USER: ("*ada*",)}


@pytest.mark.parametrize(
    ("words", "what", "instead"),
    [
        pytest.param("key:cii-eval", "no key is called 'cii-eval'", "key:ci-eval", id="a slip in a name"),
        pytest.param('key:"my kex"', "no key is called 'my kex'", 'key:"my key"', id="a name in quotes"),
        pytest.param("key:opus", "no key is called 'opus'", "model:opus", id="the wrong kind"),
        pytest.param("key:zzz yesterday", "no key is called 'zzz'", "yesterday", id="nothing like it"),
        pytest.param("team:zz-*", "no team is called 'zz-*'", "today by key", id="a pattern for nothing"),
        pytest.param(
            "key:ci-eval,sup-bot",
            "no key is called 'sup-bot'",
            "key:ci-eval key:support-bot",
            id="one of two",
        ),
        pytest.param("modle:opus", "'modle' is not one of key, model", "model:opus", id="a slip in a kind"),
        pytest.param("tier:ci-eval", "'tier' is not one of key, model", "key:ci-eval", id="no such kind"),
        pytest.param("opus or ci-eval", "not model or key", "opus ci-eval", id="or between two kinds"),
        pytest.param("not opus yesterday", "leave something out ('not opus')", "yesterday", id="not"),
        pytest.param("-key:ci-eval", "leave something out ('-key:ci-eval')", "today by key", id="a minus"),
        pytest.param("my spend", "who you are is not known here", "by user spend", id="mine"),
        pytest.param("opus vs sonnet", "shown side by side", None, id="names are not compared"),
    ],
)
def test_names_that_there_are_not(words: str, what: str, instead: str | None) -> None:
    error = refusal(words)
    assert what in str(error)
    assert instead is None or error.instead == instead


def test_names_side_by_side_are_offered_instead_of_comparing_them() -> None:
    instead = ask(refusal("compare opus and sonnet last week").instead)
    assert (instead.period.name, instead.by) == ("last week", "model")
    assert instead.where == {"model": ("*opus*", "*sonnet*")}


@pytest.mark.parametrize("dimension", NAMES)
def test_every_name_is_found_by_itself(dimension: str) -> None:
    for name in NAMES[dimension]:
        assert ask(f"{WORDS[dimension]}:{quoted(name)}").where == {dimension: (name,)}
        assert name in next(iter(ask(quoted(name)).where.values()))
