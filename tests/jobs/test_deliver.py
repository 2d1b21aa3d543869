from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.facts.delivery import Delivery, Message, NotSent, Sent, Told, Why
from bot.facts.incident import State
from bot.facts.money import ZERO
from bot.facts.severity import Severity
from bot.history.store import History
from bot.jobs.cycle import Report
from bot.jobs.deliver import deliver
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
        assert deliver(history, sender, NOW + minutes * MINUTE) == Report()
    assert sender.ids() == ["b-1", "a-1"]
    assert states(history) == {"a-1": "sent", "b-1": "sent"}


def test_what_fails_is_said_stays_and_stops_no_other(history: History) -> None:
    queue(history, "a")
    queue(history, "b")
    sender = FakeSender(DOWN)
    assert deliver(history, sender, NOW).problems == (
        "incident a could not be told: Slack is down; it is tried again",
    )
    assert states(history) == {"a-1": "pending", "b-1": "sent"}


def test_each_try_waits_twice_as_long_up_to_an_hour(history: History) -> None:
    queue(history, "a")
    sender, tries = FakeSender(*[DOWN] * 10), []
    for half_minutes in range(2 * 60 * 6):
        before = len(sender.given)
        deliver(history, sender, NOW + half_minutes * HALF_A_MINUTE)
        tries += [half_minutes] * (len(sender.given) - before)
    gaps = [30 * (later - earlier) for earlier, later in pairwise(tries)]
    assert gaps == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_the_channel_s_own_wait_is_kept(history: History) -> None:
    queue(history, "a")
    sender = FakeSender(replace(DOWN, after_seconds=900))
    deliver(history, sender, NOW)
    deliver(history, sender, NOW + timedelta(seconds=899))
    assert len(sender.given) == 1
    deliver(history, sender, NOW + timedelta(seconds=900))
    assert len(sender.given) == 2


def test_an_outage_of_two_months_does_not_wear_it_out(history: History) -> None:
    queue(history, "a")
    history._db.execute("UPDATE delivery SET attempts = 1500")
    queue(history, "b")
    sender = FakeSender(DOWN)
    deliver(history, sender, NOW)
    assert states(history) == {"a-1": "pending", "b-1": "sent"}
    deliver(history, sender, NOW + timedelta(hours=1))
    assert states(history) == {"a-1": "sent", "b-1": "sent"}


def test_what_is_refused_for_good_is_not_tried_again(history: History) -> None:
    queue(history, "a")
    sender = FakeSender(REFUSED)
    assert deliver(history, sender, NOW).problems == ("incident a could not be told: invite the bot",)
    assert deliver(history, sender, NOW + timedelta(days=1)) == Report()
    assert states(history) == {"a-1": "failed"}


@pytest.mark.parametrize("interrupted", [False, True], ids=["an answer was lost", "a crash"])
def test_what_waits_behind_a_message_of_unknown_fate_edits_that_message(
    history: History, interrupted: bool
) -> None:
    queue(history, "a")
    if interrupted:
        history.outbox.claim(next(iter(history.outbox.due(NOW))))
    else:
        deliver(history, FakeSender(LOST), NOW)
    queue(history, "a", 2, NOW + timedelta(hours=1))
    sender = FakeSender(Sent("1.5"))
    deliver(history, sender, NOW + timedelta(hours=1))
    assert [(one.id, one.unsure, one.ts) for one in sender.given] == [
        ("a-1", True, ""),
        ("a-2", False, "1.5"),
    ]


def test_later_news_of_an_incident_waits_for_the_earlier(history: History) -> None:
    queue(history, "a")
    deliver(history, FakeSender(LOST), NOW)
    queue(history, "a", 2, NOW + MINUTE)
    queue(history, "b", 1, NOW + 2 * MINUTE)
    sender = FakeSender(DOWN)
    deliver(history, sender, NOW + 2 * MINUTE)
    assert sender.ids() == ["a-1", "b-1"]
    deliver(history, sender, NOW + timedelta(hours=2))
    assert sender.ids() == ["a-1", "b-1", "a-1", "a-2"]


def test_news_while_the_channel_is_silent_are_told_as_one(history: History) -> None:
    queue(history, "a")
    deliver(history, FakeSender(DOWN), NOW)
    queue(history, "a", 2, NOW + MINUTE)
    sender = FakeSender()
    deliver(history, sender, NOW + timedelta(hours=1))
    (only,) = sender.given
    assert (only.id, only.message.text) == ("a-1", "a said 2")


def test_a_row_is_claimed_before_it_is_sent(history: History) -> None:
    queue(history, "a")

    class Interrupted(FakeSender):
        def send(self, delivery: Delivery) -> Sent | NotSent:
            assert states(history) == {delivery.id: "sending"}
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(history, Interrupted(), NOW)
    sender = FakeSender()
    deliver(history, sender, NOW + MINUTE)
    assert [one.unsure for one in sender.given] == [True]
