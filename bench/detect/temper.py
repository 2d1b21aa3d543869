"""How one organisation is: drawn once, from ranges so wide that no single setting fits them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from bot.facts.clock import Grain

SUDDEN = ("runaway", "dormant key", "new key", "retry storm", "weekend spike", "drop", "many keys")
QUIET = ("model switch", "cache break", "creep", "step")
BY_DAY = SUDDEN + QUIET
BY_HOUR = (
    "runaway",
    "dormant key",
    "new key",
    "retry storm",
    "weekend spike",
    "drop",
    "model switch",
    "cache break",
)
_MIX = {
    "steady": 5,
    "weekday": 6,
    "nightly": 2,
    "weekend": 1,
    "cron": 2,
    "month end": 0.7,
    "ad hoc": 3,
    "dormant": 2,
    "growth": 1.5,
    "new": 0.8,
    "retired": 0.6,
}
_SPARSE_MIX = _MIX | {"steady": 1.5, "weekday": 1.5, "cron": 6, "ad hoc": 7, "dormant": 5, "growth": 0.5}
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Temper:
    """What an organisation's series are drawn from. Sizes in US dollars a day, spreads on a log scale."""

    start: date
    days: int
    history_days: int
    keys: int
    incidents: int
    dollars: float
    zipf: float
    """Exponent of the sizes of its keys."""
    spread: float
    """Standard deviation of a usual key's days around its shape."""
    memory: float
    """Autocorrelation from one day to the next."""
    tail: float
    """Degrees of freedom of the noise: 3 is wild, 30 is normal."""
    walk: float
    """How far a level wanders in a day."""
    shared: float
    """Spread of what moves all keys together."""
    bursty: float
    """Share of the keys that burst by nature."""
    burst_chance: float
    burst_size: float
    mix: Mapping[str, float]
    """Shares of the archetypes."""
    late: float
    """Share of the buckets first seen too low or not at all."""
    restated: float
    """Share of the buckets corrected a little within thirty days."""
    public_holidays: int
    """How many it keeps in a year."""
    shutdown: bool = False
    """Whether most offices close at the year's end."""
    real: bool = False
    """Whether some keys follow recorded traffic."""
    kinds: tuple[str, ...] = field(default=BY_DAY)


def between(rng: Rng, low: float, high: float) -> float:
    """One number, even on a log scale."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def draw(rng: Rng, trait: str, grain: Grain) -> Temper:
    """The temper of an organisation with that trait; KeyError for a trait there is not."""
    plain = _plain(rng)
    tempered = TRAITS[trait](rng, plain)
    return tempered if grain is Grain.DAY else _by_hour(rng, tempered)


def _plain(rng: Rng) -> Temper:
    return Temper(
        start=date(2024, 1, 1) + timedelta(days=int(rng.integers(0, 700))),
        days=int(rng.integers(150, 241)),
        history_days=int(rng.integers(60, 91)),
        keys=int(rng.integers(58, 78)),
        incidents=int(rng.integers(6, 13)),
        dollars=between(rng, 20, 50_000),
        zipf=float(rng.uniform(0.5, 1.5)),
        spread=between(rng, 0.08, 0.4),
        memory=float(rng.uniform(0.0, 0.8)),
        tail=between(rng, 4.0, 40.0),
        walk=between(rng, 0.001, 0.02),
        shared=between(rng, 0.005, 0.08),
        bursty=float(rng.uniform(0.01, 0.08)),
        burst_chance=between(rng, 0.02, 0.08),
        burst_size=between(rng, 1.5, 3.0),
        mix=_shares(rng, _MIX),
        late=between(rng, 0.0003, 0.004),
        restated=between(rng, 0.005, 0.1),
        public_holidays=int(rng.choice([0, 0, 2, 4])),
    )


def _shares(rng: Rng, mix: Mapping[str, float]) -> dict[str, float]:
    return dict(zip(mix, rng.dirichlet([1.2 * weight for weight in mix.values()]).tolist(), strict=True))


def _calm(rng: Rng, plain: Temper) -> Temper:
    keys = int(rng.choice([10, 100, 1000]))
    days = 130 if keys == 1000 else plain.days
    return replace(plain, keys=keys, days=days, incidents=0)


def _sparse(rng: Rng, plain: Temper) -> Temper:
    return replace(plain, mix=_shares(rng, _SPARSE_MIX), keys=plain.keys + 20)


def _short(rng: Rng, plain: Temper) -> Temper:
    history = int(rng.integers(10, 21))
    return replace(plain, days=60, history_days=history, incidents=int(rng.integers(4, 9)))


def _holiday(rng: Rng, plain: Temper) -> Temper:
    """The year's end falls well inside the judged part."""
    before = plain.history_days + int(rng.integers(20, 50))
    start = date(int(rng.integers(2023, 2026)), 12, 24) - timedelta(days=before)
    days = before + int(rng.integers(40, 80))
    mix = {**plain.mix, "weekday": plain.mix["weekday"] + 0.3}
    return replace(plain, start=start, days=days, mix=mix, public_holidays=12, shutdown=True)


def _late(rng: Rng, plain: Temper) -> Temper:
    return replace(plain, late=float(rng.uniform(0.05, 0.25)), restated=float(rng.uniform(0.1, 0.5)))


def _heavy(rng: Rng, plain: Temper) -> Temper:
    return replace(
        plain,
        spread=between(rng, 0.3, 0.7),
        tail=between(rng, 2.3, 4.0),
        bursty=float(rng.uniform(0.2, 0.6)),
        burst_chance=between(rng, 0.02, 0.1),
        burst_size=between(rng, 2.5, 8.0),
    )


def _real(rng: Rng, plain: Temper) -> Temper:
    return replace(plain, real=True, incidents=plain.incidents if rng.random() < 0.7 else 0)


TRAITS: Mapping[str, Callable[[Rng, Temper], Temper]] = {
    "plain": lambda _, plain: plain,
    "calm": _calm,
    "sparse": _sparse,
    "short": _short,
    "holiday": _holiday,
    "late": _late,
    "heavy": _heavy,
    "real": _real,
}


def _by_hour(rng: Rng, temper: Temper) -> Temper:
    """Fewer keys and weeks, as each day has 24 buckets; the last two weeks are judged."""
    history = min(temper.history_days, int(rng.integers(14, 29)))
    closing = date(temper.start.year, 12, 24) - timedelta(days=history + 4)
    return replace(
        temper,
        start=closing if temper.shutdown else temper.start,
        days=history + 14,
        history_days=history,
        keys=min(temper.keys, int(rng.integers(15, 26))),
        incidents=min(temper.incidents, int(rng.integers(4, 8))),
        kinds=BY_HOUR,
    )
