"""What a window is held against: the one before it, the same of earlier weeks, or what detection expects."""

import numpy as np

from bot.detect.expect import expect
from bot.detect.robust import Floats
from bot.facts.clock import Grain
from bot.panel.coverage import Mask
from bot.rules.conditions import EXPECTED_FROM, HOURS_A_DAY, WEEKS, Condition
from bot.rules.view import Values, View
from bot.rules.windows import Windows, previous


def whole(limit: Floats, condition: Condition) -> Floats:
    """Limits of sums are whole: nano-dollars, tokens. What is exactly twice as much is not more."""
    return np.rint(limit) if condition.metric.is_sum else limit


def reference(condition: Condition, view: View, windows: Windows) -> tuple[Values, Mask]:
    """What the windows are held against, and where that is not known."""
    if condition.against == "previous window":
        before = previous(view.panel, condition.within)
        return _filled_up(condition, view, before), before.sparse(view.panel.known)
    if condition.against == "same weekday":
        return _same_weekday(condition, view, windows)
    return _expected(condition, view, windows)


def _filled_up(condition: Condition, view: View, windows: Windows) -> Values:
    """What the windows would hold if the hours that are missing were like the others."""
    value = view.values(condition.metric, windows)
    if not condition.metric.is_sum:
        return value
    return value * (windows.length / np.maximum(windows.read(view.panel.known), 1))


def _same_weekday(condition: Condition, view: View, windows: Windows) -> tuple[Values, Mask]:
    """The middle of the same windows of the last four weeks, as far as they are known.

    Of three or four it is what is left, on average, without the largest and the smallest.
    """
    shape = (len(view.groups), view.panel.columns)
    total, count = np.zeros(shape), np.zeros(shape, np.int8)
    highest, lowest = np.full(shape, -np.inf), np.full(shape, np.inf)
    for week in range(1, WEEKS + 1):
        then = windows.weeks_ago(week)
        value = _filled_up(condition, view, then)
        there = ~then.sparse(view.panel.known) & ~np.isnan(value)
        np.add(total, value, out=total, where=there)
        np.maximum(highest, value, out=highest, where=there)
        np.minimum(lowest, value, out=lowest, where=there)
        count += there
    enough = count > WEEKS // 2
    extremes = np.add(highest, lowest, out=np.zeros(shape), where=enough)
    middle = (total - extremes) / np.maximum(count - 2 * enough, 1)
    return np.where(count > 0, middle, np.nan), np.asarray(~(count > 0).any(axis=0))


def _expected(condition: Condition, view: View, windows: Windows) -> tuple[Values, Mask]:
    """What detection expects of these hours, from what was known when their UTC day began."""
    panel = view.panel
    amounts = view.values(condition.metric, windows.last(1)).astype(np.float64)
    usual, unknown = np.zeros(amounts.shape), np.ones(panel.columns, np.bool_)
    for first in range(-panel.first % HOURS_A_DAY, panel.columns, HOURS_A_DAY):
        span = slice(first, min(first + HOURS_A_DAY, panel.columns))
        since = max(0, first - EXPECTED_FROM)
        found = expect(amounts[:, since:first], panel.known[since:first], Grain.HOUR, 1.0)
        if found is not None:
            usual[:, span], unknown[span] = found.usual[:, : span.stop - first], False
    sums = windows.sums(np.cumsum(np.column_stack((np.zeros(len(usual)), usual)), axis=1))
    return sums, windows.gaps(~unknown)
