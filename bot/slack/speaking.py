"""Saying something now, in answer to somebody: paced as alerts are, and tried again where that is safe."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.facts.delivery import Message
from bot.slack.client import CallFailed, SlackApi
from bot.slack.faults import SPARED
from bot.slack.pacing import Pacing

_LOG = logging.getLogger(__name__)
_ATTEMPTS, _PATIENCE = 3, 20.0


@dataclass(frozen=True, slots=True)
class Speaking:
    """Posts answers that have no response_url."""

    api: SlackApi
    pacing: Pacing
    sleep: Callable[[float], None]

    def say(self, method: str, place: dict[str, Any], message: Message) -> None:
        """Post it; without its blocks where Slack will not have them. What cannot be said is logged."""
        content = {"text": message.text, "blocks": list(message.blocks)}
        for attempt in range(_ATTEMPTS):
            self.pacing.wait(str(place["channel"]))
            try:
                self.api.call(method, place | content)
            except CallFailed as failure:
                _LOG.error("an answer could not be given: %s", failure)
                if content["blocks"] and SPARED.get(failure.error) == "blocks":
                    content = {"text": message.text, "blocks": []}
                elif failure.outcome.retry and not failure.outcome.unsure:
                    self.sleep(min(failure.outcome.after_seconds, _PATIENCE) or 2.0**attempt)
                else:
                    return
            else:
                return

    def whisper(self, channel: str, user_id: str, message: Message, thread_ts: str = "") -> None:
        """For one person's eyes, in a channel; directly where there is none."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        if channel and not channel.startswith("D"):
            self.say("chat.postEphemeral", {"channel": channel, "user": user_id} | thread, message)
        else:
            self.say("chat.postMessage", {"channel": channel or user_id} | thread, message)
