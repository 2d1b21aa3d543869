"""What all peers share: they judge each series of dollars by day, from what was seen so far."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from bench.detect.exam import Alarm
from bench.detect.organisation import Look
from bench.detect.peers.book import Book

Array = NDArray[np.float64]
LEAST_SPREAD = 0.2
_LIMIT = 1e9


@dataclass(frozen=True, slots=True)
class Verdict:
    """Per series: how odd today is (negative: too little; NaN: nothing to say) and the dollars expected."""

    score: Array
    expected: Array


class Peer(ABC):
    """A method that scores every series every day; a subclass says how.

    Before `judged_from` it only takes rows in, which saves time and changes no judgement. Two things are left
    out, since every one of these methods finds more with the same false alarms without them: less than one
    `Book.unit` of dollars above or below expectation, and series silent on most days, of which none of them
    has a notion.
    """

    usual: float
    """The score at which the method is customarily read as an alarm."""
    floor: ClassVar[float]
    """Scores below are not listed at all."""

    def __init__(self, judged_from: datetime | None = None) -> None:
        self.book = Book()
        self._awake_from = judged_from

    def observe(self, look: Look) -> list[Alarm]:
        """Take in a day; every series whose score is above the floor, `said` where it is above the usual."""
        self.book.enter(look)
        if not self.book.scopes or (self._awake_from and look.start < self._awake_from):
            return []
        verdict = self.judge()
        wrong = np.abs(self.book.usd(1)[:, 0] - verdict.expected)
        score = np.minimum(np.abs(verdict.score), _LIMIT)
        listed = np.flatnonzero((score >= self.floor) & (wrong >= self.book.unit()) & self.book.lively())
        return [self._alarm(look.start, at, float(score[at])) for at in listed]

    @abstractmethod
    def judge(self) -> Verdict:
        """Scores of the book's last day."""

    def worth(self, days: int, least_days: int) -> NDArray[np.intp]:
        """Series old enough, and on some day large enough, for an alarm; the rest need no fitting."""
        large = np.nan_to_num(self.book.usd(days)).max(axis=1) >= self.book.unit()
        return np.flatnonzero(large & self.book.lively() & (self.book.age() >= least_days))

    def _alarm(self, start: datetime, at: np.intp, score: float) -> Alarm:
        scope = self.book.scopes[at]
        return Alarm(start, scope, score, score >= self.usual, scope)


def off(today: Array, centre: Array) -> Array:
    """How far today is off, both given as `to_log` has them: a logarithm above the centre, a share below.

    On logarithms alone a zero (a holiday, late data) would be odder than any runaway.
    """
    ratio = today - centre
    return np.where(ratio > 0, ratio, np.expm1(np.minimum(ratio, 0.0)))


def in_spreads(distance: Array, spread: Array) -> Array:
    """A distance as `off` has it in standard deviations, which count as a fifth at least.

    Without that a series that repeats itself (a cron job, a silent key) would be infinitely sure of itself.
    """
    return np.asarray(distance / np.maximum(spread, LEAST_SPREAD))
