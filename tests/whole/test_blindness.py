"""A key that is refused: told once, and over once the key works again; whatever Slack does meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.anthropic import ROOT, refusal
from tests.fakes.slack import DROP_AFTER, HTML_500, JSON_503, LOST_500, Fault
from tests.whole.house import House

START = datetime(2026, 10, 15, 20, 50, tzinfo=UTC)
"""A quiet evening."""
BLIND = "🟠 Blind: figures cannot be read since 15 Oct 20:50 UTC. "
RESOLVED = "✅ Resolved after 1 h: Blind: figures cannot be read."


def cycles(house: House, *numbers: int, refused: bool) -> list[int]:
    """Looks a quarter of an hour apart, while the key is refused or works; their exit codes."""
    house.anthropic.heal()
    if refused:
        house.anthropic.always(ROOT, refusal(401, "invalid x-api-key"))
    return [house.once(START + number * timedelta(minutes=15)).code for number in numbers]


def shown(house: House) -> list[str]:
    """What people see in Slack."""
    return [str(message["text"]) for message in house.slack.store.posts]


def test_a_refused_key_is_told_once_and_is_over_when_it_works_again(house: House) -> None:
    assert cycles(house, 0, refused=True) == [1]
    assert shown(house) == []
    assert cycles(house, 1, refused=True) == [1]
    (told,) = shown(house)
    assert told.startswith(BLIND)
    assert "check the key in the environment" in told
    assert cycles(house, 2, refused=True) == [1]
    assert shown(house) == [told]
    assert cycles(house, 3, refused=False) == [0]
    assert shown(house) == [told]
    assert cycles(house, 4, refused=False) == [0]
    assert shown(house) == [RESOLVED]
    assert house.query("SELECT count(*), min(state) FROM incidents") == [(1, "resolved")]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(HTML_500, id="an error page"),
        pytest.param(JSON_503, id="out of service"),
        pytest.param(LOST_500, id="it took the message and says that it failed"),
        pytest.param(DROP_AFTER, id="it took the message and never answers"),
    ],
)
def test_while_slack_is_down_too_it_is_told_when_slack_is_back_once(house: House, fault: Fault) -> None:
    house.slack.fail("chat.postMessage", fault)
    assert cycles(house, 0, 1, refused=True) == [1, 1]
    assert len(shown(house)) == int(fault.stored)
    assert cycles(house, 2, refused=True) == [1]
    (told,) = shown(house)
    assert told.startswith(BLIND)
    assert cycles(house, 3, 4, 5, refused=False) == [0, 0, 0]
    assert shown(house) == [RESOLVED]


def test_what_came_and_went_while_slack_was_down_is_told_as_it_is_then(house: House) -> None:
    """Slack is down for three looks; by then the key works again."""
    house.slack.fail("chat.postMessage", *[HTML_500] * 3)
    assert cycles(house, 0, 1, refused=True) == [1, 1]
    cycles(house, 2, 3, 4, 5, 6, refused=False)
    (told,) = (text for text in shown(house) if "figures cannot be read" in text)
    assert told == RESOLVED.replace("1 h", "45 min")
