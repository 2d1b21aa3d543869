"""Which stretch of time each hour of a panel is judged over."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from bot.facts.clock import HOUR, HOURS_A_WEEK, Grain, at_index, index
from bot.panel.coverage import Mask
from bot.panel.leaves import Numbers
from bot.panel.panel import Matrix, Panel
from bot.rules.periods import HoursOfWeek, Period, Span

_ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class Windows:
    """By column of a panel one stretch of columns [begin, end), which may lie before the panel."""

    begin: Numbers
    end: Numbers

    @property
    def length(self) -> Numbers:
        """How many hours each has."""
        return self.end - self.begin

    def sums(self, running: Matrix) -> Matrix:
        """By row what the stretches add up to; `running` are running sums that start with a zero."""
        ended, begun = (np.take(running, at, axis=1, mode="clip") for at in (self.end, self.begin))
        return np.asarray(np.subtract(ended, begun, out=ended))

    def read(self, known: Mask) -> Numbers:
        """How many hours of each are known."""
        return np.asarray(self.sums(running(known[None, :].astype(np.int64)))[0])

    def gaps(self, known: Mask) -> Mask:
        """Which stretches hold an hour that is not known, or lies before the panel."""
        return np.asarray(self.read(known) < self.length)

    def sparse(self, known: Mask) -> Mask:
        """Of which stretches too little is known to hold something against them."""
        return np.asarray(self.read(known) < _ENOUGH * self.length)

    def before(self, hours: int) -> "Windows":
        """The stretches of so many hours that end where these begin."""
        return Windows(self.begin - hours, self.begin)

    def weeks_ago(self, weeks: int) -> "Windows":
        """The same hours of an earlier week."""
        back = weeks * HOURS_A_WEEK
        return Windows(self.begin - back, self.end - back)

    def also(self, hours: int) -> "Windows":
        """These and so many hours before them."""
        return replace(self, begin=self.begin - hours)

    def last(self, hours: int) -> "Windows":
        """Only the newest hours of each."""
        return replace(self, begin=np.maximum(self.begin, self.end - hours))


def running(values: Matrix) -> Matrix:
    """Running sums along the rows, with a zero before them."""
    sums = np.zeros((len(values), values.shape[1] + 1), np.int64)
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def trailing(panel: Panel, span: Span) -> Windows:
    """The stretches that end with each hour."""
    end = np.arange(1, panel.columns + 1)
    return Windows(begins(panel, span.period) if span.period else end - span.hours, end)


def previous(panel: Panel, span: Span) -> Windows:
    """The stretches before those: as long, or as far into the period before."""
    now = trailing(panel, span)
    if not span.period:
        return now.before(span.hours)
    begin = begins(panel, span.period, 1)
    return Windows(begin, np.minimum(begin + now.end - now.begin, now.begin))


def begins(panel: Panel, period: Period, back: int = 0) -> Numbers:
    """The column in which the period of each hour began, or one so many periods before it."""
    return _columns(panel, period, back)[0]


def ends(panel: Panel, period: Period) -> Numbers:
    """The column with which the period of each hour will be over."""
    return _columns(panel, period, 0)[1]


def _columns(panel: Panel, period: Period, back: int) -> tuple[Numbers, Numbers]:
    return _periods(panel.first, panel.columns, period, back)


@lru_cache(maxsize=64)
def _periods(first: int, columns: int, period: Period, back: int) -> tuple[Numbers, Numbers]:
    """First and end column by hour, worked out once a day."""
    days = (first + np.arange(columns)) // 24
    found: dict[int, tuple[int, int]] = {}
    for day in np.unique(days).tolist():
        around = period.around(at_index(day, Grain.DAY))
        for _ in range(back):
            around = period.around(around.start - HOUR)
        found[day] = index(around.start, Grain.HOUR) - first, index(around.end, Grain.HOUR) - first
    both = np.array([found[day] for day in days.tolist()], np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def inside(panel: Panel, hours: tuple[HoursOfWeek, ...]) -> Mask:
    """Which hours of a panel lie in any of the hours of the week."""
    return _inside(panel.first, panel.columns, hours)


@lru_cache(maxsize=64)
def _inside(first: int, columns: int, hours: tuple[HoursOfWeek, ...]) -> Mask:
    starts = [at_index(first + column, Grain.HOUR) for column in range(columns)]
    return np.array([any(one.holds(start) for one in hours) for start in starts], np.bool_)
