"""What makes real series hard: memory, heavy tails, wandering levels and bursts, all on a log scale."""

import numpy as np

from bench.detect.calendar import Floats
from bench.detect.temper import Rng, Temper

_LARGEST = 3.5
"""Noise moves nothing more than 33-fold."""


def autocorrelated(rng: Rng, spread: Floats, memory: Floats, tail: Floats, length: int) -> Floats:
    """Series (one a row of the parameters) x `length` of AR(1) noise with Student-t steps."""
    steps = rng.standard_t(tail[:, None], (len(spread), length)) * np.sqrt((tail - 2) / tail)[:, None]
    steps *= np.sqrt(1 - memory**2)[:, None]
    noise = np.empty_like(steps)
    level = steps[:, 0] / np.sqrt(1 - memory**2)
    for moment in range(length):
        level = memory * level + steps[:, moment] if moment else level
        noise[:, moment] = level
    return np.asarray(np.clip(noise * spread[:, None], -_LARGEST, _LARGEST))


def wandering(rng: Rng, step: float, rows: int, length: int) -> Floats:
    """Levels that drift, held back softly so that they stay within sight of where they began."""
    steps = np.full(rows, step * np.sqrt(2 / (1 - 0.99)) / 2)
    return autocorrelated(rng, steps, np.full(rows, 0.99), np.full(rows, 30.0), length)


def bursts(rng: Rng, temper: Temper, rows: int, length: int) -> Floats:
    """Rises of a day or two that mean nothing, in the keys whose nature it is."""
    chance = np.where(rng.random(rows) < temper.bursty, temper.burst_chance, 0.0)
    begins = rng.random((rows, length)) < chance[:, None]
    height = np.log(temper.burst_size) * rng.gamma(4.0, 0.25, (rows, length)) * begins
    lasts = rng.random((rows, length)) < 0.3
    height[:, 1:] = np.maximum(height[:, 1:], height[:, :-1] * lasts[:, 1:])
    return np.asarray(np.minimum(height, _LARGEST))


def daily(rng: Rng, temper: Temper, rows: int, days: int) -> Floats:
    """All of it together: keys x days, log scale."""
    spread = temper.spread * rng.lognormal(0.0, 0.35, rows)
    memory = np.clip(rng.normal(temper.memory, 0.1, rows), 0.0, 0.92)
    tail = np.maximum(temper.tail * rng.lognormal(0.0, 0.2, rows), 2.2)
    together = autocorrelated(rng, np.array([temper.shared]), np.array([0.7]), np.array([8.0]), days)
    own = autocorrelated(rng, spread, memory, tail, days) + wandering(rng, temper.walk, rows, days)
    return np.asarray(own + bursts(rng, temper, rows, days) + together)


def hourly(rng: Rng, temper: Temper, rows: int, hours: int) -> Floats:
    """What the hours add to their day."""
    spread = np.clip(temper.spread * rng.lognormal(0.2, 0.3, rows), 0.08, 0.9)
    memory = rng.uniform(0.2, 0.85, rows)
    return autocorrelated(rng, spread, memory, np.full(rows, max(temper.tail, 2.5)), hours)
