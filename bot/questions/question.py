"""A question as it was understood: what is asked, of which period, split by what, about whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.facts.answer import Answer
from bot.facts.clock import Window
from bot.facts.trouble import Trouble

Where = Mapping[str, tuple[str, ...]]
"""Dimension of a scope -> glob patterns over names and ids, any of which may fit; every dimension must."""
EVERYTHING: Where = MappingProxyType({})


class Kind(StrEnum):
    """What is asked."""

    SPEND = "spend"
    COMPARE = "compare"
    EXPLAIN = "explain"
    INCIDENTS = "incidents"
    INCIDENT = "incident"
    SAY = "say"
    """Not a question: somebody says what they know of an incident."""
    RULES = "rules"
    FRESHNESS = "freshness"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole UTC hours and what people call it ("yesterday", "19 Nov", "1 to 15 Nov").

    A period that goes on ends with the hour that `now` lies in.
    """

    name: str
    window: Window
    goes_on: bool = False
    is_month: bool = False
    """Whether it is the current month, so that its end is worth a forecast."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. `by` and the keys of `where` are dimensions of a Scope (`api_key_id`, `team`, ...)."""

    period: Period
    kind: Kind = Kind.SPEND
    by: str = "api_key_id"
    where: Where = field(default_factory=lambda: EVERYTHING)
    top: int = 10
    """How many lines to show; the others are one line together."""
    against: Period | None = None
    """The other period of a comparison, or what an explanation is held against; None is the expected."""
    incident: str = ""
    """An incident's id, or the beginning of one."""
    says: Answer | None = None
    """What somebody says of that incident; its actor is filled in by whoever asked for it."""
    share: bool = False
    """Whether everybody in the channel is to see the answer."""
    taken: tuple[str, ...] = field(default=())
    """How words were taken that could have meant something else: "opus as model *opus*"."""


class Misunderstood(Trouble):
    """The words make no question. `instead` is the nearest one that works, as it would be typed."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(f"{what}; try: {instead}")
        self.instead = instead
