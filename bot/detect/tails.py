"""How rare a standardised error is, by all errors that were seen before: heavy tails as they are.

A Student t distribution is matched to three upper quantiles of the pooled errors, so that a few true
incidents among them hardly matter, and leans on a prior of eight degrees of freedom while there are few.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.detect.robust import Floats, Ints, at_share, ranked

_SHARES = np.array([0.9, 0.975, 0.99])
_DEGREES = (4, 6, 8, 10, 14, 20, 30, 60)
_PRIOR_DEGREES = 8
_PRIOR_WEIGHT = 300.0 * np.array([0.1, 0.5, 1.0])
"""Errors that the prior counts for, by quantile."""
_LEAST_SAMPLE = 20
_LEAST_OWN, _LEAST_SERIES = 30, 5
_ACROSS = 0.75
_LEAST_QUANTILES = np.array([0.3, 0.39, 0.43])


def student_beyond(errors: Floats, degrees: int) -> Floats:
    """The chance that a Student t with an even number of degrees of freedom exceeds each value.

    Source: Abramowitz and Stegun (1964), 26.7.4; exact, and good to chances of about 1e-14.
    """
    squared_cosine = degrees / (degrees + errors**2)
    term = total = np.ones_like(errors)
    for power in range(1, degrees // 2):
        term = term * squared_cosine * (2 * power - 1) / (2 * power)
        total = total + term
    beyond = (1 - errors / np.sqrt(degrees + errors**2) * total) / 2
    return np.asarray(np.maximum(beyond, 0.0))


def _quantiles(degrees: int) -> Floats:
    """Where the tail beyond is 10 %, 2.5 % and 0.5 %, by bisection."""
    low, high = np.zeros(len(_SHARES)), np.full(len(_SHARES), 64.0)
    for _ in range(60):
        middle = (low + high) / 2
        inside = student_beyond(middle, degrees) > 1 - _SHARES
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray((low + high) / 2)


_QUANTILES = np.array([_quantiles(degrees) for degrees in _DEGREES])
_HEAVINESS = _QUANTILES[:, 2] / _QUANTILES[:, 0]
_PRIOR = _QUANTILES[_DEGREES.index(_PRIOR_DEGREES)]


@dataclass(frozen=True, slots=True)
class Tail:
    """A Student t with an even number of `degrees` of freedom, stretched by `scale`."""

    degrees: int
    scale: float

    @classmethod
    def of(cls, errors: Floats) -> Self:
        """Matched to the upper tail of series x standardised errors (NaN where there is none)."""
        ordered, count = ranked(errors, ~np.isnan(errors))
        quantiles = _PRIOR
        if count.sum() >= _LEAST_SAMPLE:
            weight = count.sum() / (count.sum() + _PRIOR_WEIGHT)
            quantiles = weight * _typical(ordered, count) + (1 - weight) * _PRIOR
        quantiles = np.maximum.accumulate(np.maximum(quantiles, _LEAST_QUANTILES))
        nearest = int(np.argmin(np.abs(_HEAVINESS - quantiles[2] / quantiles[0])))
        return cls(_DEGREES[nearest], float(np.max((quantiles / _QUANTILES[nearest])[:2])))

    def beyond(self, errors: Floats) -> Floats:
        """The probability of an error at least as large."""
        return student_beyond(np.clip(errors / self.scale, -1e6, 1e6), self.degrees)


def _typical(ordered: Floats, count: Ints) -> Floats:
    """The quantiles of a typical series: few are struck by incidents, and each of those has only one say.

    Of short series the quantiles of all their errors.
    """
    known = count >= _LEAST_OWN
    if known.sum() < _LEAST_SERIES:
        return np.asarray(np.quantile(ordered[np.isfinite(ordered)], _SHARES))
    counts = count[known]
    found = []
    for share in _SHARES:
        place = np.clip((share * (counts + 0.4) - 0.7) / (counts - 1), 0.0, 1.0)
        found.append(np.quantile(at_share(ordered[known], counts, place), _ACROSS))
    return np.array(found)


def tails_of(scores: Floats, likes: Ints) -> dict[int, Tail]:
    """The tail of each kind of series by the scores of its members (NaN where there is none)."""
    found = {}
    for like in np.unique(likes):
        found[int(like)] = Tail.of(scores[likes == like])
    return found


def beyond(scores: Floats, likes: Ints, tails: dict[int, Tail]) -> Floats:
    """The chance of each series' score or more, by the tail of its kind; 1 where there is no score."""
    chance = np.ones(len(scores))
    for like, tail in tails.items():
        members = likes == like
        chance[members] = tail.beyond(np.nan_to_num(scores[members], nan=-np.inf))
    return chance
