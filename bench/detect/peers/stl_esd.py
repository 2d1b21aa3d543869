"""Seasonal hybrid ESD: STL takes the weekly shape away, generalised ESD by median and MAD judges the rest."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student
from statsmodels.tsa.seasonal import STL

from bench.detect.peers.peer import LEAST_SPREAD, Peer, Verdict, off
from bench.detect.peers.robust import MAD_TO_SIGMA, from_log, to_log

Array = NDArray[np.float64]
_ALPHA = 0.05


class StlEsd(Peer):
    """Today's deviation over the critical value of the test at 5 %: above 1 the test calls it an outlier."""

    usual = 1.0
    floor = 0.6
    days = 84
    least_days = 20
    most_outliers = 0.1
    """The share of days that the test may call outliers."""

    def judge(self) -> Verdict:
        """Both sides; each series is decomposed anew every day, with today in it as the method has it.

        Five robust rounds are what Cleveland and others advise; the fifteen of statsmodels find no more.
        """
        unit = self.book.unit()
        window = to_log(self.book.usd(self.days), unit)
        series = len(window)
        score, expected = np.full(series, np.nan), np.full(series, np.nan)
        for at in self.worth(self.days, self.least_days):
            values = window[at, np.isfinite(window[at])]
            rest = values - STL(values, period=7, robust=True).fit(inner_iter=1, outer_iter=5).seasonal
            centre = np.median(rest)
            score[at] = last_in_esd(off(rest, centre), max(1, int(self.most_outliers * len(rest))))
            expected[at] = values[-1] - rest[-1] + centre
        return Verdict(score, from_log(expected, unit))


def last_in_esd(rest: Array, most: int) -> float:
    """The most of its critical value that the test reaches with the last value among the outliers."""
    left, last, reached = rest.copy(), False, 0.0
    place = np.arange(len(rest))
    critical = _critical(len(rest), most)
    for limit in critical:
        off = np.abs(left - np.median(left))
        worst = int(np.argmax(off))
        last = last or place[worst] == len(rest) - 1
        if last:
            sigma = max(MAD_TO_SIGMA * float(np.median(off)), LEAST_SPREAD)
            reached = max(reached, float(off[worst]) / sigma / limit)
        left, place = np.delete(left, worst), np.delete(place, worst)
    return reached


def _critical(count: int, most: int) -> Array:
    """Rosner's critical values for the first `most` outliers of `count` values."""
    removed = np.arange(1, most + 1)
    left = count - removed
    quantile = student.ppf(1 - _ALPHA / (2 * (left + 1)), left - 1)
    critical: Array = left * quantile / np.sqrt((left - 1 + quantile**2) * (left + 1))
    return critical
