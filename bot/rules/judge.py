"""What conditions say of every member in every hour, all at once."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import reduce

import numpy as np

from bot.detect.expect import expect
from bot.detect.robust import Floats
from bot.facts.clock import HOUR, Grain
from bot.panel.coverage import Mask
from bot.panel.leaves import Numbers
from bot.rules.amounts import Budget, Quantity
from bot.rules.conditions import EXPECTED_FROM, HOURS_A_DAY, SEEN_BEFORE, WEEKS, Condition
from bot.rules.forecast import forecast
from bot.rules.metrics import METRICS
from bot.rules.periods import Span
from bot.rules.view import Values, View
from bot.rules.windows import Windows, begins, ends, previous, trailing

_SHORT = 12
"""What burns must burn over a twelfth of its window too, so that it stops soon after the fire.

Source: Google, The Site Reliability Workbook (2018), chapter 5, "Multiwindow, multi-burn-rate alerts".
"""
_COST = METRICS["cost"]


@dataclass(frozen=True, slots=True)
class Judged:
    """By member (row) and hour (column): whether the condition holds, and the figures it is told with.

    `able`: whether it could be judged at all. `gap`, by hour: whether figures of its window are missing.
    `value` and `limit` are in the unit of its metric; `step` counts the shares of a budget that are passed.
    """

    holds: Mask
    able: Mask
    gap: Mask
    value: Values
    limit: Values
    step: Numbers | None = None
    parts: tuple["Judged", ...] = ()


def judge(condition: Condition, view: View) -> Judged:
    """Judge a condition and those inside it."""
    if condition.parts:
        return _together(condition, [judge(part, view) for part in condition.parts], view)
    match condition:
        case Condition(above=Quantity(limit)):
            judged = _above(condition, view, limit)
        case Condition(below=Quantity(limit)):
            judged = _below(condition, view, limit)
        case Condition(rises=Decimal() as factor):
            judged = _rises(condition, view, float(factor))
        case Condition(falls=Decimal() as left):
            judged = _falls(condition, view, float(left))
        case Condition(appears=timedelta() as silence):
            judged = _appears(condition, view, silence // HOUR)
        case Condition(disappears=timedelta() as silence):
            judged = _disappears(condition, view, silence // HOUR)
        case Condition(budget=Budget() as budget, burns=Decimal() as times):
            judged = _burns(condition, view, budget, float(times))
        case Condition(budget=Budget() as budget):
            judged = _spent(condition, view, budget)
        case _:
            raise ValueError(f"{condition} asks nothing")
    return judged


def _together(condition: Condition, parts: list[Judged], view: View) -> Judged:
    """All of them, any of them, or not this one; the figures are those of the first."""
    first, gap = parts[0], reduce(np.logical_or, (part.gap for part in parts))
    able = reduce(np.logical_and, (part.able for part in parts))
    match condition.verb:
        case "any":
            holds = reduce(np.logical_or, (part.holds for part in parts))
            able = able | holds
        case "all":
            holds = reduce(np.logical_and, (part.holds for part in parts))
        case _:
            able = able & view.panel.complete & ~gap & _lives(view)
            holds = able & ~first.holds
    return Judged(holds, able, gap, first.value, first.limit, parts=tuple(parts))


def _judged(view: View, holds: Mask, able: Mask, gap: Mask, figures: tuple[Values, object]) -> Judged:
    shape = (len(view.groups), view.panel.columns)
    able, limit = np.broadcast_to(able, shape), np.broadcast_to(np.asarray(figures[1]), shape)
    return Judged(holds & able, able, gap, figures[0], limit)


def _above(condition: Condition, view: View, limit: float) -> Judged:
    """Too much may be said while figures are missing: they can only add to it."""
    windows = trailing(view.panel, condition.within)
    value = view.values(condition.metric, windows, condition.outside)
    gap = windows.gaps(view.panel.known)
    return _judged(view, value > limit, view.panel.known, gap, (value, limit))


def _below(condition: Condition, view: View, limit: float) -> Judged:
    """Too little may not: every hour must be known, and the newest complete."""
    windows = trailing(view.panel, condition.within)
    value, gap = view.values(condition.metric, windows), windows.gaps(view.panel.known)
    able = view.panel.complete & ~gap & _lives(view)
    return _judged(view, value < limit, able, gap, (value, limit))


def _lives(view: View) -> Mask:
    """Who spent something in the last week: others are gone, and cannot be missed."""
    return np.asarray(view.values(_COST, trailing(view.panel, Span(SEEN_BEFORE))) > 0)


def _rises(condition: Condition, view: View, factor: float) -> Judged:
    windows = trailing(view.panel, condition.within)
    usual, unknown = _reference(condition, view, windows)
    value, gap = view.values(condition.metric, windows), windows.gaps(view.panel.known)
    limit = _whole(np.asarray(factor * np.maximum(usual, 0)), condition)
    return _judged(
        view, (value > limit) & (value > 0), view.panel.known & ~unknown, gap | unknown, (value, limit)
    )


def _falls(condition: Condition, view: View, left: float) -> Judged:
    windows = trailing(view.panel, condition.within)
    usual, unknown = _reference(condition, view, windows)
    value, gap = view.values(condition.metric, windows), windows.gaps(view.panel.known)
    limit = _whole(np.asarray(left * usual), condition)
    able = view.panel.complete & ~gap & ~unknown & _lives(view)
    return _judged(view, (value <= limit) & (usual > 0), able, gap | unknown, (value, limit))


def _whole(limit: Floats, condition: Condition) -> Floats:
    """Limits of sums are whole: nano-dollars, tokens. What is exactly twice as much is not more."""
    return np.rint(limit) if condition.metric.is_sum else limit


def _reference(condition: Condition, view: View, windows: Windows) -> tuple[Values, Mask]:
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


def _appears(condition: Condition, view: View, silence: int) -> Judged:
    windows = trailing(view.panel, condition.within)
    before = windows.before(silence)
    value, unknown = view.values(condition.metric, windows), before.sparse(view.panel.known)
    slept = view.values(condition.metric, before) == 0
    gap = windows.gaps(view.panel.known) | unknown
    return _judged(view, (value > 0) & slept, view.panel.known & ~unknown, gap, (value, 0.0))


def _disappears(condition: Condition, view: View, silence: int) -> Judged:
    windows = trailing(view.panel, Span(silence))
    before = windows.before(SEEN_BEFORE)
    value = view.values(condition.metric, windows)
    was = view.values(condition.metric, before)
    gap = windows.gaps(view.panel.known)
    return _judged(view, (value == 0) & (was > 0), view.panel.complete & ~gap, gap, (value, was))


def _spent(condition: Condition, view: View, budget: Budget) -> Judged:
    """What was spent in the period, or will have been, against shares of its budget."""
    panel, value = view.panel, view.values(_COST, windows := trailing(view.panel, budget.span))
    able, gap = np.asarray(panel.known), windows.gaps(panel.known)
    if condition.on == "forecast":
        rest, unknown = forecast(view, ends(panel, budget.period) - windows.end)
        value, able = value + rest, able & ~unknown
    shares = np.sort(np.array(condition.at))
    amounts = np.rint(shares * budget.usd)
    step = np.searchsorted(amounts, value, side="left")
    limit = amounts[np.maximum(step - 1, 0)]
    judged = _judged(view, step > 0, able, gap, (value, limit))
    return replace(judged, step=step * judged.holds)


def _burns(condition: Condition, view: View, budget: Budget, times: float) -> Judged:
    """The pace over the window and over its last twelfth, against spending the budget evenly."""
    panel, windows = view.panel, trailing(view.panel, condition.within)
    an_hour = times * budget.usd / (ends(panel, budget.period) - begins(panel, budget.period))
    value, limit = view.values(_COST, windows), an_hour * windows.length
    short = windows.last(max(1, condition.within.hours // _SHORT))
    still = view.values(_COST, short) > an_hour * short.length
    return _judged(view, (value > limit) & still, panel.known, windows.gaps(panel.known), (value, limit))
