"""Which buckets are alike: the slots of a week, and the classes of slots that lean on each other."""

from dataclasses import dataclass

import numpy as np

from bot.detect.robust import Ints
from bot.facts.clock import Grain

_FIRST_WEEKDAY = 3
"""1970-01-01 was a Thursday; Monday is 0."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Season:
    """`slot[t]` of column t, `kind[s]` of slot s (0 on weekdays, 1 at the weekend), columns in a week."""

    slot: Ints
    kind: Ints
    week: int

    @property
    def kinds(self) -> Ints:
        """The kind of each column."""
        return np.asarray(self.kind[self.slot])


def season(first: int, columns: int, grain: Grain) -> Season:
    """The season of `columns` buckets from index `first` (buckets since 1970-01-01 UTC).

    Days have a slot for each weekday; hours one for each hour of weekdays and one for each of weekends.
    """
    at = np.arange(first, first + columns)
    if grain is Grain.DAY:
        return Season((at + _FIRST_WEEKDAY) % 7, np.repeat([0, 1], [_SATURDAY, 2]), 7)
    weekend = (at // 24 + _FIRST_WEEKDAY) % 7 >= _SATURDAY
    return Season(weekend * 24 + at % 24, np.repeat([0, 1], [24, 24]), 7 * 24)
