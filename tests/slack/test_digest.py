"""A digest: spend against the usual, who moved, incidents and what became of them, outlook and health."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.answer import Answer, Verb
from bot.facts.clock import DAY, Window
from bot.facts.directory import Directory, Key
from bot.facts.incident import State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.spend import Basis
from bot.questions.answers import Allowance, Line, Spend
from bot.questions.digest import Digest
from bot.questions.question import Period, Question
from bot.slack.digest import digest_of_day
from tests.fakes.incidents import DIRECTORY, START, runaway
from tests.slack.limits import faults

TODAY = datetime(2026, 11, 20, tzinfo=UTC)
usd = usd_from_dollars


def spend(total: float, usual: float | None, lines: tuple[Line, ...] = (), days: int = 1) -> Spend:
    name = "yesterday" if days == 1 else "in the last seven days"
    window = Window(TODAY - days * DAY, TODAY)
    known = None if usual is None else usd(usual)
    return Spend(Question(Period(name, window)), window, usd(total), known, 100, Basis.BILLED, lines)


def line(name: str, dollars: float, usual: float) -> Line:
    return Line(name, usd(dollars), 10, usd(usual))


def digest(**changes: Any) -> Digest:
    lines = (line("ci-eval", 1200, 300), line("support-bot", 700, 705), line("search-rag", 100, 400))
    plain = Digest(
        TODAY.date(), is_weekly=False, spend=spend(2000, 1405, lines), incidents=(), directory=DIRECTORY
    )
    return replace(plain, **changes)


def said(one: Digest) -> str:
    message = digest_of_day(one)
    assert faults(message.text, list(message.blocks)) == []
    return message.text


def test_a_day_is_told_against_the_usual_with_who_moved() -> None:
    assert said(digest()).startswith(
        "Claude spend, Thursday 19 Nov (UTC): $2,000.00 yesterday, usually $1,405.00 (+42%). "
        "Who moved: +$900.00 ci-eval (4.0x); -$300.00 search-rag (-75%)."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"incidents": (runaway(),)},
            "🔴 +$412.00 Runaway spend on key ci-eval: still open (inc_7f3a)",
            id="an open incident",
        ),
        pytest.param(
            {
                "incidents": (
                    runaway(state=State.ACKNOWLEDGED, answer=Answer(Verb.ACKNOWLEDGE, "*ada*", START)),
                )
            },
            "acknowledged by",
            id="one that somebody looks after",
        ),
        pytest.param({"incidents": (runaway(state=State.RESOLVED),)}, "✅ +$412.00", id="one that is over"),
        pytest.param({"held": 3}, "3 beyond the day's alert budget", id="what the alert budget held back"),
        pytest.param({"unattributed": usd(500)}, "$500.00 (25%) belongs to no team", id="what is nobody's"),
        pytest.param(
            {"cache": (0.61, 0.84)},
            "61% of all input was read from the prompt cache, 84% the week before",
            id="cache",
        ),
        pytest.param({"cache": (0.84, 0.841)}, "84% of all input was read", id="a cache as before"),
        pytest.param(
            {
                "month": replace(
                    spend(8200, None),
                    budgets=(Allowance("Research", usd(10000), usd(8200), date(2026, 11, 27)),),
                )
            },
            "at this pace it ends on 27 Nov",
            id="a budget that ends",
        ),
        pytest.param(
            {"is_weekly": True, "spend": spend(9000, 9000, days=7)},
            "Claude spend, 13 Nov to 19 Nov (UTC): $9,000.00 in the last seven days, usually $9,000.00",
            id="a week",
        ),
    ],
)
def test_what_a_digest_says(changes: dict[str, Any], words: str) -> None:
    assert words in said(digest(**changes))


@pytest.mark.parametrize(
    ("changes", "worth"),
    [
        pytest.param({"spend": spend(1000, 1000)}, False, id="a day like any other"),
        pytest.param({"spend": spend(1240, 1000)}, False, id="nearly a quarter more"),
        pytest.param({"spend": spend(1250, 1000)}, True, id="a quarter more"),
        pytest.param({"spend": spend(700, 1000)}, True, id="much less"),
        pytest.param({"spend": spend(1000, 1000), "is_weekly": True}, True, id="a week always"),
        pytest.param({"spend": spend(1000, 1000), "held": 1}, True, id="something was held back"),
        pytest.param({"spend": spend(1000, 1000), "incidents": (runaway(),)}, True, id="an incident"),
        pytest.param(
            {
                "spend": spend(1000, 1000),
                "month": replace(spend(1, 1), budgets=(Allowance("x", usd(10), usd(10)),)),
            },
            True,
            id="a budget that is used up",
        ),
        pytest.param(
            {
                "spend": spend(1000, 1000),
                "month": replace(spend(1, 1), budgets=(Allowance("x", usd(10), usd(1)),)),
            },
            False,
            id="a budget that holds",
        ),
    ],
)
def test_whether_a_day_is_worth_a_digest(changes: dict[str, Any], *, worth: bool) -> None:
    assert digest(**changes).is_worth_saying is worth


NAME = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        ["<!channel>", "*bold* _it_ ~s~ `code`", "x" * 500, "مفتاح", "🔥" * 40, "a\nb\u202ec", "&<>"]
    ),
)
AMOUNT = st.integers(-(10**16), 10**16).map(Usd)


@settings(max_examples=60, deadline=None)
@given(name=NAME, amounts=st.lists(AMOUNT, max_size=40), weekly=st.booleans(), count=st.integers(0, 200))
def test_any_digest_keeps_within_slacks_limits(
    name: str, amounts: list[Usd], count: int, *, weekly: bool
) -> None:
    lines = tuple(Line(f"{name}{at}", amount, 1, Usd(-amount)) for at, amount in enumerate(amounts))
    total = Usd(sum(amounts))
    window = Window(TODAY - DAY, TODAY)
    spent = Spend(Question(Period("yesterday", window)), window, total, Usd(1), 1, Basis.ESTIMATED, lines)
    directory = Directory(keys={"apikey_ci": Key("apikey_ci", name)})
    incidents = tuple(runaway(id=f"i{at}", observed=amounts[0] if amounts else Usd(0)) for at in range(count))
    budgets = tuple(Allowance(name, Usd(abs(amount)), amount, TODAY.date()) for amount in amounts)
    said(Digest(TODAY.date(), weekly, spent, incidents, directory, 3, replace(spent, budgets=budgets), total))
