"""How much is enough to speak: significance, dollars and percent must all be there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from bot.detect.robust import Floats
from bot.detect.sensitivity import Exceptions, Sensitivity
from bot.facts.scope import Scope
from bot.panel.panel import Panel

_NANO = 1e9
_TYPICAL_DAYS = 28


_ORGANISATION_SHARE = 0.002
_SERIES_SHARE = 0.04
_LEAST_DAY_DOLLARS = 0.5
_LAWS = 3
"""Ways in which one series can be odd on one day; the budget of false alarms is shared out over them."""
_HOUR_LAWS = 2
FALSE_ALARMS_A_WEEK = 0.25
HOUR_SHARE = 0.25
"""An hour, or a run of hours, is worth saying from this share of what a day is worth saying."""
_OFFSET_SHARE, _LEAST_OFFSET = 0.0015, 0.1


@dataclass(frozen=True, slots=True)
class Gates:
    """What an excess must pass. `typical_day` is the organisation's, in dollars."""

    typical_day: float
    sensitivity: Sensitivity = Sensitivity.MEDIUM
    false_alarms_a_week: float = FALSE_ALARMS_A_WEEK
    """How many false alarms to expect in a week, however many series are watched."""
    exceptions: Exceptions = field(default_factory=Exceptions)

    def worth(self, series_day: Floats | float, scope: Scope | None = None) -> Floats:
        """The least excess of a day worth saying of series that usually spend `series_day` dollars.

        It grows with the geometric mean of the organisation's and the series' day. Without a `scope`, of
        the most sensitive there are.
        """
        shared = _SERIES_SHARE * np.sqrt(self.typical_day * np.maximum(series_day, 0.0))
        return np.asarray(self._factor(scope) * np.maximum(self._floor, shared))

    @property
    def least(self) -> float:
        """The least excess of a day worth saying of any series: 0.2 % of the organisation's or $0.50."""
        return self._factor(None) * self._floor

    @property
    def _floor(self) -> float:
        return max(self.typical_day * _ORGANISATION_SHARE, _LEAST_DAY_DOLLARS)

    def _factor(self, scope: Scope | None) -> float:
        if scope is None:
            return min(one.factor for one in (self.sensitivity, *self.exceptions.patterns.values()))
        return (self.exceptions.of(scope) or self.sensitivity).factor

    def hour_bar(self, series: int) -> float:
        """The score from which an hour of one of so many series is said."""
        return float(-np.log10(self.false_alarms_a_week / 168 / max(series, 1) / _HOUR_LAWS))

    def bar(self, series: int) -> float:
        """The score from which a day of one of so many series is said.

        Bonferroni over series and laws, so that the expected number of false alarms is the one that was set.
        """
        return float(-np.log10(self.false_alarms_a_week / 7 / max(series, 1) / _LAWS))

    @property
    def offset(self) -> float:
        """Where the log scale of an hour turns linear: dollars well below it are all alike."""
        return max(self.typical_day * _OFFSET_SHARE, _LEAST_OFFSET)


def typical_day(days: Panel) -> float:
    """The median of the organisation's complete days among the last 28, in dollars; 0 without any."""
    whole = days.usd[:, days.complete][:, -_TYPICAL_DAYS:].sum(axis=0) / _NANO
    return float(np.median(whole)) if whole.size else 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What people set of the detectors."""

    sensitivity: Sensitivity = Sensitivity.MEDIUM
    false_alarms_a_week: float = FALSE_ALARMS_A_WEEK
    exceptions: Exceptions = field(default_factory=Exceptions)

    def named(self, name_of: Callable[[str, str], str]) -> Self:
        """The same settings, whose patterns are held against names too."""
        return replace(self, exceptions=replace(self.exceptions, name_of=name_of))

    def gates(self, typical_day: float, looks: int = 1) -> Gates:
        """The gates of an organisation that spends so many dollars on a typical day.

        The false alarms are shared out over the `looks` at it: who judges hours as well as days has two.
        """
        return Gates(typical_day, self.sensitivity, self.false_alarms_a_week / looks, self.exceptions)
