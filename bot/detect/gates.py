"""How much is enough to speak: dollars, percent and score must all be there."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.facts.clock import Grain
from bot.panel.panel import Panel

_NANO = 1e9
_TYPICAL_DAYS = 28
_LEAST_DOLLARS = 1.0


class Sensitivity(StrEnum):
    """How small an excess is worth saying; medium suits most."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


_FACTOR = {Sensitivity.LOW: 2.0, Sensitivity.MEDIUM: 1.0, Sensitivity.HIGH: 0.5}
_SHARE = {Grain.HOUR: 0.015, Grain.DAY: 0.04}
"""Least excess of one bucket, as a share of what the organisation spends on a typical day."""
_PERCENT = {Grain.HOUR: 0.5, Grain.DAY: 0.25}
_SCORE = {Grain.HOUR: 5.0, Grain.DAY: 4.0}
NEW_FACTOR = 2.5
"""A series that never spent before has no usual: it must exceed the dollar gate this many times."""


@dataclass(frozen=True, slots=True)
class Gates:
    """What an excess must pass. `typical_day` is the organisation's, in dollars."""

    typical_day: float
    sensitivity: Sensitivity = Sensitivity.MEDIUM

    def dollars(self, grain: Grain) -> float:
        """The least excess in one bucket; scales with the organisation, never below a dollar."""
        return max(self.typical_day * _SHARE[grain], _LEAST_DOLLARS) * _FACTOR[self.sensitivity]

    def percent(self, grain: Grain) -> float:
        """The least excess relative to the usual."""
        return _PERCENT[grain]

    def score(self, grain: Grain) -> float:
        """The least score in robust standard deviations."""
        return _SCORE[grain]


def typical_day(days: Panel) -> float:
    """The median of the organisation's complete days among the last 28, in dollars; 0 without any."""
    whole = days.usd[:, days.complete][:, -_TYPICAL_DAYS:].sum(axis=0) / _NANO
    return float(np.median(whole)) if whole.size else 0.0


SCOPES: tuple[tuple[str, ...], ...] = (
    (),
    ("workspace_id",),
    ("api_key_id",),
    ("model",),
    ("api_key_id", "model"),
    ("actor",),
)
"""The groupings that are judged; `Leaves.by` gives their members."""
