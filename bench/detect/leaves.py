"""A key's use of one model, bucket by bucket, and what it costs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.detect.calendar import Calendar, Floats, Ints
from bench.detect.noise import autocorrelated
from bench.detect.temper import Rng, between

MODELS = (
    ("claude-haiku-3-5", 800, 4_000),
    ("claude-haiku-4-5", 1_000, 5_000),
    ("claude-sonnet-4-5", 3_000, 15_000),
    ("claude-opus-4-5", 5_000, 25_000),
    ("claude-opus-4-1", 15_000, 75_000),
)
"""Name, nano-USD a token of uncached input, nano-USD a token of output; cheapest first."""
KINDS = ("uncached", "read", "write_5m", "write_1h", "output")
_SMALLEST_TOKENS = 20.0


@dataclass(frozen=True, slots=True)
class Leaf:
    """One key x model. All arrays have one entry a bucket.

    `tokens` is input per request, cached or not; `read`, `write_5m` and `write_1h` are the shares of it that
    come from or go to the cache; `output` is output tokens per request.
    """

    key: int
    model: int
    requests: Floats
    tokens: Floats
    output: Floats
    read: Floats
    write_5m: Floats
    write_1h: Floats


@dataclass(frozen=True, slots=True)
class Bill:
    """What a leaf was billed: `tokens` and `nano` are kinds x buckets, in the order of KINDS."""

    requests: Ints
    tokens: Ints
    nano: Ints

    @property
    def total(self) -> Ints:
        """Nano-dollars by bucket."""
        return np.asarray(self.nano.sum(axis=0))

    def share(self, seen: Floats, model: int) -> "Bill":
        """The bill of that share of everything."""
        requests = np.floor(self.requests * seen).astype(np.int64)
        tokens = np.floor(self.tokens * seen).astype(np.int64)
        return Bill(requests, tokens, tokens * rates(model)[:, None])


def rates(model: int) -> Ints:
    """Nano-USD a token, by kind: a cache read costs a tenth of input, a write 1.25 times (5 min) or twice."""
    _, fresh, out = MODELS[model]
    return np.array([fresh, fresh // 10, fresh * 5 // 4, fresh * 2, out])


def bill(leaf: Leaf) -> Bill:
    """What it costs, in whole requests and tokens."""
    sent = leaf.requests * leaf.tokens
    fresh = np.maximum(1 - leaf.read - leaf.write_5m - leaf.write_1h, 0.0)
    shares = np.stack([fresh, leaf.read, leaf.write_5m, leaf.write_1h])
    tokens = np.rint(np.vstack([shares * sent, leaf.requests * leaf.output])).astype(np.int64)
    return Bill(np.rint(leaf.requests).astype(np.int64), tokens, tokens * rates(leaf.model)[:, None])


def dollars(leaf: Leaf) -> Floats:
    """US dollars by bucket."""
    return np.asarray(bill(leaf).total / 1e9)


@dataclass(frozen=True, slots=True)
class Mix:
    """How a key's requests are made up, before they wander."""

    tokens: float
    output: float
    read: float
    write_5m: float
    write_1h: float
    variety: float
    """How unlike each other two requests of the key are (standard deviation, log scale)."""
    wander: float

    def cost(self, model: int) -> float:
        """US dollars a request."""
        fresh = 1 - self.read - self.write_5m - self.write_1h
        amounts = np.array([fresh, self.read, self.write_5m, self.write_1h]) * self.tokens
        return float(np.append(amounts, self.output) @ rates(model)) / 1e9


def draw_mix(rng: Rng) -> Mix:
    """Of a chat, an agent, a batch of documents: six in ten keys use the cache."""
    caches = rng.random() < 0.6
    read = rng.beta(4, 2) * 0.97 if caches else 0.0
    written = (1 - read) * rng.uniform(0.05, 0.7) if caches else 0.0
    hour = rng.random() if caches and rng.random() < 0.3 else 0.0
    tokens = between(rng, 300, 60_000)
    return Mix(
        tokens,
        max(tokens * between(rng, 0.01, 0.4), 5.0),
        read,
        written * (1 - hour),
        written * hour,
        between(rng, 0.2, 1.2),
        between(rng, 0.02, 0.2),
    )


def leaf(rng: Rng, calendar: Calendar, whose: tuple[int, int], mix: Mix, rate: Floats) -> Leaf:
    """A leaf that makes `rate` requests a bucket on average (Poisson), each made up about as `mix` says.

    `whose`: numbers of its key and model.
    """
    requests = rng.poisson(np.minimum(rate, 1e9)).astype(float)
    few = mix.variety / np.sqrt(np.maximum(requests, 1.0))
    slow = _wander(rng, calendar, mix.wander)
    size, out, cached = rng.normal(0.0, 1.0, (3, calendar.buckets)) * few + slow
    read = _shift(mix.read, cached)
    kept = (1 - read) / max(1 - mix.read, 1e-9)
    return Leaf(
        *whose,
        requests,
        np.maximum(mix.tokens * np.exp(size), _SMALLEST_TOKENS),
        np.maximum(mix.output * np.exp(out), 1.0),
        read,
        mix.write_5m * kept,
        mix.write_1h * kept,
    )


def _wander(rng: Rng, calendar: Calendar, spread: float) -> Floats:
    """Three slow movements: size of requests, size of answers, share from the cache."""
    drift = autocorrelated(rng, np.full(3, spread), np.full(3, 0.97), np.full(3, 20.0), calendar.days)
    return np.repeat(drift, calendar.per_day, axis=1)


def _shift(share: float, log_odds: NDArray[np.float64]) -> Floats:
    """The share after its odds are multiplied by exp(log_odds)."""
    odds = share / (1 - share) * np.exp(log_odds)
    return np.asarray(odds / (1 + odds))
