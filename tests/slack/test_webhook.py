import logging

import pytest

from bot.facts.delivery import NotSent, Sent
from bot.slack.webhook import WebhookSender
from tests.fakes.slack import (
    DROP_AFTER,
    DROP_BEFORE,
    HTML_500,
    WEBHOOK_PATH,
    FakeSlack,
    Fault,
    throttled,
)
from tests.slack.deliveries import BROKEN, delivery


def word(status: int, body: str) -> Fault:
    return Fault(status, body, "text/plain")


def test_a_post(slack: FakeSlack) -> None:
    sender = WebhookSender(slack.webhook_url)
    assert not sender.edits
    assert sender.send(delivery()) == Sent()
    (body,) = slack.store.webhook_posts
    assert body["text"] == delivery().message.text
    assert body["blocks"] == list(delivery().message.blocks)


@pytest.mark.parametrize(
    ("fault", "retry", "unsure", "after", "words"),
    [
        pytest.param(throttled("7"), True, False, 7.0, "slow down", id="too many"),
        pytest.param(HTML_500, True, True, 0.0, "HTTP 500", id="an error page"),
        pytest.param(DROP_BEFORE, True, True, 0.0, "RemoteDisconnected", id="a dropped connection"),
        pytest.param(
            DROP_AFTER, True, True, 0.0, "RemoteDisconnected", id="a connection dropped after it was stored"
        ),
        pytest.param(word(200, "<html>"), True, True, 0.0, "HTTP 200", id="somebody else's page"),
        pytest.param(word(404, "no_service"), False, False, 0.0, "SLACK_WEBHOOK_URL", id="a revoked address"),
        pytest.param(word(410, "channel_is_archived"), False, False, 0.0, "slack.channel", id="archived"),
        pytest.param(word(403, "<html>"), False, False, 0.0, "HTTP 403", id="a refusal without a word"),
    ],
)
def test_trouble(
    slack: FakeSlack,
    caplog: pytest.LogCaptureFixture,
    *,
    fault: Fault,
    retry: bool,
    unsure: bool,
    after: float,
    words: str,
) -> None:
    slack.fail("webhook", fault)
    with caplog.at_level(logging.DEBUG):
        outcome = WebhookSender(slack.webhook_url).send(delivery())
    assert isinstance(outcome, NotSent)
    assert (outcome.retry, outcome.unsure, outcome.after_seconds) == (retry, unsure, after)
    assert words in outcome.error
    assert WEBHOOK_PATH not in outcome.error + caplog.text
    assert len(slack.calls) == 1


@pytest.mark.parametrize(
    ("url", "retry"),
    [
        pytest.param("http://127.0.0.1:9/services/s3cr3t", True, id="nobody listens"),
        pytest.param("http://127.0.0.1:9/services/ s3cr3t", False, id="an address with a gap"),
        pytest.param("hooks.slack.com/services/s3cr3t", False, id="an address without its beginning"),
    ],
)
def test_a_wrong_address_is_not_repeated(caplog: pytest.LogCaptureFixture, *, url: str, retry: bool) -> None:
    outcome = WebhookSender(url).send(delivery())
    assert isinstance(outcome, NotSent)
    assert (outcome.retry, outcome.unsure) == (retry, False)
    assert "s3cr3t" not in outcome.error + caplog.text


def test_refused_blocks_leave_the_plain_words(slack: FakeSlack, caplog: pytest.LogCaptureFixture) -> None:
    assert WebhookSender(slack.webhook_url).send(delivery(message=BROKEN)) == Sent()
    (body,) = slack.store.webhook_posts
    assert body["text"] == "plain words"
    assert "blocks" not in body
    assert "sent without its blocks" in caplog.text


def test_words_that_are_refused_too(slack: FakeSlack) -> None:
    slack.fail("webhook", word(400, "invalid_payload"), word(400, "invalid_payload"))
    outcome = WebhookSender(slack.webhook_url).send(delivery())
    assert isinstance(outcome, NotSent)
    assert not outcome.retry
    assert len(slack.calls) == 2
