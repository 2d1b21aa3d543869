"""What the thread is told when the message above was rewritten."""

from typing import Any

import pytest

from bot.facts.delivery import Why
from bot.facts.incident import State
from bot.facts.severity import Severity
from bot.slack.news import news_message
from tests.fakes.incidents import DIRECTORY, START, dollars, runaway
from tests.slack.limits import faults


@pytest.mark.parametrize(
    ("why", "changes", "said"),
    [
        pytest.param(
            Why.GREW,
            {},
            "🔴 Critical, still growing: Runaway spend on key ci-eval is at +$412.00, 9.0x by now. "
            "It runs at $84.20/h above normal, $23,576 more by the end of the month if left.",
            id="it grew",
        ),
        pytest.param(
            Why.REOPENED,
            {"severity": Severity.WARNING, "per_hour": 0},
            "🟠 Warning, back again: Runaway spend on key ci-eval is at +$412.00, 9.0x by now.",
            id="it is back",
        ),
        pytest.param(
            Why.RESOLVED,
            {"state": State.RESOLVED, "resolved_at": START},
            "✅ Resolved: Runaway spend on key ci-eval cost $412.00 more than expected (billed) in 6 h. "
            "Details: claude-spend incident inc_7f3a",
            id="it is over",
        ),
        pytest.param(
            Why.GREW,
            {"rule": "cap", "observed": dollars(1), "expected": dollars(1), "per_hour": 0},
            "🔴 Critical, still growing: Runaway spend on key ci-eval.",
            id="a rule about something else than dollars",
        ),
    ],
)
def test_news_in_a_thread(why: Why, changes: dict[str, Any], said: str) -> None:
    message = news_message(runaway(**changes), DIRECTORY, why)
    assert message.text == said
    assert faults(message.text, list(message.blocks)) == []
