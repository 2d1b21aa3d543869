"""What an incident has cost so far, against what was usual before it began."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.detect.expect import RANGE_SIGMAS, Floats, expect
from bot.detect.gates import Gates
from bot.detect.spike import offset_of
from bot.facts.clock import Grain, Window
from bot.facts.money import ZERO, Usd
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.panel import Panel

_NANO = 1e9
_RECENT_HOURS = 3


_HOT_DOLLARS = {Grain.HOUR: 0.25, Grain.DAY: 0.5}
_HOT_PERCENT = {Grain.HOUR: 0.25, Grain.DAY: 0.15}
_WIDTH = {Grain.HOUR: 1, Grain.DAY: 24}
_QUIET_HOURS = {Grain.HOUR: 6, Grain.DAY: 24}
"""Quiet for so long, and with so much usual spend seen since (of a typical day's), it is over."""
_SEEN_SHARE = {Grain.HOUR: 0.0, Grain.DAY: 0.8}
_LONGEST_WAIT = 96
_LEAST_SUM_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class Measure:
    """Dollars of a scope over [start, until), nano-USD, and whether it is still going on.

    `expected` is what the same hours cost before the start (trimmed means), `low` and `high` its range;
    `per_hour` is the excess an hour over the last three complete hours that were hot, or zero.
    """

    until: datetime
    observed: Usd
    expected: Usd
    low: Usd
    high: Usd
    per_hour: Usd
    last_hot: datetime
    """End of the newest stretch (an hour, or 24 for day grain) that was clearly above the usual."""
    over: bool
    """Whether it has been quiet long enough, with enough usual spend seen, to say that it is over."""


def measure(panel: Panel, scope: Scope, window: Window, grain: Grain, gates: Gates) -> Measure | None:
    """Measure `scope` over `window`, as far as it is known; None when it starts outside the panel.

    `panel` is hourly; `grain` is the incident's: whether single hours or only whole days show it.
    """
    first, last = panel.column(window.start), min(_newest(panel) + 1, panel.column(window.end))
    if not 0 <= first < last:
        return None
    dollars = panel.usd[panel.leaves.inside(scope)].sum(axis=0, keepdims=True) / _NANO
    usual = expect(dollars[:, :first], panel.known[:first], Grain.HOUR, offset_of(gates, Grain.HOUR))
    observed, complete = dollars[0, first:last], panel.complete[first:last]
    expected = np.resize(usual.usual[0], last - first) if usual else np.zeros(last - first)
    expected = np.where(complete, expected, np.minimum(expected, observed))
    course = _Course(observed, expected, complete, float(usual.spread[0]) if usual else 0.0)
    quiet_from = course.quiet_from(grain, gates)
    return Measure(
        until=panel.start_of(last),
        observed=_nano(observed.sum()),
        expected=_nano(expected.sum()),
        low=_nano(expected.sum() / course.reach()),
        high=_nano(expected.sum() * course.reach()),
        per_hour=course.per_hour(quiet_from),
        last_hot=panel.start_of(first + quiet_from),
        over=course.over(quiet_from, grain),
    )


def _newest(panel: Panel) -> int:
    known = np.flatnonzero(panel.known)
    return int(known[-1]) if known.size else -1


@dataclass(frozen=True, slots=True)
class _Course:
    """Dollars by the hour since the start, beside what was usual. A part-filled hour is never below usual."""

    observed: Floats
    expected: Floats
    complete: Mask
    spread: float

    def quiet_from(self, grain: Grain, gates: Gates) -> int:
        """Hours until the last one that ends a stretch (an hour, or 24) clearly above the usual."""
        width = _WIDTH[grain]
        excess = _trailing(self.observed - self.expected, width)
        enough = _HOT_DOLLARS[grain] * gates.dollars(grain)
        hot = (excess >= enough) & (excess >= _HOT_PERCENT[grain] * _trailing(self.expected, width))
        return int(np.flatnonzero(hot)[-1]) + 1 if hot.any() else 0

    def reach(self) -> float:
        """By what factor the sum of so many hours may usually be off: their noise mostly evens out."""
        spread = self.spread / np.sqrt(len(self.observed))
        return float(np.exp(RANGE_SIGMAS * max(spread, _LEAST_SUM_SPREAD)))

    def per_hour(self, quiet_from: int) -> Usd:
        """The excess an hour over the last complete hours, nothing once it is quiet."""
        complete = int(self.complete.sum())
        recent = (self.observed - self.expected)[max(0, complete - _RECENT_HOURS) : complete]
        return _nano(max(recent.mean(), 0.0)) if quiet_from >= complete and recent.size else ZERO

    def over(self, quiet_from: int, grain: Grain) -> bool:
        """Quiet long enough, and through hours that usually carry spend: a quiet Sunday proves nothing."""
        quiet = int(self.complete[quiet_from:].sum())
        seen = float(self.expected[quiet_from:].sum())
        typical_day = float(self.expected.mean()) * 24
        enough = quiet >= _QUIET_HOURS[grain] and seen >= _SEEN_SHARE[grain] * typical_day
        return enough or quiet >= _LONGEST_WAIT


def _trailing(values: Floats, width: int) -> Floats:
    total = np.cumsum(values)
    return np.asarray(total - np.r_[np.zeros(min(width, len(values))), total[:-width]])


def _nano(dollars: float | np.float64) -> Usd:
    return Usd(round(float(dollars) * _NANO))
