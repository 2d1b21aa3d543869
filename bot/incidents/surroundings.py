"""What the life of an incident asks the other rooms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect.measure import Measure
from bot.detect.spenders import Spender
from bot.facts.clock import Window
from bot.facts.finding import Finding
from bot.facts.scope import Scope

FAR_FUTURE = timedelta(days=3650)
"""Beyond everything that is known."""

Measuring = Callable[[Scope, Window, bool], Measure | None]
Counting = Callable[[Scope, datetime, Window], Sequence[Spender]]
Dating = Callable[[Finding, datetime], datetime]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is asked of them.

    What a scope cost (its shortfall where that is asked for), what each of its keys spent in a window
    against what was usual before an instant, when the excess of a finding began, and how much is much.
    """

    measure: Measuring
    spenders: Counting
    onset: Dating
    weighed_against: Callable[[Scope], float]
    """The dollars of a day that an incident of a scope is weighed against."""
