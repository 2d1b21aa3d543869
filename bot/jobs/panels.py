"""What is looked at: panels of hours and of days from the store, and the days as they were at an hour."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from bot.detect.series import COUNTS
from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.jobs.ports import Store
from bot.panel.folding import by_day
from bot.panel.panel import Panel

REACH = timedelta(days=70)
"""How many hours are looked at: eight weeks before an incident two weeks old, six before one of four."""
_LEAST_DAYS, _MOST_DAYS = 126, 400
"""How many days are looked at: at least fourteen weeks to learn from and four more in which a key may have
slept; of a smaller organisation more than a year, for keys that sleep for long."""
_CELLS = 1_000_000
"""Up to how many leaves x days more days are looked at: each costs 56 bytes."""


def hours_until(store: Store, now: datetime) -> Panel:
    """Dollars by the hour, as far back as detection looks."""
    return hours_of(store, _reaching(now, REACH))


def hours_of(store: Store, window: Window, counts: Sequence[str] = ()) -> Panel:
    """Dollars by the hour in a window of whole days, and the named counts beside them."""
    spend = store.spend
    cells = spend.cells(window, Grain.HOUR, counts)
    return Panel.build(Grain.HOUR, spend.leaves(), cells, spend.coverage(window), counts)


def days_until(store: Store, now: datetime) -> Panel:
    """Dollars, requests and tokens by the day."""
    spend, leaves = store.spend, store.spend.leaves()
    window = _reaching(now, _days_reach(len(leaves.values)))
    cells = spend.cells(window, Grain.DAY, COUNTS)
    return Panel.build(Grain.DAY, leaves, cells, spend.coverage(window), COUNTS)


def _days_reach(leaves: int) -> timedelta:
    return timedelta(days=min(max(_CELLS // max(leaves, 1), _LEAST_DAYS), _MOST_DAYS))


def _reaching(now: datetime, reach: timedelta) -> Window:
    return Window(floor(now - reach, Grain.DAY), ceil(now, Grain.DAY))


def days_so_far(store: Store, days: Panel, hour: datetime) -> Panel:
    """The days as they were once `hour` had come; its own day is summed from hours, nothing later shows."""
    day = floor(hour, Grain.DAY)
    window, column = Window(day, day + DAY), days.column(day)
    cells = store.spend.cells(window, Grain.HOUR, COUNTS)
    hours = Panel.build(Grain.HOUR, days.leaves, cells, store.spend.coverage(window), COUNTS)
    today = by_day(hours.before(hours.column(hour) + 1))
    view = days.before(column + 1)
    ended = hour + Grain.HOUR.width == window.end
    return replace(
        view,
        usd=np.column_stack((view.usd[:, :column], today.usd)),
        complete=np.append(view.complete[:column], view.complete[column] and ended),
        counts={
            name: np.column_stack((values[:, :column], today.counts[name]))
            for name, values in view.counts.items()
        },
    )
