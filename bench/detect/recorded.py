"""Recorded traffic of a real service as the shape of keys: traffic/README.md names its source."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from bench.detect.calendar import Calendar, Floats
from bench.detect.temper import Rng

_TRAFFIC = Path(__file__).parent / "traffic"
_FOLLOWERS = ("steady", "weekday", "growth", "nightly")
_FOLLOWING = 0.7
_SMOOTH = 0.3
"""Share of the keys whose hours follow the mean day rather than whole recorded days."""
_OWN_NOISE = 0.3
"""What is left of the drawn noise where a recording brings its own."""


def column(file: str, name: str) -> Floats:
    """One column of a file of recorded traffic, oldest first."""
    with (_TRAFFIC / file).open(newline="") as lines:
        return np.array([float(row[name]) for row in csv.DictReader(lines)])


@cache
def days() -> Floats:
    """Requests a day over 61 days, as multiples of the median day."""
    requests = column("burstgpt-daily.csv", "requests")
    return np.asarray(requests / np.median(requests))


@cache
def week() -> Floats:
    """Tokens an hour over a week, 7 x 24, as shares of their day."""
    tokens = column("burstgpt-week1-hourly.csv", "tokens")
    tokens = np.append(tokens, np.zeros(7 * 24 - len(tokens))).reshape(7, 24)
    return np.asarray(tokens / tokens.sum(axis=1, keepdims=True))


@cache
def mean_day() -> Floats:
    """Requests by hour of the day, as shares of the day."""
    requests = column("burstgpt-hour-of-day.csv", "mean_requests_per_hour")
    return np.asarray(requests / requests.sum())


def follow(rng: Rng, calendar: Calendar, kinds: Sequence[str], shapes: Floats, noise: Floats) -> None:
    """Replace, in place, what moves most of the regular keys by recorded traffic (keys x buckets).

    Its hours become the shape, its swings from day to day are added to the noise (log scale).
    """
    for number, kind in enumerate(kinds):
        if kind in _FOLLOWERS and rng.random() < _FOLLOWING:
            shapes[number] = _hours(rng, calendar)
            noise[number] *= _OWN_NOISE
            noise[number] += np.repeat(_swings(rng, calendar.days), calendar.per_day)


def _swings(rng: Rng, length: int) -> Floats:
    """Whole stretches of the recording one after another, softened by a random power; log scale."""
    recorded, swings = np.log(days()), np.empty(0)
    while len(swings) < length:
        first, stretch = rng.integers(0, len(recorded)), rng.integers(14, 45)
        swings = np.append(swings, np.roll(recorded, -first)[:stretch])
    return swings[:length] * rng.uniform(0.15, 0.9)


def _hours(rng: Rng, calendar: Calendar) -> Floats:
    """The hours of days of the recording, in any order; 1 where only days count."""
    if calendar.per_day == 1:
        return np.ones(calendar.days)
    some_day = week()[rng.integers(0, 7, calendar.days)]
    profile = np.tile(mean_day(), (calendar.days, 1)) if rng.random() < _SMOOTH else some_day
    return np.asarray(np.roll(profile.ravel(), rng.integers(0, 24)))
