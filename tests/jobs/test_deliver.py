from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.facts.delivery import Delivery, Message, NotSent, Role, Sent, Told, Why
from bot.facts.incident import State
from bot.facts.money import ZERO
from bot.facts.severity import Severity
from bot.history.store import History
from bot.jobs.cycle import Report
from bot.jobs.deliver import deliver, still_waiting
from tests.fakes.incidents import runaway

NOW = datetime(2026, 11, 19, 5, 0, tzinfo=UTC)
MINUTE, HALF_A_MINUTE = timedelta(minutes=1), timedelta(seconds=30)
DOWN = NotSent("Slack is down; it is tried again", retry=True)
LOST = NotSent("no answer; it may have arrived", retry=True, unsure=True)
REFUSED = NotSent("invite the bot", retry=False)


class FakeSender:
    """Answers from a list, then takes everything; remembers what it was given."""

    edits = True

    def __init__(self, *outcomes: Sent | NotSent) -> None:
        self.outcomes = list(outcomes)
        self.given: list[Delivery] = []

    def send(self, delivery: Delivery) -> Sent | NotSent:
        self.given.append(delivery)
        return self.outcomes.pop(0) if self.outcomes else Sent(delivery.ts or f"ts of {delivery.id}")

    def ids(self) -> list[str]:
        return [delivery.id for delivery in self.given]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as history:
        history.incidents.save([runaway(id="a"), runaway(id="b")])
        yield history


def queue(history: History, incident: str, number: int = 1, at: datetime = NOW) -> None:
    message = Message(f"{incident} said {number}")
    delivery = Delivery(f"{incident}-{number}", incident, Why.FIRST, "C01ALERTS", message, at)
    history.outbox.add(delivery, Told(State.OPEN, Severity.WARNING, ZERO, message))


def states(history: History) -> dict[str, str]:
    found = history._db.execute("SELECT id, state FROM delivery ORDER BY id")
    return dict(found.fetchall())


def test_everything_is_told_in_order_and_once(history: History) -> None:
    queue(history, "b")
    queue(history, "a", at=NOW + MINUTE)
    sender = FakeSender()
    for minutes in (0, 1, 2, 100):
        assert deliver(history, sender, "C01ALERTS", NOW + minutes * MINUTE) == Report()
    assert sender.ids() == ["b-1", "a-1"]
    assert states(history) == {"a-1": "sent", "b-1": "sent"}


def test_what_fails_is_said_stays_and_stops_no_other(history: History) -> None:
    queue(history, "a")
    queue(history, "b")
    sender = FakeSender(DOWN)
    assert deliver(history, sender, "C01ALERTS", NOW).problems == (
        "incident a could not be told: Slack is down; it is tried again",
    )
    assert states(history) == {"a-1": "pending", "b-1": "sent"}


def test_each_try_waits_twice_as_long_up_to_an_hour(history: History) -> None:
    queue(history, "a")
    sender, tries = FakeSender(*[DOWN] * 10), []
    for half_minutes in range(2 * 60 * 6):
        before = len(sender.given)
        deliver(history, sender, "C01ALERTS", NOW + half_minutes * HALF_A_MINUTE)
        tries += [half_minutes] * (len(sender.given) - before)
    gaps = [30 * (later - earlier) for earlier, later in pairwise(tries)]
    assert gaps == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_the_channel_s_own_wait_is_kept(history: History) -> None:
    queue(history, "a")
    sender = FakeSender(replace(DOWN, after_seconds=900))
    deliver(history, sender, "C01ALERTS", NOW)
    deliver(history, sender, "C01ALERTS", NOW + timedelta(seconds=899))
    assert len(sender.given) == 1
    deliver(history, sender, "C01ALERTS", NOW + timedelta(seconds=900))
    assert len(sender.given) == 2


def test_an_outage_of_two_months_does_not_wear_it_out(history: History) -> None:
    queue(history, "a")
    history._db.execute("UPDATE delivery SET attempts = 1500")
    queue(history, "b")
    sender = FakeSender(DOWN)
    deliver(history, sender, "C01ALERTS", NOW)
    assert states(history) == {"a-1": "pending", "b-1": "sent"}
    deliver(history, sender, "C01ALERTS", NOW + timedelta(hours=1))
    assert states(history) == {"a-1": "sent", "b-1": "sent"}


def test_what_everybodys_channel_refuses_is_kept_and_tried_again(history: History) -> None:
    queue(history, "a")
    sender = FakeSender(REFUSED)
    said = ("incident a could not be told: invite the bot",)
    assert deliver(history, sender, "C01ALERTS", NOW).problems == said
    assert history.outbox.refused() == {"C01ALERTS": "invite the bot"}
    assert deliver(history, sender, "C01ALERTS", NOW + 9 * MINUTE) == Report()
    assert states(history) == {"a-1": "pending"}
    deliver(history, sender, "C01ALERTS", NOW + 11 * MINUTE)
    assert (states(history), history.outbox.refused()) == ({"a-1": "sent"}, {})


def test_what_another_channel_refuses_is_told_everybody_instead(history: History) -> None:
    queue(history, "a")
    sender = FakeSender(REFUSED)
    deliver(history, sender, "#everybody", NOW)
    assert states(history) == {"a-1": "failed", "a-2": "pending"}
    deliver(history, sender, "#everybody", NOW)
    assert [(one.channel, one.message.text) for one in sender.given] == [
        ("C01ALERTS", "a said 1"),
        ("#everybody", "a said 1"),
    ]
    assert history.outbox.refused() == {"C01ALERTS": "invite the bot"}


def test_what_everybody_hears_anyway_is_not_told_them_twice(history: History) -> None:
    queue(history, "a")
    message = Message("a said 2")
    told = Told(State.OPEN, Severity.WARNING, ZERO, message)
    history.outbox.add(Delivery("a-2", "a", Why.FIRST, "#everybody", message, NOW), told)
    deliver(history, FakeSender(REFUSED), "#everybody", NOW)
    assert states(history) == {"a-1": "failed", "a-2": "sent"}


def reply(history: History, role: Role, number: int) -> None:
    message = Message(f"a's thread, {number}")
    said = Delivery(f"a-{number}", "a", Why.GREW, "C01ALERTS", message, NOW, role=role)
    history.outbox.add(said, Told(State.OPEN, Severity.WARNING, ZERO, message))


def test_a_reply_goes_into_the_thread_of_the_message_before_it(history: History) -> None:
    queue(history, "a")
    reply(history, Role.DETAILS, 2)
    sender = FakeSender()
    assert deliver(history, sender, "C01ALERTS", NOW) == Report()
    assert [(one.id, one.role, one.ts) for one in sender.given] == [
        ("a-1", Role.MESSAGE, ""),
        ("a-2", Role.DETAILS, "ts of a-1"),
    ]


def test_a_reply_waits_until_its_message_is_told(history: History) -> None:
    queue(history, "a")
    reply(history, Role.DETAILS, 2)
    sender = FakeSender(DOWN)
    deliver(history, sender, "C01ALERTS", NOW)
    assert sender.ids() == ["a-1"]
    deliver(history, sender, "C01ALERTS", NOW + MINUTE)
    assert sender.ids() == ["a-1", "a-1", "a-2"]


def test_a_reply_to_what_was_never_told_is_given_up_quietly(history: History) -> None:
    queue(history, "a")
    reply(history, Role.DETAILS, 2)
    deliver(history, FakeSender(REFUSED), "#everybody", NOW)
    sender = FakeSender()
    assert deliver(history, sender, "#everybody", NOW) == Report()
    assert states(history) == {"a-1": "failed", "a-2": "failed", "a-3": "sent"}
    assert sender.ids() == ["a-3"]


class Poisoned(FakeSender):
    """Fails in a way that nobody foresaw, for one incident."""

    def send(self, delivery: Delivery) -> Sent | NotSent:
        if delivery.incident_id == "a":
            raise KeyError("user")
        return super().send(delivery)


def test_what_fails_unexpectedly_holds_up_nothing_else(history: History) -> None:
    queue(history, "a")
    queue(history, "b")
    sender = Poisoned()
    (said,) = deliver(history, sender, "C01ALERTS", NOW).problems
    assert "failed unexpectedly (KeyError)" in said
    assert sender.ids() == ["b-1"]
    assert states(history) == {"a-1": "pending", "b-1": "sent"}


def test_what_waits_for_its_next_try_is_said_all_the_same(history: History) -> None:
    queue(history, "a")
    deliver(history, FakeSender(REFUSED), "C01ALERTS", NOW)
    assert deliver(history, FakeSender(), "C01ALERTS", NOW + MINUTE) == Report()
    assert still_waiting(history).problems == ("incident a could not be told: invite the bot",)


def test_news_that_waits_takes_over_the_newer_words(history: History) -> None:
    queue(history, "a")
    deliver(history, FakeSender(), "C01ALERTS", NOW)
    for number in (2, 3, 4):
        reply(history, Role.NEWS, number)
    sender = FakeSender()
    deliver(history, sender, "C01ALERTS", NOW)
    assert [one.message.text for one in sender.given] == ["a's thread, 4"]


@pytest.mark.parametrize("interrupted", [False, True], ids=["an answer was lost", "a crash"])
def test_what_waits_behind_a_message_of_unknown_fate_edits_that_message(
    history: History, interrupted: bool
) -> None:
    queue(history, "a")
    if interrupted:
        history.outbox.claim(next(iter(history.outbox.due(NOW))))
    else:
        deliver(history, FakeSender(LOST), "C01ALERTS", NOW)
    queue(history, "a", 2, NOW + timedelta(hours=1))
    sender = FakeSender(Sent("1.5"))
    deliver(history, sender, "C01ALERTS", NOW + timedelta(hours=1))
    assert [(one.id, one.unsure, one.ts) for one in sender.given] == [
        ("a-1", True, ""),
        ("a-2", False, "1.5"),
    ]


def test_later_news_of_an_incident_waits_for_the_earlier(history: History) -> None:
    queue(history, "a")
    deliver(history, FakeSender(LOST), "C01ALERTS", NOW)
    queue(history, "a", 2, NOW + MINUTE)
    queue(history, "b", 1, NOW + 2 * MINUTE)
    sender = FakeSender(DOWN)
    deliver(history, sender, "C01ALERTS", NOW + 2 * MINUTE)
    assert sender.ids() == ["a-1", "b-1"]
    deliver(history, sender, "C01ALERTS", NOW + timedelta(hours=2))
    assert sender.ids() == ["a-1", "b-1", "a-1", "a-2"]


def test_news_while_the_channel_is_silent_are_told_as_one(history: History) -> None:
    queue(history, "a")
    deliver(history, FakeSender(DOWN), "C01ALERTS", NOW)
    queue(history, "a", 2, NOW + MINUTE)
    sender = FakeSender()
    deliver(history, sender, "C01ALERTS", NOW + timedelta(hours=1))
    (only,) = sender.given
    assert (only.id, only.message.text) == ("a-1", "a said 2")


def test_a_row_is_claimed_before_it_is_sent(history: History) -> None:
    queue(history, "a")

    class Interrupted(FakeSender):
        def send(self, delivery: Delivery) -> Sent | NotSent:
            assert states(history) == {delivery.id: "sending"}
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(history, Interrupted(), "C01ALERTS", NOW)
    sender = FakeSender()
    deliver(history, sender, "C01ALERTS", NOW + MINUTE)
    assert [one.unsure for one in sender.given] == [True]
