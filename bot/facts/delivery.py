"""What is to be told, to whom, and what became of telling it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.facts.incident import State
from bot.facts.money import Usd
from bot.facts.severity import Severity


class Why(StrEnum):
    """Why we speak now."""

    FIRST = "first"
    GREW = "grew"
    EDIT = "edit"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    DIGEST = "digest"
    """What a day's alert budget has no room for, in one message."""
    QUIET = "quiet"


class Role(StrEnum):
    """Which message of an incident in a channel it is."""

    MESSAGE = "message"
    """The living one, rewritten as the incident goes on."""
    DETAILS = "details"
    """The first reply in its thread: the evidence."""
    NEWS = "news"
    """A later reply: an edit makes no sound, so what is worth saying aloud is said here too."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack takes it: complete `text` for phones and screen readers, `blocks` beside it."""

    text: str
    blocks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What people were last told aloud about an incident, and the message they see now.

    Silent edits change `message` alone: growth is measured from what was said, not from what was drawn.
    """

    state: State
    severity: Severity
    excess: Usd
    message: Message
    step: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox. `id` never changes: it is how a message of unknown fate is recognised later.

    `ts` is Slack's name for the living message of this incident in this channel, empty until it was posted:
    a message with one is an edit, a reply goes into its thread. `aloud` shows a reply in the channel as well.
    `unsure` is set when an earlier attempt may have been posted although no answer came.
    """

    id: str
    incident_id: str
    why: Why
    channel: str
    message: Message
    created_at: datetime
    attempts: int = 0
    unsure: bool = False
    ts: str = ""
    role: Role = Role.MESSAGE
    aloud: bool = False

    @property
    def is_reply(self) -> bool:
        """Whether it belongs into the thread of the living message."""
        return self.role is not Role.MESSAGE


@dataclass(frozen=True, slots=True)
class Sent:
    """Told. `ts` names the living message where the channel has such a name."""

    ts: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Not told, in one sentence with the remedy; `retry` says whether trying again can help.

    `unsure` means it may have arrived all the same; `after_seconds` is the wait the channel asked for.
    """

    error: str
    retry: bool
    unsure: bool = False
    after_seconds: float = 0.0
