"""How a key is used over the days: 1 is an ordinary active day. One function an archetype."""

from collections.abc import Callable, Mapping

import numpy as np

from bench.detect.calendar import Calendar, Flags, Floats
from bench.detect.temper import Rng

REGULAR = ("steady", "weekday", "nightly", "growth")


def _steady(rng: Rng, calendar: Calendar) -> Floats:
    return np.where(calendar.free, rng.uniform(0.55, 1.05), 1.0)


def _weekday(rng: Rng, calendar: Calendar) -> Floats:
    idle = 0.0 if rng.random() < 0.25 else rng.uniform(0.01, 0.25)
    by_weekday = rng.lognormal(0.0, 0.08, 7)
    return np.where(calendar.free, idle, by_weekday[calendar.weekday])


def _nightly(rng: Rng, calendar: Calendar) -> Floats:
    rests = calendar.weekend if rng.random() < 0.3 else np.zeros(calendar.days, bool)
    return np.where(rests, 0.0, 1.0)


def _weekend(rng: Rng, calendar: Calendar) -> Floats:
    idle = 0.0 if rng.random() < 0.5 else rng.uniform(0.0, 0.08)
    runs = calendar.weekend if rng.random() < 0.6 else calendar.weekday == rng.integers(5, 7)
    return np.where(runs, 1.0, idle)


def _cron(rng: Rng, calendar: Calendar) -> Floats:
    period = 7 if rng.random() < 0.4 else int(rng.integers(2, 15))
    runs = (np.arange(calendar.days) + rng.integers(0, period)) % period == 0
    return np.where(runs & (rng.random(calendar.days) > 0.03), 1.0, 0.0)


def _month_end(rng: Rng, calendar: Calendar) -> Floats:
    length = int(rng.integers(1, 4))
    near = calendar.to_month_end < length if rng.random() < 0.7 else calendar.month_day <= length
    idle = 0.0 if rng.random() < 0.4 else rng.uniform(0.02, 0.3)
    return np.where(near, 1.0, idle)


def _ad_hoc(rng: Rng, calendar: Calendar) -> Floats:
    """Comes in spells, mostly on working days, and no two spells are alike."""
    share, stay = rng.uniform(0.06, 0.4), rng.uniform(0.0, 0.6)
    chance = rng.random(calendar.days)
    active, runs = False, np.zeros(calendar.days)
    for day in range(calendar.days):
        active = bool(chance[day] < (stay + (1 - stay) * share if active else (1 - stay) * share))
        runs[day] = active
    working = np.where(calendar.free & (rng.random(calendar.days) < 0.8), 0.0, 1.0)
    return np.asarray(runs * working * rng.lognormal(-0.3, rng.uniform(0.4, 0.9), calendar.days))


def _dormant(rng: Rng, calendar: Calendar) -> Floats:
    """Used for a while at the beginning, then silent."""
    last = int(rng.integers(2, max(4, int(calendar.history * 0.5))))
    return np.where((np.arange(calendar.days) < last) & ~calendar.free, 1.0, 0.0)


def _growth(rng: Rng, calendar: Calendar) -> Floats:
    rate = rng.uniform(0.002, 0.01)
    trend = np.exp(rate * (np.arange(calendar.days) - calendar.days / 2))
    return np.asarray(trend * (_steady(rng, calendar) if rng.random() < 0.6 else _weekday(rng, calendar)))


def _new(rng: Rng, calendar: Calendar) -> Floats:
    """Starts small some day in the judged part and grows into what it will be."""
    first = rng.integers(calendar.history, calendar.days)
    ramp = np.clip((np.arange(calendar.days) - first + 1) / rng.uniform(5, 25), 0.0, 1.0)
    return 0.5 * ramp * (_steady(rng, calendar) if rng.random() < 0.5 else _weekday(rng, calendar))


def _retired(rng: Rng, calendar: Calendar) -> Floats:
    """Fades over weeks; one in five stops from one day to the next."""
    shape = _steady(rng, calendar) if rng.random() < 0.5 else _weekday(rng, calendar)
    since = np.arange(calendar.days) - rng.integers(calendar.history // 2, calendar.days)
    fade = 0.001 if rng.random() < 0.2 else rng.uniform(4, 15)
    left = np.exp(-np.maximum(since, 0) / fade)
    return shape * np.where(left < 0.02, 0.0, left)


SHAPES: Mapping[str, Callable[[Rng, Calendar], Floats]] = {
    "steady": _steady,
    "weekday": _weekday,
    "nightly": _nightly,
    "weekend": _weekend,
    "cron": _cron,
    "month end": _month_end,
    "ad hoc": _ad_hoc,
    "dormant": _dormant,
    "growth": _growth,
    "new": _new,
    "retired": _retired,
}
_AT_OFFICE = ("weekday", "ad hoc", "dormant", "month end")


def hours(rng: Rng, archetype: str, noon: float) -> Floats:
    """Shares of the day's 24 hours; `noon` is the UTC hour of the organisation's midday."""
    hour = np.arange(24)
    if archetype in {"nightly", "weekend", "cron"}:
        first, length = noon + 12 + rng.integers(-4, 5), rng.integers(1, 5)
        share = (((hour - first) % 24) < length).astype(float)
    else:
        away = np.abs((hour - noon - rng.normal(0.0, 0.7) + 12) % 24 - 12)
        peak = np.exp(-0.5 * (away / rng.uniform(2.5, 4.0)) ** 2)
        floor = rng.uniform(0.0, 0.06) if archetype in _AT_OFFICE else rng.uniform(0.2, 2.0)
        share = peak + floor
    return np.asarray(share / share.sum())


def exists(shape: Floats) -> Flags:
    """From the first day of use on."""
    return np.maximum.accumulate(shape > 0)
