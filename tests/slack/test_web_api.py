import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.facts.delivery import Delivery, NotSent, Sent
from bot.slack.web_api import SlackSender
from tests.fakes.incidents import START
from tests.fakes.slack import (
    DROP_AFTER,
    DROP_BEFORE,
    HTML_500,
    JSON_503,
    LOST_500,
    TEXT_504,
    TOKEN,
    FakeSlack,
    Fault,
    refused,
    slow,
    throttled,
)
from tests.slack.deliveries import BROKEN, delivery, sender_to

STRANGER = {"bot_id": "B99OTHER", "user": "U99OTHER"}


@pytest.fixture
def sender(slack: FakeSlack) -> SlackSender:
    return sender_to(slack.api_url)


@pytest.fixture(autouse=True)
def token_is_never_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG):
        yield
    assert TOKEN not in caplog.text


def unsent(sender: SlackSender, what: Delivery) -> NotSent:
    outcome = sender.send(what)
    assert isinstance(outcome, NotSent)
    assert TOKEN not in outcome.error
    return outcome


def test_a_post(slack: FakeSlack, sender: SlackSender) -> None:
    outcome = sender.send(delivery())
    (post,) = slack.store.posts
    assert outcome == Sent(post["ts"])
    assert post["text"] == delivery().message.text
    assert post["blocks"] == list(delivery().message.blocks)
    payload = {"delivery_id": "dlv_1", "incident_id": "inc_7f3a"}
    assert post["metadata"] == {"event_type": "claude_spend_alert", "event_payload": payload}
    (call,) = slack.called("chat.postMessage")
    assert (call["unfurl_links"], call["unfurl_media"]) == (False, False)


def test_an_update_of_the_living_message(slack: FakeSlack, sender: SlackSender) -> None:
    first = sender.send(delivery())
    assert isinstance(first, Sent)
    news = replace(delivery().message, text="it is over", blocks=())
    assert sender.send(delivery(id="dlv_2", ts=first.ts, message=news)) == first
    (post,) = slack.store.posts
    assert (post["text"], post["blocks"]) == ("it is over", [])
    assert post["metadata"]["event_payload"]["delivery_id"] == "dlv_1"


@pytest.mark.parametrize("channel", ["#ai-spend", "ai-spend"])
def test_a_channel_may_be_given_by_name(slack: FakeSlack, sender: SlackSender, channel: str) -> None:
    first = sender.send(delivery(channel=channel))
    assert isinstance(first, Sent)
    assert sender.send(delivery(channel=channel, ts=first.ts)) == first
    assert slack.called("conversations.list") == []
    after_a_restart = sender_to(slack.api_url)
    assert after_a_restart.send(delivery(channel=channel, ts=first.ts)) == first
    assert after_a_restart.send(delivery(channel=channel, unsure=True)) == first
    assert len(slack.called("conversations.list")) == 1
    assert len(slack.store.updates) == 2


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refused("message_not_found"), id="it was deleted"),
        pytest.param(refused("edit_window_closed"), id="it is too old to be edited"),
        pytest.param(refused("cant_update_message"), id="it is another bot's"),
        pytest.param(refused("is_inactive"), id="it is gone"),
    ],
)
def test_a_message_that_cannot_be_edited_is_posted_anew(
    slack: FakeSlack, sender: SlackSender, fault: Fault
) -> None:
    slack.fail("chat.update", fault)
    outcome = sender.send(delivery(ts="1795053600.000009"))
    (post,) = slack.store.posts
    assert outcome == Sent(post["ts"])


@pytest.mark.parametrize(
    "ts", [pytest.param("", id="a post"), pytest.param("1795053600.000009", id="an update")]
)
@pytest.mark.parametrize(
    ("fault", "retry", "unsure", "after"),
    [
        pytest.param(throttled("30"), True, False, 30.0, id="429 with a wait"),
        pytest.param(throttled("soon"), True, False, 0.0, id="429 with a wait that is no number"),
        pytest.param(throttled("9" * 500), True, False, 3600.0, id="429 with an absurd wait"),
        pytest.param(refused("rate_limited"), True, False, 0.0, id="too many, said in JSON"),
        pytest.param(refused("message_limit_exceeded"), True, False, 0.0, id="too many messages"),
        pytest.param(HTML_500, True, True, 0.0, id="500 in HTML"),
        pytest.param(JSON_503, True, True, 0.0, id="503 in JSON"),
        pytest.param(TEXT_504, True, True, 0.0, id="504 in text"),
        pytest.param(DROP_BEFORE, True, True, 0.0, id="the connection drops"),
        pytest.param(refused("internal_error"), True, True, 0.0, id="an internal error"),
        pytest.param(refused("request_timeout"), True, True, 0.0, id="a timeout of theirs"),
        pytest.param(Fault(body="<html>login"), True, True, 0.0, id="somebody else's page"),
        pytest.param(Fault(body="[]"), True, True, 0.0, id="JSON that is no object"),
        pytest.param(Fault(body='{"ok": true'), True, True, 0.0, id="half an answer"),
        pytest.param(
            Fault(body="\xff", content_type="text/html; charset=ascii"),
            True,
            True,
            0.0,
            id="not in its charset",
        ),
        pytest.param(
            Fault(content_type="text/html; charset=klingon"), True, True, 0.0, id="an unknown charset"
        ),
        pytest.param(refused("invalid_auth"), False, False, 0.0, id="a wrong token"),
        pytest.param(refused("token_expired"), False, False, 0.0, id="an expired token"),
        pytest.param(refused("not_in_channel"), False, False, 0.0, id="not invited"),
        pytest.param(refused("is_archived"), False, False, 0.0, id="an archived channel"),
        pytest.param(refused("msg_too_long"), False, False, 0.0, id="our mistake"),
        pytest.param(refused("new_word_of_2027"), False, False, 0.0, id="a word nobody knows yet"),
    ],
)
def test_trouble(
    slack: FakeSlack, sender: SlackSender, *, ts: str, fault: Fault, retry: bool, unsure: bool, after: float
) -> None:
    slack.fail("chat.update" if ts else "chat.postMessage", fault)
    outcome = unsent(sender, delivery(ts=ts))
    assert (outcome.retry, outcome.unsure, outcome.after_seconds) == (retry, unsure, after)
    assert "C01ALERTS" in outcome.error
    assert len(slack.calls) == 1


def test_a_missing_scope_is_named(slack: FakeSlack, sender: SlackSender) -> None:
    slack.fail("chat.postMessage", refused("missing_scope", needed="chat:write", provided="commands"))
    assert unsent(sender, delivery()).error == (
        "Slack refused chat.postMessage in C01ALERTS (missing_scope, needed chat:write, provided commands): "
        "add the missing scope to the app and reinstall it"
    )


def test_a_wrong_token_for_good(slack: FakeSlack) -> None:
    outcome = sender_to(slack.api_url, "xoxb-wrong").send(delivery())
    assert isinstance(outcome, NotSent)
    assert not outcome.retry
    assert "SLACK_BOT_TOKEN" in outcome.error


@pytest.mark.parametrize(
    ("token", "api_url", "retry", "words"),
    [
        pytest.param(
            "xoxb-s3cr3t", "http://127.0.0.1:9/api/", True, "cannot be reached", id="nobody listens"
        ),
        pytest.param("xoxb-\ns3cr3t", "http://127.0.0.1:9/api/", False, "stray", id="a token with a newline"),
        pytest.param("xoxb-\u2026s3cr3t", "http://127.0.0.1:9/api/", False, "stray", id="a token in Unicode"),
        pytest.param("xoxb-s3cr3t", "file:///etc/", False, "slack.api_url", id="an address that is not HTTP"),
        pytest.param(
            "xoxb-s3cr3t", "http://127.0.0.1:9/a b/", False, "slack.api_url", id="an address with a gap"
        ),
    ],
)
def test_nothing_was_sent(*, token: str, api_url: str, retry: bool, words: str) -> None:
    outcome = sender_to(api_url, token).send(delivery())
    assert isinstance(outcome, NotSent)
    assert (outcome.retry, outcome.unsure) == (retry, False)
    assert words in outcome.error
    assert "s3cr3t" not in outcome.error


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(LOST_500, id="an error page after it was stored"),
        pytest.param(DROP_AFTER, id="a connection dropped after it was stored"),
        pytest.param(slow(1.5), id="an answer that comes too late"),
        pytest.param(HTML_500, id="an error page before it was stored"),
        pytest.param(DROP_BEFORE, id="a connection dropped before it was stored"),
    ],
)
def test_an_unknown_outcome_gives_exactly_one_post(
    slack: FakeSlack, sender: SlackSender, fault: Fault
) -> None:
    slack.fail("chat.postMessage", fault)
    assert unsent(sender, delivery()).unsure
    after_a_restart = sender_to(slack.api_url)
    outcome = after_a_restart.send(delivery(unsure=True, attempts=1))
    (post,) = slack.store.posts
    assert outcome == Sent(post["ts"])


def test_it_is_found_behind_much_talk(slack: FakeSlack, sender: SlackSender) -> None:
    first = sender.send(delivery())
    slack.store.page = 3
    for at in range(10):
        slack.store.say("C01ALERTS", {"text": f"what is this {at}"}, STRANGER)
    assert sender.send(delivery(unsure=True)) == first
    assert len(slack.called("conversations.history")) == 4


def test_a_copy_by_somebody_else_is_not_ours(slack: FakeSlack, sender: SlackSender) -> None:
    payload = {"delivery_id": "dlv_1", "incident_id": "inc_7f3a"}
    metadata = {"event_type": "claude_spend_alert", "event_payload": payload}
    slack.store.say("C01ALERTS", {"text": "copy", "metadata": metadata}, STRANGER)
    outcome = sender.send(delivery(unsure=True))
    assert outcome == Sent(slack.store.posts[-1]["ts"])
    assert len(slack.store.posts) == 2


def test_another_delivery_is_not_this_one(slack: FakeSlack, sender: SlackSender) -> None:
    sender.send(delivery(id="dlv_0"))
    sender.send(delivery(unsure=True))
    assert len(slack.store.posts) == 2


def test_who_we_are_is_asked_once(slack: FakeSlack, sender: SlackSender) -> None:
    first = sender.send(delivery())
    assert sender.send(delivery(unsure=True)) == first
    assert sender.send(delivery(unsure=True)) == first
    assert len(slack.called("auth.test")) == 1


@pytest.mark.parametrize("error", ["missing_scope", "not_in_channel", "channel_not_found"])
def test_without_a_look_at_the_history_it_is_posted_all_the_same(
    slack: FakeSlack, sender: SlackSender, error: str
) -> None:
    slack.fail("conversations.history", refused(error))
    assert isinstance(sender.send(delivery(unsure=True)), Sent)
    assert len(slack.store.posts) == 1


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        pytest.param("conversations.history", throttled("10"), id="the history is throttled"),
        pytest.param("conversations.history", HTML_500, id="the history fails"),
        pytest.param("auth.test", throttled("10"), id="our own name is throttled"),
    ],
)
def test_while_the_look_back_fails_it_stays_unsure(
    slack: FakeSlack, sender: SlackSender, method: str, fault: Fault
) -> None:
    sender.send(delivery())
    slack.fail(method, fault)
    outcome = unsent(sender, delivery(unsure=True))
    assert outcome.retry
    assert outcome.unsure
    assert len(slack.store.posts) == 1


def test_an_old_delivery_is_looked_for_since_it_was_written(slack: FakeSlack, sender: SlackSender) -> None:
    sender.send(delivery(unsure=True))
    (question,) = slack.called("conversations.history")
    assert float(question["oldest"]) == START.timestamp() - 60


@pytest.mark.parametrize("ts", [pytest.param("", id="a post"), pytest.param("living", id="an update")])
def test_refused_blocks_leave_the_plain_words(
    slack: FakeSlack, sender: SlackSender, caplog: pytest.LogCaptureFixture, ts: str
) -> None:
    living = sender.send(delivery()) if ts else Sent()
    assert isinstance(living, Sent)
    assert isinstance(sender.send(delivery(message=BROKEN, ts=living.ts)), Sent)
    (post,) = slack.store.posts
    assert (post["text"], post.get("blocks", [])) == ("plain words", [])
    assert "sent with less of its blocks" in caplog.text


def test_refused_metadata_are_left_out(slack: FakeSlack, sender: SlackSender) -> None:
    slack.fail("chat.postMessage", refused("metadata_too_large"))
    assert isinstance(sender.send(delivery()), Sent)
    (post,) = slack.store.posts
    assert "metadata" not in post


def test_words_that_are_refused_too_are_not_tried_for_ever(slack: FakeSlack, sender: SlackSender) -> None:
    slack.fail("chat.postMessage", refused("invalid_blocks"), refused("invalid_blocks"))
    assert not unsent(sender, delivery()).retry
    assert len(slack.calls) == 2


def test_a_cyclic_cursor_ends(slack: FakeSlack, sender: SlackSender) -> None:
    page = Fault(body='{"ok": true, "messages": [], "response_metadata": {"next_cursor": "again"}}')
    slack.fail("conversations.history", page, page, page)
    assert isinstance(sender.send(delivery(unsure=True)), Sent)
    assert len(slack.called("conversations.history")) == 2


def test_names_that_cannot_be_looked_up_are_tried_as_they_are(slack: FakeSlack, sender: SlackSender) -> None:
    slack.fail("conversations.list", refused("missing_scope"))
    assert "channel_not_found" in unsent(sender, delivery(channel="#ai-spend", ts="1795053600.000009")).error


def test_it_can_edit(sender: SlackSender) -> None:
    assert sender.edits


def test_a_person_is_told_directly_and_their_message_is_rewritten(
    slack: FakeSlack, sender: SlackSender
) -> None:
    to_ada = replace(delivery(), channel="ada@example.com")
    outcome = sender.send(to_ada)
    assert isinstance(outcome, Sent)
    assert len(slack.store.messages["D01ADALOVE"]) == 1
    again = sender_to(slack.api_url)
    assert again.send(replace(to_ada, ts=outcome.ts)) == outcome
    assert [update["channel"] for update in slack.store.updates] == ["D01ADALOVE"]


def test_somebody_slack_does_not_know_is_named_with_the_remedy(slack: FakeSlack, sender: SlackSender) -> None:
    outcome = unsent(sender, replace(delivery(), channel="nobody@example.com"))
    assert (outcome.retry, "correct the e-mail address" in outcome.error) == (False, True)
    assert slack.store.posts == []
