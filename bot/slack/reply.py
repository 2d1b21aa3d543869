"""Answering at a response_url: five posts within half an hour, no token (S2)."""

import logging
from collections.abc import Callable
from typing import Any, Literal

from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.facts.delivery import Message
from bot.slack.faults import SPARED
from bot.slack.trouble import SILENT, TIMEOUT, TROUBLE, retry_after

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 3
_PATIENCE = 20.0


class Replies:
    """Posts answers where Slack said they belong. An answer of unknown fate is repeated.

    It is seen by one person, or is asked to be shared: twice is better than not at all.
    """

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._sleep = sleep

    def send(self, url: str, message: Message, *, share: bool = False) -> bool:
        """Post it beside the message that was pressed, or where the command was typed; whether it arrived."""
        body = {
            "text": message.text,
            "blocks": list(message.blocks),
            "response_type": "in_channel" if share else "ephemeral",
            "replace_original": False,
        }
        for attempt in range(_ATTEMPTS):
            answer = self._post(url, body)
            match _verdict(answer):
                case "ok":
                    return True
                case "blocks":
                    _LOG.error(
                        "an answer was sent without its blocks: %s", answer.body[:200] if answer else ""
                    )
                    body = {name: value for name, value in body.items() if name != "blocks"}
                case "late":
                    return False
                case _:
                    asked = retry_after(answer.headers) if answer else 0.0
                    self._sleep(min(asked, _PATIENCE) or 2.0**attempt)
        return False

    @staticmethod
    def _post(url: str, body: dict[str, Any]) -> WebhookResponse | None:
        """What came back; None for a broken connection. The address is a secret of its own: not logged."""
        try:
            return WebhookClient(url, timeout=TIMEOUT, retry_handlers=[], logger=SILENT).send_dict(body)
        except TROUBLE as error:
            _LOG.warning("an answer could not be posted (%s)", type(error).__name__)
            return None


def _verdict(answer: WebhookResponse | None) -> Literal["ok", "blocks", "late", "again"]:
    """What became of an answer: Slack says "ok", or JSON, with or without a status that fits."""
    if answer is None or answer.status_code == 429 or answer.status_code >= 500:
        return "again"
    if any(word in answer.body for word in SPARED):
        return "blocks"
    if answer.status_code == 200 and '"ok":false' not in answer.body.replace(" ", ""):
        return "ok"
    _LOG.warning("an answer came too late, or once too often (HTTP %d)", answer.status_code)
    return "late"
