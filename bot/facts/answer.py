"""What people say about an incident, and what it changes from then on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.facts.money import ZERO, Usd


class Verb(StrEnum):
    """What somebody did."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    EXPECT = "expect"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    DISABLE_KEY = "disable key"
    ENABLE_KEY = "enable key"
    ATTEMPT = "attempt"
    """A key is about to be switched, or could not be: the note says which."""


KEY_SWITCHES = (Verb.DISABLE_KEY, Verb.ENABLE_KEY)
"""What is done to the key of an incident, and leaves the incident as it stands."""


class Expectation(StrEnum):
    """In which way something was expected."""

    ONE_OFF = "one-off"
    NEW_LEVEL = "new level"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that somebody said. `until` ends a snooze, or the time for which a verdict speaks.

    `excess` is what the incident had cost by then; `most_an_hour` and `most_a_day` are the excess that a
    verdict accepts (nano-USD, without the room that is left for chance).
    """

    verb: Verb
    actor: str
    at: datetime
    until: datetime | None = None
    expectation: Expectation | None = None
    note: str = ""
    excess: Usd = ZERO
    most_an_hour: Usd = ZERO
    most_a_day: Usd = ZERO
    actor_id: str = ""
    """Slack's id of who said it: names may be chosen freely, and changed."""
