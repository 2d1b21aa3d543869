"""Forecasters too slow to fit every day: fitted once a week for each series, a seventh of them every day."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from bench.detect.peers.peer import Peer, Verdict, in_spreads, off
from bench.detect.peers.robust import from_log, to_log

Array = NDArray[np.float64]
WEEK = 7


@dataclass(frozen=True, slots=True)
class _Forecast:
    """Means and standard deviations of the week from day `day` on, on the logarithmic scale of `unit`."""

    day: int
    unit: float
    mean: Array
    spread: Array


class Weekly(Peer):
    """Today against the forecast of up to a week ago, in its standard deviations, on logarithms."""

    usual = 3.0
    floor = 1.5
    days = 120
    least_days: ClassVar[int] = 14

    def __init__(self, judged_from: datetime | None = None) -> None:
        super().__init__(judged_from)
        self._forecasts: dict[int, _Forecast] = {}

    @abstractmethod
    def forecast(self, past: Array) -> tuple[Array, Array]:
        """Means and standard deviations of the seven days after `past`, both on the logarithmic scale."""

    def judge(self) -> Verdict:
        """Both sides."""
        usd = self.book.usd(self.days + 1)
        score, expected = np.full((2, len(usd)), np.nan)
        for at in self.worth(self.days + 1, self.least_days):
            score[at], expected[at] = self._judge(int(at), usd[at])
        return Verdict(score, expected)

    def _judge(self, at: int, usd: Array) -> tuple[Array, Array]:
        forecast = self._forecasts.get(at)
        today = self.book.today
        if forecast is None or today - forecast.day >= WEEK or (today + at) % WEEK == 0:
            unit = self.book.unit()
            past = to_log(usd[:-1], unit)
            forecast = _Forecast(today, unit, *self.forecast(past[np.isfinite(past)]))
            self._forecasts[at] = forecast
        ahead = today - forecast.day
        mean, spread = forecast.mean[ahead], forecast.spread[ahead]
        score = in_spreads(off(to_log(usd[-1], forecast.unit), mean), spread)
        return score, from_log(mean, forecast.unit)
