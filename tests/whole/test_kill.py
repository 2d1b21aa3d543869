"""kill -9 at any moment, then a restart: the same incidents, and each told once."""

import itertools
import random
import shutil
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from bot.demo import Demo, VirtualClock
from tests.fakes.anthropic import FakeAnthropic
from tests.fakes.slack import DROP_AFTER, DROP_BEFORE, FakeSlack, Fault, slow
from tests.whole.house import House, Zygote

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
ONCE = ("once", "--now", NOW.isoformat())
SOON = 10.0


@pytest.fixture(scope="module")
def undisturbed(
    demo: Demo, zygote: Zygote, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """What a run that nobody kills finds: the loop on ci-eval."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with FakeAnthropic(demo, VirtualClock(NOW)) as anthropic, FakeSlack() as slack:
        house = House(folder, anthropic, slack, zygote)
        shutil.copy2(template, house.history)
        ended = house.once(NOW)
        assert (ended.code, ended.complaints(), len(house.incidents())) == (0, [], 1)
        assert house.told() == Counter(house.incidents())
    return house.incidents()


@pytest.fixture(autouse=True)
def at_half_past_one(anthropic: FakeAnthropic) -> None:
    anthropic.clock.advance(NOW)


REPLIES = "SELECT id FROM deliveries WHERE role <> 'message' AND state = 'sent'"


def recovers(house: House, incidents: list[str], now: datetime = NOW) -> None:
    ended = house.once(now)
    assert (ended.code, ended.complaints()) == (0, [])
    assert house.incidents() == incidents
    assert house.told() == Counter(incidents)
    (message,) = house.slack.store.posts
    (stored,) = {ts for (ts,) in house.query("SELECT ts FROM deliveries WHERE role = 'message'")}
    assert stored == message["ts"]
    thread = house.slack.store.replies(message["ts"])
    told = [reply["metadata"]["event_payload"]["delivery_id"] for reply in thread]
    assert sorted(told) == sorted(id_ for (id_,) in house.query(REPLIES))


def kill_once_slack_has_it(house: House, happened: Event) -> None:
    with house.killing(*ONCE):
        assert happened.wait(SOON)


def watch(slack: FakeSlack, method: str) -> Event:
    """Set as soon as Slack has been called so."""
    happened = Event()

    def look() -> None:
        deadline = time.monotonic() + SOON
        while time.monotonic() < deadline and not slack.called(method):
            time.sleep(0.002)
        happened.set()

    Thread(target=look, daemon=True).start()
    return happened


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_while_waiting_for_an_answer_of_anthropic(house: House, undisturbed: list[str], number: int) -> None:
    house.anthropic.hold_at(number)
    with house.killing(*ONCE):
        assert house.anthropic.held.wait(SOON)
    assert (house.incidents(), house.slack.store.posts) == ([], [])
    house.anthropic.heal()
    recovers(house, undisturbed)


@pytest.mark.parametrize(
    ("fault", "posted"),
    [
        pytest.param(Fault(delay=SOON), 0, id="before the post is stored"),
        pytest.param(slow(SOON), 1, id="after it is stored, before the answer"),
    ],
)
@pytest.mark.parametrize(
    "back", [pytest.param(NOW, id="back at once"), pytest.param(LATER, id="back two hours later")]
)
def test_while_slack_takes_the_message(
    house: House, undisturbed: list[str], fault: Fault, posted: int, back: datetime
) -> None:
    """Two hours later there is more to say: it goes into the first message, not beside it."""
    house.slack.fail("chat.postMessage", fault)
    kill_once_slack_has_it(house, watch(house.slack, "chat.postMessage"))
    assert len(house.slack.store.posts) == posted
    assert house.incidents() == undisturbed
    recovers(house, undisturbed, back)


@pytest.mark.parametrize("fault", [DROP_BEFORE, DROP_AFTER], ids=["not stored", "stored"])
def test_an_answer_lost_on_the_way_leads_to_no_second_message(
    house: House, undisturbed: list[str], fault: Fault
) -> None:
    house.slack.fail("chat.postMessage", fault)
    ended = house.once(NOW)
    assert ended.code == 1
    (said,) = ended.complaints()
    assert "could not be told" in said
    recovers(house, undisturbed, LATER)


def test_while_an_edit_is_on_its_way(house: House, undisturbed: list[str]) -> None:
    recovers(house, undisturbed)
    house.slack.fail("chat.update", slow(SOON))
    house.at(LATER)
    with house.killing("once", "--now", LATER.isoformat()):
        assert watch(house.slack, "chat.update").wait(SOON)
    recovers(house, undisturbed, LATER + timedelta(hours=1))


def test_at_random_times_again_and_again(house: House, undisturbed: list[str]) -> None:
    dice = random.Random(20261016)
    for _ in range(15):
        with house.killing(*ONCE):
            time.sleep(dice.uniform(0.0, 0.5))
        assert set(house.incidents()) <= set(undisturbed)
        assert all(count == 1 for count in house.told().values())
    recovers(house, undisturbed)


def test_while_the_history_is_made(new_house: House) -> None:
    """From nothing: the file, its tables and its first rows come to be under fire."""
    for wait in itertools.accumulate([0.01] * 12):
        with new_house.killing(*ONCE):
            time.sleep(wait)
    new_house.anthropic.hold_at(9)
    with new_house.killing(*ONCE):
        assert new_house.anthropic.held.wait(SOON)
    new_house.anthropic.heal()
    ended = new_house.once(NOW)
    assert (ended.code, ended.complaints()) == (0, [])
    assert new_house.told() == Counter(new_house.incidents())
