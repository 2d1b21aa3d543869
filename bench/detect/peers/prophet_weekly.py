"""Prophet with a weekly season, fitted on logarithms once a week for each series.

The calendar's part of the model is the same for all series of one length and is prepared once: the time that
`Prophet.fit` and `Prophet.predict` take goes mostly into preparing it. Figures are as those two give them.
"""

import logging
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from prophet import Prophet

from bench.detect.peers.weekly import WEEK, Weekly

Array = NDArray[np.float64]
_START = "2024-01-01"
"""Any day: the model sees weekdays only as a cycle of seven."""
for talker in ("cmdstanpy", "prophet.models", "prophet.plot"):
    logging.getLogger(talker).disabled = True


class ProphetWeekly(Weekly):
    """Every interval_width at once: the distance in the standard deviations its intervals are made of."""

    def forecast(self, past: Array) -> tuple[Array, Array]:
        """The spread is the fitted observation noise; over a week the trend's doubt adds little to it."""
        if past.min() == past.max():
            return np.full(WEEK, past[0]), np.zeros(WEEK)
        scale, calendar = float(past.max()), _calendar(len(past))
        found = calendar.fit(past / scale)
        return scale * calendar.ahead(found), np.full(WEEK, scale * float(found["sigma_obs"][0, 0]))


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What Prophet makes of the dates alone: of so many days that were seen and of the week after them."""

    model: Any
    seen: dict[str, Any]
    times: Array
    season: Array

    def fit(self, values: Array) -> dict[str, Array]:
        """Parameters for values whose largest is 1, started from a straight line from the first to the last.

        By LBFGS also under a hundred days, where Prophet would take Newton's method and five times as long.
        """
        delta, beta = np.zeros(self.seen["S"]), np.zeros(self.seen["K"])
        line = {"k": values[-1] - values[0], "m": values[0], "delta": delta, "beta": beta, "sigma_obs": 1.0}
        found: dict[str, Array] = self.model.stan_backend.fit(
            line, self.seen | {"y": values}, algorithm="LBFGS"
        )
        self.model.stan_backend.cleanup()
        return found

    def ahead(self, found: dict[str, Array]) -> Array:
        """The coming week's means from fitted parameters."""
        delta, k, m, beta = (found[name][0] for name in ("delta", "k", "m", "beta"))
        trend = self.model.piecewise_linear(self.times, delta, k, m, self.seen["t_change"])
        return np.asarray(trend + self.season @ beta)


@cache
def _calendar(days: int) -> _Calendar:
    dates = pd.DataFrame({"ds": pd.date_range(_START, periods=days + WEEK)})
    model = Prophet(weekly_seasonality=True, yearly_seasonality=False, daily_seasonality=False)
    seen = asdict(model.preprocess(dates[:days].assign(y=np.arange(days))))
    ahead = model.setup_dataframe(dates[days:].reset_index(drop=True))
    season = model.make_all_seasonality_features(ahead)[0]
    return _Calendar(model, seen, ahead["t"].to_numpy(), season.to_numpy())
