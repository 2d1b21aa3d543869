"""Writing in the fake Slack: posts, replies, edits, what one person sees, the webhook, and shared files."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.slack_files import Files
from tests.fakes.slack_store import BOT, Store
from tests.fakes.slack_wire import Answer
from tests.slack.limits import faults

_CONTENT = ("text", "blocks", "metadata")


class Chat:
    """The `chat.*` methods, over what the store keeps."""

    def __init__(self, store: Store, files: Files) -> None:
        self._store = store
        self._files = files

    def methods(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        return {
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "files.completeUploadExternal": self._share,
        }

    def faults(self, content: Mapping[str, Any]) -> list[str]:
        """What Slack would refuse of a message."""
        blocks = content.get("blocks") or []
        return [*faults(content.get("text") or "", blocks), *self._files.unready(blocks)]

    def webhook(self, body: dict[str, Any]) -> Answer:
        if self.faults(body):
            return Answer.text("invalid_blocks", 400)
        self._store.webhook_posts.append(body)
        return Answer.text("ok")

    def _post(self, args: dict[str, Any]) -> Answer:
        channel = self._store.channel(args["channel"])
        if channel is None:
            return Answer.refusal("channel_not_found")
        if wrong := self._refused(channel, args):
            return wrong
        kept = {name: args[name] for name in (*_CONTENT, "thread_ts") if args.get(name)}
        if "thread_ts" in kept and is_true(args.get("reply_broadcast")):
            kept["subtype"] = "thread_broadcast"
        return Answer.ok(channel=channel, ts=self._store.say(channel, kept))

    def _whisper(self, args: dict[str, Any]) -> Answer:
        channel = self._store.channel(args["channel"])
        if channel is None:
            return Answer.refusal("channel_not_found")
        if wrong := self._refused(channel, args):
            return wrong
        kept = {name: args[name] for name in ("text", "blocks", "thread_ts") if args.get(name)}
        return Answer.ok(message_ts=self._store.whisper(args["user"], channel, kept))

    def _update(self, args: dict[str, Any]) -> Answer:
        """Editing takes the channel's id only; what one person sees cannot be edited."""
        if args["channel"] not in self._store.channels:
            return Answer.refusal("channel_not_found")
        found = self._store.find(args["ts"])
        if found is None or found.only_for or found.channel != args["channel"]:
            return Answer.refusal("message_not_found")
        if found.message.get("bot_id") != BOT["bot_id"]:
            return Answer.refusal("cant_update_message")
        content = {name: args[name] for name in _CONTENT if name in args}
        if wrong := self._refused(found.channel, content):
            return wrong
        self._store.updates.append(args)
        found.message.update(content)
        return Answer.ok(channel=args["channel"], ts=args["ts"])

    def _share(self, args: dict[str, Any]) -> Answer:
        """Finish an upload, and post what was uploaded where that is asked for."""
        channel = args.get("channel_id")
        if channel and channel not in self._store.channels:
            return Answer.refusal("channel_not_found")
        done = self._files.complete(args)
        if channel and done.is_ok:
            kept = {"text": args.get("initial_comment") or "", "files": args["files"]}
            thread = {"thread_ts": args["thread_ts"]} if args.get("thread_ts") else {}
            self._store.say(channel, kept | thread)
        return done

    def _refused(self, channel: str, args: dict[str, Any]) -> Answer | None:
        if args.get("thread_ts") and not self._store.is_parent(channel, args["thread_ts"]):
            return Answer.refusal("cannot_reply_to_message")
        if not args.get("text") and not args.get("blocks"):
            return Answer.refusal("no_text")
        wrong = self.faults(args)
        messages = {"messages": wrong}
        return Answer.refusal("invalid_blocks", errors=wrong, response_metadata=messages) if wrong else None


def is_true(value: object) -> bool:
    """A truth value as it arrives in a query, a form or JSON."""
    return str(value) in {"1", "True", "true"}
