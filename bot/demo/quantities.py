"""What was used, as arrays over (line, hour), before and after the story touches it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bot.demo.prices import KINDS, NANO_PER_CONTAINER_HOUR, nano_per_token
from bot.demo.rhythm import NOISE, Rhythm, levels
from bot.demo.traffic import DAY_HOURS, Floats
from bot.demo.workloads import Line
from bot.facts.clock import HOUR

Ints = NDArray[np.int64]
_WEEKLY_GROWTH = 0.004
_TOKEN_SIGMA = 0.03
_CONTAINER_MINUTES = 6
"""One code execution; five are the least that is billed (reference 10.2)."""
_ADHOC_DAYS = 0.5
_ADHOC_BLOCK = 4
_DAYS_WITH_CLAUDE_CODE = 0.9


@dataclass(slots=True)
class Quantities:
    """Usage: tokens (line, hour, kind); requests, web searches and container minutes (line, hour)."""

    tokens: Ints
    requests: Ints
    searches: Ints
    minutes: Ints


def clean(lines: Sequence[Line], start: datetime, hours: int, rng: Generator) -> Quantities:
    """A calm organisation: rhythm, growth and noise, and nothing else."""
    shape = (len(lines), hours)
    made = Quantities(
        np.zeros((*shape, len(KINDS)), np.int64),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
    )
    for number, line in enumerate(lines):
        _fill(made, number, line, rng.poisson(_expected_requests(line, start, hours, rng)), rng)
    return made


def _fill(made: Quantities, number: int, line: Line, requests: Ints, rng: Generator) -> None:
    made.requests[number] = requests
    if line.mix is None:
        made.minutes[number] = requests * _CONTAINER_MINUTES
        return
    sizes = np.array(line.mix.as_tuple()) * rng.lognormal(0, _TOKEN_SIGMA, (len(requests), len(KINDS)))
    made.tokens[number] = np.rint(requests[:, None] * sizes)
    made.searches[number] = rng.binomial(requests, line.searches)


def request_nano(line: Line) -> int:
    """List price of one mean request, in nano-USD, without its searches."""
    if line.mix is None or line.model is None:
        return NANO_PER_CONTAINER_HOUR * _CONTAINER_MINUTES // 60
    prices = nano_per_token(line.model, batch=line.batch)
    return sum(count * price for count, price in zip(line.mix.as_tuple(), prices, strict=True))


def _expected_requests(line: Line, start: datetime, hours: int, rng: Generator) -> Floats:
    growth = (1 + _WEEKLY_GROWTH) ** (np.arange(hours) / (7 * DAY_HOURS))
    daily = line.dollars * 10**9 / request_nano(line)
    level = levels(line.rhythm, start, hours) * growth * daily / DAY_HOURS
    level *= _noise(line.rhythm, hours, rng) * _attendance(line.rhythm, hours, rng)
    level[: max((line.active.start - start) // HOUR, 0)] = 0
    level[max((line.active.end - start) // HOUR, 0) :] = 0
    return np.asarray(level)


def _noise(rhythm: Rhythm, hours: int, rng: Generator) -> Floats:
    noise = NOISE[rhythm]
    by_day = np.repeat(rng.lognormal(0, noise.day, -(-hours // DAY_HOURS)), DAY_HOURS)[:hours]
    return np.asarray(by_day * rng.lognormal(0, noise.hour, hours))


def _attendance(rhythm: Rhythm, hours: int, rng: Generator) -> Floats:
    """Whether anybody is at work: people miss days, research comes in blocks of an afternoon."""
    days = -(-hours // DAY_HOURS)
    if rhythm is Rhythm.CODING:
        present = rng.random(days) < _DAYS_WITH_CLAUDE_CODE
        return np.repeat(present, DAY_HOURS)[:hours].astype(float)
    if rhythm is not Rhythm.ADHOC:
        return np.ones(hours)
    begins = rng.integers(9, 15, days)[:, None]
    hour = np.arange(DAY_HOURS)[None, :]
    at_work = (hour >= begins) & (hour < begins + _ADHOC_BLOCK) & (rng.random(days) < _ADHOC_DAYS)[:, None]
    share = _ADHOC_DAYS * _ADHOC_BLOCK / 9
    return np.asarray(at_work.reshape(-1)[:hours] / share)
