"""What an incident has cost so far, against what was usual before it began."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.detect.expect import expect
from bot.detect.gates import HOUR_SHARE, Gates
from bot.detect.robust import Floats
from bot.detect.sleepers import SLEEP
from bot.detect.telling import RANGE, nano
from bot.facts.clock import Grain, Window, ceil
from bot.facts.incident import Point
from bot.facts.money import ZERO, Usd
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.panel import Panel

_NANO = 1e9
_RECENT_HOURS = 3


_HOT_DOLLARS = {Grain.HOUR: 0.5 * HOUR_SHARE, Grain.DAY: 0.5}
_HOT_PERCENT = {Grain.HOUR: 0.25, Grain.DAY: 0.1}
_FALLEN_PERCENT = 0.5
"""What keeps an incident going: these shares of the gates that opened it, so that it does not flap."""
_WIDTH = {Grain.HOUR: 1, Grain.DAY: 24}
_BURST = 4.0
"""From this multiple of the usual on, single hours tell when it ends; below it only whole days do."""
_QUIET_HOURS = {Grain.HOUR: 6, Grain.DAY: 24}
_SEEN_SHARE = {Grain.HOUR: 0.0, Grain.DAY: 0.8}
"""Quiet for so long, and with so much usual spend seen since (of a typical day's), it is over."""
_LONGEST_WAIT = 96
_LEAST_SUM_SPREAD = 0.1
_HOURS_BEFORE = 6
_MOST_POINTS = 20
_STEPS = (1, 2, 3, 6, 12, 24, 48, 72, 168)


@dataclass(frozen=True, slots=True)
class Measure:
    """Dollars of a scope over [start, until), nano-USD, and whether it is still going on.

    `expected` is what the same hours cost before the start (trimmed means), `low` and `high` its range;
    `per_hour` is the excess an hour over the last three complete hours, zero once it is quiet. `course` is
    what to draw: from a little before the start, at most 20 points.
    """

    until: datetime
    observed: Usd
    expected: Usd
    low: Usd
    high: Usd
    per_hour: Usd
    last_hot: datetime
    """End of the newest stretch that was clearly above the usual; `until` while that is still so."""
    over: bool
    """Whether it has been quiet long enough, with enough usual spend seen, to say that it is over."""
    course: tuple[Point, ...]
    dearest_hour: Usd = ZERO
    """The excess of the dearest hour."""


def measure(
    panel: Panel, scope: Scope, window: Window, gates: Gates, *, fell: bool = False
) -> Measure | None:
    """Measure `scope` over `window`, as far as it is known; None when it starts outside the panel.

    `panel` is hourly; what was usual is taken from before the window. `fell`: it is about too little, which
    only whole days can tell, and has no pace.
    """
    first = panel.column(window.start)
    last = min(newest(panel) + 1, panel.column(ceil(window.end, Grain.HOUR)))
    if not 0 <= first < last:
        return None
    course = course_of(panel, scope, range(first, last), gates, fell=fell)
    grain = course.grain()
    quiet_from = course.quiet_from(grain, gates, scope)
    going_on = quiet_from >= int(course.complete.sum())
    return Measure(
        until=panel.start_of(last),
        observed=nano(course.observed.sum()),
        expected=nano(course.expected.sum()),
        low=nano(course.expected.sum() / course.reach()),
        high=nano(course.expected.sum() * course.reach()),
        per_hour=course.per_hour() if going_on else ZERO,
        last_hot=panel.start_of(last if going_on else first + quiet_from),
        over=course.over(quiet_from, grain),
        course=_points(panel, scope, first, last, gates),
        dearest_hour=nano(max(float(course.excess.max()), 0.0)),
    )


def course_of(panel: Panel, scope: Scope, span: range, gates: Gates, *, fell: bool = False) -> "Course":
    """Dollars of the hours in the columns of `span`, beside what was usual before them.

    Nothing was, where it slept.
    """
    dollars = panel.usd[panel.leaves.inside(scope)].sum(axis=0, keepdims=True) / _NANO
    usual = expect(dollars[:, : span.start], panel.known[: span.start], Grain.HOUR, gates.offset)
    if not dollars[0, max(span.start - SLEEP * 24, 0) : span.start].any():
        usual = None
    observed, complete = dollars[0, span.start : span.stop], panel.complete[span.start : span.stop]
    expected = np.resize(usual.usual[0], len(span)) if usual else np.zeros(len(span))
    expected = np.where(complete, expected, np.minimum(expected, observed))
    return Course(observed, expected, complete, float(usual.spread[0]) if usual else 0.0, fell)


def _without_part_filled(panel: Panel, first: int, last: int) -> int:
    """The end of the complete hours, so that a curve does not seem to fall; `last` where none is complete."""
    complete = np.flatnonzero(panel.complete[first:last])
    return first + int(complete[-1]) + 1 if complete.size else last


def _points(panel: Panel, scope: Scope, first: int, last: int, gates: Gates) -> tuple[Point, ...]:
    """Actual against usual, from a few hours before the start, in at most 20 steps."""
    before, last = max(first - _HOURS_BEFORE, 0), _without_part_filled(panel, first, last)
    length = last - before
    step = next(step for step in (*_STEPS, length) if length <= step * _MOST_POINTS)
    before = max(last - -(-length // step) * step, 0)
    course = course_of(panel, scope, range(before, last), gates)
    return tuple(
        Point(
            panel.start_of(before + at),
            nano(course.observed[at : at + step].sum()),
            nano(course.expected[at : at + step].sum()),
        )
        for at in range(0, last - before, step)
    )


def newest(panel: Panel) -> int:
    """The last column that was read, -1 for none."""
    known = np.flatnonzero(panel.known)
    return int(known[-1]) if known.size else -1


@dataclass(frozen=True, slots=True)
class Course:
    """Dollars by the hour since the start, beside what was usual. A part-filled hour is never below usual."""

    observed: Floats
    expected: Floats
    complete: Mask
    spread: float
    fell: bool

    @property
    def excess(self) -> Floats:
        """Dollars beyond the usual by the hour, or short of it where it fell."""
        return (self.observed - self.expected) * (-1 if self.fell else 1)

    def grain(self) -> Grain:
        """Whether single hours tell that it goes on, or only whole days: by its multiple at its height."""
        height = int(np.argmax(np.cumsum(self.excess))) + 1
        burst = not self.fell and self.observed[:height].sum() >= _BURST * self.expected[:height].sum()
        return Grain.HOUR if burst else Grain.DAY

    def quiet_from(self, grain: Grain, gates: Gates, scope: Scope) -> int:
        """Hours until the last one that ends a stretch (an hour, or 24) clearly above the usual."""
        width = _WIDTH[grain]
        excess = _trailing(self.excess, width)
        usual_day = float(self.expected.mean()) * 24
        enough = _HOT_DOLLARS[grain] * float(gates.worth(usual_day, scope))
        percent = _FALLEN_PERCENT if self.fell else _HOT_PERCENT[grain]
        hot = (excess >= enough) & (excess >= percent * _trailing(self.expected, width))
        return int(np.flatnonzero(hot)[-1]) + 1 if hot.any() else 0

    def reach(self) -> float:
        """By what factor the sum of so many hours may usually be off: their noise mostly evens out."""
        spread = self.spread / np.sqrt(len(self.observed))
        return float(np.exp(RANGE * max(spread, _LEAST_SUM_SPREAD)))

    def per_hour(self) -> Usd:
        """The excess an hour over the last complete hours."""
        complete = int(self.complete.sum())
        recent = self.excess[max(0, complete - _RECENT_HOURS) : complete]
        return nano(max(recent.mean(), 0.0)) if recent.size and not self.fell else ZERO

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
