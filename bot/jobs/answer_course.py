"""What to draw of a period: what was spent and what is usual, by the hour or by the day."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median_low

from bot.facts.clock import DAY, HOUR, Grain, Window, floor
from bot.facts.incident import Point
from bot.facts.money import ZERO, Usd
from bot.jobs.answer_figures import Figures
from bot.jobs.ports import SpendStore

_MOST_POINTS = 20
_BY_HOUR = timedelta(hours=48)
"""Up to here hours are drawn, a few together: a day has its own shape."""
_STEPS = (1, 2, 3, 7, 14, 28)
"""How many hours, or days, may make a point."""


def course(figures: Figures, window: Window, earlier: Sequence[Window]) -> tuple[Point, ...]:
    """At most 20 points; what is usual is the median of the same stretch of `earlier` windows, else 0.

    Stretches of days begin at midnight UTC, the first one with the window.
    """
    if window.length <= _BY_HOUR and _is_hourly(figures.store.spend, window):
        earlier = [one for one in earlier if _is_hourly(figures.store.spend, one)]
        starts = [hour.start for hour in window.split(HOUR)]
        amounts = [figures.hours(one) for one in (window, *earlier)]
    else:
        midnight = floor(window.start, Grain.DAY)
        starts = [max(day.start, window.start) for day in Window(midnight, window.end).split(DAY)]
        amounts = [figures.days_cut(one) for one in (window, *earlier)]
    step = _step(len(starts))
    spent, *usual = ([Usd(sum(one[at : at + step])) for at in range(0, len(one), step)] for one in amounts)
    expected = [median_low(known) for known in zip(*usual, strict=True)] if usual else [ZERO] * len(spent)
    return tuple(map(Point, starts[::step], spent, expected))


def _step(count: int) -> int:
    """How many hours or days make a point."""
    least = -(-count // _MOST_POINTS)
    return next((step for step in _STEPS if step >= least), least)


def _is_hourly(spend: SpendStore, window: Window) -> bool:
    """Whether nothing of it was read by the day."""
    coverage = spend.coverage(window)
    return not (coverage.known & ~coverage.hourly).any()
