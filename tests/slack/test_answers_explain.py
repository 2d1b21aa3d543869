from dataclasses import replace
from textwrap import wrap
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.explain.evidence import Subject
from bot.facts.clock import Window
from bot.facts.delivery import Message
from bot.facts.finding import Part
from bot.facts.incident import Cause, Point
from bot.facts.money import ZERO, Usd, usd_from_dollars
from bot.facts.scope import Scope
from bot.facts.spend import Basis
from bot.questions.answers import Answered, Explanation
from bot.questions.question import Kind, Period, Question
from bot.slack.answer_parts import parts_of
from bot.slack.answers import answer_message
from bot.slack.ink import TEXT
from tests.fakes.incidents import DIRECTORY, HOUR, START, because

WINDOW = Window(START, START + 6 * HOUR)
SUBJECT = Subject(
    Scope(api_key_id="apikey_ci"), WINDOW, usd_from_dollars("463.50"), usd_from_dollars("51.50")
)
FOUND = Explanation(
    SUBJECT,
    because(where=(Part(Scope(api_key_id="apikey_ci", model="claude-opus-5"), usd_from_dollars(402.1)),)),
    Basis.ESTIMATED,
    None,
    3,
)
ASKED = Question(Period("19 Nov 02:00 to 08:00 UTC", WINDOW), Kind.EXPLAIN)
COURSE = tuple(Point(START + at * HOUR, usd_from_dollars(8 + at), usd_from_dollars(8)) for at in range(6))


def answered(found: Explanation, question: Question = ASKED) -> Message:
    return answer_message(Answered(question, found, DIRECTORY, START))


def written(found: Explanation, question: Question = ASKED) -> list[str]:
    """The words of every section."""
    blocks = answered(found, question).blocks
    lines = [block["text"]["text"].splitlines() for block in blocks if block["type"] == "section"]
    return [part for of_one in lines for line in of_one for part in wrap(line, 90)]


def test_why_a_key_cost_what_it_did() -> None:
    assert written(FOUND) == snapshot(
        [
            "*Runaway spend: +$412.00, 9.0x*",
            "Key `ci-eval` cost *$463.50* from 19 Nov 02:00 to 08:00 UTC, expected *$51.50*",
            "*Why:* Requests rose 8.7x while the tokens of each stayed the same.",
            "*Next step:* Ask ada whether the nightly evaluation loops; if nobody answers, disable the",
            "key.",
            "*Owner:* ada &lt;ada@example.com&gt;",
            "*Model:* `claude-opus-5`",
            "*Missing:* 3 hours of it were never read",
            "*What makes up the +$412.00*",
            "• *+$301.26* more requests",
            "• *+$88.13* uncached input",
            "• *+$16.10* longer output",
            "• *+$6.51* web searches",
            "*Where it lies*",
            "• *+$402.10* key `ci-eval` on `claude-opus-5`",
        ]
    )


def test_the_text_says_it_all() -> None:
    assert wrap(answered(FOUND).text, 90) == snapshot(
        [
            "Runaway spend: +$412.00, 9.0x. Key ci-eval cost $463.50 from 19 Nov 02:00 to 08:00 UTC,",
            "expected $51.50. Why: Requests rose 8.7x while the tokens of each stayed the same. Next",
            "step: Ask ada whether the nightly evaluation loops; if nobody answers, disable the key.",
            "Owner: ada &lt;ada@example.com&gt;. Model: claude-opus-5. Missing: 3 hours of it were",
            "never read. What makes up the +$412.00: +$301.26 more requests; +$88.13 uncached input;",
            "+$16.10 longer output; +$6.51 web searches. Where it lies: +$402.10 key ci-eval on claude-",
            "opus-5. Estimated figures (the bill may differ) up to 19 Nov 08:00 UTC.",
        ]
    )


def test_what_is_as_usual_is_not_taken_apart() -> None:
    usual = replace(
        SUBJECT, observed=usd_from_dollars(52), usual=(usd_from_dollars(38), usd_from_dollars(61))
    )
    cause = Cause(
        "Spend is as usual", "$38.00 to $61.00 is no surprise", (("more requests", Usd(5 * 10**8)),)
    )
    found = replace(FOUND, subject=usual, cause=cause, unread=0, basis=Basis.BILLED)
    assert written(found) == snapshot(
        [
            "*Spend is as usual*",
            "Key `ci-eval` cost *$52.00* from 19 Nov 02:00 to 08:00 UTC, expected *$51.50*",
            "*Why:* $38.00 to $61.00 is no surprise",
        ]
    )


def test_what_it_is_held_against_is_named() -> None:
    before = Window(START - 24 * HOUR, START - 18 * HOUR)
    against = replace(ASKED, against=Period("18 Nov", before))
    assert "against *$51.50* on 18 Nov (UTC)" in " ".join(written(replace(FOUND, against=before), against))
    unnamed = answered(replace(FOUND, against=before)).text
    assert "against $51.50 from 2026-11-18 02:00 to 2026-11-18 08:00 UTC." in unnamed


@pytest.mark.parametrize(
    ("subject", "first"),
    [
        pytest.param({}, "*Runaway spend: +$412.00, 9.0x*", id="several times as much"),
        pytest.param(
            {"observed": usd_from_dollars(41.2)}, "*Runaway spend: -$10.30, -20%*", id="less than expected"
        ),
        pytest.param({"expected": ZERO}, "*Runaway spend: +$463.50, new*", id="nothing expected"),
        pytest.param({"observed": usd_from_dollars(-3)}, "*Runaway spend: -$54.50*", id="a credit"),
    ],
)
def test_the_headline(subject: dict[str, Any], first: str) -> None:
    assert written(replace(FOUND, subject=replace(SUBJECT, **subject)))[0] == first


def test_a_course_is_drawn() -> None:
    found = replace(FOUND, subject=replace(SUBJECT, course=COURSE))
    assert [block["type"] for block in answered(found).blocks][-2:] == ["data_visualization", "context"]


def dollars(*amounts: tuple[str, float]) -> list[tuple[str, Usd]]:
    return [(name, usd_from_dollars(amount)) for name, amount in amounts]


@pytest.mark.parametrize(
    ("excess", "drivers", "total", "parts"),
    [
        pytest.param(
            3,
            dollars(("more requests", 2.001), ("longer answers", 1.001), ("more searches", -0.002)),
            "+$3.00",
            ["+$2.00 more requests", "+$1.00 longer answers"],
            id="crumbs are nothing",
        ),
        pytest.param(
            -10,
            dollars(("fewer requests", -12), ("dearer models", 2)),
            "-$10.00",
            ["-$12.00 fewer requests", "+$2.00 dearer models"],
            id="a fall",
        ),
        pytest.param(5, dollars(("", 3)), "+$5.00", ["+$3.00 no name", "+$2.00 the rest"], id="a rest"),
        pytest.param(
            0.0009,
            dollars(("a", 0.0006), ("b", 0.0003)),
            "+$0.0009",
            ["+$0.0006 a", "+$0.0003 b"],
            id="less than a cent",
        ),
        pytest.param(
            40,
            dollars(*((f"d{at}", 1) for at in range(40))),
            "+$40.00",
            [*(f"+$1.00 d{at}" for at in range(12)), "+$28.00 the rest"],
            id="more than one cares to read",
        ),
        pytest.param(5, [], "+$5.00", [], id="no drivers"),
    ],
)
def test_parts_add_up(excess: float, drivers: list[tuple[str, Usd]], total: str, parts: list[str]) -> None:
    assert parts_of(usd_from_dollars(excess), drivers, TEXT) == (total, parts)
