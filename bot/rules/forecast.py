"""What will still be spent: the hours to come cost what the same hours of the week did of late."""

import numpy as np

from bot.detect.robust import Floats
from bot.facts.clock import HOURS_A_WEEK
from bot.panel.coverage import Mask
from bot.panel.leaves import Numbers
from bot.rules.conditions import WEEKS
from bot.rules.metrics import METRICS
from bot.rules.view import View
from bot.rules.windows import Windows


def forecast(view: View, ahead: Numbers) -> tuple[Floats, Mask]:
    """Nano-dollars by member for so many hours after each hour, and where it is too early to say.

    Seasonal naive, averaged over as many of the last four weeks as are known, at least one. Source:
    Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 5.2.
    """
    cost, end = METRICS["cost"], np.arange(1, view.panel.columns + 1)
    total, weeks = np.zeros((len(view.groups), len(end))), np.zeros(len(end))
    for week in range(1, WEEKS + 1):
        begin = end - week * HOURS_A_WEEK
        whole = Windows(begin, begin + HOURS_A_WEEK)
        rest = Windows(begin, begin + ahead % HOURS_A_WEEK)
        known = ~whole.sparse(view.panel.known)
        a_week = view.values(cost, whole) * (ahead // HOURS_A_WEEK) + view.values(cost, rest)
        total, weeks = total + a_week * known, weeks + known
    return total / np.maximum(weeks, 1), weeks == 0
