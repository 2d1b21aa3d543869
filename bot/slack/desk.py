"""What the conversation in Slack needs of the rest of the house, as Protocols; `app` plugs it in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.facts.answer import Answer
from bot.facts.directory import Directory, Key
from bot.facts.incident import Incident
from bot.facts.money import ZERO, Usd
from bot.questions.answers import Answered, Line, Spend
from bot.questions.question import Question


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack. `zone` is the IANA name of their time zone, empty when unknown."""

    id: str
    name: str
    email: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """An incident with the names around it, and what its key spent in the last hour read (nano-USD)."""

    incident: Incident
    directory: Directory
    key: Key | None = None
    owner: str = ""
    last_hour: Usd = ZERO


@dataclass(frozen=True, slots=True)
class Homepage:
    """What somebody's home shows: the month, what is open, their own keys, and how fresh it all is."""

    month: Spend | None
    open: tuple[Incident, ...]
    own_keys: tuple[Line, ...]
    """Keys whose owner has this person's e-mail address, this month, dearest first."""
    directory: Directory
    complete_until: datetime | None
    rules: tuple[str, ...] = ()
    """The names of the rules in force."""
    troubles: tuple[str, ...] = field(default=())
    """What keeps the bot from seeing or telling."""


class Desk(Protocol):
    """Answers and acts. Every method may raise Trouble, whose text is for the person who asked."""

    def now(self) -> datetime:
        """The present."""

    def read(self, words: str, asker: Person) -> Question:
        """What words ask, or say of an incident. Raises Misunderstood."""

    def answer(self, question: Question, asker: Person) -> Answered:
        """Answer a question; what it says of an incident is done."""

    def say(self, incident_id: str, answer: Answer) -> Incident:
        """Do what somebody said of an incident, and show it in every channel."""

    def matter(self, incident_id: str) -> Matter:
        """An incident and what a person must know to decide about it."""

    def switch_key(self, incident_id: str, answer: Answer) -> Incident:
        """Switch the key of an incident off or on, put it on record, and show it."""

    def home(self, person: Person) -> Homepage:
        """What somebody's home shows."""
