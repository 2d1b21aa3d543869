"""What conditions say of every member in every hour, all at once."""

from datetime import timedelta
from decimal import Decimal
from functools import reduce

import numpy as np

from bot.facts.clock import HOUR
from bot.panel.coverage import Mask
from bot.rules.amounts import Budget, Quantity
from bot.rules.conditions import SEEN_BEFORE, Condition
from bot.rules.judged import Judged, judged_of
from bot.rules.metrics import METRICS
from bot.rules.periods import Span
from bot.rules.references import reference, whole
from bot.rules.spending import burning, spent
from bot.rules.view import View
from bot.rules.windows import trailing

_COST = METRICS["cost"]


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
            judged = burning(condition, view, budget, float(times))
        case Condition(budget=Budget() as budget):
            judged = spent(condition, view, budget)
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


def _above(condition: Condition, view: View, limit: float) -> Judged:
    """Too much may be said while figures are missing: they can only add to it."""
    windows = trailing(view.panel, condition.within)
    value = view.values(condition.metric, windows, condition.outside)
    gap = windows.gaps(view.panel.known)
    return judged_of(view, value > limit, view.panel.known, gap, (value, limit))


def _below(condition: Condition, view: View, limit: float) -> Judged:
    """Too little may not: every hour must be known, and the newest complete."""
    windows = trailing(view.panel, condition.within)
    value, gap = view.values(condition.metric, windows), windows.gaps(view.panel.known)
    able = view.panel.complete & ~gap & _lives(view)
    return judged_of(view, value < limit, able, gap, (value, limit))


def _lives(view: View) -> Mask:
    """Who spent something in the last week: others are gone, and cannot be missed."""
    return np.asarray(view.values(_COST, trailing(view.panel, Span(SEEN_BEFORE))) > 0)


def _rises(condition: Condition, view: View, factor: float) -> Judged:
    windows = trailing(view.panel, condition.within)
    usual, unknown = reference(condition, view, windows)
    value, gap = view.values(condition.metric, windows), windows.gaps(view.panel.known)
    limit = whole(np.asarray(factor * np.maximum(usual, 0)), condition)
    return judged_of(
        view, (value > limit) & (value > 0), view.panel.known & ~unknown, gap | unknown, (value, limit)
    )


def _falls(condition: Condition, view: View, left: float) -> Judged:
    windows = trailing(view.panel, condition.within)
    usual, unknown = reference(condition, view, windows)
    value, gap = view.values(condition.metric, windows), windows.gaps(view.panel.known)
    limit = whole(np.asarray(left * usual), condition)
    able = view.panel.complete & ~gap & ~unknown & _lives(view)
    return judged_of(view, (value <= limit) & (usual > 0), able, gap | unknown, (value, limit))


def _appears(condition: Condition, view: View, silence: int) -> Judged:
    windows = trailing(view.panel, condition.within)
    before = windows.before(silence)
    value, unknown = view.values(condition.metric, windows), before.sparse(view.panel.known)
    slept = view.values(condition.metric, before) == 0
    gap = windows.gaps(view.panel.known) | unknown
    return judged_of(view, (value > 0) & slept, view.panel.known & ~unknown, gap, (value, 0.0))


def _disappears(condition: Condition, view: View, silence: int) -> Judged:
    windows = trailing(view.panel, Span(silence))
    before = windows.before(SEEN_BEFORE)
    value = view.values(condition.metric, windows)
    was = view.values(condition.metric, before)
    gap = windows.gaps(view.panel.known)
    return judged_of(view, (value == 0) & (was > 0), view.panel.complete & ~gap, gap, (value, was))
