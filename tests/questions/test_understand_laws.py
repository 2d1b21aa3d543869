"""What holds for every text: it is understood or refused, quickly, and a question can be spelled."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.facts.answer import Answer, Expectation, Verb
from bot.facts.scope import CALLED
from bot.questions.examples import EXAMPLES
from bot.questions.known import Names
from bot.questions.nearest import _alike
from bot.questions.question import Kind, Misunderstood, Question
from bot.questions.spelled import spelled
from bot.questions.vocabulary import VOCABULARY
from bot.questions.words import fold
from tests.questions.asked import BERLIN, NAMES, NOW, ask, refusal

SOUP = """
today yesterday week month last this next past since from to between and .. - -- / 3d 24h 6 hours days 2 ago
10 15 31 nov october 19th 2026-11-10 2026-02-30 19.11. 14:00 2pm now monday fri 9999-99-99 99999999999
key:ci-* model:opus key: user:ada foo:bar key:a,ci-eval opus ci-eval ada lovelace 5 4.8 opsu ci-* * ? ! -x
"my key" 'a b' it's <@U1|ada> <#C1> &lt; &amp;amp; " \u201c \u2019 \u2014 \u2026
261021-9f3c snooze ack until tomorrow expected one-off new level planned 4h false alarm a note
"""
WORDS = st.sampled_from(
    [*SOUP.split(), *sorted(VOCABULARY), *(name for names in NAMES.values() for name in names)]
)
TEXTS = st.lists(WORDS, max_size=9).map(" ".join)
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ODD_NAMES = st.dictionaries(
    st.sampled_from(sorted(CALLED.values())), st.lists(st.text(max_size=12), max_size=4), max_size=6
)


def understood(text: str, now: datetime = NOW, names: Names = NAMES) -> Question | None:
    """The question, or None where it is refused with one that is understood."""
    try:
        return ask(text, now, names=names)
    except Misunderstood as error:
        ask(error.instead, now, names=names)
        return None


@settings(max_examples=200)
@given(st.text(max_size=200), ODD_NAMES)
@example("\u202e\u0661\u0669 \u05d0\u05d1", {})
@example("\ud800\x00\x1b[31m \U0001f469\u200d\U0001f4bb", {"model": ["\ud800", "\U0001f469\u200d\U0001f4bb"]})
@example("[ *[ key:[*", {"api_key_id": ["[", "[!]"]})
@example("\u00b2 \u0665:\u0660\u0660 \u2168", {})
@example("since since since from to .. to", {})
def test_any_text_is_understood_or_refused_with_something_that_works(text: str, names: Names) -> None:
    understood(text, names=names)


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_long_texts_too(start: str, again: str) -> None:
    text = start + again * 10_000
    understood(text[:10_000])
    understood(text[:1_990])


@settings(max_examples=300)
@given(TEXTS, MOMENTS)
def test_a_question_is_spelled_so_that_it_is_asked_again(text: str, now: datetime) -> None:
    if (question := understood(text, now)) is None:
        return
    again = ask(spelled(question), now)
    assert replace(again, taken=()) == replace(question, taken=())


@settings(max_examples=200)
@given(ODD_NAMES, st.data())
def test_names_are_spelled_so_that_they_are_meant_again(
    names: dict[str, list[str]], data: st.DataObject
) -> None:
    dimension = data.draw(st.sampled_from(sorted(CALLED.values())))
    known = [name for name in names.get(dimension, []) if fold(name)]
    if not known:
        return
    name = data.draw(st.sampled_from(known))
    asked = replace(ask("yesterday by team"), where={dimension: (name,)})
    found = ask(spelled(asked), names=names)
    assert [fold(one) for one in found.where[dimension]] == [fold(name)]
    assert ask(spelled(found), names=names) == found


@given(
    st.sampled_from([Verb.ACKNOWLEDGE, Verb.SNOOZE, Verb.EXPECT, Verb.DISMISS, Verb.REOPEN]),
    st.datetimes(datetime(2026, 11, 20), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(list(Expectation)),
    st.text(st.characters(max_codepoint=0x24F, exclude_categories=["C", "Z"]), max_size=30),
)
def test_what_was_said_is_spelled_too(verb: Verb, until: datetime, way: Expectation, note: str) -> None:
    expectation = way if verb is Verb.EXPECT else None
    needs_end = verb is Verb.SNOOZE or expectation is Expectation.PLANNED
    note = note.replace("`", "").translate({0xAB: '"', 0xBB: '"'})
    says = Answer(verb, "", NOW, until if needs_end else None, expectation, note)
    question = replace(ask("today"), kind=Kind.SAY, incident="261021-9f3c", says=says)
    assert ask(spelled(question)) == question


@pytest.mark.parametrize(
    ("words", "spelling"),
    [
        pytest.param("", "today by key", id="nothing"),
        pytest.param("opus yesterday", "yesterday by key model:*opus*", id="a word for a name"),
        pytest.param('key:"my key" top 3 share', 'today by model key:"my key" top 3 share', id="all parts"),
        pytest.param("compare", "compare today vs same hours yesterday by key", id="a comparison"),
        pytest.param("why", "explain today", id="why"),
        pytest.param("incident 261021-9f3c", "incident 261021-9f3c", id="an incident"),
        pytest.param("alerts", "incidents", id="incidents"),
        pytest.param("ack 261021-9f3c on it", 'acknowledge 261021-9f3c "on it"', id="what is said"),
    ],
)
def test_spelling(words: str, spelling: str) -> None:
    assert spelled(ask(words)) == spelling


@pytest.mark.parametrize("words", [words for words, _ in EXAMPLES])
@pytest.mark.parametrize(
    "now", [NOW, datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 11, 10, 23, tzinfo=UTC)]
)
@pytest.mark.parametrize("names", [pytest.param(NAMES, id="names"), pytest.param({}, id="no names")])
def test_examples_are_understood(words: str, now: datetime, names: Names) -> None:
    assert ask(words, now, names=names).taken == ()


def test_examples_show_every_kind_of_question() -> None:
    assert {ask(words).kind for words, _ in EXAMPLES} == set(Kind) - {Kind.HELP, Kind.INCIDENT}


class Counted(Collection[str]):
    """Names that count how often they are gone through."""

    def __init__(self, names: list[str]) -> None:
        self.names, self.read = names, 0

    def __iter__(self) -> Iterator[str]:
        self.read += 1
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        raise AssertionError("looked for one by one")


@pytest.mark.parametrize(
    ("words", "times"),
    [
        pytest.param("yesterday by model top 3", 0, id="not at all where no name is asked for"),
        pytest.param("key-77 yesterday", 1, id="once for a name"),
        pytest.param("kye-77 modle opsu " * 5, 1, id="once for any number of mistakes"),
        pytest.param("key:kye-77 key:*7* key-1* ley", 1, id="once for filters and patterns"),
    ],
)
def test_ten_thousand_names_are_read_once_at_most(words: str, times: int) -> None:
    names = Counted([f"key-{number}" for number in range(10_000)])
    with suppress(Misunderstood):
        ask(words, names={"api_key_id": names})
    assert names.read == times


def test_only_so_many_names_are_compared_letter_by_letter() -> None:
    assert len(_alike("kye-77", [f"key-{number}" for number in range(10_000)])) <= 60


def test_the_zone_is_not_asked_for_periods() -> None:
    assert ask("yesterday", zone=BERLIN) == ask("yesterday")
    assert refusal("yesterdy").instead == "yesterday"
