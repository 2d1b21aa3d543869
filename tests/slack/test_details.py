from dataclasses import replace
from datetime import timedelta
from textwrap import wrap
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.facts.answer import Answer, Verb
from bot.facts.clock import Grain, Window
from bot.facts.delivery import Message
from bot.facts.finding import Part
from bot.facts.incident import Change, Incident, Point, State
from bot.facts.money import ZERO, usd_from_dollars
from bot.facts.scope import Scope
from bot.incidents.sight import Fault, look
from bot.questions.answers import Answered, OneIncident
from bot.questions.question import Kind, Period, Question
from bot.slack.answers import answer_message
from bot.slack.details import details_blocks, details_message
from tests.fakes.incidents import DIRECTORY, HOUR, START, because, runaway

HISTORY = (
    Change(START + HOUR, "opened", "the hour cost 12 times the usual"),
    Change(START + 4 * HOUR, "acknowledged", "told again if it still grows after 4 hours", "ada"),
)
INCIDENT = runaway(
    cause=because(
        where=(Part(Scope(api_key_id="apikey_ci", model="claude-opus-5"), usd_from_dollars(402.1)),)
    ),
    score=4.32,
    why="the hour cost 12 times the usual",
    breaks=("cap on research",),
    history=HISTORY,
)
(BLIND,) = look([], {"collect": Fault(START, "the key is wrong: check it")}, START + HOUR)


def words(message: Message) -> list[str]:
    """The words of every block that has any."""
    found = [block.get("text") or block.get("elements", [{"text": ""}])[0] for block in message.blocks]
    return [part for text in found for line in text["text"].splitlines() for part in wrap(line, 90)]


def text(incident: Incident) -> str:
    return details_message(incident, DIRECTORY).text


def test_all_that_is_known() -> None:
    assert words(details_message(INCIDENT, DIRECTORY)) == snapshot(
        [
            "*What it cost*",
            "• *$463.50* by key `ci-eval`, from <!date^1795053600^{date_short_pretty} at {time}|19 Nov",
            "02:00 UTC> to <!date^1795075200^{date_short_pretty} at {time}|19 Nov 08:00 UTC>",
            "• *$51.50* expected, $38.00 to $61.00 is no surprise, 9.0x",
            "*What makes up the +$412.00*",
            "• *+$301.26* more requests",
            "• *+$88.13* uncached input",
            "• *+$16.10* longer output",
            "• *+$6.51* web searches",
            "*Where it lies*",
            "• *+$402.10* key `ci-eval` on `claude-opus-5`",
            "*Why it was found*",
            "• the hour cost 12 times the usual",
            "• it breaks rule `cap on research`",
            "• score 4.3: by chance 1 in 21,000 hours",
            "• Billed figures up to <!date^1795075200^{date_short_pretty} at {time}|19 Nov 08:00 UTC>,",
            "by the hour",
            "*History*",
            "• <!date^1795057200^{date_short_pretty} at {time}|19 Nov 03:00 UTC> *opened*: the hour",
            "cost 12 times the usual",
            "• <!date^1795068000^{date_short_pretty} at {time}|19 Nov 06:00 UTC> *acknowledged* by ada:",
            "told again if it still grows after 4 hours",
        ]
    )


def test_the_text_names_the_incident_first() -> None:
    assert wrap(text(INCIDENT), 90) == snapshot(
        [
            "🔴 Runaway spend on key ci-eval: +$412.00, 9.0x. What it cost: $463.50 by key ci-eval, from",
            "19 Nov 02:00 UTC to 19 Nov 08:00 UTC; $51.50 expected, $38.00 to $61.00 is no surprise,",
            "9.0x. What makes up the +$412.00: +$301.26 more requests; +$88.13 uncached input; +$16.10",
            "longer output; +$6.51 web searches. Where it lies: +$402.10 key ci-eval on claude-opus-5.",
            "Why it was found: the hour cost 12 times the usual; it breaks rule cap on research; score",
            "4.3: by chance 1 in 21,000 hours; Billed figures up to 19 Nov 08:00 UTC, by the hour.",
            "History: 19 Nov 03:00 UTC opened: the hour cost 12 times the usual; 19 Nov 06:00 UTC",
            "acknowledged by ada: told again if it still grows after 4 hours.",
        ]
    )


def test_details_are_sections_only_so_that_a_page_takes_them() -> None:
    course = tuple(Point(START + at * HOUR, ZERO, ZERO) for at in range(9))
    assert {block["type"] for block in details_blocks(replace(INCIDENT, course=course), DIRECTORY)} == {
        "section"
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"score": 9.0}, "score 9.0: by chance less than 1 in a million hours", id="very rare"),
        pytest.param({"score": 4.0, "grain": Grain.DAY}, "by chance 1 in 10,000 days", id="a day's"),
        pytest.param({"score": 0.2}, "by chance 1 in 2 hours", id="hardly rare"),
        pytest.param({"low": usd_from_dollars(-4)}, "$0.00 to $61.00 is no surprise", id="no lower bound"),
        pytest.param(
            {"rule": "cap", "why": "cap: over $50"},
            "$51.50 allowed, 9.0x. What makes up the +$412.00",
            id="a rule allows",
        ),
        pytest.param(
            {"rule": "cap", "why": "cap: over $50"},
            "Why it was found: rule “cap”: over $50;",
            id="a rule saw it",
        ),
        pytest.param({"rule": "cap", "why": ""}, "Why it was found: rule “cap”;", id="a rule without a word"),
    ],
)
def test_the_evidence(changes: dict[str, Any], said: str) -> None:
    assert said in text(replace(INCIDENT, **changes))


@pytest.mark.parametrize(
    ("changes", "unsaid"),
    [
        pytest.param({"score": 0.0}, "score", id="no score"),
        pytest.param({"high": ZERO}, "no surprise", id="nothing expected"),
        pytest.param({"cause": because(drivers=())}, "What makes up", id="no drivers"),
        pytest.param({"cause": because(where=())}, "Where it lies", id="no slices"),
        pytest.param({"history": ()}, "History", id="no history"),
        pytest.param({"breaks": ()}, "it breaks", id="no rule broken"),
        pytest.param({"period": Window(START, START + HOUR)}, "What it cost", id="a budget"),
        pytest.param({"rule": "cap", "observed": INCIDENT.expected}, "What it cost", id="no dollars"),
    ],
)
def test_what_is_not_known_is_not_mentioned(changes: dict[str, Any], unsaid: str) -> None:
    assert unsaid in text(INCIDENT)
    assert unsaid not in text(replace(INCIDENT, **changes))


def test_blindness_is_about_the_bot() -> None:
    assert wrap(text(BLIND), 90) == snapshot(
        [
            "Blind: figures cannot be read. Why it was found: the key is wrong: check it; it is about",
            "this bot, not about what was spent. History: 19 Nov 03:00 UTC opened: the key is wrong:",
            "check it.",
        ]
    )
    unexplained = replace(BLIND, why="", history=())
    assert words(details_message(unexplained, DIRECTORY)) == snapshot(
        ["*Why it was found*", "• it is about this bot, not about what was spent"]
    )


def test_a_long_history_keeps_its_beginning_and_its_end() -> None:
    changes = tuple(Change(START + timedelta(minutes=at), f"step {at}", "") for at in range(100))
    long = replace(INCIDENT, history=changes)
    spoken = text(long).split("History: ")[1]
    assert spoken.startswith("19 Nov 02:00 UTC step 0; … 90 more …; 19 Nov 03:31 UTC step 91;")
    assert spoken.endswith("19 Nov 03:39 UTC step 99.")
    drawn = words(details_message(long, DIRECTORY))
    assert drawn[-30] == "• … 70 more …"


def one(incident: Incident, *, said: bool = False) -> Message:
    question = Question(Period("today", Window(START, START + HOUR)), Kind.INCIDENT)
    return answer_message(Answered(question, OneIncident(incident, said), DIRECTORY, START))


def test_one_incident_is_its_alert_and_what_the_alert_has_no_room_for() -> None:
    acknowledged = replace(
        INCIDENT, state=State.ACKNOWLEDGED, answer=Answer(Verb.ACKNOWLEDGE, "ada", START + 4 * HOUR)
    )
    assert words(one(acknowledged)) == snapshot(
        [
            "🔴 Runaway spend on key ci-eval: +$412.00, 9.0x",
            "*Critical:* key `ci-eval` spent *$463.50* since <!date^1795053600^{date_short_pretty} at",
            "{time}|19 Nov 02:00 UTC>, expected *$38.00 to $61.00*. Running at *$84.20/h* above normal,",
            "$23,576 more by the end of the month if left.",
            "*Status:* acknowledged by ada",
            "*Owner:* ada &lt;ada@example.com&gt;",
            "*Model:* `claude-opus-5`",
            "*Why:* Requests rose 8.7x while the tokens of each stayed the same.",
            "*Next step:* Ask ada whether the nightly evaluation loops; if nobody answers, disable the",
            "key.",
            "*What makes up the +$412.00*",
            "• *+$301.26* more requests",
            "• *+$88.13* uncached input",
            "• *+$16.10* longer output",
            "• *+$6.51* web searches",
            "*Where it lies*",
            "• *+$402.10* key `ci-eval` on `claude-opus-5`",
            "*Why it was found*",
            "• the hour cost 12 times the usual",
            "• it breaks rule `cap on research`",
            "• score 4.3: by chance 1 in 21,000 hours",
            "• Billed figures up to <!date^1795075200^{date_short_pretty} at {time}|19 Nov 08:00 UTC>,",
            "by the hour",
            "*History*",
            "• <!date^1795057200^{date_short_pretty} at {time}|19 Nov 03:00 UTC> *opened*: the hour",
            "cost 12 times the usual",
            "• <!date^1795068000^{date_short_pretty} at {time}|19 Nov 06:00 UTC> *acknowledged* by ada:",
            "told again if it still grows after 4 hours",
            "Billed figures up to <!date^1795075200^{date_short_pretty} at {time}|19 Nov 08:00 UTC> ·",
            "breaks rule `cap on research` · details: `claude-spend incident inc_7f3a`",
        ]
    )
    titles = [line for line in words(one(acknowledged)) if line.startswith("*What makes up")]
    assert titles == ["*What makes up the +$412.00*"]


def test_what_was_just_said_comes_first() -> None:
    over = replace(
        INCIDENT, state=State.EXPECTED, history=(*HISTORY, Change(START, "expected (one-off)", "", "ada"))
    )
    assert words(one(over, said=True))[0] == "Noted: expected (one-off) by ada."
    assert one(over, said=True).text.startswith("Noted: expected (one-off) by ada. ✅ Expected: ")
    assert words(one(replace(over, history=()), said=True))[0].startswith("✅")


def test_of_an_incident_that_is_over_the_details_say_the_cost() -> None:
    over = replace(INCIDENT, state=State.RESOLVED, resolved_at=START + 9 * HOUR)
    assert "*What it cost*" in words(one(over))
    assert "*What it cost*" not in words(one(INCIDENT))
