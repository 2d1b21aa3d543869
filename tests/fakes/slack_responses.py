"""Response urls of the fake Slack: no token, five answers within half an hour (S2)."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack_chat import Chat
from tests.fakes.slack_store import Store
from tests.fakes.slack_wire import Answer

_MOST = 5


@dataclass(eq=False)
class ResponseUrl:
    """Where one person's command or press may be answered, and what was answered so far.

    `message_ts` is the message that was pressed; a command has none.
    """

    address: str
    channel: str
    person: str
    message_ts: str = ""
    answers: list[dict[str, Any]] = field(default_factory=list)
    minted_at: float = field(default_factory=time.monotonic)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def answered(self, payload: dict[str, Any]) -> None:
        with self._changed:
            self.answers.append(payload)
            self._changed.notify_all()

    def wait(self, timeout: float, nth: int) -> dict[str, Any]:
        """The nth answer. Raises AssertionError when there are not so many in time (seconds)."""
        with self._changed:
            come = self._changed.wait_for(lambda: len(self.answers) >= nth, timeout)
            assert come, f"{len(self.answers)} answers within {timeout} s, not {nth}"
            return self.answers[nth - 1]


class ResponseUrls:
    """All that were handed out. `lifetime` is in seconds."""

    def __init__(self, address: str, store: Store, chat: Chat) -> None:
        self.lifetime = 1800.0
        self._address = address
        self._store = store
        self._chat = chat
        self._urls: dict[str, ResponseUrl] = {}

    def mint(self, channel: str, person: str, message_ts: str = "") -> ResponseUrl:
        """A new one."""
        name = secrets.token_hex(8)
        url = ResponseUrl(f"{self._address}/response/T01TEST/{name}", channel, person, message_ts)
        self._urls[name] = url
        return url

    def answer(self, name: str, payload: dict[str, Any]) -> Answer:
        """Take an answer and show it where it belongs."""
        url = self._urls.get(name)
        if url is None or time.monotonic() - url.minted_at >= self.lifetime:
            return Answer.refusal("expired_url", 404)
        if len(url.answers) >= _MOST:
            return Answer.refusal("used_url", 404)
        if wrong := self._refused(url, payload):
            return wrong
        self._show(url, payload)
        url.answered(payload)
        return Answer.text("ok")

    def _refused(self, url: ResponseUrl, payload: dict[str, Any]) -> Answer | None:
        if payload.get("delete_original"):
            return None
        if wrong := self._chat.faults(payload):
            return Answer.refusal("invalid_blocks", 400, errors=wrong)
        if payload.get("thread_ts") and not self._store.is_parent(url.channel, payload["thread_ts"]):
            return Answer.refusal("cannot_reply_to_message", 400)
        return None

    def _show(self, url: ResponseUrl, payload: dict[str, Any]) -> None:
        shown = {name: payload[name] for name in ("text", "blocks", "thread_ts") if payload.get(name)}
        original = self._store.find(url.message_ts)
        if original and payload.get("delete_original"):
            self._store.remove(url.message_ts)
        elif original and payload.get("replace_original"):
            original.message.update({"blocks": [], **shown})
        elif payload.get("response_type") == "in_channel":
            self._store.say(url.channel, shown)
        else:
            self._store.whisper(url.person, url.channel, shown)
