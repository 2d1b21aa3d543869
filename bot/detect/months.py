"""What comes every month: the days of earlier months that are like the newest one."""

from datetime import datetime

import numpy as np

from bot.detect.robust import Ints
from bot.facts.clock import DAY, Grain
from bot.facts.scope import Scope
from bot.panel.panel import Panel

_MONTHS = 3
_TOO_RECENT = 7
_HIGH, _AS_HIGH = 2.0, 1.5
_TYPICAL_DAYS = 28


def twins(panel: Panel) -> list[Ints]:
    """By earlier month, the columns at the newest day's place: by its number, or from the month's end.

    A day more or less either way; none for hours.
    """
    if panel.grain is Grain.HOUR:
        return []
    newest = panel.start_of(panel.columns - 1)
    to_end, month = (_month_after(newest) - newest).days, newest.replace(day=1)
    found = []
    for _ in range(_MONTHS):
        end, month = month, (month - DAY).replace(day=1)
        middles = (panel.column(month + (newest.day - 1) * DAY), panel.column(end - to_end * DAY))
        near = {middle + off for middle in middles if middle >= 0 for off in (-1, 0, 1)}
        found.append(np.array(sorted(c for c in near if 0 <= c < panel.columns - _TOO_RECENT), np.int64))
    return [month for month in found if len(month)]


def together(months: list[Ints]) -> Ints:
    """The columns of all months."""
    return np.concatenate([np.zeros(0, np.int64), *months])


def comes_every_month(days: Panel, scope: Scope) -> bool:
    """Whether a scope spent twice its typical day here in every month known, and not more today."""
    dollars = days.usd[days.leaves.inside(scope)].sum(axis=0)
    highest = [int(dollars[month].max()) for month in twins(days)]
    typical = float(np.median(dollars[-_TYPICAL_DAYS - 1 : -1])) if days.columns > 1 else 0.0
    if not highest or min(highest) < _HIGH * max(typical, 1.0):
        return False
    return bool(dollars[-1] <= _AS_HIGH * max(highest))


def _month_after(at: datetime) -> datetime:
    return (at.replace(day=28) + 4 * DAY).replace(day=1)
