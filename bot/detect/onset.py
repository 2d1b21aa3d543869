"""Since when: the hour in which an excess began, or the day from which it crept in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from bot.detect.gates import Gates
from bot.detect.measure import Course, course_of, newest
from bot.detect.robust import Floats
from bot.facts.clock import DAY, HOUR, Grain, Window, ceil
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
_ROUNDS = 3
_SHAPED = 0.8


def onset(panel: Panel, finding: Finding, now: datetime, gates: Gates) -> datetime:
    """When what a finding tells began; its own start where the hourly `panel` does not reach back.

    A finding by the day that grew day by day began on the first of those days. Else it is the hour from
    which the CUSUM rises (Page 1954), looked for from a day before.
    """
    window = Window(finding.start, max(min(finding.window.end, now), finding.start + HOUR))
    crept = _crept(panel, finding, window, gates) if finding.grain is Grain.DAY else window.start
    if crept < window.start - DAY:
        return crept
    course = _from(panel, finding, Window(window.start - DAY, window.end), gates)
    if course is None:
        return window.start
    return window.start - DAY + timedelta(hours=_change(course.excess, course.expected))


def _change(excess: Floats, expected: Floats) -> int:
    """The hour where the cumulated excess less a reference is lowest: the CUSUM estimate of a change point.

    The reference is half of the shift (Page 1954): of the excess since the change, spread mostly as the
    usual is, so that a rise at night is not dated to the morning. Found in a few rounds, from a flat one.
    """
    at = _lowest(excess - excess.mean())
    for _ in range(_ROUNDS):
        hot, usual = max(float(excess[at:].sum()), 0.0), float(expected[at:].sum())
        flat = np.full(len(excess), 1.0 / (len(excess) - at))
        shape = _SHAPED * expected / usual + (1 - _SHAPED) * flat if usual > 0 else flat
        again = _lowest(excess - hot * shape / 2)
        if again == at:
            break
        at = again
    return at


def _lowest(steps: Floats) -> int:
    """Where the sum of what came before is lowest."""
    return int(np.argmin(np.r_[0.0, np.cumsum(steps)][:-1]))


def _crept(panel: Panel, finding: Finding, window: Window, gates: Gates) -> datetime:
    """The first of the days on each of which it was off, each less than the next, but not by a jump."""
    course = _from(panel, finding, Window(window.start - _CREEP_DAYS * DAY, window.start + DAY), gates)
    if course is None:
        return window.start
    excess, expected = _by_day(course.excess), _by_day(course.expected)
    days = np.flatnonzero(expected > _IDLE * expected.max())
    if not len(days) or days[-1] != _CREEP_DAYS:
        return window.start
    off = excess[days] / expected[days]
    at = len(days) - 1
    while at > 0 and off[at - 1] > max(_OFF, _STILL * off[at]):
        at -= 1
    return window.start - (_CREEP_DAYS - int(days[at])) * DAY


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
    return hours[_change(excess, np.array([tokens * usual for *_, tokens in hours]))][0]
