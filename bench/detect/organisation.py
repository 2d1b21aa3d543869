"""A labelled organisation: what was seen day by day (or hour by hour), and what truly went wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.facts.clock import Grain
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow


@dataclass(frozen=True, slots=True)
class Incident:
    """One true incident. `excess` is dollars beyond what would have been spent, by bucket start.

    `scopes` are the keys (or key and model) it acts on; [start, end) is when it acts. The excess of a drop is
    negative.
    """

    kind: str
    scopes: tuple[Scope, ...]
    start: datetime
    end: datetime
    excess: Mapping[datetime, float]


@dataclass(frozen=True, slots=True)
class Look:
    """One bucket as first seen, and rows of earlier buckets that were corrected since the last look."""

    start: datetime
    rows: tuple[SpendRow, ...]
    restated: tuple[SpendRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation's life as a detector sees it, oldest bucket first, with the truth beside it.

    `judged_from`: nothing earlier is scored; it is history. `trait` names what is special about it.
    """

    seed: int
    trait: str
    grain: Grain
    looks: tuple[Look, ...]
    incidents: tuple[Incident, ...]
    judged_from: datetime
