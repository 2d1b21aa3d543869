"""Whatever the names and amounts: no answer breaks Slack's limits, and what is written adds up."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.explain.evidence import Subject
from bot.facts.answer import Answer, Verb
from bot.facts.clock import DAY, HOUR, Window
from bot.facts.delivery import Message
from bot.facts.directory import Directory, Key
from bot.facts.finding import Part
from bot.facts.incident import Cause, Change, Incident, Point, State
from bot.facts.money import Usd
from bot.facts.scope import CALLED, Scope
from bot.facts.severity import Severity
from bot.facts.spend import Basis
from bot.questions.answers import (
    Allowance,
    Answered,
    Comparison,
    Explanation,
    Freshness,
    Help,
    Incidents,
    Line,
    Move,
    OneIncident,
    Reply,
    RuleLine,
    Rules,
    Spend,
)
from bot.questions.forecast import Forecast
from bot.questions.question import Misunderstood, Period, Question
from bot.slack.answers import answer_message, misunderstood_message, trouble_message
from bot.slack.details import details_blocks, details_message
from tests.fakes.incidents import runaway
from tests.slack.limits import faults, view_faults

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
DAY_BEFORE = Window(NOW.replace(hour=0, minute=0) - DAY, NOW.replace(hour=0, minute=0))

hostile = st.sampled_from(
    [
        "",
        "<!channel>",
        "<@U01ADALOVE> <https://x|y>",
        "*bold* _it_ ~no~ `code` :fire:",
        "@here &amp; <b>",
        "k" * 500,
        "& " * 250,
        "& < > " * 100,
        "\u05de\u05e4\u05ea\u05d7 \u0645\u0641\u062a\u0627\u062d " * 20,
        "\u202eevil\u202c",
        "👩\u200d💻" * 100,
        "`" * 80,
        "\n\n\x00\x1b[31m",
        '"\\' * 60,
        "ci-eval",
    ]
)
names = hostile | st.text(max_size=80)
amounts = st.one_of(
    st.integers(-(10**16), 10**16), st.integers(-(10**8), 10**8), st.sampled_from([0, 1, 1000, 5 * 10**6])
).map(Usd)
optional_amounts = st.none() | amounts
few = st.integers(0, 4)
dimensions = st.sampled_from(sorted(CALLED.values()))
periods = st.builds(Period, names, st.just(DAY_BEFORE), goes_on=st.booleans(), is_month=st.booleans())
questions = st.builds(
    Question,
    periods,
    by=dimensions,
    where=st.dictionaries(dimensions, st.lists(names, max_size=6).map(tuple), max_size=6),
    against=st.none() | periods,
    taken=st.lists(names, max_size=6).map(tuple),
)
bases = st.sampled_from(Basis)
courses = st.integers(0, 200).flatmap(
    lambda number: st.lists(amounts, min_size=1, max_size=5).map(
        lambda usd: tuple(
            Point(DAY_BEFORE.start + at * HOUR, usd[at % len(usd)], usd[-1]) for at in range(number)
        )
    )
)


@st.composite
def many(draw: st.DrawFn, one: st.SearchStrategy[T]) -> tuple[T, ...]:
    """0 to 500 of them, cheaply: a few, repeated."""
    drawn = draw(st.lists(one, max_size=8))
    number = draw(st.integers(0, 12) | st.sampled_from([100, 500])) if drawn else 0
    return tuple(drawn[at % len(drawn)] for at in range(number))


lines = st.builds(Line, names, amounts, st.integers(0, 10**9), optional_amounts)
allowances = st.builds(Allowance, names, amounts, amounts, st.none() | st.just(date(2026, 11, 27)))
forecasts = st.builds(
    Forecast, amounts, amounts, amounts, amounts, st.none() | st.floats(0, 3), st.lists(amounts).map(tuple)
)


@st.composite
def spends(draw: st.DrawFn) -> Spend:
    known = draw(many(lines))
    others = draw(st.none() | lines) if known else None
    total = Usd(sum(line.usd for line in (*known, *([others] if others else []))))
    return Spend(
        draw(questions),
        Window(DAY_BEFORE.start, DAY_BEFORE.start + draw(st.integers(1, 24)) * HOUR),
        total,
        draw(optional_amounts),
        1,
        draw(bases),
        known,
        others,
        draw(courses),
        draw(st.none() | forecasts),
        tuple(draw(st.lists(allowances, max_size=12))),
    )


moves = st.builds(Move, names, amounts, amounts)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    known = draw(many(moves))
    others = draw(st.none() | moves) if known else None
    every = (*known, *([others] if others else []))
    total = Move("", Usd(sum(one.now for one in every)), Usd(sum(one.before for one in every)))
    before = Window(DAY_BEFORE.start - DAY, DAY_BEFORE.start)
    return Comparison(
        draw(questions), DAY_BEFORE, before, total, draw(bases), known, others, draw(st.booleans())
    )


scopes = st.builds(
    Scope,
    workspace_id=st.none() | names,
    api_key_id=st.none() | st.sampled_from(["apikey_ci", "", "<!channel>"]),
    model=st.none() | names,
    actor=st.none() | names,
)
parts = st.builds(Part, scopes, amounts)
drivers = many(st.tuples(names, amounts))
sentences = names.map(lambda words: words[:300])
"""About as long as what we say of a cause ourselves."""
causes = st.builds(Cause, names, sentences, drivers, names, names, sentences, many(parts))


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    cause = draw(causes)
    expected, excess = draw(amounts), sum(usd for _, usd in cause.drivers)
    usual = draw(st.none() | st.tuples(amounts, amounts))
    subject = Subject(
        draw(scopes), DAY_BEFORE, Usd(expected + excess), expected, course=draw(courses), usual=usual
    )
    return Explanation(
        subject, cause, draw(bases), draw(st.none() | st.just(DAY_BEFORE)), draw(st.integers(0, 9))
    )


instants = st.integers(0, 10**6).map(lambda minutes: NOW - timedelta(minutes=minutes))
changes = st.builds(Change, instants, names, names, names)
answers = st.builds(Answer, st.sampled_from(Verb), names, instants, st.none() | instants, note=names)


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    cause = draw(causes)
    expected, excess = draw(amounts), sum(usd for _, usd in cause.drivers)
    return runaway(
        id=draw(st.sampled_from(["261119-7066", "inc_7f3a"])),
        scope=draw(scopes),
        kind=draw(st.sampled_from(["spike", "drop", "blind: collect"])),
        state=draw(st.sampled_from(State)),
        severity=draw(st.sampled_from(Severity)),
        observed=Usd(expected + excess),
        expected=expected,
        low=draw(amounts),
        high=draw(amounts),
        score=draw(st.floats(0, 400)),
        why=draw(names),
        basis=draw(bases),
        cause=cause,
        course=draw(courses)[:20],
        rule=draw(names),
        breaks=tuple(draw(st.lists(names, max_size=9))),
        resolved_at=draw(st.none() | instants),
        history=draw(many(changes)),
        answer=draw(st.none() | answers),
        period=draw(st.none() | st.just(DAY_BEFORE)),
    )


rules = st.builds(Rules, many(st.builds(RuleLine, names, names, names, few)), names)
freshness = st.builds(
    Freshness, st.none() | instants, st.none() | instants, many(st.tuples(names, st.booleans(), names))
)
replies: st.SearchStrategy[Reply] = st.one_of(
    spends(),
    comparisons(),
    explanations(),
    st.builds(Incidents, many(incidents()), few),
    st.builds(OneIncident, incidents(), st.booleans()),
    rules,
    freshness,
    st.builds(Help, many(st.tuples(names, names))),
)
directories = names.map(lambda name: Directory(keys={"apikey_ci": Key("apikey_ci", name, owner=name)}))


def checked(message: Message) -> Message:
    assert faults(message.text, message.blocks) == []
    assert len(message.text) <= 3900
    assert message.blocks
    return message


@settings(max_examples=60, deadline=None)
@given(questions, replies, directories)
def test_an_answer_keeps_within_the_limits(question: Question, reply: Reply, directory: Directory) -> None:
    checked(answer_message(Answered(question, reply, directory, NOW)))


@settings(max_examples=40, deadline=None)
@given(incidents(), directories)
def test_details_fit_a_message_and_a_page(incident: Incident, directory: Directory) -> None:
    checked(details_message(incident, directory))
    page = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Why?"},
        "blocks": list(details_blocks(incident, directory)),
    }
    assert view_faults(page) == []


@given(names, names)
def test_what_is_said_of_mistakes_keeps_within_the_limits(what: str, instead: str) -> None:
    checked(misunderstood_message(Misunderstood(what, instead)))
    checked(trouble_message(what))


def dollars(words: str) -> list[Decimal]:
    """Every amount in a text."""
    found = re.findall(r"-?\$[\d,.]*\d", words)
    return [Decimal(amount.replace("$", "").replace(",", "")) for amount in found]


def column(message: Message, at: int) -> list[Decimal]:
    """The amounts of a column of the message's table."""
    (table,) = (block for block in message.blocks if block["type"] == "table")
    return [dollars(row[at]["text"])[0] for row in table["rows"][1:]]


def has_table(message: Message) -> bool:
    return any(block["type"] == "table" for block in message.blocks)


@settings(max_examples=40, deadline=None)
@given(spends())
def test_the_lines_of_a_spend_add_up_to_its_total(spend: Spend) -> None:
    message = answer_message(Answered(spend.question, spend, Directory(), NOW))
    if has_table(message):
        assert sum(column(message, 0)) == dollars(message.text)[0]


@settings(max_examples=40, deadline=None)
@given(comparisons())
def test_the_changes_of_a_comparison_add_up(comparison: Comparison) -> None:
    tame = replace(comparison, question=replace(comparison.question, period=Period("yesterday", DAY_BEFORE)))
    message = answer_message(Answered(tame.question, tame, Directory(), NOW))
    if has_table(message):
        change = 0 if message.text.startswith("As much") else dollars(message.text)[0]
        assert sum(column(message, 0)) in {change, -change}
