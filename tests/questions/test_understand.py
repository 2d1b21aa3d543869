"""What people type, and what it asks."""

from itertools import permutations
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from bot.questions.question import Kind, Period, Question
from tests.questions.asked import NOW, ask, window

TODAY = Period("today", window("19 to 19T03"), goes_on=True)


@pytest.mark.parametrize(
    ("words", "period", "by"),
    [
        pytest.param("", "today", "api_key_id", id="nothing asked means today by key"),
        pytest.param("week", "last 7 days", "api_key_id", id="a period alone"),
        pytest.param("by users", "today", "actor", id="many of them"),
        pytest.param("BY Workspace MONTH", "this month", "workspace_id", id="loud words"),
        pytest.param("products", "today", "product", id="without by"),
        pytest.param("yesterday by", "yesterday", "api_key_id", id="cut short"),
        pytest.param("by api key", "today", "api_key_id", id="a key in two words"),
        pytest.param("yesterday per person", "yesterday", "actor", id="per person"),
        pytest.param("who spent the most yesterday?", "yesterday", "actor", id="who"),
        pytest.param("which models this week", "this week", "model", id="which models"),
        pytest.param("--by model yesterday", "yesterday", "model", id="as an option of a command"),
        pytest.param("\u2014by model yesterday", "yesterday", "model", id="as a phone writes two dashes"),
        pytest.param("yesterday, by model!", "yesterday", "model", id="with commas and marks"),
        pytest.param("How much did we spend last week per team?", "last week", "team", id="a sentence"),
        pytest.param("please show me today's costs for each product", "today", "product", id="politely"),
        pytest.param("/claude-spend yesterday", "yesterday", "api_key_id", id="with the command"),
        pytest.param("summary yesterday model", "yesterday", "model", id="as in the terminal"),
        pytest.param("yesterday \u2014 by model \u2026", "yesterday", "model", id="with a pause"),
        pytest.param("`yesterday by model`", "yesterday", "model", id="as code"),
        pytest.param("yester\u200bday\u00a0by model", "yesterday", "model", id="with what nobody sees"),
        pytest.param("hi, what did yesterday cost", "yesterday", "api_key_id", id="greeting first"),
        pytest.param(":pray: yesterday by model", "yesterday", "model", id="with an emoji"),
        pytest.param("<@U0BOT> yesterday by model", "yesterday", "model", id="after the bot's name"),
        pytest.param("<@U0BOT|claude-spend>: yesterday", "yesterday", "api_key_id", id="after its long name"),
        pytest.param("yesterday <#C01|general> by model", "yesterday", "model", id="with a channel"),
    ],
)
def test_a_period_and_a_dimension(words: str, period: str, by: str) -> None:
    found = ask(words)
    assert (found.kind, found.period.name, found.by, found.where) == (Kind.SPEND, period, by, {})
    assert (found.top, found.share, found.taken) == (10, False, ())


@pytest.mark.parametrize("words", list(permutations(["yesterday", "by", "model"])), ids=" ".join)
def test_words_come_in_any_order(words: tuple[str, ...]) -> None:
    assert ask(" ".join(words)) == ask("yesterday by model")


@pytest.mark.parametrize(
    "words", list(permutations(["last week", "by team", "top 3", "model:opus", "share"]))
)
def test_parts_come_in_any_order(words: tuple[str, ...]) -> None:
    assert ask(" ".join(words)) == Question(
        Period("last week", window("9 to 16")),
        by="team",
        where={"model": ("*opus*",)},
        top=3,
        share=True,
    )


@pytest.mark.parametrize(
    ("words", "period", "by", "taken"),
    [
        pytest.param("week month", "this month", "api_key_id", "this month, not last 7 days", id="periods"),
        pytest.param("key model", "today", "model", "by model, not by key", id="dimensions"),
        pytest.param(
            "from 10 nov",
            "10 Nov",
            "api_key_id",
            "from 10 Nov as 10 Nov alone, not since then",
            id="from a day",
        ),
    ],
)
def test_the_last_word_counts_and_that_is_said(words: str, period: str, by: str, taken: str) -> None:
    found = ask(words)
    assert (found.period.name, found.by, found.taken) == (period, by, (taken,))


@pytest.mark.parametrize(
    ("words", "top"),
    [
        pytest.param("top", 5, id="top alone"),
        pytest.param("top 3", 3, id="a number"),
        pytest.param("top3", 3, id="without a space"),
        pytest.param("top ten", 10, id="in words"),
        pytest.param("top 100 models last 3 days", 100, id="before other numbers"),
    ],
)
def test_how_many_lines(words: str, top: int) -> None:
    assert ask(words).top == top


@pytest.mark.parametrize("words", ["share", "public", "yesterday here", "please share it with all"])
def test_answers_are_shared_when_asked_to(words: str) -> None:
    assert ask(words).share


@pytest.mark.parametrize(
    ("words", "period", "against"),
    [
        pytest.param("compare", "today", "same hours yesterday", id="today with the same hours of yesterday"),
        pytest.param("compare today", "today", "same hours yesterday", id="the same, said"),
        pytest.param("compare last week", "last week", "2 to 8 Nov", id="a week with the one before"),
        pytest.param("compare this week last week", "this week", "last week", id="two weeks"),
        pytest.param("compare this week with last week", "this week", "last week", id="with"),
        pytest.param("this week compared to last week", "this week", "last week", id="compared to"),
        pytest.param("compare yesterday today", "today", "yesterday", id="the later one first"),
        pytest.param("today vs yesterday", "today", "yesterday", id="versus"),
        pytest.param("vs yesterday", "today", "yesterday", id="today is understood"),
        pytest.param("compare with last week", "today", "last week", id="today is understood after with too"),
        pytest.param("compare 10 nov 3 nov", "10 Nov", "3 Nov", id="two days"),
        pytest.param("compare 3 nov to 10 nov", "10 Nov", "3 Nov", id="from one day to another"),
        pytest.param("difference between yesterday and today", "today", "yesterday", id="between and"),
        pytest.param(
            "compare 1 nov to 7 nov with 8 nov to 14 nov", "8 to 14 Nov", "1 to 7 Nov", id="two ranges"
        ),
        pytest.param("compare oct by model sept", "October", "September", id="with other words between"),
    ],
)
def test_two_periods_are_compared_the_later_with_the_earlier(words: str, period: str, against: str) -> None:
    found = ask(words)
    assert found.against
    assert (found.kind, found.period.name, found.against.name) == (Kind.COMPARE, period, against)


def test_what_is_usual_is_part_of_every_answer() -> None:
    found = ask("compare yesterday with usual")
    assert (found.kind, found.period.name, found.against) == (Kind.SPEND, "yesterday", None)
    assert found.taken == ("every answer says what is usual",)


@pytest.mark.parametrize(
    ("words", "period", "against", "where"),
    [
        pytest.param("why", "today", None, {}, id="why"),
        pytest.param("explain last week", "last week", None, {}, id="explain a period"),
        pytest.param("why yesterday vs monday", "yesterday", "Monday 16 Nov", {}, id="against a period"),
        pytest.param("explain vs yesterday", "today", "yesterday", {}, id="today against a period"),
        pytest.param(
            "why is today more expensive than last week", "today", "last week", {}, id="than a period"
        ),
        pytest.param("why is it more than usual", "today", None, {}, id="against what is usual"),
        pytest.param(
            "why is ci-eval so expensive today?", "today", None, {"api_key_id": ("ci-eval",)}, id="of a key"
        ),
        pytest.param("what happened yesterday?", "yesterday", None, {}, id="what happened"),
    ],
)
def test_why(words: str, period: str, against: str | None, where: dict[str, tuple[str, ...]]) -> None:
    found = ask(words)
    held_against = found.against.name if found.against else None
    assert (found.kind, found.period.name, held_against, found.where) == (
        Kind.EXPLAIN,
        period,
        against,
        where,
    )


@pytest.mark.parametrize(
    ("words", "kind", "incident"),
    [
        pytest.param("incidents", Kind.INCIDENTS, "", id="incidents"),
        pytest.param("incident", Kind.INCIDENTS, "", id="incident without its id"),
        pytest.param("show me all open alerts", Kind.INCIDENTS, "", id="alerts"),
        pytest.param("what's wrong?", Kind.INCIDENTS, "", id="what is wrong"),
        pytest.param("incident 261021-9f3c", Kind.INCIDENT, "261021-9f3c", id="one incident"),
        pytest.param("incident #261021-9F3C", Kind.INCIDENT, "261021-9f3c", id="loudly"),
        pytest.param("incident 261021", Kind.INCIDENT, "261021", id="the beginning of its id"),
        pytest.param("261021-9f3c", Kind.INCIDENT, "261021-9f3c", id="its id alone"),
        pytest.param("why 261021-9f3c?", Kind.INCIDENT, "261021-9f3c", id="why it is one"),
        pytest.param("rules", Kind.RULES, "", id="rules"),
        pytest.param("freshness", Kind.FRESHNESS, "", id="freshness"),
        pytest.param("how fresh is it", Kind.FRESHNESS, "", id="how fresh"),
        pytest.param("are you up to date?", Kind.FRESHNESS, "", id="up to date"),
        pytest.param("status", Kind.FRESHNESS, "", id="status"),
        pytest.param("doctor", Kind.FRESHNESS, "", id="as in the terminal"),
        pytest.param("help", Kind.HELP, "", id="help"),
        pytest.param("?", Kind.HELP, "", id="a question mark"),
        pytest.param("hi!", Kind.HELP, "", id="a greeting"),
        pytest.param("hello there", Kind.HELP, "", id="a longer greeting"),
        pytest.param("what can you do", Kind.HELP, "", id="what it can do"),
    ],
)
def test_other_questions(words: str, kind: Kind, incident: str) -> None:
    assert ask(words) == Question(TODAY, kind, incident=incident, where=MappingProxyType({}))


def test_any_clock_asks_in_utc() -> None:
    assert ask("today", NOW.astimezone(ZoneInfo("Asia/Tokyo"))).period == TODAY
