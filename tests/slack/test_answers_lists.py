from dataclasses import replace
from datetime import UTC, datetime, timedelta
from textwrap import wrap

import pytest
from inline_snapshot import snapshot

from bot.facts.answer import Answer, Verb
from bot.facts.clock import DAY, Window
from bot.facts.delivery import Message
from bot.facts.incident import Incident, State
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.incidents.sight import Fault, look
from bot.questions.answers import Answered, Freshness, Help, Incidents, Reply, RuleLine, Rules
from bot.questions.question import Misunderstood, Period, Question
from bot.slack.answers import answer_message, misunderstood_message, trouble_message
from tests.fakes.incidents import DIRECTORY, HOUR, START, because, runaway

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
ASKED = Question(Period("today", Window(NOW - DAY, NOW)))


def answered(reply: Reply) -> Message:
    return answer_message(Answered(ASKED, reply, DIRECTORY, NOW))


def written(reply: Reply) -> list[str]:
    """The words of every block, without the times as Slack reads them."""
    words = [(block.get("text") or block["elements"][0])["text"] for block in answered(reply).blocks]
    return [part for of_one in words for line in of_one.splitlines() for part in wrap(line, 90)]


def spoken(reply: Reply) -> list[str]:
    return wrap(answered(reply).text, 90)


OPEN = runaway(id="261119-7066")
ACKNOWLEDGED = replace(OPEN, state=State.ACKNOWLEDGED, answer=Answer(Verb.ACKNOWLEDGE, "ada", START + HOUR))
SNOOZED = replace(
    OPEN, state=State.SNOOZED, answer=Answer(Verb.SNOOZE, "ada", START + HOUR, until=START + 4 * HOUR)
)
BUDGET = replace(
    OPEN,
    rule="research",
    period=Window(START, START + DAY),
    scope=Scope(workspace_id="wrkspc_research"),
    severity=Severity.NOTICE,
    cause=because(headline="Budget at 90 %"),
)
CAP = replace(OPEN, rule="no weekend", observed=OPEN.expected)
RESOLVED = replace(OPEN, id="261012-11aa", state=State.RESOLVED, resolved_at=START + 9 * HOUR)
EXPECTED = replace(
    RESOLVED, state=State.EXPECTED, resolved_at=START + 3 * HOUR, answer=Answer(Verb.EXPECT, "ada", START)
)


def test_incidents_open_ones_first() -> None:
    assert written(Incidents((OPEN, BUDGET, RESOLVED), 2)) == snapshot(
        [
            "*2 incidents are open*",
            "🔴 *+$412.00* Runaway spend on key `ci-eval`",
            "critical, open, since <!date^1795053600^{date_short_pretty} at {time}|19 Nov 02:00 UTC> ·",
            "`261119-7066`",
            "🔵 Budget at 90 % by workspace `research`",
            "notice, open, since <!date^1795053600^{date_short_pretty} at {time}|19 Nov 02:00 UTC> ·",
            "`261119-7066`",
            "✅ *+$412.00* Runaway spend on key `ci-eval`",
            "resolved <!date^1795086000^{date_short_pretty} at {time}|19 Nov 11:00 UTC>, since",
            "<!date^1795053600^{date_short_pretty} at {time}|19 Nov 02:00 UTC> · `261012-11aa`",
        ]
    )


def test_the_text_of_incidents() -> None:
    assert spoken(Incidents((OPEN, BUDGET, RESOLVED), 2)) == snapshot(
        [
            "2 incidents are open. 🔴 +$412.00 Runaway spend on key ci-eval; critical, open, since 19",
            "Nov 02:00 UTC · 261119-7066. 🔵 Budget at 90 % by workspace research; notice, open, since",
            "19 Nov 02:00 UTC · 261119-7066. ✅ +$412.00 Runaway spend on key ci-eval; resolved 19 Nov",
            "11:00 UTC, since 19 Nov 02:00 UTC · 261012-11aa.",
        ]
    )


@pytest.mark.parametrize(
    ("incident", "words"),
    [
        pytest.param(
            ACKNOWLEDGED,
            "key ci-eval; critical, acknowledged by ada, since 19 Nov 02:00 UTC",
            id="somebody looks after it",
        ),
        pytest.param(
            SNOOZED,
            "critical, snoozed until 19 Nov 06:00 UTC by ada, since 19 Nov 02:00 UTC",
            id="until when it is quiet",
        ),
        pytest.param(CAP, "🔴 Runaway spend on key ci-eval; critical", id="a rule that is about no dollars"),
        pytest.param(
            EXPECTED, "✅ +$412.00 Runaway spend on key ci-eval; expected by ada 19 Nov 05:00", id="a verdict"
        ),
        pytest.param(
            replace(RESOLVED, resolved_at=None),
            "resolved 19 Nov 08:00 UTC",
            id="when it calmed down, where its end is not on record",
        ),
        pytest.param(
            look([], {"collect": Fault(START, "the key is wrong")}, START + HOUR)[0],
            "🟠 Blind: figures cannot be read; warning, open, since 19 Nov 02:00 UTC",
            id="the bot itself",
        ),
    ],
)
def test_how_an_incident_stands(incident: Incident, words: str) -> None:
    assert words in answered(Incidents((incident,), 1)).text


@pytest.mark.parametrize(
    ("found", "first"),
    [
        pytest.param(Incidents((OPEN,), 1), "*1 incident is open*", id="one is open"),
        pytest.param(
            Incidents((EXPECTED, RESOLVED), 0),
            "✅ *Nothing is open*. The last one was over "
            "<!date^1795086000^{date_short_pretty} at {time}|19 Nov 11:00 UTC>",
            id="when the last one was over",
        ),
        pytest.param(Incidents((), 0), "✅ *Nothing is open*, and nothing ever was", id="never any"),
    ],
)
def test_how_many_are_open(found: Incidents, first: str) -> None:
    assert answered(found).blocks[0]["text"]["text"] == first


def test_incidents_beyond_the_room_are_counted() -> None:
    many = Incidents((OPEN,) * 60, 60)
    assert written(many)[-1] == "30 older ones"
    assert answered(many).text.endswith(" 50 older ones.")


RULES = Rules(
    (
        RuleLine("a key spends over $50 in an hour", "Agreed with research.", "rules/caps.yaml:12", 3),
        RuleLine("no weekend", "", "rules/caps.yaml:40", 0),
    )
)


def test_the_rules_in_force() -> None:
    assert written(RULES) == snapshot(
        [
            "*2 rules are in force*",
            "*“a key spends over $50 in an hour”*: Agreed with research",
            "opened 3 incidents · `rules/caps.yaml:12`",
            "*“no weekend”*",
            "never spoke · `rules/caps.yaml:40`",
        ]
    )
    assert spoken(RULES) == snapshot(
        [
            "2 rules are in force. “a key spends over $50 in an hour”: Agreed with research; opened 3",
            "incidents · rules/caps.yaml:12. “no weekend”; never spoke · rules/caps.yaml:40.",
        ]
    )


def test_broken_files_come_first() -> None:
    mistakes = [f"rules/caps.yaml:{at}: 'abvoe' is no field: did you mean 'above'?" for at in range(7)]
    broken = replace(RULES, broken="\n".join(mistakes))
    assert written(broken)[:7] == snapshot(
        [
            "🔴 *The rule files are broken: the last good rules stay in force*",
            "`rules/caps.yaml:0`: 'abvoe' is no field: did you mean 'above'?",
            "`rules/caps.yaml:1`: 'abvoe' is no field: did you mean 'above'?",
            "`rules/caps.yaml:2`: 'abvoe' is no field: did you mean 'above'?",
            "`rules/caps.yaml:3`: 'abvoe' is no field: did you mean 'above'?",
            "`rules/caps.yaml:4`: 'abvoe' is no field: did you mean 'above'?",
            "2 more mistakes",
        ]
    )
    assert written(broken)[7] == "*2 rules are in force*"


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (Rules(()), "*No rule is in force*"),
        (Rules(RULES.lines[:1]), "*1 rule is in force*"),
        (Rules((), "the folder is gone"), "the folder is gone"),
    ],
)
def test_how_many_rules(rules: Rules, words: str) -> None:
    assert words in written(rules)


FRESH = Freshness(
    NOW - timedelta(hours=2, minutes=5),
    NOW - timedelta(minutes=5),
    (
        ("figures", True, "complete"),
        ("channel #ml", False, "Slack does not know it"),
        ("jobs", True, "none failed"),
    ),
)


def test_how_far_the_figures_reach_and_the_worst_first() -> None:
    assert written(FRESH) == snapshot(
        [
            "*The figures are complete until 2 h 5 min ago* (<!date^1795176000^{date_short_pretty} at",
            "{time}|20 Nov 12:00 UTC>)",
            "Read until <!date^1795183200^{date_short_pretty} at {time}|20 Nov 14:00 UTC>; the newest",
            "hours may still grow",
            "1 of 3 checks is not well",
            "🔴 Not well: *channel #ml*: Slack does not know it",
            "✅ *figures*: complete",
            "✅ *jobs*: none failed",
        ]
    )
    assert spoken(FRESH) == snapshot(
        [
            "The figures are complete until 2 h 5 min ago (20 Nov 12:00 UTC). Read until 20 Nov 14:00",
            "UTC; the newest hours may still grow. 1 of 3 checks is not well. 🔴 Not well: channel #ml:",
            "Slack does not know it. ✅ figures: complete. ✅ jobs: none failed.",
        ]
    )


def test_nothing_read_yet_is_said_plainly() -> None:
    assert written(Freshness(None, None, ())) == ["🔴 *Nothing was read yet*"]


def test_all_well_needs_no_count() -> None:
    assert not any("not well" in line for line in written(replace(FRESH, checks=FRESH.checks[:1])))


HELP = Help((("yesterday by model", "what a day cost"), ("key:ci-eval top 5", "the five dearest")))


def test_what_can_be_asked() -> None:
    assert written(HELP) == snapshot(
        [
            "*Ask what Claude costs:* type `/claude-spend` and then …",
            "`yesterday by model` what a day cost",
            "`key:ci-eval top 5` the five dearest",
            "The same words work in direct messages and when you mention me. Add `share` and everybody",
            "sees the answer",
        ]
    )
    assert spoken(HELP) == snapshot(
        [
            "Ask what Claude costs: type /claude-spend and then … “yesterday by model” what a day cost.",
            "“key:ci-eval top 5” the five dearest. The same words work in direct messages and when you",
            "mention me. Add share and everybody sees the answer.",
        ]
    )


def test_what_was_not_understood_comes_with_what_would_be() -> None:
    message = misunderstood_message(Misunderstood("“yesterdy” is no word <i> know", "yesterday by model"))
    assert message.text == snapshot(
        "“yesterdy” is no word &lt;i&gt; know. Try: “/claude-spend yesterday by model”"
    )
    assert [block["text"]["text"] for block in message.blocks] == snapshot(
        [
            """\
“yesterdy” is no word &lt;i&gt; know.
Try: `/claude-spend yesterday by model`\
"""
        ]
    )


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("nothing was read; run `claude-spend once`", "⚠️ Nothing was read; run 'claude-spend once'."),
        ("<!channel> is no key!", "⚠️ &lt;!channel&gt; is no key!"),
        ("", "⚠️ Something went wrong."),
    ],
)
def test_trouble_is_one_sentence(trouble: str, words: str) -> None:
    message = trouble_message(trouble)
    assert message.text == words
    assert message.blocks[0]["text"]["text"] == words
