"""What people do in local-slack: type commands, press, fill in forms, mention the bot, open its home."""

import json
import time
from collections.abc import Mapping
from typing import Any

from tests.fakes import slack_elements
from tests.fakes.slack import ADA
from tests.peers.local_slack import ALERTS, APP, BOT, LocalSlack, Message

_HEARD_SECONDS = 3.0
"""So long Slack waits for an acknowledgement (S2)."""


class LocalPeople:
    """Each deed says after how many seconds the bot had heard of it, and fails when that is too late."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack

    def command(self, text: str, user: str = ADA) -> float:
        """Somebody types `/claude-spend TEXT`."""
        return self._do("command", channel=ALERTS, user=user, command="/claude-spend", text=text)

    def mention(self, text: str) -> float:
        """Ada mentions the bot."""
        return self._do("message", channel=ALERTS, user=ADA, text=f"<@{BOT}> {text}")

    def say_directly(self, text: str) -> float:
        """Ada writes to the bot alone: her id stands for their channel."""
        return self._do("message", channel=ADA, user=ADA, text=text)

    def open_home(self, user: str) -> float:
        """Somebody looks at the bot's home."""
        return self._do("open-home", user=user)

    def press(self, message: Message, action_id: str, user: str = ADA, **chosen: Any) -> float:
        """Somebody presses an element of a message; for `chosen` see `slack_elements.action`."""
        action = slack_elements.action(slack_elements.named(message["blocks"]), action_id, "", chosen)
        return self._do(
            "interact", channel=message["channel"], messageTs=message["ts"], user=user, action=action
        )

    def press_home(self, action_id: str, user: str) -> None:
        """Somebody presses a button of their home; nobody says when that was heard."""
        blocks = slack_elements.named(self._slack.home(user)["blocks"])
        action = slack_elements.action(blocks, action_id, "", {})
        press = {"t": "block_action", "channel": "", "messageTs": "", "appId": APP}
        with self._slack.page() as (page, _):
            page.send(json.dumps({**press, "user": user, "action": action}))

    def submit(self, user: str, **fields: Mapping[str, Any]) -> dict[str, str]:
        """Somebody sends the form that is open. What is then shown as wrong, by field; nothing if it closed.

        A field is named as its block, which here is also the name of its element; fields that are not named
        stay as they were opened.
        """
        with self._slack.page() as (page, state):
            (form,) = state["modalStack"]
            given = {name: {name: value} for name, value in fields.items()}
            values = slack_elements.filled(form["blocks"], given)
            page.send(json.dumps({"t": "view_submit", "user": user, "values": values}))
            while True:
                frame = json.loads(page.recv(_HEARD_SECONDS))
                if frame["t"] in {"view", "view_errors"}:
                    return dict(frame.get("errors", {}))

    def _do(self, deed: str, **what: Any) -> float:
        began = time.monotonic()
        self._slack.control(deed, what)
        took = time.monotonic() - began
        assert took < _HEARD_SECONDS, f"{deed} was not acknowledged in time"
        return took
