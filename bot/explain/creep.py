"""Whether what is too much grows day by day, or stays where it stepped to."""

from collections.abc import Sequence

import numpy as np

from bot.detect.robust import Floats
from bot.facts.clock import DAY
from bot.facts.incident import Point

_MORE_THAN = 4
"""Days: before, a slope is chance."""
_GREW = 2.0
_STILL = 0.5
"""What is less than this share of the most is no longer it: it has ended."""


def creeps(course: Sequence[Point]) -> bool:
    """Whether the line through its days ends at least twice as far off the usual as it begins.

    A line through all days holds still where halves and peaks jump with each of them.
    """
    off, usual, days = _by_day(course)
    if not len(off) or off.max() <= 0:
        return False
    end = int(np.flatnonzero(off >= _STILL * off.max())[-1]) + 1
    if end * days <= _MORE_THAN:
        return False
    begins, ends = _line(off[:end], usual[:end])
    return ends > 0 and ends >= _GREW * max(begins, 0.0)


def _by_day(course: Sequence[Point]) -> tuple[Floats, Floats, float]:
    """How far off each stretch was (a share of the usual), its usual, and how many days it spans.

    Whole days, counted back from the newest point: a day that has just begun says nothing of its own.
    """
    if len(course) < 2:
        return np.empty(0), np.empty(0), 0.0
    step = course[1].at - course[0].at
    width = max(DAY // step, 1)
    count = len(course) // width
    amounts = np.array([(point.observed, point.expected) for point in course[-count * width :]], float)
    if not count:
        return np.empty(0), np.empty(0), 0.0
    spent, usual = np.maximum(amounts.reshape(count, width, 2).sum(axis=1).T, 1.0)
    return spent / usual - 1.0, usual, width * step / DAY


def _line(off: Floats, usual: Floats) -> tuple[float, float]:
    """Where the line through them, weighted by what is usual, begins and ends."""
    at = np.arange(len(off)) + 0.5
    middle, height = np.average(at, weights=usual), np.average(off, weights=usual)
    slope = np.average((at - middle) * (off - height), weights=usual)
    slope /= max(np.average((at - middle) ** 2, weights=usual), 1e-9)
    return float(height - slope * middle), float(height + slope * (len(off) - middle))
