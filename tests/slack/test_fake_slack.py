"""The fake Slack against a real Bolt app, over sockets and over signed HTTP (S12c)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from waitress.server import create_server

from tests.fakes.slack import ADA, APP_TOKEN, GRACE, SIGNING_SECRET, TOKEN, FakeSlack

BUTTON = {
    "type": "button",
    "action_id": "ask",
    "value": "inc_1",
    "text": {"type": "plain_text", "text": "Ask…"},
}
OPTIONS = [{"value": each, "text": {"type": "plain_text", "text": each}} for each in ("1h", "tomorrow")]
MENU = {"type": "static_select", "action_id": "snooze", "options": OPTIONS}
ROW = {"type": "actions", "elements": [BUTTON, MENU]}
NOTE = {
    "type": "input", "block_id": "note", "label": {"type": "plain_text", "text": "Note"},
    "element": {"type": "plain_text_input", "action_id": "note"},
}  # fmt: skip
FORM = {
    "type": "modal", "callback_id": "noted", "title": {"type": "plain_text", "text": "Note"},
    "submit": {"type": "plain_text", "text": "Save"}, "blocks": [NOTE],
}  # fmt: skip


def bolt(fake: FakeSlack) -> App:
    """An app that answers everything."""
    app = App(client=WebClient(TOKEN, fake.api_url, retry_handlers=[]), signing_secret=SIGNING_SECRET)
    app.command("/claude-spend")(_on_command)
    app.action("ask")(_on_press)
    app.action("snooze")(_on_choice)
    app.view("noted")(_on_form)
    app.event("app_mention")(_on_mention)
    app.event("message")(_on_mention)
    app.event("app_home_opened")(_on_home)
    return app


def _on_command(ack: Callable[..., Any], respond: Callable[..., Any], command: dict[str, Any]) -> None:
    ack()
    respond(f"{command['user_name']} asked {command['text']}", response_type="in_channel")


def _on_press(ack: Callable[..., Any], client: WebClient, body: dict[str, Any]) -> None:
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=FORM)


def _on_choice(ack: Callable[..., Any], respond: Callable[..., Any], action: dict[str, Any]) -> None:
    ack()
    respond(action["selected_option"]["value"], replace_original=True)


def _on_form(ack: Callable[..., Any], view: dict[str, Any]) -> None:
    said = view["state"]["values"]["note"]["note"]["value"]
    ack() if said == "meant" else ack(response_action="errors", errors={"note": f"Not {said}."})


def _on_mention(ack: Callable[..., Any], say: Callable[..., Any], event: dict[str, Any]) -> None:
    ack()
    say(f"heard in {event['channel']}", thread_ts=event.get("thread_ts") or event["ts"])


def _on_home(ack: Callable[..., Any], client: WebClient, event: dict[str, Any]) -> None:
    ack()
    client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [ROW]})


@contextmanager
def over_a_socket(fake: FakeSlack) -> Iterator[None]:
    handler = SocketModeHandler(bolt(fake), APP_TOKEN, ping_interval=0.2)
    handler.connect()  # type: ignore[no-untyped-call] # of slack_bolt
    fake.wait_for_socket()
    yield
    handler.close()  # type: ignore[no-untyped-call] # of slack_bolt


@contextmanager
def over_http(fake: FakeSlack) -> Iterator[None]:
    server = create_server(SlackRequestHandler(bolt(fake)), host="127.0.0.1", port=0, threads=2)
    thread = Thread(target=server.run)
    thread.start()
    port = server.effective_port  # type: ignore[union-attr] # one address makes one server
    fake.request_url = f"http://127.0.0.1:{port}/slack/events"
    yield
    server.close()
    thread.join()


@pytest.fixture(scope="module", params=[over_a_socket, over_http], ids=["over a socket", "over HTTP"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeSlack]:
    """A workspace whose app listens."""
    with FakeSlack() as fake, request.param(fake):
        yield fake


@pytest.fixture(scope="module")
def client(fake: FakeSlack) -> WebClient:
    return WebClient(TOKEN, fake.api_url, retry_handlers=[])


def until(known: Callable[[], bool]) -> None:
    """Wait for what the app does after its acknowledgement."""
    deadline = time.monotonic() + 5
    while not known():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_command_is_acknowledged_and_answered(fake: FakeSlack) -> None:
    event = fake.command("today", user=GRACE)
    assert event.wait_ack() < 3
    assert event.wait_answer()["text"] == "grace asked today"
    assert fake.answers(event) == event.answers
    assert fake.store.posts[-1]["text"] == "grace asked today"


def test_a_response_url_takes_five_answers_that_slack_can_show(fake: FakeSlack) -> None:
    event = fake.command("today")
    event.wait_answer()
    assert event.response
    url = WebhookClient(event.response.address, retry_handlers=[])
    assert url.send(text="<!channel>").status_code == 400
    assert [url.send(text="more").status_code for _ in range(5)] == [200, 200, 200, 200, 404]
    assert event.wait_answer(nth=5)["text"] == "more"
    assert fake.store.ephemerals[ADA][-1]["text"] == "more"


def test_a_press_opens_a_form_that_says_what_is_wrong_with_it(fake: FakeSlack, client: WebClient) -> None:
    post = client.chat_postMessage(channel="C01ALERTS", text="an alert", blocks=[ROW])
    known = len(fake.views.opened)
    fake.press({"ts": post["ts"]}, "ask", value="inc_1").wait_ack()
    until(lambda: len(fake.views.opened) > known)
    refused_form = fake.submit(fake.view, ADA, {"note": {"note": {"value": "so"}}})
    refused_form.wait_ack()
    assert refused_form.ack == {"response_action": "errors", "errors": {"note": "Not so."}}
    taken = fake.submit(fake.view, ADA, {"note": {"note": {"value": "meant"}}})
    taken.wait_ack()
    assert taken.ack == {}
    with pytest.raises(AssertionError, match="must be filled in"):
        fake.submit(fake.view, ADA, {})
    with pytest.raises(AssertionError, match="there is no 'ask'"):
        fake.press({"ts": post["ts"]}, "ask", value="inc_2")


def test_a_choice_replaces_the_message(fake: FakeSlack, client: WebClient) -> None:
    post = client.chat_postMessage(channel="C01ALERTS", text="an alert", blocks=[ROW])
    event = fake.press({"ts": post["ts"]}, "snooze", selected_option="tomorrow")
    assert event.wait_answer()["text"] == "tomorrow"
    assert event.payload["state"]["values"]["b0"]["snooze"]["selected_option"] == OPTIONS[1]
    found = fake.store.find(post["ts"])
    assert found
    assert (found.message["text"], found.message["blocks"]) == ("tomorrow", [])


def test_what_is_said_to_the_bot_is_answered_in_its_thread(fake: FakeSlack) -> None:
    for event, channel in (
        (fake.mention("today"), "C01ALERTS"),
        (fake.direct_message("today"), "D01ADALOVE"),
    ):
        assert event.wait_ack() < 3
        ts = event.payload["event"]["ts"]
        until(lambda ts=ts: len(fake.store.replies(ts)) == 1)  # type: ignore[misc]
        assert fake.store.replies(ts)[0]["text"] == f"heard in {channel}"


def test_an_event_can_come_again(fake: FakeSlack) -> None:
    event = fake.mention("today")
    event.wait_ack()
    again = fake.redeliver(event)
    again.wait_ack()
    assert again.id != event.id
    assert again.payload["event_id"] == event.payload["event_id"]
    assert again.envelope["retry_attempt"] == 1


def test_a_home_is_published_and_pressed(fake: FakeSlack) -> None:
    fake.open_home(GRACE).wait_ack()
    until(lambda: GRACE in fake.views.homes)
    assert fake.home(GRACE)["blocks"] == [ROW]
    event = fake.press_home(GRACE, "ask")
    event.wait_ack()
    assert event.payload["view"]["id"] == fake.home(GRACE)["id"]
    assert "response_url" not in event.payload


def test_what_nobody_listens_to_is_not_acknowledged(fake: FakeSlack) -> None:
    fake.open_home(ADA).wait_ack()
    until(lambda: ADA in fake.views.homes)
    fake.home(ADA)["blocks"][0]["elements"][0]["action_id"] = "unknown"
    with pytest.raises(AssertionError, match="no acknowledgement"):
        fake.press_home(ADA, "unknown").wait_ack(0.3)


def test_sockets_come_and_go() -> None:
    with FakeSlack() as fake, over_a_socket(fake):
        fake.link.refresh("warning")
        fake.wait_for_socket(nth=2)
        assert fake.command("today").wait_ack() < 3
        fake.link.refresh()
        fake.wait_for_socket(nth=3)
        assert fake.command("today").wait_ack() < 3
        fake.link.hang_up()
        fake.wait_for_socket(nth=4)
        assert fake.command("today").wait_ack() < 3
        assert fake.sockets == 1


@pytest.mark.parametrize(
    ("token", "error"),
    [
        pytest.param("xapp-wrong", "invalid_auth", id="a wrong token"),
        pytest.param(TOKEN, "not_allowed_token_type", id="the bot's token"),
    ],
)
def test_a_socket_needs_the_apps_token(token: str, error: str) -> None:
    with FakeSlack() as fake, pytest.raises(SlackApiError, match=error):
        WebClient(token, fake.api_url, retry_handlers=[]).apps_connections_open(app_token=token)
    assert fake.sockets == 0


def test_without_a_socket_nothing_can_be_sent() -> None:
    with FakeSlack() as fake, pytest.raises(AssertionError, match="0 sockets were opened"):
        fake.wait_for_socket(0.01)
