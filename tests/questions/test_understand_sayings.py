"""What people say about an incident, and until when."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.facts.answer import Answer, Expectation, Verb
from bot.questions.question import Kind
from tests.questions.asked import NOW, ask, refusal, utc

ID = "261021-9f3c"
ONE_OFF, NEW_LEVEL, PLANNED = Expectation.ONE_OFF, Expectation.NEW_LEVEL, Expectation.PLANNED


@pytest.mark.parametrize(
    ("words", "verb", "way", "note"),
    [
        pytest.param(f"ack {ID}", Verb.ACKNOWLEDGE, None, "", id="acknowledge in short"),
        pytest.param(f"Acknowledge {ID.upper()}", Verb.ACKNOWLEDGE, None, "", id="loudly"),
        pytest.param(f"please ack the incident {ID}", Verb.ACKNOWLEDGE, None, "", id="politely"),
        pytest.param("ack 261021", Verb.ACKNOWLEDGE, None, "", id="the beginning of an id"),
        pytest.param(f"{ID} ack", Verb.ACKNOWLEDGE, None, "", id="the incident first"),
        pytest.param(f"ack {ID} on it, Ada", Verb.ACKNOWLEDGE, None, "on it, Ada", id="a note"),
        pytest.param(f'ack {ID}: "on it"', Verb.ACKNOWLEDGE, None, "on it", id="a note in quotes"),
        pytest.param(
            f'ack {ID} "a" and "b"', Verb.ACKNOWLEDGE, None, '"a" and "b"', id="quotes within a note"
        ),
        pytest.param(f"ack on it {ID} now", Verb.ACKNOWLEDGE, None, "on it now", id="a note around the id"),
        pytest.param(
            f"ack {ID} a &lt;b&gt; &amp; c",
            Verb.ACKNOWLEDGE,
            None,
            "a <b> & c",
            id="a note as Slack sends it",
        ),
        pytest.param(f"false alarm {ID}", Verb.DISMISS, None, "", id="a false alarm"),
        pytest.param(
            f"false-alarm {ID} a test", Verb.DISMISS, None, "a test", id="a false alarm with a note"
        ),
        pytest.param(f"reopen {ID}", Verb.REOPEN, None, "", id="reopened"),
        pytest.param(f"expected {ID}", Verb.EXPECT, ONE_OFF, "", id="expected, this once"),
        pytest.param(f"expected {ID} one-off batch", Verb.EXPECT, ONE_OFF, "batch", id="this once, said"),
        pytest.param(f"expected one off {ID} batch", Verb.EXPECT, ONE_OFF, "batch", id="before the id"),
        pytest.param(f"expect {ID} new level", Verb.EXPECT, NEW_LEVEL, "", id="a new level"),
        pytest.param(f"expected {ID} new-level we grew", Verb.EXPECT, NEW_LEVEL, "we grew", id="and why"),
        pytest.param(f"expected {ID} we grew", Verb.EXPECT, ONE_OFF, "we grew", id="only why"),
    ],
)
def test_what_is_said(words: str, verb: Verb, way: Expectation | None, note: str) -> None:
    found = ask(words)
    assert found.kind is Kind.SAY
    assert found.incident in {ID, "261021"}
    assert found.says == Answer(verb, "", NOW, None, way, note)


@pytest.mark.parametrize(
    ("words", "until"),
    [
        pytest.param("", "19T06:20", id="four hours, if nothing is said"),
        pytest.param("4h", "19T06:20", id="hours"),
        pytest.param("90 min", "19T03:50", id="minutes"),
        pytest.param("for 2 days", "21T02:20", id="days"),
        pytest.param("a week", "26T02:20", id="a week"),
        pytest.param("until tomorrow", "20T08:00", id="tomorrow at nine in Berlin"),
        pytest.param("tomorrow 14:00", "20T13:00", id="tomorrow at two in Berlin"),
        pytest.param("until 14:00", "19T13:00", id="today at two in Berlin"),
        pytest.param("until 2 am", "20T01:00", id="an hour that is over today"),
        pytest.param("until monday", "23T08:00", id="the next Monday"),
        pytest.param("until thursday", "26T08:00", id="today's weekday is next week's"),
        pytest.param("until next week", "23T08:00", id="next week begins on Monday"),
        pytest.param("until 25 nov", "25T08:00", id="a date"),
        pytest.param("till 2026-11-25", "25T08:00", id="a date in digits"),
        pytest.param("until 2026-11-25T08:00Z", "25T08:00", id="an instant"),
        pytest.param("until 2026-11-25T08:00", "25T07:00", id="an instant in Berlin"),
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"snooze {ID} ", "", id="alone"),
        pytest.param("snooze ", f" {ID}", id="before the id"),
        pytest.param(f"mute {ID} ", " the batch runs", id="with a note"),
        pytest.param(f"expected {ID} planned ", "", id="planned"),
    ],
)
def test_until_when(before: str, after: str, words: str, until: str) -> None:
    if "planned" in before and not words:
        return
    day, _, clock = until.partition("T")
    hour, minute = clock.split(":")
    says = ask(f"{before}{words}{after}").says
    assert says
    assert says.until == utc(day).replace(hour=int(hour), minute=int(minute))
    assert says.expectation == (PLANNED if "planned" in before else None)
    assert says.note == ("the batch runs" if "batch" in after else "")


def test_until_tomorrow_is_said_by_the_clock_of_those_who_say_it() -> None:
    for zone, until in (
        ("UTC", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 20, 0, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 19, 17, tzinfo=UTC)),
    ):
        says = ask(f"snooze {ID} until tomorrow", zone=ZoneInfo(zone)).says
        assert says
        assert says.until == until


@pytest.mark.parametrize(
    ("words", "what", "instead"),
    [
        pytest.param("ack", "say which incident to acknowledge", "incidents", id="no incident"),
        pytest.param("snooze 4h", "say which incident to snooze", "incidents", id="no incident but how long"),
        pytest.param("false alarm 9f3c", "say which incident to dismiss", "incidents", id="no such id"),
        pytest.param(
            f"snooze {ID} until 2026-11-01", "is not ahead of now", f"snooze {ID} 4h", id="what has been"
        ),
        pytest.param(f"snooze {ID} 0h", "is not ahead of now", f"snooze {ID} 4h", id="no time"),
        pytest.param(f"snooze {ID} 99999 weeks", "is too long", f"snooze {ID} 90d", id="for ever"),
        pytest.param(f"snooze {ID} 4x", "until when is '4x'", f"snooze {ID} 4h", id="no unit"),
        pytest.param(
            f"snooze {ID} untill tomorow",
            "'untill' is not clear",
            f"snooze {ID} until tomorrow",
            id="two slips",
        ),
        pytest.param(
            f"snooze {ID} until the fix is out", "until when is", f"snooze {ID} 4h", id="nobody knows when"
        ),
        pytest.param(
            f"snooze {ID} until 31 nov", "no calendar has", f"snooze {ID} until 30 nov", id="no such day"
        ),
        pytest.param(
            f"expected {ID} planned",
            "say until when it was planned",
            f"expected {ID} planned until tomorrow",
            id="planned until when",
        ),
    ],
)
def test_what_cannot_be_said_so(words: str, what: str, instead: str) -> None:
    error = refusal(words)
    assert what in str(error)
    assert error.instead == instead
