"""What the fake Slack keeps: channels and messages, and what its methods do with them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.slack.limits import faults

BOT = {"bot_id": "B01BOT", "user": "U01BOT", "app_id": "A01APP"}


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def ok(cls, **fields: Any) -> Self:
        return cls(200, json.dumps({"ok": True, **fields}))

    @classmethod
    def refusal(cls, error: str, **more: Any) -> Self:
        return cls(200, json.dumps({"ok": False, "error": error, **more}))

    def all_headers(self) -> dict[str, str]:
        length = str(len(self.body.encode()))
        return {"Content-Type": self.content_type, "Content-Length": length, **self.headers}


class Store:
    """Channels by id, and the messages in them as Slack would give them back."""

    def __init__(self, start: float) -> None:
        self.channels = {"C01ALERTS": "ai-spend", "C02SECOND": "general", "D01ADALOVE": "ada"}
        self.people = {"ada@example.com": "U01ADALOVE"}
        self.messages: dict[str, list[dict[str, Any]]] = {channel: [] for channel in self.channels}
        self.updates: list[dict[str, Any]] = []
        self.webhook_posts: list[dict[str, Any]] = []
        self.page = 200
        self._start = start
        self._said = 0

    @property
    def posts(self) -> list[dict[str, Any]]:
        """All messages, as they read now, in the order they were posted."""
        return sorted((m for channel in self.messages.values() for m in channel), key=lambda m: str(m["ts"]))

    def carry_out(self, method: str, arguments: dict[str, Any]) -> Answer:
        methods: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "api.test": lambda args: Answer.ok(args=args),
            "auth.test": lambda _: Answer.ok(bot_id=BOT["bot_id"], user_id=BOT["user"], team="Test"),
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.list": self._list,
            "conversations.open": self._open,
            "users.lookupByEmail": self._look_up,
        }
        if method not in methods:
            return Answer.refusal("unknown_method")
        return methods[method](arguments)

    def _look_up(self, args: dict[str, Any]) -> Answer:
        person = self.people.get(args["email"])
        return Answer.ok(user={"id": person}) if person else Answer.refusal("users_not_found")

    def _open(self, args: dict[str, Any]) -> Answer:
        return Answer.ok(channel={"id": f"D{args['users'][1:]}"})

    def webhook(self, body: dict[str, Any]) -> Answer:
        if faults(body.get("text", ""), body.get("blocks") or []):
            return Answer(400, "invalid_blocks", "text/plain")
        self.webhook_posts.append(body)
        return Answer(200, "ok", "text/plain")

    def say(self, channel: str, message: dict[str, Any], author: dict[str, str] = BOT) -> str:
        """Put a message into a channel; also for what other people say there."""
        self._said += 1
        ts = f"{self._start + self._said / 1_000_000:.6f}"
        self.messages[channel].append({"type": "message", "ts": ts, **author, **message})
        return ts

    def _post(self, args: dict[str, Any]) -> Answer:
        channel = self._channel(args["channel"])
        if channel is None:
            return Answer.refusal("channel_not_found")
        if wrong := self._refused(args):
            return wrong
        kept = {name: args[name] for name in ("text", "blocks", "metadata") if args.get(name)}
        return Answer.ok(channel=channel, ts=self.say(channel, kept))

    def _update(self, args: dict[str, Any]) -> Answer:
        """Editing takes the channel's id only."""
        if args["channel"] not in self.channels:
            return Answer.refusal("channel_not_found")
        found = [m for m in self.messages[args["channel"]] if m["ts"] == args["ts"]]
        if not found or found[0]["bot_id"] != BOT["bot_id"]:
            return Answer.refusal("cant_update_message" if found else "message_not_found")
        if wrong := self._refused(args):
            return wrong
        self.updates.append(args)
        found[0].update({name: args[name] for name in ("text", "blocks", "metadata") if name in args})
        return Answer.ok(channel=args["channel"], ts=args["ts"])

    def _history(self, args: dict[str, Any]) -> Answer:
        if args["channel"] not in self.channels:
            return Answer.refusal("channel_not_found")
        since = float(args.get("oldest") or 0)
        known = [m for m in reversed(self.messages[args["channel"]]) if float(m["ts"]) >= since]
        begin, size = int(args.get("cursor") or 0), min(int(args.get("limit") or 100), self.page)
        more = begin + size < len(known)
        messages = [_shown(m, args) for m in known[begin : begin + size]]
        cursor = {"next_cursor": str(begin + size) if more else ""}
        return Answer.ok(messages=messages, has_more=more, response_metadata=cursor)

    def _list(self, _: dict[str, Any]) -> Answer:
        channels = [{"id": known, "name": name} for known, name in self.channels.items()]
        return Answer.ok(channels=channels, response_metadata={"next_cursor": ""})

    def _channel(self, asked: str) -> str | None:
        """Posting takes an id or a name."""
        by_name = {name: known for known, name in self.channels.items()}
        return asked if asked in self.channels else by_name.get(asked.removeprefix("#"))

    @staticmethod
    def _refused(args: dict[str, Any]) -> Answer | None:
        if not args.get("text") and not args.get("blocks"):
            return Answer.refusal("no_text")
        wrong = faults(args.get("text", ""), args.get("blocks") or [])
        return Answer.refusal("invalid_blocks", errors=wrong) if wrong else None


def _shown(message: dict[str, Any], args: dict[str, Any]) -> dict[str, Any]:
    """The payload of metadata is given only to those who ask for it."""
    if "metadata" not in message or str(args.get("include_all_metadata")) in {"1", "True", "true"}:
        return message
    return {**message, "metadata": {"event_type": message["metadata"]["event_type"]}}
