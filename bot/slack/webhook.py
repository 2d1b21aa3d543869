"""Deliveries through an incoming webhook: one fixed channel, posts only (S11)."""

import logging
from typing import Any

from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.facts.delivery import Delivery, NotSent, Sent
from bot.slack.faults import SPARED, refusal, throttled, unanswered
from bot.slack.trouble import SILENT, TIMEOUT, TROUBLE, broken, retry_after

_LOG = logging.getLogger(__name__)
_CALL = "the incoming webhook"


class WebhookSender:
    """Posts every delivery as a message of its own: a webhook answers no `ts`, so nothing can be edited.

    Nor can a message be looked up: one whose fate is unknown is posted again (at least once).
    `url` is a secret and appears in no error and no log line.
    """

    edits = False

    def __init__(self, url: str, timeout: int = TIMEOUT) -> None:
        self._client = WebhookClient(url, timeout=timeout, retry_handlers=[], logger=SILENT)

    def send(self, delivery: Delivery) -> Sent | NotSent:
        """Post it. Trouble on the way comes back as NotSent, never as an exception."""
        body = {"text": delivery.message.text, "blocks": list(delivery.message.blocks), "unfurl_links": False}
        try:
            return self._post(body)
        except TROUBLE as error:
            return broken(error, _CALL)

    def _post(self, body: dict[str, Any]) -> Sent | NotSent:
        answer = self._client.send_dict(body)
        word = answer.body.strip()
        if answer.status_code == 400 and body.get("blocks") and (word in SPARED or word == "invalid_payload"):
            _LOG.error("sent without its blocks: %s refused them (%s)", _CALL, word)
            return self._post(body | {"blocks": None})
        return _outcome(answer, word)


def _outcome(answer: WebhookResponse, word: str) -> Sent | NotSent:
    if answer.status_code == 200 and word == "ok":
        return Sent()
    if answer.status_code == 429:
        return throttled(_CALL, retry_after(answer.headers))
    if 400 <= answer.status_code < 500:
        return refusal(_CALL, word if word.isidentifier() else f"HTTP {answer.status_code}")
    return unanswered(_CALL, f"HTTP {answer.status_code}")
