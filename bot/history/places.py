"""Where a row of spend lies: day, series and hour packed into one integer, by which tables are clustered.

One key is written faster than three columns, and what is asked most is one range of keys: days of
everything, or a day of one series.
"""

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import Grain, Window, index

_DAY_SHIFT, _SERIES_SHIFT = 32, 5
_SERIES_MASK = (1 << _DAY_SHIFT - _SERIES_SHIFT) - 1
_HOUR_MASK = (1 << _SERIES_SHIFT) - 1

DAY = f"(place >> {_DAY_SHIFT})"
HOUR_OF_DAY = f"(place & {_HOUR_MASK})"
HOUR = f"({DAY} * 24 + {HOUR_OF_DAY})"
SERIES = f"(place >> {_SERIES_SHIFT} & {_SERIES_MASK})"
"""SQL for the parts of a place; DAY and HOUR count from 1970."""
DAYS = """(WITH RECURSIVE days (day) AS (SELECT ? UNION ALL SELECT day + 1 FROM days WHERE day < ?)
    SELECT day FROM days)"""
"""SQL for the days from one to another, both included."""
GIVEN = "(SELECT value FROM json_each(?))"
"""SQL for the numbers of a JSON list."""
OF_SERIES_DAY = f"((day << {_DAY_SHIFT}) + (id << {_SERIES_SHIFT}))"
"""SQL for the first place of series `id` on `day`."""
IN_SERIES_DAY = f"place BETWEEN {OF_SERIES_DAY} AND {OF_SERIES_DAY} + {_HOUR_MASK}"
"""SQL for all places of series `id` on `day`."""


def of_hour(hour: int) -> int:
    """What an hour (since 1970) adds to a place."""
    day, hour_of_day = divmod(hour, 24)
    return (day << _DAY_SHIFT) + hour_of_day


def of_series(series: NDArray[np.int64]) -> NDArray[np.int64]:
    """What series ids add to their places."""
    return series << _SERIES_SHIFT


def of_days(days: range) -> tuple[int, int]:
    """The least and the greatest place on whole days."""
    return days.start << _DAY_SHIFT, (days.stop << _DAY_SHIFT) - 1


def leaves_and_buckets(
    places: NDArray[np.int64], grain: Grain
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Leaf number (series id - 1) and bucket since 1970 of each place."""
    day = places >> _DAY_SHIFT
    bucket = day if grain is Grain.DAY else day * 24 + (places & _HOUR_MASK)
    return (places >> _SERIES_SHIFT & _SERIES_MASK) - 1, bucket


def hours_in(window: Window) -> range:
    """The hours (since 1970) of a window."""
    return range(index(window.start, Grain.HOUR), index(window.end, Grain.HOUR))


def days_in(window: Window) -> range:
    """The days (since 1970) that a window touches."""
    hours = hours_in(window)
    return range(hours.start // 24, (hours.stop - 1) // 24 + 1)
