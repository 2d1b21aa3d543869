"""Deliveries to send."""

from dataclasses import replace
from typing import Any

from bot.facts.delivery import Delivery, Message, Why
from bot.slack.messages import incident_message
from tests.fakes.incidents import DIRECTORY, START, runaway

BROKEN = Message("plain words", ({"type": "nonsense"},))
"""A message whose blocks Slack refuses."""


def delivery(**changes: Any) -> Delivery:
    """The runaway key's first alert, addressed to a channel by id, with `changes`."""
    message = incident_message(runaway(), DIRECTORY, Why.FIRST)
    first = Delivery("dlv_1", "inc_7f3a", Why.FIRST, "C01ALERTS", message, created_at=START)
    return replace(first, **changes)
