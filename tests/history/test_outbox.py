"""What is to be told waits here: once, in order, with what became of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.facts.delivery import Delivery, Message, NotSent, Sent, Told, Why
from bot.facts.incident import State
from bot.facts.money import Usd
from bot.facts.severity import Severity
from bot.history.store import History
from tests.fakes.incidents import HOUR, START, runaway

CHANNEL = "#ai-spend"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def history(history: History) -> History:
    """A history with two incidents to tell about."""
    history.incidents.save([runaway(id="one"), runaway(id="two")])
    return history


def delivery(
    id_: str, incident: str = "one", at: datetime = START, words: str = "", why: Why = Why.FIRST
) -> Delivery:
    return Delivery(id_, incident, why, CHANNEL, Message(words or id_), at)


def telling(dollars: int = 100, words: str = "") -> Told:
    return Told(State.OPEN, Severity.WARNING, Usd(dollars), Message(words))


def add(history: History, *deliveries: Delivery) -> None:
    for one in deliveries:
        history.outbox.add(one, telling(words=one.id))


def due(history: History, at: datetime = START) -> list[Delivery]:
    return list(history.outbox.due(at))


def send(history: History, outcome: Sent | NotSent, at: datetime = START, wait: float = 60.0) -> Delivery:
    """Send the first delivery that is due, as the job does."""
    first = due(history, at)[0]
    history.outbox.claim(first)
    history.outbox.settle(first, outcome, at, wait)
    return first


def states(folder: Path) -> dict[str, str]:
    with closing(sqlite3.connect(folder / "history.db")) as db:
        return dict(db.execute("SELECT id, state FROM deliveries ORDER BY id"))


def test_what_is_queued_is_due_as_it_was(history: History) -> None:
    message = Message("words & <more>", ({"type": "section", "text": {"type": "plain_text", "text": "ü"}},))
    one = replace(delivery("one-1"), message=message)
    history.outbox.add(one, telling())
    assert due(history) == [one]


def test_what_is_sent_is_not_due_any_more(history: History, tmp_path: Path) -> None:
    add(history, delivery("one-1"))
    send(history, Sent("1700.1"))
    assert due(history, START + 100 * HOUR) == []
    assert states(tmp_path) == {"one-1": "sent"}


def test_the_oldest_come_first(history: History) -> None:
    add(history, delivery("two-1", "two", START + MINUTE), delivery("one-1", at=START))
    assert [one.id for one in due(history, START + HOUR)] == ["one-1", "two-1"]


def test_nothing_is_due_before_its_time(history: History) -> None:
    add(history, delivery("one-1", at=START + HOUR))
    assert due(history, START) == []


def test_newer_words_take_the_place_of_those_that_wait(history: History, tmp_path: Path) -> None:
    add(history, delivery("one-1"), delivery("one-2", words="it is over"), delivery("two-1", "two"))
    waiting = due(history)
    assert [(one.id, one.message.text) for one in waiting] == [("one-1", "it is over"), ("two-1", "two-1")]
    told = history.outbox.told("one", CHANNEL)
    assert told is not None
    assert told.message.text == "one-2"
    assert len(states(tmp_path)) == history.outbox.count("one") + history.outbox.count("two") == 2


def test_another_channel_has_its_own_words(history: History) -> None:
    add(history, delivery("one-1"))
    history.outbox.add(replace(delivery("one-2"), channel="#elsewhere"), telling(words="elsewhere"))
    assert [one.id for one in due(history)] == ["one-1", "one-2"]
    told = history.outbox.told("one", "#elsewhere")
    assert told is not None
    assert told.message.text == "elsewhere"


def test_nobody_was_told_of_what_was_never_queued(history: History) -> None:
    assert history.outbox.told("one", CHANNEL) is None
    assert history.outbox.count("one") == 0


def test_what_was_told_last_counts(history: History) -> None:
    for number in range(1, 12):
        at = START + number * MINUTE
        history.outbox.add(delivery(f"one-{number}", at=at), telling(number))
        send(history, Sent("1700.1"), at)
        told = history.outbox.told("one", CHANNEL)
        assert told is not None
        assert told.excess == number
    assert history.outbox.count("one") == 11


def test_a_later_delivery_knows_the_living_message(history: History) -> None:
    add(history, delivery("one-1"))
    send(history, Sent("1700.1"))
    add(history, delivery("one-2", at=START + MINUTE), delivery("two-1", "two", START + MINUTE))
    assert [(one.id, one.ts) for one in due(history, START + MINUTE)] == [("one-2", "1700.1"), ("two-1", "")]


def test_an_edited_message_that_was_posted_anew_lives_on_under_its_new_name(history: History) -> None:
    for number, ts in enumerate(("1700.1", "1700.2"), 1):
        at = START + number * MINUTE
        add(history, delivery(f"one-{number}", at=at))
        send(history, Sent(ts), at)
    add(history, delivery("one-3", at=START + 9 * MINUTE))
    assert due(history, START + 9 * MINUTE)[0].ts == "1700.2"


def test_what_can_be_tried_again_waits_for_its_time(history: History, tmp_path: Path) -> None:
    add(history, delivery("one-1"))
    send(history, NotSent("Slack is busy", retry=True), wait=90)
    assert due(history, START + 89 * MINUTE / 60) == []
    (again,) = due(history, START + 90 * MINUTE / 60)
    assert (again.attempts, again.unsure) == (1, False)
    assert states(tmp_path) == {"one-1": "pending"}
    assert history.outbox.undelivered() == [("one", "Slack is busy")]


def test_attempts_add_up(history: History) -> None:
    add(history, delivery("one-1"))
    for number in range(3):
        sent = send(history, NotSent("busy", retry=True), START + number * HOUR)
        assert sent.attempts == number


def test_what_was_given_up_counts_as_never_told(history: History, tmp_path: Path) -> None:
    add(history, delivery("one-1"))
    send(history, NotSent("no such channel; invite the bot", retry=False))
    assert states(tmp_path) == {"one-1": "failed"}
    assert due(history, START + 100 * HOUR) == []
    assert history.outbox.told("one", CHANNEL) is None
    assert history.outbox.undelivered() == []
    assert history.outbox.refused() == {CHANNEL: "no such channel; invite the bot"}


def test_newer_words_that_come_after_a_delivery_was_listed_are_those_that_are_sent(history: History) -> None:
    add(history, delivery("one-1", words="older"))
    (listed,) = due(history)
    add(history, delivery("one-2", words="newer"))
    claimed = history.outbox.claim(listed)
    assert claimed is not None
    assert (claimed.id, claimed.message.text) == ("one-1", "newer")
    history.outbox.settle(listed, Sent("1.1"), START, 0)
    assert history.outbox.claim(listed) is None
    assert due(history) == []


def test_a_channel_that_nobody_writes_to_any_more_is_forgotten(history: History) -> None:
    add(history, delivery("one-1"))
    send(history, NotSent("it is archived", retry=False))
    assert history.outbox.refused() == {CHANNEL: "it is archived"}
    add(history, replace(delivery("two-1", "two", START + 8 * 24 * HOUR), channel="#elsewhere"))
    assert history.outbox.refused() == {}


def test_a_newer_digest_takes_the_place_of_those_that_wait(history: History) -> None:
    add(history, delivery("daily-1", "daily-261118 #ai-spend"), delivery("one-1"))
    history.outbox.withdraw_digests(CHANNEL)
    assert [one.id for one in due(history)] == ["one-1"]


def test_after_an_edit_was_given_up_the_earlier_words_count(history: History) -> None:
    history.outbox.add(delivery("one-1"), telling(100))
    send(history, Sent("1700.1"))
    history.outbox.add(delivery("one-2", at=START + HOUR), telling(900))
    send(history, NotSent("too long", retry=False), START + HOUR)
    assert history.outbox.told("one", CHANNEL) == telling(100)


def test_once_sent_the_error_is_forgotten(history: History) -> None:
    add(history, delivery("one-1"))
    send(history, NotSent("busy", retry=True), wait=0)
    send(history, Sent("1700.1"))
    assert history.outbox.undelivered() == []


def crash(history: History) -> None:
    history.outbox.claim(due(history)[0])


def lose_the_answer(history: History) -> None:
    send(history, NotSent("no answer", retry=True, unsure=True), wait=0)


UNSURE = pytest.mark.parametrize(
    "interrupt",
    [
        pytest.param(crash, id="a crash while it was sent"),
        pytest.param(lose_the_answer, id="no answer came"),
    ],
)


@UNSURE
def test_what_may_have_arrived_is_marked_unsure(
    history: History, interrupt: Callable[[History], None]
) -> None:
    add(history, delivery("one-1"))
    interrupt(history)
    (again,) = due(history)
    assert (again.id, again.unsure, again.attempts) == ("one-1", True, 1)


@UNSURE
def test_it_stays_unsure_until_it_is_known(history: History, interrupt: Callable[[History], None]) -> None:
    add(history, delivery("one-1"))
    interrupt(history)
    send(history, NotSent("busy", retry=True), wait=0)
    assert due(history)[0].unsure
    send(history, Sent("1700.1"))
    add(history, delivery("one-2", at=START + MINUTE))
    assert not due(history, START + MINUTE)[0].unsure


@UNSURE
def test_words_that_may_have_arrived_are_not_changed(
    history: History, interrupt: Callable[[History], None]
) -> None:
    add(history, delivery("one-1", words="first"))
    interrupt(history)
    add(
        history,
        delivery("one-2", words="second", at=START + MINUTE),
        delivery("one-3", words="third", at=START + HOUR),
    )
    waiting = due(history, START + HOUR)
    assert [(one.id, one.message.text) for one in waiting] == [("one-1", "first"), ("one-2", "third")]
    told = history.outbox.told("one", CHANNEL)
    assert told is not None
    assert told.message.text == "one-3"
