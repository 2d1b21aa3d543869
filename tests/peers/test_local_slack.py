"""The conversation in Slack once more, over both lines, in a Slack that others wrote: a second opinion.

They run only where LOCAL_SLACK names the binary of npm local-slack-linux-x64 0.1.8, and where loopback is all
there is, since it listens at all addresses. From the root of the project:

    LOCAL_SLACK=/path/to/local-slack unshare --map-root-user --net \\
      sh -c 'ip link set lo up && exec .venv/bin/pytest tests/peers'

It proves less than our own fake where it is not Slack (S12a): it takes any token, looks at no membership and
at no block, drops the metadata of messages, knows no limits, lets a trigger and a response_url live on and
work again, and never ends a socket. It has no user groups, so operators are named by id. Beyond S12a: a press
in a home comes with an empty channel and a response_url, a press on what one person sees with the whole
message, a mention as a `message` of the channel too, and all people share one stack of modals.
"""

import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo import DEMO_KEY, Demo, VirtualClock
from bot.facts.answer import Expectation
from bot.facts.directory import Directory, Key
from bot.facts.incident import State
from bot.facts.scope import Scope
from bot.history.store import History
from tests.app import talking
from tests.app.talking import INCIDENT
from tests.fakes.anthropic import FakeAnthropic
from tests.fakes.incidents import DIRECTORY, runaway
from tests.fakes.organisation import small_demo
from tests.fakes.slack import ADA, GRACE
from tests.jobs.town import MIDNIGHT, found
from tests.peers.local_people import LocalPeople
from tests.peers.local_slack import LocalSlack

BINARY = os.environ.get("LOCAL_SLACK", "")
LATE = MIDNIGHT - timedelta(minutes=30)

pytestmark = [
    pytest.mark.skipif(not BINARY, reason="LOCAL_SLACK does not name the binary of local-slack"),
    pytest.mark.skipif(
        {name for _, name in socket.if_nameindex()} != {"lo"},
        reason="local-slack listens at all addresses: run this in a network namespace of its own",
    ),
]


@dataclass
class Talk(talking.Talk):
    """A bot in local-slack."""

    slack: Any

    @property
    def message(self) -> dict[str, Any]:
        """The alert: what was said first."""
        return dict(self.slack.posts()[0])


@pytest.fixture(scope="module", params=["socket", "events"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSlack]:
    with LocalSlack(BINARY, tmp_path_factory.mktemp("local-slack"), request.param) as server:
        yield server


@pytest.fixture
def slack(server: LocalSlack) -> Iterator[LocalSlack]:
    server.control("reset", {})
    yield server
    assert server.complaints() == []


@pytest.fixture
def people(slack: LocalSlack) -> LocalPeople:
    return LocalPeople(slack)


@pytest.fixture(scope="module")
def spent(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A history of quiet weeks."""
    path = tmp_path_factory.mktemp("asked") / "history.db"
    found(path)
    return path.read_bytes()


def bot_in(slack: LocalSlack, path: Path) -> Talk:
    over = {"socket": "socket", "events": "http"}[slack.mode]
    return Talk(slack, path, mode=over, listen=slack.listen)


@pytest.fixture
def talk(slack: LocalSlack, spent: bytes, tmp_path: Path) -> Iterator[Talk]:
    (tmp_path / "history.db").write_bytes(spent)
    with replace(bot_in(slack, tmp_path / "history.db"), now=LATE).on() as talk:
        slack.until(lambda: slack.mode == "events" or slack.is_connected)
        yield talk  # type: ignore[misc] # what `on` yields is itself


@pytest.mark.usefixtures("talk")
def test_an_alert_stands_in_the_channel_with_its_buttons_and_its_evidence_in_the_thread(
    slack: LocalSlack,
) -> None:
    (post,) = slack.posts()
    (row,) = [block for block in post["blocks"] if block["type"] == "actions"]
    pressable = [element["action_id"] for element in row["elements"]]
    assert pressable == ["acknowledge", "snooze", "expect", "dismiss", "why", "console"]
    (reply,) = slack.replies(post["ts"])
    assert "more requests" in json.dumps(reply["blocks"])


def test_acknowledging_shows_who_did_it_and_says_nothing_more(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    people.press(talk.message, "acknowledge")
    talk.until_said("Status: acknowledged by ada.")
    assert talk.known().state is State.ACKNOWLEDGED
    assert "edited" in talk.message
    assert len(slack.messages()) == 2


@pytest.mark.parametrize(
    ("user", "choice", "until"),
    [
        pytest.param(ADA, "1h", LATE + timedelta(hours=1), id="an hour"),
        pytest.param(ADA, "tomorrow", datetime(2026, 11, 19, 9, tzinfo=UTC), id="nine o'clock in London"),
        pytest.param(
            GRACE, "tomorrow", datetime(2026, 11, 19, 14, tzinfo=UTC), id="nine o'clock in New York"
        ),
        pytest.param(ADA, "week", LATE + timedelta(weeks=1), id="a week"),
    ],
)
def test_snoozing_from_the_menu(
    talk: Talk, people: LocalPeople, user: str, choice: str, until: datetime
) -> None:
    people.press(talk.message, "snooze", user, selected_option=f"{INCIDENT}|{choice}")
    talk.until_said("snoozed until")
    answer = talk.known().answer
    assert answer is not None
    assert (talk.known().state, answer.until) == (State.SNOOZED, until)


def test_snoozing_until_a_time_that_is_picked(talk: Talk, slack: LocalSlack, people: LocalPeople) -> None:
    people.press(talk.message, "snooze", selected_option=f"{INCIDENT}|pick")
    slack.until(slack.modals)
    until = datetime(2026, 11, 19, 20, 15, tzinfo=UTC)
    assert people.submit(ADA, until={"selected_date_time": int(until.timestamp())}) == {}
    talk.until_said("snoozed until")
    answer = talk.known().answer
    assert answer is not None
    assert answer.until == until


def test_what_was_expected_is_said_in_a_form_with_a_note(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    people.press(talk.message, "expect")
    slack.until(slack.modals)
    how, note = {"selected_option": {"value": "new level"}}, {"value": "the new search <!channel> is live"}
    assert people.submit(ADA, how=how, note=note) == {}
    talk.until_said("Expected:")
    answer = talk.known().answer
    assert answer is not None
    assert (answer.expectation, answer.note) == (Expectation.NEW_LEVEL, note["value"])
    assert "<!channel>" not in json.dumps(slack.messages())


def test_a_form_that_cannot_be_taken_stays_open_and_says_why(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    people.press(talk.message, "expect")
    slack.until(slack.modals)
    planned = {"selected_option": {"value": "planned"}}
    assert list(people.submit(ADA, how=planned, until={"selected_date": "2026-11-01"})) == ["until"]
    assert talk.known().state is State.OPEN
    assert people.submit(ADA, how=planned, until={"selected_date": "2026-11-25"}) == {}
    talk.until_said("Expected:")
    assert slack.modals() == []


def test_a_false_alarm_is_one_line_and_can_be_taken_back(talk: Talk, people: LocalPeople) -> None:
    people.press(talk.message, "dismiss")
    talk.until_said("False alarm:")
    assert [block["type"] for block in talk.message["blocks"]] == ["section"]
    people.press(talk.message, "more", GRACE, selected_option=f"{INCIDENT}|reopen")
    talk.until_said("Critical, back again:")
    assert [change.actor for change in talk.known().history] == ["ada", "grace"]


def test_why_opens_a_page_with_everything_that_is_known(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    people.press(talk.message, "why")
    slack.until(slack.modals)
    (page,) = slack.modals()
    assert page["title"]["text"] == "Why?"
    assert "more requests" in json.dumps(page["blocks"])


def test_two_people_at_once_are_one_acknowledgement_and_the_second_is_told(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    message = talk.message
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda user: people.press(message, "acknowledge", user), [ADA, GRACE]))
    slack.until(lambda: slack.whispers(ADA) or slack.whispers(GRACE))
    (said,) = slack.whispers(ADA) + slack.whispers(GRACE)
    assert "has said so already" in said["text"]
    assert len(talk.known().history) == 1


def test_an_answer_about_an_incident_can_be_pressed_too(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    people.command(f"incident {INCIDENT}")
    slack.until(slack.whispers)
    people.press(slack.whispers()[0], "acknowledge")
    talk.until_said("acknowledged by ada")


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("today", "today", id="today"),
        pytest.param("yestreday by key", "yesterday by key", id="a slip of the finger"),
        pytest.param("help", "/claude-spend", id="help"),
        pytest.param("", "today so far", id="nothing at all"),
        pytest.param("incidents", INCIDENT, id="incidents"),
    ],
)
def test_a_question_is_answered_to_the_one_who_asked(
    slack: LocalSlack, people: LocalPeople, words: str, said: str
) -> None:
    people.command(words, GRACE)
    slack.until(lambda: slack.whispers(GRACE))
    (answer,) = slack.whispers(GRACE)
    assert said in answer["text"]
    assert len(slack.posts()) == 1


@pytest.mark.usefixtures("talk")
def test_share_shows_the_answer_to_everybody(slack: LocalSlack, people: LocalPeople) -> None:
    people.command("share yesterday by key")
    slack.until(lambda: len(slack.posts()) == 2)
    assert "key-a" in slack.posts()[1]["text"]
    assert slack.whispers() == []


@pytest.mark.usefixtures("talk")
def test_a_mention_is_answered_in_its_thread_once(slack: LocalSlack, people: LocalPeople) -> None:
    people.mention("yesterday by model")
    slack.until(lambda: len(threaded(slack)) == 2)
    people.say_directly("help")
    slack.until(slack.direct)
    _, answer = threaded(slack)
    assert "yesterday" in answer["text"]
    assert answer["thread_ts"] != slack.posts()[0]["ts"]


def threaded(slack: LocalSlack) -> list[dict[str, Any]]:
    """What was said in threads: the evidence below the alert, and answers to mentions."""
    return [said for said in slack.messages() if "thread_ts" in said]


@pytest.mark.usefixtures("talk")
def test_a_direct_message_is_answered_where_it_is(slack: LocalSlack, people: LocalPeople) -> None:
    people.say_directly("yesterday by key")
    slack.until(slack.direct)
    (answer,) = slack.direct()
    assert "key-a" in answer["text"]
    assert "thread_ts" not in answer


def test_a_home_is_made_for_who_opens_it_and_made_anew_after_a_press_in_it(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    people.open_home(GRACE)
    slack.until(lambda: "1 open" in json.dumps(slack.home(GRACE)))
    people.press_home("acknowledge", GRACE)
    slack.until(lambda: "acknowledged by grace" in json.dumps(slack.home(GRACE)))
    talk.until_said("acknowledged by grace")


def test_a_form_from_a_home_shows_in_the_home_and_in_the_channel(
    talk: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    people.open_home(GRACE)
    slack.until(lambda: "1 open" in json.dumps(slack.home(GRACE)))
    people.press_home("expect", GRACE)
    slack.until(slack.modals)
    assert people.submit(GRACE, note={"value": "load test"}) == {}
    slack.until(lambda: "Nothing is open" in json.dumps(slack.home(GRACE)))
    talk.until_said("Expected:")


@pytest.mark.usefixtures("talk")
def test_fifty_questions_at_once_are_all_heard_in_time_and_all_answered(
    slack: LocalSlack, people: LocalPeople
) -> None:
    with ThreadPoolExecutor(50) as hands:
        heard = list(hands.map(people.command, ["yesterday by key"] * 50))
    assert max(heard) < 3.0
    slack.until(lambda: len(slack.whispers()) == 50)


@pytest.mark.usefixtures("talk")
def test_a_line_that_breaks_is_opened_again(slack: LocalSlack, people: LocalPeople) -> None:
    slack.restart()
    slack.until(lambda: slack.mode == "events" or slack.is_connected)
    people.command("today")
    slack.until(slack.whispers)


@pytest.fixture(scope="module")
def demo() -> Demo:
    return small_demo()


@pytest.fixture
def keys(demo: Demo, slack: LocalSlack, tmp_path: Path) -> Iterator[Talk]:
    """A bot that may switch keys off for Grace, and an alert about one of them."""
    key = next(iter(demo.organisation.keys.values()))
    directory = Directory(keys={key.id: Key(key.id, key.name)}, workspaces=DIRECTORY.workspaces)
    incident = runaway(id=INCIDENT, scope=Scope(api_key_id=key.id))
    with FakeAnthropic(demo, VirtualClock(datetime(2026, 10, 15, 20, 35, tzinfo=UTC))) as anthropic:
        talk = replace(bot_in(slack, tmp_path / "history.db"), operators=[GRACE], directory=directory)
        talk = replace(talk, incident=incident, anthropic_url=anthropic.base_url, admin_key=DEMO_KEY)
        with talk.on():
            yield talk


def key_of(talk: Talk) -> Key:
    with History(talk.path) as store:
        return store.names.load().keys[talk.incident.scope.api_key_id or ""]


def test_a_key_is_switched_off_by_an_operator_who_types_its_name_and_on_again(
    keys: Talk, slack: LocalSlack, people: LocalPeople
) -> None:
    name = key_of(keys).name
    people.press(keys.message, "disable key", GRACE)
    slack.until(slack.modals)
    assert people.submit(GRACE, typed={"value": f"{name}x"}) == {
        "typed": "This is not the key's name. Nothing was done."
    }
    assert people.submit(GRACE, typed={"value": name}) == {}
    keys.until_said("Key: disabled by grace")
    assert key_of(keys).status == "inactive"
    people.press(keys.message, "enable key", GRACE)
    keys.until_said("Key: enabled again by grace")
    assert key_of(keys).status == "active"


def test_nobody_else_switches_keys(keys: Talk, slack: LocalSlack, people: LocalPeople) -> None:
    people.press(keys.message, "disable key", ADA)
    slack.until(slack.whispers)
    assert f"Only operators may do this (<@{GRACE}>)" in slack.whispers()[0]["text"]
    assert slack.modals() == []
    assert key_of(keys).status == "active"
