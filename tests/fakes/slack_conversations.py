"""Reading in the fake Slack: channels, their history, and threads."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.fakes.slack_chat import is_true
from tests.fakes.slack_store import Message, Store, by_ts, direct_channel
from tests.fakes.slack_wire import Answer


class Conversations:
    """The `conversations.*` methods, over what the store keeps."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def methods(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        return {
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.list": self._list,
            "conversations.open": self._open,
        }

    def _history(self, args: dict[str, Any]) -> Answer:
        """Newest first; of threads only what was shown to the channel too."""
        if args["channel"] not in self._store.channels:
            return Answer.refusal("channel_not_found")
        parents = self._store.messages[args["channel"]]
        replies = (reply for parent in parents for reply in self._store.replies(parent["ts"]))
        shown = [reply for reply in replies if reply.get("subtype") == "thread_broadcast"]
        return self._page(_since(by_ts([*parents, *shown]), args)[::-1], args)

    def _replies(self, args: dict[str, Any]) -> Answer:
        """The parent, whatever was asked, and its thread, oldest first."""
        if args["channel"] not in self._store.channels:
            return Answer.refusal("channel_not_found")
        if not self._store.is_parent(args["channel"], args["ts"]):
            return Answer.refusal("thread_not_found")
        parent = [m for m in self._store.messages[args["channel"]] if m["ts"] == args["ts"]]
        return self._page([*parent, *_since(self._store.replies(args["ts"]), args)], args)

    def _list(self, _: dict[str, Any]) -> Answer:
        channels = [{"id": known, "name": name} for known, name in self._store.channels.items()]
        return Answer.ok(channels=channels, response_metadata={"next_cursor": ""})

    @staticmethod
    def _open(args: dict[str, Any]) -> Answer:
        return Answer.ok(channel={"id": direct_channel(args["users"])})

    def _page(self, found: Sequence[Message], args: dict[str, Any]) -> Answer:
        begin, size = int(args.get("cursor") or 0), min(int(args.get("limit") or 100), self._store.page)
        more = begin + size < len(found)
        messages = [self._shown(message, args) for message in found[begin : begin + size]]
        cursor = {"next_cursor": str(begin + size) if more else ""}
        return Answer.ok(messages=messages, has_more=more, response_metadata=cursor)

    def _shown(self, message: Message, args: dict[str, Any]) -> Message:
        """The payload of metadata is given only to those who ask for it."""
        thread = self._store.replies(message["ts"])
        shown = {**message, "thread_ts": message["ts"], "reply_count": len(thread)} if thread else message
        if "metadata" not in shown or is_true(args.get("include_all_metadata")):
            return shown
        return {**shown, "metadata": {"event_type": shown["metadata"]["event_type"]}}


def _since(messages: Sequence[Message], args: dict[str, Any]) -> list[Message]:
    oldest = float(args.get("oldest") or 0)
    return [message for message in messages if float(message["ts"]) >= oldest]
