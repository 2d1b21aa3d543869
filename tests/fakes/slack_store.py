"""What the fake Slack keeps: channels, the messages in them, their threads, and what single people see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

Message = dict[str, Any]

BOT = {"bot_id": "B01BOT", "user": "U01BOT", "app_id": "A01APP"}


@dataclass(frozen=True)
class Place:
    """Where a message is: in which channel, and for whose eyes alone if it is ephemeral."""

    channel: str
    message: Message
    only_for: str = ""


class Store:
    """Channels by id, and the messages in them as Slack would give them back.

    `messages` are parents by channel, `threads` replies by their parent's ts, `ephemerals` by person.
    """

    def __init__(self, start: float) -> None:
        self.channels = {
            "C01ALERTS": "ai-spend",
            "C02SECOND": "general",
            "D01ADALOVE": "ada",
            "D02GRACE": "grace",
        }
        self.messages: dict[str, list[Message]] = {channel: [] for channel in self.channels}
        self.threads: dict[str, list[Message]] = defaultdict(list)
        self.ephemerals: dict[str, list[Message]] = defaultdict(list)
        self.updates: list[dict[str, Any]] = []
        self.webhook_posts: list[dict[str, Any]] = []
        self.page = 200
        self._start = start
        self._said = count(1)

    @property
    def posts(self) -> list[Message]:
        """All parent messages, as they read now, in the order they were posted."""
        return by_ts(message for channel in self.messages.values() for message in channel)

    def replies(self, ts: str) -> list[Message]:
        """The thread below a parent, oldest first."""
        return list(self.threads.get(ts, ()))

    def say(self, channel: str, message: Message, author: dict[str, str] = BOT) -> str:
        """Put a message into a channel, or into the thread it names; also for what other people say there."""
        kept = {"type": "message", "ts": self._next_ts(), **author, **message}
        thread = message.get("thread_ts")
        (self.threads[thread] if thread else self.messages[channel]).append(kept)
        return str(kept["ts"])

    def whisper(self, person: str, channel: str, message: Message) -> str:
        """Show a message to one person."""
        kept = {"type": "message", "ts": self._next_ts(), **BOT, "channel": channel, **message}
        self.ephemerals[person].append(kept)
        return str(kept["ts"])

    def find(self, ts: str) -> Place | None:
        """Where a message is, whoever sees it."""
        return next((place for place in self._places() if place.message["ts"] == ts), None)

    def remove(self, ts: str) -> None:
        """Delete a message."""
        for messages in (*self.messages.values(), *self.threads.values(), *self.ephemerals.values()):
            messages[:] = [message for message in messages if message["ts"] != ts]

    def is_parent(self, channel: str, ts: str) -> bool:
        """Whether there can be a thread."""
        return any(message["ts"] == ts for message in self.messages[channel])

    def channel(self, asked: str) -> str | None:
        """A channel by its id or name, or by the person with whom the bot shares it."""
        by_name = {name: known for known, name in self.channels.items()}
        asked = direct_channel(asked) if asked.startswith("U") else asked
        return asked if asked in self.channels else by_name.get(asked.removeprefix("#"))

    def _next_ts(self) -> str:
        return f"{self._start + next(self._said) / 1_000_000:.6f}"

    def _places(self) -> Iterator[Place]:
        for channel, parents in self.messages.items():
            for parent in parents:
                yield Place(channel, parent)
                yield from (Place(channel, reply) for reply in self.replies(parent["ts"]))
        for person, messages in list(self.ephemerals.items()):
            yield from (Place(message["channel"], message, person) for message in messages)


def direct_channel(person: str) -> str:
    """The channel the bot shares with a person."""
    return f"D{person[1:]}"


def by_ts(messages: Iterable[Message]) -> list[Message]:
    """Messages, oldest first."""
    return sorted(messages, key=lambda message: str(message["ts"]))
