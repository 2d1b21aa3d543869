from dataclasses import replace
from datetime import timedelta
from textwrap import wrap
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.facts.answer import Answer, Verb
from bot.facts.clock import Grain
from bot.facts.delivery import Why
from bot.facts.directory import Directory, Key
from bot.facts.finding import Part
from bot.facts.incident import Change, Incident, Point, State
from bot.facts.money import ZERO, Usd, usd_from_dollars
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.spend import Basis
from bot.incidents.sight import Fault, look
from bot.slack.messages import incident_message
from bot.slack.overflow import overflow_message
from bot.slack.wording import instant
from tests.fakes.incidents import DIRECTORY, HOUR, START, because, dollars, runaway
from tests.slack.limits import faults

COURSE = tuple(
    Point(START + at * HOUR, usd_from_dollars(8 + 80 * at), usd_from_dollars(8)) for at in range(2)
)


def text(incident: Incident, why: Why = Why.FIRST) -> str:
    return incident_message(incident, DIRECTORY, why).text


def written(incident: Incident, why: Why = Why.FIRST) -> list[str]:
    """The words of every block."""
    blocks = incident_message(incident, DIRECTORY, why).blocks
    return [(block.get("text") or block["elements"][0])["text"] for block in blocks]


def wrapped(paragraphs: list[str]) -> list[str]:
    return [line for words in paragraphs for part in words.splitlines() for line in wrap(part, 90)]


def test_the_alert() -> None:
    assert wrapped(written(runaway())) == snapshot(
        [
            "🔴 Runaway spend on key ci-eval: +$412.00, 9.0x",
            "*Critical:* key `ci-eval` spent *$463.50* since <!date^1795053600^{date_short_pretty} at",
            "{time}|19 Nov 02:00 UTC>, expected *$38.00 to $61.00*. Running at *$84.20/h* above normal,",
            "$23,576 more by the end of the month if left.",
            "*Owner:* ada &lt;ada@example.com&gt;",
            "*Model:* `claude-opus-5`",
            "*Why:* Requests rose 8.7x while the tokens of each stayed the same.",
            "*Next step:* Ask ada whether the nightly evaluation loops; if nobody answers, disable the",
            "key.",
            "*What makes up the +$412.00:*",
            "• *+$301.26* more requests",
            "• *+$88.13* uncached input",
            "• *+$16.10* longer output",
            "• *+$6.51* the rest",
            "Billed figures up to <!date^1795075200^{date_short_pretty} at {time}|19 Nov 08:00 UTC> ·",
            "details: `claude-spend incident inc_7f3a`",
        ]
    )


def test_the_text_says_it_all() -> None:
    assert wrapped([text(runaway())]) == snapshot(
        [
            "🔴 Runaway spend on key ci-eval: +$412.00, 9.0x. Critical: key ci-eval spent $463.50 since",
            "19 Nov 02:00 UTC, expected $38.00 to $61.00. Running at $84.20/h above normal, $23,576",
            "more by the end of the month if left. Owner: ada &lt;ada@example.com&gt;. Model: claude-",
            "opus-5. Why: Requests rose 8.7x while the tokens of each stayed the same. Next step: Ask",
            "ada whether the nightly evaluation loops; if nobody answers, disable the key. What makes",
            "up the +$412.00: +$301.26 more requests; +$88.13 uncached input; +$16.10 longer output;",
            "+$6.51 the rest. Billed figures up to 19 Nov 08:00 UTC · details: claude-spend incident",
            "inc_7f3a",
        ]
    )


def test_a_resolved_incident_is_one_line() -> None:
    over = runaway(
        state=State.RESOLVED,
        resolved_at=START + 9 * HOUR,
        history=(
            Change(START + 9 * HOUR, "resolved", "the spend was as expected for 3 h"),
            Change(START + 30 * HOUR, "amended", "the figures were restated"),
        ),
    )
    assert len(written(over, Why.RESOLVED)) == 1
    assert wrapped(written(over, Why.RESOLVED)) == snapshot(
        [
            "✅ *Resolved:* Runaway spend on key `ci-eval` cost *$412.00* more than expected (billed) in",
            "6 h. Closed: the spend was as expected for 3 h. Details: `claude-spend incident inc_7f3a`",
        ]
    )
    assert wrapped([text(over, Why.RESOLVED)]) == snapshot(
        [
            "✅ Resolved: Runaway spend on key ci-eval cost $412.00 more than expected (billed) in 6 h.",
            "Closed: the spend was as expected for 3 h. Details: claude-spend incident inc_7f3a",
        ]
    )


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        pytest.param({}, "🔴 Runaway spend on key ci-eval: +$412.00, 9.0x", id="a runaway key"),
        pytest.param(
            {"scope": Scope("wrkspc_research", "apikey_ci", "claude-opus-5"), "severity": Severity.WARNING},
            "🟠 Runaway spend on key ci-eval: +$412.00, 9.0x",
            id="only the narrowest name",
        ),
        pytest.param(
            {"scope": Scope(), "severity": Severity.NOTICE, "cause": because(headline="")},
            "🔵 Unusual spend on the organisation: +$412.00, 9.0x",
            id="no cause known",
        ),
        pytest.param(
            {"expected": ZERO},
            "🔴 Runaway spend on key ci-eval: +$463.50, from nothing",
            id="nothing was expected",
        ),
        pytest.param(
            {"expected": Usd(1)},
            "🔴 Runaway spend on key ci-eval: +$463.50, over 1000x",
            id="almost nothing expected",
        ),
        pytest.param(
            {"observed": dollars(10), "expected": dollars(90)},
            "🔴 Runaway spend on key ci-eval: -$80.00, 0.1x",
            id="less than expected",
        ),
        pytest.param(
            {"observed": dollars(-5), "expected": dollars(90)},
            "🔴 Runaway spend on key ci-eval: -$95.00",
            id="a credit has no multiple",
        ),
        pytest.param(
            {"scope": Scope(api_key_id="")},
            "🔴 Runaway spend on no key (Playground): +$412.00, 9.0x",
            id="spend without a key",
        ),
    ],
)
def test_the_headline(changes: dict[str, object], headline: str) -> None:
    incident = runaway(**changes)
    assert written(incident)[0] == headline
    assert text(incident).startswith(f"{headline}. ")


@pytest.mark.parametrize(
    ("changes", "why", "words"),
    [
        pytest.param({}, Why.GREW, "Critical, still growing: key ci-eval spent", id="it grew"),
        pytest.param({}, Why.REOPENED, "Critical, back again: key ci-eval spent", id="it is back"),
        pytest.param({}, Why.EDIT, "Critical: key ci-eval spent", id="an amendment is no news"),
        pytest.param(
            {"grain": Grain.DAY},
            Why.FIRST,
            "since 19 Nov 02:00 UTC, expected",
            id="a day's incident has an hour too",
        ),
        pytest.param({"low": ZERO}, Why.FIRST, "expected up to $61.00.", id="no lower bound"),
        pytest.param({"low": dollars(61)}, Why.FIRST, "expected $61.00.", id="a single figure"),
        pytest.param({"low": ZERO, "high": ZERO}, Why.FIRST, "expected nothing.", id="nothing expected"),
        pytest.param(
            {"last_hot": START + HOUR},
            Why.FIRST,
            "Calm since 19 Nov 03:00 UTC, before that $84.20/h above normal.",
            id="it has calmed down",
        ),
        pytest.param(
            {"cause": because(drivers=(("", dollars(412)),))}, Why.FIRST, "+$412.00 no name.", id="no model"
        ),
        pytest.param({"rule": "no-weekend"}, Why.FIRST, "rule “no-weekend” (key ci-eval", id="a rule saw it"),
        pytest.param(
            {"basis": Basis.ESTIMATED},
            Why.FIRST,
            "Estimated figures (the bill may differ) up to 19 Nov 08:00 UTC",
            id="estimated figures say so",
        ),
        pytest.param(
            {"cause": because(evidence=""), "why": "the hour was 12 times the usual"},
            Why.FIRST,
            "Why: the hour was 12 times the usual.",
            id="without evidence, why it was odd",
        ),
        pytest.param({"cause": because(owner="")}, Why.FIRST, "Owner: ada &lt;ada@", id="owner of the key"),
        pytest.param(
            {"cause": because(owner=""), "scope": Scope(api_key_id="apikey_gone")},
            Why.FIRST,
            "Owner: not on record.",
            id="a key nobody owns",
        ),
    ],
)
def test_the_text(changes: dict[str, object], why: Why, words: str) -> None:
    assert words in text(runaway(**changes), why)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"per_hour": ZERO}, "above normal", id="no pace"),
        pytest.param({"cause": because(drivers=())}, "makes up", id="no drivers"),
        pytest.param({"cause": because(next_step="\n")}, "Next step", id="no next step"),
        pytest.param(
            {"scope": Scope(), "cause": because(owner="")}, "Owner", id="nobody owns the organisation"
        ),
        pytest.param({"scope": Scope(model="claude-opus-5")}, "Model:", id="the model is the scope already"),
    ],
)
def test_what_is_not_known_is_not_mentioned(changes: dict[str, object], words: str) -> None:
    incident = runaway(**changes)
    assert words not in text(incident)
    assert not any(words in paragraph for paragraph in written(incident))


@pytest.mark.parametrize(
    ("lasted", "words"),
    [
        pytest.param(timedelta(minutes=40), "in 40 min.", id="minutes"),
        pytest.param(timedelta(hours=6), "in 6 h.", id="whole hours"),
        pytest.param(timedelta(days=3, hours=4, minutes=5), "in 3 d 4 h.", id="two units are enough"),
        pytest.param(timedelta(0), "in 0 min.", id="no time at all"),
    ],
)
def test_how_long_it_lasted(lasted: timedelta, words: str) -> None:
    over = runaway(state=State.RESOLVED, last_hot=START + lasted)
    assert words in text(over)


@pytest.mark.parametrize(
    ("observed", "words"),
    [
        pytest.param("463.50", "cost $412.00 more than expected (billed)", id="more"),
        pytest.param("11.50", "cost $40.00 less than expected (billed)", id="less, after a restatement"),
    ],
)
def test_what_it_cost_in_the_end(observed: str, words: str) -> None:
    assert words in text(runaway(state=State.RESOLVED, observed=dollars(observed)))


def test_a_chart_is_drawn_while_the_incident_is_open() -> None:
    opened = incident_message(runaway(course=COURSE), DIRECTORY, Why.GREW)
    assert [block["type"] for block in opened.blocks][-2:] == ["data_visualization", "context"]
    over = incident_message(runaway(state=State.RESOLVED, course=COURSE), DIRECTORY, Why.RESOLVED)
    assert [block["type"] for block in over.blocks] == ["section"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("<!channel>", id="a broadcast"),
        pytest.param("*bold* `code` ~x~", id="formatting"),
        pytest.param("k" * 500, id="500 characters"),
        pytest.param("\u05de\u05e4\u05ea\u05d7 \u0645\u0641\u062a\u0627\u062d" * 20, id="right to left"),
        pytest.param("👩\u200d💻" * 100, id="emoji"),
        pytest.param("&" * 500, id="ampersands"),
        pytest.param("\n\n\x00", id="controls"),
    ],
)
def test_a_hostile_name_neither_pings_nor_hides_a_figure(name: str) -> None:
    hostile = Directory(keys={"apikey_ci": Key("apikey_ci", name, owner=name)})
    cause = replace(because(), headline=name, evidence=name, owner="", next_step=name)
    incident = runaway(cause=cause, course=COURSE)
    message = incident_message(incident, hostile, Why.FIRST)
    assert faults(message.text, list(message.blocks)) == []
    header = message.blocks[0]["text"]["text"]
    assert header.endswith(": +$412.00, 9.0x")
    assert "$463.50" in message.text
    assert "<!channel" not in message.text


def test_where_a_broad_rise_lies_is_named() -> None:
    where = (
        Part(Scope(api_key_id="apikey_ci"), usd_from_dollars(300)),
        Part(Scope(model="m"), Usd(-5 * 10**9)),
    )
    broad = runaway(scope=Scope(), cause=because(where=where))
    assert "*Mostly:* key `ci-eval` +$300.00, model `m` -$5.00" in written(broad)[2]
    assert "Mostly" not in written(runaway(cause=because(where=where)))[2]


SNOOZED = Answer(Verb.SNOOZE, "ada", START, START + 4 * HOUR, note="a <b> test")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        pytest.param(
            {"state": State.ACKNOWLEDGED, "answer": Answer(Verb.ACKNOWLEDGE, "ada", START)},
            "*Status:* acknowledged by ada",
            id="somebody looks after it",
        ),
        pytest.param(
            {"state": State.SNOOZED, "answer": SNOOZED},
            f"*Status:* snoozed until {instant(START + 4 * HOUR)} by ada (a &lt;b&gt; test)",
            id="snoozed, and why",
        ),
    ],
)
def test_what_somebody_said_shows_in_the_message(changes: dict[str, Any], line: str) -> None:
    assert written(runaway(**changes))[2].splitlines()[0] == line


@pytest.mark.parametrize(
    ("state", "what", "said"),
    [
        (State.EXPECTED, "expected (one-off)", "✅ Expected: Runaway spend on key ci-eval cost $412.00 more"),
        (State.FALSE_ALARM, "false alarm", "✅ False alarm: Runaway spend on key ci-eval cost $412.00 more"),
    ],
)
def test_a_verdict_is_one_line_that_names_who_and_why(state: State, what: str, said: str) -> None:
    over = runaway(state=state, history=(Change(START + HOUR, what, "the load test", "ada"),))
    assert text(over).startswith(said)
    assert "Closed by ada: the load test." in text(over)


def test_blindness_says_since_when_why_and_what_it_means() -> None:
    fault = {"collect": Fault(START, "the key is wrong: check it")}
    (blind,) = look([], fault, START + HOUR)
    assert wrapped([text(blind)]) == snapshot(
        [
            "🟠 Blind: figures cannot be read since 19 Nov 02:00 UTC. the key is wrong: check it.",
            "Nothing that is spent now is seen until this is mended.",
        ]
    )
    (back,) = look([blind], {}, START + 5 * HOUR)
    assert text(back) == snapshot("✅ Resolved after 5 h: Blind: figures cannot be read.")


def test_a_digest_names_the_largest_first_and_how_to_see_them_all() -> None:
    held = [runaway(), runaway(scope=Scope(model="claude-opus-5"), observed=usd_from_dollars("61.50"))]
    message = overflow_message(held, DIRECTORY, 10)
    assert wrapped([message.text]) == snapshot(
        [
            "2 more incidents today, beyond the 10 a day that ring: +$412.00 Runaway spend on key ci-",
            "eval; +$10.00 Runaway spend on model claude-opus-5",
        ]
    )
    assert wrapped([message.blocks[0]["text"]["text"]]) == snapshot(
        [
            "*2 more incidents today, beyond the 10 a day that ring*",
            "🔴 *+$412.00* Runaway spend on key `ci-eval`",
            "🔴 *+$10.00* Runaway spend on model `claude-opus-5`",
            "All of them: `claude-spend incidents`. How many may ring is `slack.alerts_a_day` in",
            "config.toml.",
        ]
    )
