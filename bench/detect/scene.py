"""An organisation before anything goes wrong: its keys, their leaves, and what is usual for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.detect import archetypes, leaves, noise, recorded
from bench.detect.calendar import Calendar, Flags, Floats, calendar
from bench.detect.leaves import MODELS, Leaf, Mix
from bench.detect.temper import Rng, Temper
from bot.facts.clock import Grain

_MODEL_WEIGHTS = np.array([0.6, 1.5, 3.0, 1.5, 0.4])
_MODELS_PER_KEY = (0.66, 0.26, 0.08)
_RANK_OF_A_NEW_KEY = 0.6
_RECENT_DAYS = 28


@dataclass(frozen=True, slots=True)
class Scene:
    """What incidents befall. `noise`: keys x buckets, log scale; `daily`: keys x days, US dollars."""

    temper: Temper
    calendar: Calendar
    archetypes: tuple[str, ...]
    mixes: tuple[Mix, ...]
    leaves: tuple[tuple[Leaf, ...], ...]
    """Of each key, the one used most first."""
    noise: Floats
    daily: Floats

    def recent(self, values: Floats, bucket: int) -> Floats:
        """The last four weeks of an array of buckets, before `bucket`."""
        return values[..., max(0, bucket - _RECENT_DAYS * self.calendar.per_day) : bucket]

    def level(self, leaf: Leaf, bucket: int) -> float:
        """Requests in a usual active bucket of late; 0 for one that was silent."""
        recent = self.recent(leaf.requests, bucket)
        return float(recent[recent > 0].mean()) if recent.any() else 0.0

    def usual_day(self, bucket: int) -> float:
        """US dollars the organisation spent on a day of late."""
        day = bucket // self.calendar.per_day
        return float(self.daily[:, max(0, day - _RECENT_DAYS) : day].sum(axis=0).mean())


def build(rng: Rng, temper: Temper, grain: Grain) -> Scene:
    """Draw all keys of an organisation of that temper."""
    days = calendar(rng, temper, grain)
    kinds = tuple(rng.choice(list(temper.mix), temper.keys, p=_weights(temper)).tolist())
    shape, wobble = _shapes(rng, days, kinds), _noise(rng, temper, days)
    mixes = tuple(leaves.draw_mix(rng) for _ in kinds)
    if temper.real:
        recorded.follow(rng, days, kinds, shape, wobble)
    wanted = _sizes(rng, temper, kinds)[:, None] * shape * np.exp(wobble)
    keys = tuple(_key(rng, days, number, mix, wanted[number]) for number, mix in enumerate(mixes))
    daily = np.stack([_by_day(days, sum_dollars(key, days.buckets)) for key in keys])
    return Scene(temper, days, kinds, mixes, keys, wobble, daily)


def _weights(temper: Temper) -> Floats:
    weights = np.array(list(temper.mix.values()))
    return np.asarray(weights / weights.sum())


def _sizes(rng: Rng, temper: Temper, kinds: Sequence[str]) -> Floats:
    """US dollars a day of each key, the organisation's in all, by Zipf's law in random order.

    A new key that nobody need hear of is no larger than most.
    """
    share = np.arange(1, temper.keys + 1) ** -temper.zipf * rng.lognormal(0.0, 0.3, temper.keys)
    sizes = rng.permutation(temper.dollars * share / share.sum())
    most = np.where(np.array(kinds) == "new", np.quantile(sizes, _RANK_OF_A_NEW_KEY), np.inf)
    return np.asarray(np.minimum(sizes, most))


def _shapes(rng: Rng, days: Calendar, kinds: Sequence[str]) -> Floats:
    """Keys x buckets."""
    by_day = np.stack([archetypes.SHAPES[kind](rng, days) for kind in kinds])
    if days.per_day > 1:
        noon = rng.uniform(10, 22)
        hours = np.stack([archetypes.hours(rng, kind, noon) for kind in kinds])
        by_day = (by_day[:, :, None] * hours[:, None, :]).reshape(len(kinds), days.buckets)
    return by_day


def _noise(rng: Rng, temper: Temper, days: Calendar) -> Floats:
    """Keys x buckets, log scale."""
    wobble = np.repeat(noise.daily(rng, temper, temper.keys, days.days), days.per_day, axis=1)
    if days.per_day > 1:
        wobble += noise.hourly(rng, temper, temper.keys, days.buckets)
    return np.asarray(wobble - 0.5 * min(temper.spread, 0.5) ** 2)


def _key(rng: Rng, days: Calendar, number: int, mix: Mix, wanted: Floats) -> tuple[Leaf, ...]:
    """A key that spends the `wanted` dollars on one to three models."""
    count = 1 + int(rng.choice(3, p=_MODELS_PER_KEY))
    models = rng.choice(len(MODELS), count, replace=False, p=_MODEL_WEIGHTS / _MODEL_WEIGHTS.sum())
    shares = np.sort(rng.dirichlet(np.full(count, 1.5)))[::-1]
    return tuple(
        leaves.leaf(
            rng, days, (number, int(model)), mix, _wobbled(rng, wanted) * share / mix.cost(int(model))
        )
        for model, share in zip(models, shares, strict=True)
    )


def _wobbled(rng: Rng, wanted: Floats) -> Floats:
    """What is sent to which model varies a little by itself."""
    return np.asarray(wanted * rng.lognormal(0.0, rng.uniform(0.02, 0.2), len(wanted)))


def sum_dollars(key: Sequence[Leaf], buckets: int) -> Floats:
    """US dollars by bucket of several leaves."""
    return np.asarray(sum((leaves.dollars(leaf) for leaf in key), np.zeros(buckets)))


def _by_day(days: Calendar, buckets: Floats) -> Floats:
    return np.asarray(buckets.reshape(days.days, days.per_day).sum(axis=1))


def alive(scene: Scene) -> Flags:
    """Keys x days: whether the key has been used by then."""
    return np.maximum.accumulate(scene.daily > 0, axis=1)
