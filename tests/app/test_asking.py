"""Questions in Slack, over real sockets, of a real history: heard at once, answered once."""

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.facts.incident import State
from bot.facts.trouble import Trouble
from bot.slack.lines import WrongToken
from tests.app.talking import INCIDENT, Talk
from tests.fakes.slack import ADA, GRACE, OPS, FakeSlack, refused
from tests.jobs.town import MIDNIGHT, found

LATE = MIDNIGHT + timedelta(minutes=-30)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture(scope="session")
def spent(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A history of quiet weeks."""
    path = tmp_path_factory.mktemp("asked") / "history.db"
    found(path)
    return path.read_bytes()


@pytest.fixture
def history(spent: bytes, tmp_path: Path) -> Path:
    (tmp_path / "history.db").write_bytes(spent)
    return tmp_path / "history.db"


@pytest.fixture
def talk(slack: FakeSlack, history: Path) -> Iterator[Talk]:
    with Talk(slack, history, now=LATE, operators=[OPS]).on() as talk:
        slack.wait_for_socket()
        yield talk


def ask(talk: Talk, words: str, user: str = ADA) -> dict[str, Any]:
    """The answer to a command."""
    event = talk.slack.command(words, user=user)
    event.wait_ack()
    return event.wait_answer()


def test_a_question_is_answered_to_the_one_who_asked(talk: Talk) -> None:
    answer = ask(talk, "yesterday by key")
    assert answer["response_type"] == "ephemeral"
    assert "yesterday" in answer["text"]
    assert "key-a" in answer["text"]


def test_share_shows_the_answer_to_everybody(talk: Talk) -> None:
    assert ask(talk, "share yesterday")["response_type"] == "in_channel"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("help", "/claude-spend", id="help"),
        pytest.param("yestreday by key", "yesterday by key", id="a slip of the finger"),
        pytest.param("incidents", INCIDENT, id="incidents"),
        pytest.param(f"incident {INCIDENT}", "Runaway spend", id="one incident"),
        pytest.param("incident 999999-dead", "No incident has the id", id="an incident that is not there"),
        pytest.param("rules", "rule", id="rules"),
        pytest.param("freshness", "omplete", id="freshness"),
        pytest.param("2019-01-01", "No figures", id="before the history begins"),
        pytest.param("compare yesterday", "as much", id="a comparison"),
        pytest.param("<!channel> *bold* :fire:", "try", id="what is no question"),
    ],
)
def test_everything_gets_an_answer(talk: Talk, words: str, said: str) -> None:
    assert said.casefold() in ask(talk, words)["text"].casefold()


def test_an_answer_about_an_incident_can_be_pressed_too(talk: Talk) -> None:
    blocks = ask(talk, f"incident {INCIDENT}")["blocks"]
    assert "actions" in {block["type"] for block in blocks}


def test_what_people_say_in_words_counts_as_a_button_does(talk: Talk) -> None:
    refusal = ask(talk, f"snooze {INCIDENT} 4h", user=ADA)
    assert "Only operators may do this" in refusal["text"]
    assert talk.known().state is State.OPEN
    ask(talk, f"snooze {INCIDENT} 4h waiting for the vendor", user=GRACE)
    answer = talk.known().answer
    assert answer is not None
    assert (talk.known().state, answer.actor, answer.note) == (
        State.SNOOZED,
        "grace",
        "waiting for the vendor",
    )
    talk.until_said("snoozed until")


def test_a_mention_is_answered_in_its_thread_and_a_direct_message_where_it_is(talk: Talk) -> None:
    talk.slack.mention("yesterday by model").wait_ack()
    talk.until(lambda: len(threaded(talk)) == 2)
    talk.slack.direct_message("help").wait_ack()
    talk.until(lambda: talk.slack.called("chat.postMessage")[-1]["channel"].startswith("D"))


def test_a_refusal_is_seen_by_no_one_else(talk: Talk) -> None:
    talk.slack.mention(f"ack {INCIDENT}").wait_ack()
    talk.until(lambda: bool(talk.slack.store.ephemerals[ADA]))
    assert "Only operators may do this" in str(talk.slack.store.ephemerals[ADA])
    assert len(threaded(talk)) == 1


def threaded(talk: Talk) -> list[dict[str, Any]]:
    """What was said in threads: the evidence below the alert, and answers to mentions."""
    return [each for each in talk.slack.called("chat.postMessage") if each.get("thread_ts")]


def test_an_event_that_comes_twice_is_answered_once(talk: Talk) -> None:
    event = talk.slack.mention("help")
    event.wait_ack()
    talk.until(lambda: len(threaded(talk)) == 2)
    talk.slack.redeliver(event).wait_ack()
    talk.slack.direct_message("help").wait_ack()
    talk.until(lambda: talk.slack.called("chat.postMessage")[-1]["channel"].startswith("D"))
    assert len(threaded(talk)) == 2


def test_a_home_is_made_for_who_opens_it_and_made_anew_after_a_press_in_it(talk: Talk) -> None:
    talk.slack.open_home(GRACE).wait_ack()
    talk.until(lambda: GRACE in talk.slack.views.homes)
    assert "1 open" in json.dumps(talk.slack.home(GRACE))
    talk.slack.press_home(GRACE, "acknowledge").wait_ack()
    talk.until(lambda: "acknowledged by grace" in json.dumps(talk.slack.home(GRACE)))
    talk.until_said("acknowledged by grace")


def test_an_answer_whose_blocks_are_refused_comes_as_words(talk: Talk) -> None:
    talk.slack.fail("response_url", refused("invalid_blocks"))
    assert ask(talk, "help")["text"]


def test_two_hundred_questions_at_once_are_all_heard_within_a_second_and_all_answered(talk: Talk) -> None:
    events = [talk.slack.command("yesterday by key") for _ in range(200)]
    assert max(event.wait_ack(10) for event in events) < 1.0
    end = time.monotonic() + 60
    while not all(event.answers for event in events):
        assert time.monotonic() < end, "an answer was lost"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def over_http(slack: FakeSlack, history: Path) -> Iterator[Talk]:
    port = free_port()
    talk = Talk(slack, history, mode="http", now=LATE, listen=f"127.0.0.1:{port}", app_token="")
    with talk.on():
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        yield talk


def test_signed_requests_do_the_same(over_http: Talk) -> None:
    assert "yesterday" in ask(over_http, "yesterday")["text"]
    over_http.slack.press(over_http.message, "acknowledge").wait_ack()
    over_http.until_said("acknowledged by ada")


def get(url: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_what_is_too_large_is_not_read(over_http: Talk) -> None:
    host, _, port = over_http.listen.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as client:
        client.sendall(b"POST /slack/events HTTP/1.1\r\nHost: here\r\nContent-Length: 2097152\r\n\r\n")
        assert client.recv(64).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="unsigned"),
        pytest.param({"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=00"}, id="wrongly signed"),
        pytest.param({"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"}, id="no timestamp"),
        pytest.param({"X-Slack-Request-Timestamp": "²", "X-Slack-Signature": "v0=00"}, id="a strange digit"),
    ],
)
def test_what_slack_did_not_sign_is_refused(over_http: Talk, headers: dict[str, str]) -> None:
    latin = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    status, _ = get(over_http.slack.request_url, latin, b"command=/claude-spend&text=help")
    assert status == 401


def test_health_says_what_is_not_well(over_http: Talk) -> None:
    status, body = get(over_http.slack.request_url.replace("/slack/events", "/healthz"))
    assert (status, json.loads(body)) == (200, {"ok": True, "problems": []})
    over_http.now += timedelta(days=2)
    status, body = get(over_http.slack.request_url.replace("/slack/events", "/healthz"))
    assert status == 503
    assert "figures: complete until" in json.loads(body)["problems"][0]


def test_an_address_that_is_taken_is_said(slack: FakeSlack, history: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(Trouble, match="cannot listen"), Talk(slack, history, "http", listen=listen).on():
            pass


@pytest.mark.parametrize(
    ("method", "variable"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
def test_a_wrong_token_is_said_at_the_start(
    slack: FakeSlack, history: Path, method: str, variable: str
) -> None:
    slack.fail(method, refused("invalid_auth"))
    with (
        pytest.raises(WrongToken, match=f"does not take {variable} .invalid_auth."),
        Talk(slack, history).on(),
    ):
        pass


def test_without_an_app_token_it_only_tells(slack: FakeSlack, history: Path) -> None:
    with Talk(slack, history, app_token="").on() as talk:
        assert slack.sockets == 0
        assert [block for block in talk.message["blocks"] if block["type"] == "actions"] == []
