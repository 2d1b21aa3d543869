"""Budgets: what was spent of them, or will have been, and how fast."""

from dataclasses import replace

import numpy as np

from bot.rules.amounts import Budget
from bot.rules.conditions import Condition
from bot.rules.forecast import forecast
from bot.rules.judged import Judged, judged_of
from bot.rules.metrics import METRICS
from bot.rules.view import View
from bot.rules.windows import begins, ends, trailing

_SHORT = 12
"""What burns must burn over a twelfth of its window too, so that it stops soon after the fire.

Source: Google, The Site Reliability Workbook (2018), chapter 5, "Multiwindow, multi-burn-rate alerts".
"""
_COST = METRICS["cost"]


def spent(condition: Condition, view: View, budget: Budget) -> Judged:
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
    judged = judged_of(view, step > 0, able, gap, (value, limit))
    return replace(judged, step=step * judged.holds)


def burning(condition: Condition, view: View, budget: Budget, times: float) -> Judged:
    """The pace over the window and over its last twelfth, against spending the budget evenly."""
    panel, windows = view.panel, trailing(view.panel, condition.within)
    an_hour = times * budget.usd / (ends(panel, budget.period) - begins(panel, budget.period))
    value, limit = view.values(_COST, windows), an_hour * windows.length
    short = windows.last(max(1, condition.within.hours // _SHORT))
    still = view.values(_COST, short) > an_hour * short.length
    return judged_of(view, (value > limit) & still, panel.known, windows.gaps(panel.known), (value, limit))
