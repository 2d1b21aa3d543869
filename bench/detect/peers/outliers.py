"""PyOD's isolation forest and ECOD on what a day of a series looks like: level, weekday ratio, token mix."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyod.models.ecod import ECOD
from pyod.models.iforest import IForest

from bench.detect.peers.book import Book
from bench.detect.peers.peer import Peer, Verdict, in_spreads, off
from bench.detect.peers.robust import from_log, mad_sigma, median, to_log
from bench.detect.peers.tails import weekday_medians
from bot.facts.spend import TOKENS

Array = NDArray[np.float64]
_WEEKS = 8
_DAYS = 28
_LEAST_AGE = 14
_LEAST_ROWS = 20
_LEAST_TOKENS = 100_000.0
_CONTAMINATION = 0.01


class Outliers(Peer):
    """A day of a series against all series' days of the last four weeks; the detector is fitted once a week.

    The score is the detector's own, put so that 0 is those days' median and 1 the bar that PyOD itself sets
    for one outlier in a hundred; as the detector has it, no two weeks or organisations could be compared.
    """

    usual = 1.0
    floor = 0.6

    def __init__(self, judged_from: datetime | None = None) -> None:
        super().__init__(judged_from)
        self._fitted_on = -7
        self._detector: Any = None

    @abstractmethod
    def detector(self) -> Any:
        """An unfitted PyOD detector."""

    def judge(self) -> Verdict:
        """Only days above their weekday's median: the detector does not say which way a day is odd."""
        features, expected = describe(self.book)
        past = features[self.book.lively(), :-1].reshape(-1, features.shape[-1])
        past = past[np.isfinite(past).all(axis=1)]
        known = np.isfinite(features[:, -1]).all(axis=1) & (self.book.age() >= _LEAST_AGE)
        known &= self.book.usd(1)[:, 0] > expected
        score = np.full(len(features), np.nan)
        if len(past) >= _LEAST_ROWS and known.any():
            self._fit_when_due(past)
            score[known] = np.maximum(self._compared(features[known, -1]), 0.0)
        return Verdict(score, expected)

    def _fit_when_due(self, past: Array) -> None:
        if self.book.today - self._fitted_on >= 7:
            self._fitted_on = self.book.today
            self._detector = self.detector().fit(past)

    def _compared(self, days: Array) -> Array:
        middle = float(np.median(self._detector.decision_scores_))
        return np.asarray(
            (self._detector.decision_function(days) - middle) / (self._detector.threshold_ - middle)
        )


class Forest(Outliers):
    """Isolation forest (Liu, Ting and Zhou)."""

    def detector(self) -> Any:
        """Each tree sees all days: of the library's 256 too few are odd for the oddest to stand apart."""
        return IForest(n_estimators=50, max_samples=1.0, contamination=_CONTAMINATION, random_state=0)


class Ecod(Outliers):
    """Empirical cumulative distribution outlier detection (Li and others); it has nothing to set."""

    def detector(self) -> Any:
        """As the library has it."""
        return ECOD(contamination=_CONTAMINATION)


def describe(book: Book) -> tuple[Array, Array]:
    """Features (series x the last four weeks and today x feature) and the dollars that today's weekday has.

    All are relative to the series itself: how far the dollars are off its median of four weeks and off that
    of the weekday, both in its own spreads, and how far each token kind's share is off its usual share.
    """
    unit = book.unit()
    usd = to_log(book.usd(_DAYS + 1 + 7 * _WEEKS), unit)
    centre = weekday_medians(usd, _WEEKS)
    recent = usd[:, 7 * _WEEKS :]
    level = median(recent[:, :-1])[:, None]
    parts = [_in_own_spreads(off(recent, level)), _in_own_spreads(off(recent, centre)), *_mix(book)]
    return np.stack(parts, axis=-1), from_log(centre[:, -1], unit)


def _in_own_spreads(distance: Array) -> Array:
    past = distance[:, :-1]
    return in_spreads(distance, mad_sigma(past, median(past))[:, None])


def _mix(book: Book) -> list[Array]:
    """One array a token kind; 0 on days with too few tokens to tell."""
    tokens = np.stack([book.kind(name, _DAYS + 1) for name in TOKENS])
    total = tokens.sum(axis=0)
    share = np.where(total >= _LEAST_TOKENS, tokens / np.maximum(total, 1.0), np.nan)
    return [np.nan_to_num(kind - median(kind[:, :-1])[:, None]) for kind in share]
