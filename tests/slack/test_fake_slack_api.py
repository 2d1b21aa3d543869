"""The Web API of the fake Slack, asked by slack_sdk (S3 to S7)."""

import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import APP_TOKEN, GRACE, OPS, TOKEN, FakeSlack, refused

ALERTS = "C01ALERTS"
HOME = {"type": "home", "blocks": [{"type": "divider"}]}
PAGE = {"type": "modal", "title": {"type": "plain_text", "text": "Why?"}, "blocks": [{"type": "divider"}]}
MARK = {"event_type": "claude_spend_alert", "event_payload": {"delivery_id": "dlv_1"}}


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(TOKEN, slack.api_url, retry_handlers=[])


def error(call: Any, **arguments: Any) -> str:
    """The word with which a call is refused."""
    with pytest.raises(SlackApiError) as refusal:
        call(**arguments)
    return str(refusal.value.response["error"])


def test_replies_stay_in_their_thread(slack: FakeSlack, client: WebClient) -> None:
    parent = client.chat_postMessage(channel=ALERTS, text="alert", metadata=MARK)["ts"]
    reply = client.chat_postMessage(channel=ALERTS, text="details", thread_ts=parent, metadata=MARK)["ts"]
    client.chat_update(channel=ALERTS, ts=reply, text="more details")
    assert [post["text"] for post in slack.store.posts] == ["alert"]
    assert [said["text"] for said in slack.store.replies(parent)] == ["more details"]
    assert [each["ts"] for each in client.conversations_history(channel=ALERTS)["messages"]] == [parent]
    found = client.conversations_replies(channel=ALERTS, ts=parent, include_all_metadata=True)["messages"]
    assert [(each["text"], each["metadata"], each["thread_ts"]) for each in found] == [
        ("alert", MARK, parent),
        ("more details", MARK, parent),
    ]
    client.chat_postMessage(channel=ALERTS, text="over", thread_ts=parent, reply_broadcast=True)
    newest = client.conversations_history(channel=ALERTS)["messages"][0]
    assert (newest["text"], newest["subtype"]) == ("over", "thread_broadcast")
    post = client.chat_postMessage
    assert error(post, channel=ALERTS, text="no", thread_ts=reply) == "cannot_reply_to_message"
    assert error(client.conversations_replies, channel=ALERTS, ts=reply) == "thread_not_found"


def test_what_one_person_sees_is_no_post(slack: FakeSlack, client: WebClient) -> None:
    client.chat_postEphemeral(channel=ALERTS, user=GRACE, text="only you")
    assert slack.store.posts == []
    (seen,) = slack.store.ephemerals[GRACE]
    assert (seen["text"], seen["channel"]) == ("only you", ALERTS)
    assert client.chat_postMessage(channel=GRACE, text="hello")["channel"] == "D02GRACE"


def test_people_and_groups(client: WebClient) -> None:
    grace = client.users_info(user=GRACE)["user"]
    assert (grace["real_name"], grace["tz"]) == ("Grace", "America/New_York")
    assert client.users_lookupByEmail(email=grace["profile"]["email"])["user"]["id"] == GRACE
    assert client.usergroups_users_list(usergroup=OPS)["users"] == [GRACE]
    assert error(client.users_info, user="U9") == "user_not_found"


def test_a_trigger_opens_one_view(slack: FakeSlack, client: WebClient) -> None:
    trigger = slack.views.trigger()
    assert error(client.views_open, trigger_id=trigger, view=HOME) == "invalid_arguments"
    view = client.views_open(trigger_id=trigger, view=PAGE)["view"]
    assert error(client.views_open, trigger_id=trigger, view=PAGE) == "exchanged_trigger_id"
    assert error(client.views_open, trigger_id="1.2.3", view=PAGE) == "expired_trigger_id"
    renamed = {**PAGE, "title": {"type": "plain_text", "text": "Because"}}
    client.views_update(view_id=view["id"], hash=view["hash"], view=renamed)
    assert slack.view["title"]["text"] == "Because"
    assert error(client.views_update, view_id=view["id"], hash=view["hash"], view=PAGE) == "hash_conflict"


def test_a_home_is_kept_for_each_person(slack: FakeSlack, client: WebClient) -> None:
    client.views_publish(user_id=GRACE, view=HOME)
    assert slack.home(GRACE)["blocks"] == HOME["blocks"]
    assert list(slack.views.homes) == [GRACE]


def test_a_picture_can_be_shown_once_it_was_looked_through(slack: FakeSlack, client: WebClient) -> None:
    slack.files.polls_until_ready = 2
    file_id = client.files_upload_v2(content=b"png", filename="chart.png", alt_txt="a peak")["file"]["id"]
    picture = {"type": "image", "alt_text": "a peak", "slack_file": {"id": file_id}}
    post: dict[str, Any] = {"channel": ALERTS, "text": "alert", "blocks": [{"type": "divider"}, picture]}
    with pytest.raises(SlackApiError) as refusal:
        client.chat_postMessage(**post)
    assert refusal.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/1/slack_file]"]
    kinds = [client.files_info(file=file_id)["file"]["mimetype"] for _ in range(3)]
    assert kinds == ["", "", "image/png"]
    assert client.chat_postMessage(**post)["ok"]
    assert slack.files.files[file_id].content == b"png"


def test_a_file_may_come_in_a_form_and_go_to_a_thread(slack: FakeSlack, client: WebClient) -> None:
    parent = client.chat_postMessage(channel=ALERTS, text="alert")["ts"]
    begun = client.files_getUploadURLExternal(filename="chart.png", length=3)
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="c.png"\r\n\r\npng\r\n--x--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    with urllib.request.urlopen(urllib.request.Request(begun["upload_url"], form, kind)) as answer:  # noqa: S310
        assert answer.read() == b"OK - 3"
    files = [{"id": begun["file_id"], "title": "chart"}]
    client.files_completeUploadExternal(files=files, channel_id=ALERTS, thread_ts=parent)
    assert [each["files"] for each in slack.store.replies(parent)] == [files]
    assert slack.files.files[begun["file_id"]].content == b"png"


@pytest.mark.parametrize("method", ["views.publish", "files.info", "users.info", "chat.postEphemeral"])
def test_every_method_can_fail(slack: FakeSlack, client: WebClient, method: str) -> None:
    slack.fail(method, refused("fatal_error"))
    assert error(client.api_call, api_method=method) == "fatal_error"


@pytest.mark.parametrize(
    ("token", "word"),
    [
        pytest.param("", "not_authed", id="none"),
        pytest.param("xoxb-wrong", "invalid_auth", id="a wrong one"),
        pytest.param(APP_TOKEN, "not_allowed_token_type", id="the app's"),
    ],
)
def test_the_web_api_needs_the_bots_token(slack: FakeSlack, token: str, word: str) -> None:
    assert error(WebClient(token, slack.api_url, retry_handlers=[]).auth_test) == word
