"""What a month or week will have cost when it is over, and how far such forecasts were off before.

The forecast is made anew at every earlier day of the series (an origin), at the same distance from its end
and from nothing but what was known then. Origins teach three things: how far to lean from the level of four
weeks towards that of one week and that of sixteen, what the ends of months add, and how wide the interval has
to be. Errors are differences of log(spend + floor): relative for much, absolute for next to nothing.

Arrays by origin have one entry more than there are days: origin t knows days[:t] alone, the last is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import hypot

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from bot.detect.robust import MAD_TO_SIGMA, Floats, Ints, median
from bot.facts.clock import DAY, Grain, Window, floor, index
from bot.facts.money import Usd

_NANO = 1e9
_FIRST = 14
"""Days with less history are not forecast, and no earlier origin teaches anything."""
_LEVELS = (7, 28, 112)
_LEAN = np.array([0.0, 0.3, 0.3])
"""Before anything is learnt: how far beyond, towards the last week, towards the last sixteen weeks."""
_FAITH = np.array([30.0, 12.0, 12.0])
"""For so many independent origins each of these counts."""
_SHOCK, _SURE = 2.5, 4.0
"""A week that departs by so many of its usual departures begins to be a new level, and surely is one."""
_HOLDS = 7
"""So many days a level found to be new remains so, as the four weeks before are still of both."""
_MONTHS, _TOLD_MONTHS = 6, 3
_DRIFT, _DRIFT_WEEKS = 0.12, 0.5
"""How far a level moves in a fortnight (log scale), and for how many weeks seen that counts."""
_PRIOR = 4.0
"""For so many independent origins the width that noise and drift suggest counts."""
_OVERLAP = 1.5
"""Origins that share days teach a little more than those of them that do not."""
_COVER, _TAIL = 0.9, 1.35
"""One-sided; and the standard deviations to there, with somewhat more tail than the normal's 1.28."""
_MOST = 5.0
"""An error of 150 times and more is one of 150 times."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a period will have cost when it is over: nano-USD, with an interval that holds four times in five.

    `error` is the median absolute relative error of the same forecast at the same distance in the past,
    None while there is no such past. `path` is the expected spend of the period at the end of each UTC day
    that remains, today first; its last is `expected`.
    """

    spent: Usd
    expected: Usd
    low: Usd
    high: Usd
    error: float | None
    path: tuple[Usd, ...]


def forecast(days: Floats, spent: Usd, now: datetime, period: Window) -> Forecast | None:
    """The forecast of one series; None with less than two weeks of days read since it first spent.

    `days` are dollars of complete UTC days, oldest first, up to the day before that of `now`; NaN where never
    read. `spent` is what `period` has cost until `now`. ValueError for a period that does not hold `now`.
    """
    if not period.start <= now < period.end:
        raise ValueError(f"{now} does not lie in {period}; forecast a period that goes on")
    today, past = floor(now, Grain.DAY), _since_first_spend(days)
    if np.isfinite(past).sum() < _FIRST:
        return None
    ahead = _Ahead(-((today - period.end) // DAY), (now - today) / DAY)
    filled = _filled(past)
    unit = float(filled.mean())
    series = _series(filled / unit, index(today, Grain.DAY))
    origins = _foretell(series, ahead)
    path = _path(spent, unit * origins.rest(), series.of_days(ahead)[-1])
    rests = origins.interval(_assumed(series, ahead), ahead)
    low, high = _widened(
        [_add(spent, unit * rest) for rest in rests], path[-1], ahead.over * (path[0] - spent)
    )
    error = origins.error(series, ahead, max((today - period.start) // DAY, 0))
    return Forecast(spent, path[-1], max(low, spent), high, error, path)


def runs_out(expected: Forecast, budget: Usd, today: date) -> date | None:
    """The first UTC day at whose end the expected spend exceeds the budget; None if it does not."""
    over = (day for day, usd in enumerate(expected.path) if usd > budget)
    return next((today + day * DAY for day in over), None)


def _since_first_spend(days: Floats) -> Floats:
    """A credit is no spend."""
    past = np.maximum(days, 0.0)
    spends = np.flatnonzero((past > 0) & np.isfinite(past))
    return past[spends[0] :] if len(spends) else past[:0]


def _filled(days: Floats) -> Floats:
    """A day never read was like the one a week before, or else like the day before."""
    filled = days.copy()
    for day in np.flatnonzero(~np.isfinite(days)):
        filled[day] = filled[day - 7 if day >= 7 else day - 1]
    return filled


def _path(spent: Usd, rest: float, weights: Floats) -> tuple[Usd, ...]:
    return tuple(_add(spent, part) for part in rest * np.cumsum(weights) / weights.sum())


def _widened(interval: Sequence[Usd], expected: Usd, hours: float) -> tuple[Usd, Usd]:
    """By what today's hours may still bring: origins are midnights, and say nothing of how a day goes on."""
    low, high = (round(hypot(end - expected, hours)) for end in interval)
    return Usd(expected - low), Usd(expected + high)


def _add(spent: Usd, dollars: float) -> Usd:
    return Usd(spent + round(dollars * _NANO))


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is to be foretold: so many days, of the first of which a share is over."""

    days: int
    over: float

    def sums(self, days: Floats, most: Floats | None = None) -> Floats:
        """What came after each origin that knows by now, a day for no more than `most` says at its end."""
        came = _windows(days, self.days, 0.0)[self.days :]
        came = came if most is None else np.minimum(came, most[self.days :, None])
        return np.asarray(came.sum(axis=1) - self.over * came[:, 0])


@dataclass(frozen=True, slots=True)
class _Series:
    """Days in units of their mean, oldest first, `today` being the day number of now. The others by origin.

    `most` is what a day counts for at most, `tamed` the last 112 days with no more, NaN before the first;
    `levels` their means over 7, 28 and 112 days, `week` the weights of the next seven days, 1 on average.
    """

    days: Floats
    today: int
    most: Floats
    tamed: Floats
    levels: Floats
    week: Floats

    def of_days(self, ahead: _Ahead) -> Floats:
        """By origin: the weight of each day ahead."""
        weights = self.week[:, np.arange(ahead.days) % 7]
        weights[:, 0] *= 1 - ahead.over
        return weights


def _windows(values: Floats, length: int, before: float) -> Floats:
    """By origin: the last so many values, `before` where there was none yet."""
    return sliding_window_view(np.concatenate([np.full(length, before), values]), length)


def _series(days: Floats, today: int) -> _Series:
    most = _most(days)
    tamed = np.minimum(_windows(days, _LEVELS[-1], np.nan), most[:, None])
    levels = np.stack([_mean(tamed[:, -length:], axis=1) for length in _LEVELS])
    return _Series(days, today, most, tamed, levels, _week(tamed[:, -56:]))


def _most(days: Floats) -> Floats:
    """By origin: the third largest day of four weeks, or a busy day as it is usual in twelve weeks.

    So a spike of one or two days is no level, but three such days are; and days that are rare are not lost.
    """
    third = np.sort(_windows(days, 28, 0.0), axis=1)[:, -3]
    busy = _windows(days, 84, 0.0)
    return np.maximum(third, 1.25 * np.nan_to_num(median(busy, busy > 0)))


def _mean(values: Floats, axis: int) -> Floats:
    """Of what is known; 0 of nothing."""
    known = np.isfinite(values)
    return np.asarray(np.where(known, values, 0.0).sum(axis) / np.maximum(known.sum(axis), 1))


def _week(tamed: Floats) -> Floats:
    """From eight weeks by origin; each weekday is drawn to the mean as by one more week of it."""
    weeks = tamed.reshape(len(tamed), -1, 7)
    known, mean = np.isfinite(weeks).sum(axis=1), _mean(tamed, axis=1)[:, None]
    weights = (known * _mean(weeks, axis=1) + mean) / (known + 1)
    average = weights.mean(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, average, out=np.ones_like(weights), where=average > 0))


@dataclass(frozen=True, slots=True)
class _Origins:
    """By origin: log(spend ahead + floor) as `foretold`, and `floor`; `off` is the error where it is known.

    `twins` are the errors at this place of the last months, less what was learnt from them.
    """

    foretold: Floats
    floor: Floats
    off: Floats
    twins: Floats

    def rest(self, off: float = 0.0) -> float:
        """What is still to come, in mean days, if the forecast is off by so much."""
        return max(float(np.exp(self.foretold[-1] + off) - self.floor[-1]), 0.0)

    def interval(self, assumed: float, ahead: _Ahead) -> tuple[float, float]:
        """At least and at most what is still to come."""
        below, above = (self._reach(side * self.off, side * self.twins, assumed, ahead) for side in (-1, 1))
        return self.rest(-below), self.rest(above)

    def _reach(self, off: Floats, twins: Floats, assumed: float, ahead: _Ahead) -> float:
        """How far the interval reaches to one side: the conformal quantile of errors, and what is assumed.

        With n exchangeable errors, the one at rank 0.9 (n + 1) is exceeded by the next once in ten times.
        Source: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman (2018), Distribution-free predictive inference
        for regression, JASA 113, section 2. Origins that share days count for fewer; and a month's end that
        was seen once may come again.
        """
        off = off[_FIRST:]
        count = 1 + _OVERLAP * (len(off) - 1) / ahead.days if len(off) else 0.0
        learnt = float(np.quantile(off, min(_COVER * (1 + 1 / count), 1.0))) if len(off) else 0.0
        reach = (count * learnt + _PRIOR * _TAIL * assumed) / (count + _PRIOR)
        return max(reach, float(twins.min()) if len(twins) else 0.0, 0.0)

    def error(self, series: _Series, ahead: _Ahead, elapsed: int) -> float | None:
        """Of what whole periods cost, so many days of which had gone by."""
        at = np.arange(max(_FIRST, elapsed), len(self.off))
        came = ahead.sums(series.days)[at]
        total = np.concatenate([[0.0], np.cumsum(series.days)])
        cost = came + total[at] - total[at - elapsed] + ahead.over * series.days[at]
        off = np.abs(np.maximum(np.exp(self.foretold[at]) - self.floor[at], 0.0) - came)
        return float(np.median(off[cost > 0] / cost[cost > 0])) if (cost > 0).any() else None


def _foretell(series: _Series, ahead: _Ahead) -> _Origins:
    """The forecast at every origin."""
    ever = np.cumsum(series.days) / np.arange(1, len(series.days) + 1)
    least = ahead.days * (0.1 * series.levels[2] + 0.001 * np.concatenate([[1.0], ever]))
    logs = np.log(series.levels * series.of_days(ahead).sum(axis=1) + least)
    known = least[: -ahead.days]
    wanted = np.log(ahead.sums(series.days, series.most) + known)
    plain = logs[1] + _leant(logs, wanted, ahead.days, _new_level(series))
    came = np.log(ahead.sums(series.days) + known)
    monthly, twins = _monthly(_twins(series), _off(came, plain), ahead.days)
    foretold = plain + monthly
    return _Origins(foretold, least, _off(came, foretold), twins)


def _off(came: Floats, foretold: Floats) -> Floats:
    return np.clip(came - foretold[: len(came)], -_MOST, _MOST)


def _leant(logs: Floats, wanted: Floats, days: int, new: Floats) -> Floats:
    """By origin: how far to go from the level of four weeks; all the way to the last week if that is new."""
    features = np.stack([np.ones_like(new), logs[0] - logs[1], logs[2] - logs[1]], axis=1)
    lean = _learnt(features, _off(wanted, logs[1]), days)
    lean[:, 1] += np.maximum(1 - lean[:, 1], 0.0) * new
    lean[:, 2] *= 1 - new
    return np.asarray((features * lean).sum(axis=1))


def _learnt(features: Floats, wanted: Floats, days: int) -> Floats:
    """By origin: the weights of features for what is wanted, by ridge regression towards _LEAN.

    An origin learns from those whose days ahead were over by then. These overlap: each counts for 1 / days.
    """
    lean, told = np.tile(_LEAN, (len(features), 1)), features[_FIRST : len(wanted)]
    if not len(told):
        return lean
    off = wanted[_FIRST:] - told @ _LEAN
    squares = np.cumsum(told[:, :, None] * told[:, None, :], axis=0)
    usual = np.diagonal(squares, axis1=1, axis2=2) / np.arange(1, len(told) + 1)[:, None] + 1e-4
    ridge = squares / days + (_FAITH * usual)[:, :, None] * np.eye(len(_LEAN))
    towards = np.cumsum(told * off[:, None], axis=0) / days
    lean[_FIRST + days :] += np.linalg.solve(ridge, towards[:, :, None])[:, :, 0]
    return lean


def _new_level(series: _Series) -> Floats:
    """By origin, 0 to 1: how surely the last week is a new level.

    Six of its days lie to one side of the four weeks before it, the median day further than it usually does.
    """
    level = series.levels[1, :-7, None]
    slack = 0.05 * level + 1e-6
    last, usual = _windows(series.days, 7, 0.0)[7:], level * series.week[:-7]
    away = np.sort(np.log((last + slack) / (usual + slack)), axis=1)[_FIRST - 7 :]
    one_sided = (away[:, 1] > 0) | (away[:, 5] < 0)
    middle = np.abs(away[:, 3])
    strays = np.concatenate([np.full(7, np.inf), _usual(middle)[1:]])[: len(middle)]
    sure = np.clip((middle / np.maximum(strays, 0.03) - _SHOCK) / (_SURE - _SHOCK), 0.0, 1.0)
    held = _windows(sure * one_sided, _HOLDS, 0.0)[1:].max(axis=1)
    return np.concatenate([np.zeros(_FIRST), held])


def _usual(sizes: Floats) -> Floats:
    """A standard deviation from the median of the last 112 sizes, after none, one, two ... of them."""
    windows = _windows(sizes, _LEVELS[-1], np.inf)
    return MAD_TO_SIGMA * np.nan_to_num(median(windows, np.isfinite(windows)))


def _monthly(twins: Ints, off: Floats, days: int) -> tuple[Floats, Floats]:
    """By origin: what earlier months say that this place of a month adds; and the last errors left by now.

    Only errors that agree in sign count, the more the further they stand out of the usual error: the
    positive-part estimator of James and Stein (Efron and Morris 1973).
    """
    counted = (twins >= _FIRST) & (twins + days <= np.arange(len(twins))[:, None])
    told = np.where(counted, np.concatenate([off, np.zeros(days)])[np.where(counted, twins, 0)], 0.0)
    count, middle = counted.sum(axis=1), np.nan_to_num(median(told, counted))
    strays = np.abs(off - middle[: len(off)])[_FIRST:]
    noise = np.maximum(np.concatenate([np.ones(_FIRST + days - 1), _usual(strays)]), 0.02)
    agree = (count > 1) & (np.abs(np.sign(told).sum(axis=1)) == count)
    doubt = 2 * noise[: len(twins)] ** 2 / np.maximum(count * middle**2, 1e-12)
    adds = middle * np.maximum(1 - doubt, 0.0) * agree
    return adds, (told[-1] - adds[-1])[counted[-1]][:_TOLD_MONTHS]


def _twins(series: _Series) -> Ints:
    """By origin: those as far from the end of the last six months, newest first."""
    first = series.today - len(series.days)
    dates = np.arange(first, series.today + 1).astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    to_end = (month + 1).astype("datetime64[D]") - dates
    ends = (month[:, None] + 1 - np.arange(1, _MONTHS + 1)).astype("datetime64[D]")
    return np.asarray((ends - to_end[:, None]).astype(np.int64) - first)


def _assumed(series: _Series, ahead: _Ahead) -> float:
    """A standard deviation of the error (log scale) from the noise of days and the drift of weeks."""
    recent, mean = _windows(series.days, 56, np.nan)[-1].reshape(-1, 7), series.levels[1, -1]
    noise = float(np.nanmean((recent - mean * series.week[-1]) ** 2) / max(np.nanmean(recent) ** 2, 1e-12))
    weeks = series.levels[0, _FIRST:] + 0.1 * series.levels[2, _FIRST:] + 1e-6
    moves = np.log(weeks[7:] / weeks[:-7])[-112:] ** 2 - 2 * noise / 7
    moved = max(float(np.minimum(moves, 0.25).sum()), 0.0)
    drift = (7 * _DRIFT_WEEKS * _DRIFT**2 + moved) / (7 * _DRIFT_WEEKS + len(moves))
    left = max(ahead.days - ahead.over, 0.05)
    return float(np.sqrt(np.log1p(noise * (1 / left + 1 / 20) + drift * min(left / 14, 1.5))))
