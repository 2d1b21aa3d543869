"""Since when: the hour in which an excess began, or the day from which it crept in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from bot.detect.gates import Gates
from bot.detect.measure import Course, course_of, newest
from bot.detect.robust import Floats
from bot.facts.clock import DAY, Grain, Window, ceil
from bot.facts.finding import Finding
from bot.panel.panel import Panel

Hour = tuple[datetime, float, int]
_CREEP_DAYS = 14
_STILL = 0.5
"""A creep was at least so far off on the day before, of how far it was off on the day."""
_OFF = 0.04
_IDLE = 0.1
"""Days on which less of a busy day is usual, such as an office's weekend, say nothing."""
_HOURS = 24


def onset(panel: Panel, finding: Finding, now: datetime, gates: Gates) -> datetime:
    """When what a finding tells began; its own start where the hourly `panel` does not reach back.

    A finding by the day that grew day by day began on the first of those days. Else it is the hour where the
    cumulated excess over its mean is lowest: the CUSUM change point estimate (Taylor 2000, "Change-point
    analysis", built on Page 1954), looked for from a day before.
    """
    window = Window(finding.start, max(min(finding.window.end, now), finding.start + DAY / _HOURS))
    crept = _crept(panel, finding, window, gates) if finding.grain is Grain.DAY else window.start
    if crept < window.start - DAY:
        return crept
    course = _from(panel, finding, Window(window.start - DAY, window.end), gates)
    if course is None:
        return window.start
    least = int(np.argmin(np.r_[0.0, np.cumsum(course.excess - course.excess.mean())][:-1]))
    return window.start - DAY + timedelta(hours=least)


def _crept(panel: Panel, finding: Finding, window: Window, gates: Gates) -> datetime:
    """The first of the days on each of which it was off, each less than the next, but not by a jump."""
    course = _from(panel, finding, Window(window.start - _CREEP_DAYS * DAY, window.start + DAY), gates)
    if course is None:
        return window.start
    excess, expected = _by_day(course.excess), _by_day(course.expected)
    days = np.flatnonzero(expected > _IDLE * expected.max())
    off = excess[days] / expected[days]
    at = len(days) - 1
    while at > 0 and off[at - 1] > max(_OFF, _STILL * off[at]):
        at -= 1
    return window.start - (_CREEP_DAYS - int(days[at])) * DAY if len(days) else window.start


def _by_day(hours: Floats) -> Floats:
    whole = np.append(hours, np.zeros(-len(hours) % _HOURS))
    return np.asarray(whole.reshape(-1, _HOURS).sum(axis=1))


def _from(panel: Panel, finding: Finding, window: Window, gates: Gates) -> Course | None:
    first = panel.column(window.start)
    last = min(newest(panel) + 1, panel.column(ceil(window.end, Grain.HOUR)))
    if not 0 <= first < last:
        return None
    return course_of(panel, finding.scope, range(first, last), gates, fell=finding.fell)


def dearer_since(hours: Sequence[Hour], usual: float, start: datetime) -> datetime:
    """When tokens became dearer: the CUSUM change point of what each hour cost beyond the usual price.

    `hours` are (hour, dollars, tokens) from before the start on, oldest first; `usual` is dollars a token.
    """
    if not hours:
        return start
    excess = np.array([dollars - tokens * usual for _, dollars, tokens in hours])
    return hours[int(np.argmin(np.r_[0.0, np.cumsum(excess - excess.mean())][:-1]))][0]
