"""Deliveries to send."""

import time
from dataclasses import replace
from typing import Any

from bot.facts.delivery import Delivery, Message, Why
from bot.slack.client import SlackApi
from bot.slack.messages import incident_message
from bot.slack.pacing import Pacing
from bot.slack.web_api import SlackSender
from tests.fakes.incidents import DIRECTORY, START, runaway
from tests.fakes.slack import TOKEN

BROKEN = Message("plain words", ({"type": "nonsense"},))
"""A message whose blocks Slack refuses."""


def sender_to(api_url: str, token: str = TOKEN) -> SlackSender:
    """A sender that does not wait between messages, on a clock that stands still."""
    return SlackSender(SlackApi(token, api_url, timeout=1), Pacing(lambda: 0.0, lambda _: None), time.sleep)


def delivery(**changes: Any) -> Delivery:
    """The runaway key's first alert, addressed to a channel by id, with `changes`."""
    message = incident_message(runaway(), DIRECTORY, Why.FIRST)
    first = Delivery("dlv_1", "inc_7f3a", Why.FIRST, "C01ALERTS", message, created_at=START)
    return replace(first, **changes)
