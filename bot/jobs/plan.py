"""What to pull: which hours, at which grain, within how many requests; decided before asking."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import DAY, HOUR, Grain, Window, ceil, floor, index
from bot.panel.coverage import Coverage, Mask

RESTATED_FOR = timedelta(days=35)
"""How far back the upstream may correct itself (reference 9: about 30 days)."""
_RECHECK_AFTER = timedelta(days=7)
_ROWS_AT_ONCE = 100_000
_LONGEST = timedelta(days=31)
_DAY_ROWS = 3
"""A day at day grain has about this many times the rows of one hour: dimension sets that were used at all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One window to fetch and store whole."""

    window: Window
    grain: Grain
    requests: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps, oldest first; `left_out` are whole days that did not fit into the budget."""

    steps: tuple[Step, ...]
    left_out: int = 0

    @property
    def requests(self) -> int:
        """About how many requests it takes."""
        return sum(step.requests for step in self.steps)

    def describe(self, per_minute: float) -> str:
        """The plan in a sentence: grain, reach, requests, minutes."""
        if not self.steps:
            return "nothing to pull"
        days = {
            grain: sum((s.window.length for s in self.steps if s.grain is grain), timedelta())
            for grain in Grain
        }
        hourly, daily = days[Grain.HOUR] / DAY, days[Grain.DAY] / DAY
        by_day = f" and {daily:.0f} days by day" if daily else ""
        left = f"; {self.left_out} older days would take too long and are left out" if self.left_out else ""
        minutes = self.requests / per_minute
        return (
            f"{hourly:.1f} days by hour{by_day}, from {self.steps[0].window.start:%Y-%m-%d}: about "
            f"{self.requests} requests, {minutes:.0f} min at {per_minute:g} a minute{left}"
        )


@dataclass(frozen=True, slots=True)
class Appetite:
    """What limits a plan: rows an hour as seen lately, requests that may be spent, and what a window costs.

    `requests_for(rows, hours)` estimates the requests of a window.
    """

    rows_per_hour: float
    budget: int
    requests_for: Callable[[int, int], int]

    def hourly(self, hours: int) -> int:
        """About how many requests so many hours take."""
        return self.requests_for(round(self.rows_per_hour * hours), hours)


def wanted(coverage: Coverage, now: datetime, lookback: timedelta, restated: Sequence[datetime]) -> Mask:
    """Which hours of the coverage's window to read.

    Never read, unfinished when read, within `lookback` of the newest complete hour, on a restated day, and
    the one settled day that was read longest ago, for corrections that leave totals as they were. A day that
    was read as a whole is read again as a whole: an hour beside its total would count twice.
    """
    hours = np.arange(len(coverage.known))
    complete = np.flatnonzero(coverage.complete)
    newest = int(complete[-1]) if complete.size else -1
    mask = ~coverage.known | ~coverage.complete | (hours > newest - lookback // HOUR)
    for day in [*restated, *_longest_unread(coverage, now)]:
        first = (day - coverage.window.start) // HOUR
        mask[max(first, 0) : max(first, 0) + 24] = True
    days = (index(coverage.window.start, Grain.HOUR) + hours) // 24
    read_whole = np.intersect1d(days[mask], days[coverage.known & ~coverage.hourly])
    return np.asarray(mask | np.isin(days, read_whole))


def _longest_unread(coverage: Coverage, now: datetime) -> list[datetime]:
    """The day within restatement's reach with the hour read longest ago, if that is more than a week."""
    first = max(0, (floor(now - RESTATED_FOR, Grain.DAY) - coverage.window.start) // HOUR)
    days = coverage.read_at[first : first + (len(coverage.read_at) - first) // 24 * 24].reshape(-1, 24)
    oldest = days.min(axis=1)
    read = np.flatnonzero((oldest > 0) & (oldest < (now - _RECHECK_AFTER).timestamp()))
    if not read.size:
        return []
    stalest = int(read[np.argmin(oldest[read])])
    return [coverage.window.start + first * HOUR + stalest * DAY]


def plan(coverage: Coverage, mask: Mask, appetite: Appetite) -> Plan:
    """Cut the wanted hours into steps: newest hours by hour as far as the budget goes, older days by day.

    What is known by hour stays so: a day that is too dear to read again at once is read in parts.
    """
    left, days, steps, left_out = appetite.budget, list(_days(coverage.window, mask)), [], 0
    for window in reversed(days):
        step = _affordable(window, coverage, appetite, left)
        if step is None:
            left_out += 1
            continue
        left -= step.requests
        steps.append(step)
    return Plan(tuple(_joined(steps[::-1], appetite)), left_out)


def _affordable(window: Window, coverage: Coverage, appetite: Appetite, left: int) -> Step | None:
    """The window by hour if that fits, else by day if it is one, else a part of it, else nothing."""
    hours = window.length // HOUR
    by_hour = appetite.hourly(hours)
    if by_hour <= left:
        return Step(window, Grain.HOUR, by_hour)
    first = (window.start - coverage.window.start) // HOUR
    if hours == 24 and not coverage.hourly[first : first + hours].any():
        by_day = appetite.requests_for(round(appetite.rows_per_hour * _DAY_ROWS), 1)
        return Step(window, Grain.DAY, by_day) if by_day <= left else None
    return _part(window, coverage.read_at[first : first + hours], appetite, left)


def _part(window: Window, read_at: NDArray[np.int64], appetite: Appetite, left: int) -> Step | None:
    """As many hours as fit: of hours all read before those read longest ago, else the newest."""
    fits = next((n for n in range(len(read_at) - 1, 0, -1) if appetite.hourly(n) <= left), 0)
    if not fits:
        return None
    newest = len(read_at) - fits
    start = window.start + (min(int(read_at.argmin()), newest) if read_at.all() else newest) * HOUR
    return Step(Window(start, start + fits * HOUR), Grain.HOUR, appetite.hourly(fits))


def _days(window: Window, mask: Mask) -> Iterator[Window]:
    """The wanted stretches, cut at midnights, oldest first."""
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    for first, last in edges.reshape(-1, 2):
        start, end = window.start + int(first) * HOUR, window.start + int(last) * HOUR
        while start < end:
            midnight = min(ceil(start + HOUR, Grain.DAY), end)
            yield Window(start, midnight)
            start = midnight


def _joined(steps: Sequence[Step], appetite: Appetite) -> Iterator[Step]:
    """Neighbours of one grain fetched together, as long as the rows fit into memory comfortably."""
    rows_an_hour = {Grain.HOUR: appetite.rows_per_hour, Grain.DAY: appetite.rows_per_hour * _DAY_ROWS / 24}
    current: Step | None = None
    for step in steps:
        if current is not None and current.grain is step.grain and current.window.end == step.window.start:
            both = Window(current.window.start, step.window.end)
            rows = round(rows_an_hour[step.grain] * (both.length // HOUR))
            if rows <= _ROWS_AT_ONCE and both.length <= _LONGEST:
                current = Step(both, step.grain, appetite.requests_for(rows, both.length // HOUR))
                continue
        if current is not None:
            yield current
        current = step
    if current is not None:
        yield current
