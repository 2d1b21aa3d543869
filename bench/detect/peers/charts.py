"""The rules that people write by hand: percent over last week, three sigma, weekday median."""

import numpy as np

from bench.detect.peers.peer import Peer, Verdict
from bench.detect.peers.robust import deviation, mad_sigma, mean, median


class OverWeekMean(Peer):
    """Today over the mean of the seven days before: the score is the share above it, 0.5 for +50 %."""

    usual = 0.5
    floor = 0.25

    def judge(self) -> Verdict:
        """Only "too much": the rule has no other side."""
        window = self.book.usd(8)
        before = mean(window[:, :-1])
        share = (window[:, -1] - before) / np.maximum(before, self.book.unit())
        return Verdict(np.maximum(share, 0.0), before)


class ThreeSigma(Peer):
    """A Shewhart chart: distance from the 28-day mean in standard deviations of those days."""

    usual = 3.0
    floor = 1.5
    days = 28
    least_days = 7

    def judge(self) -> Verdict:
        """Both sides."""
        window = self.book.usd(self.days + 1)
        past, today = window[:, :-1], window[:, -1]
        centre = mean(past)
        score = (today - centre) / np.maximum(deviation(past, centre), self.book.unit())
        return Verdict(np.where(self.book.age() >= self.least_days, score, np.nan), centre)


class WeekdayMad(Peer):
    """Distance from the median of the same weekday in the last eight weeks, in their MAD sigmas."""

    usual = 3.0
    floor = 1.5
    weeks = 8
    least_days = 14

    def judge(self) -> Verdict:
        """Both sides."""
        window = self.book.usd(7 * self.weeks + 1)
        past, today = window[:, :-1:7], window[:, -1]
        centre = median(past)
        score = (today - centre) / np.maximum(mad_sigma(past, centre), self.book.unit())
        return Verdict(np.where(self.book.age() >= self.least_days, score, np.nan), centre)
