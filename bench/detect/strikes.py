"""What each kind of incident does to a key: one function a kind, key before in, key after out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.detect.archetypes import REGULAR
from bench.detect.calendar import Floats
from bench.detect.leaves import MODELS, Leaf, dollars
from bench.detect.scene import Scene, sum_dollars
from bench.detect.temper import Rng, between


@dataclass(frozen=True, slots=True)
class Span:
    """Buckets [start, stop) in which it acts, out of `length`; `lasting` ones stay beyond `stop` for good."""

    start: int
    stop: int
    length: int
    lasting: bool = False

    @property
    def count(self) -> int:
        """How many buckets are labelled."""
        return self.stop - self.start

    def mask(self) -> Floats:
        """1 in the buckets that change, else 0."""
        inside = np.zeros(self.length)
        inside[self.start : None if self.lasting else self.stop] = 1.0
        return inside


Key = Sequence[Leaf]
Strike = Callable[[Rng, Scene, Key, Span], tuple[Leaf, ...] | None]
"""None where it makes no sense for that key."""


def _busier(scene: Scene, rng: Rng, key: Key, span: Span, extra: float) -> tuple[Leaf, ...]:
    """Each leaf's requests by its usual level times `extra` more, with some noise of their own."""
    noise = rng.lognormal(0.0, 0.15, span.length) * span.mask()
    return tuple(
        replace(leaf, requests=leaf.requests + np.rint(extra * scene.level(leaf, span.start) * noise))
        for leaf in key
    )


def runaway(rng: Rng, scene: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """A loop: three to twenty times the usual, day and night, mostly on one model."""
    extra = between(rng, 3, 20) - 1
    return (*_busier(scene, rng, key[:1], span, extra), *key[1:])


def retry_storm(rng: Rng, scene: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """Requests that fail: the input is paid again and again, hardly anything is answered."""
    extra = between(rng, 3, 10) - 1
    after = _busier(scene, rng, key, span, extra)
    return tuple(
        replace(new, output=old.output * (old.requests + 0.05 * (new.requests - old.requests)) / _some(new))
        for old, new in zip(key, after, strict=True)
    )


def _some(leaf: Leaf) -> Floats:
    return np.maximum(leaf.requests, 1.0)


def step(rng: Rng, _: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """A new level."""
    return _times(key, 1 + (rng.uniform(1.25, 2.0) - 1) * span.mask())


def _times(key: Key, factor: Floats) -> tuple[Leaf, ...]:
    return tuple(replace(leaf, requests=np.rint(leaf.requests * factor)) for leaf in key)


def creep(rng: Rng, _: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """A few percent more every day; half of the time it then stays for a third as long."""
    days = np.clip(np.arange(span.length) - span.start + 1, 0, None)
    climb = span.count if rng.random() < 0.5 else int(span.count * 0.75)
    growth = np.exp(np.log1p(rng.uniform(0.02, 0.06)) * np.minimum(days, climb))
    return _times(key, np.where(span.mask() > 0, growth, 1.0))


def drop(rng: Rng, _: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """Nothing, or next to nothing."""
    left = 0.0 if rng.random() < 0.6 else rng.uniform(0.0, 0.06)
    return _times(key, 1 - (1 - left) * span.mask())


def many_keys(rng: Rng, _: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """One of many that all rise."""
    return _times(key, 1 + (rng.uniform(1.4, 2.5) - 1) * span.mask())


def model_switch(rng: Rng, _: Scene, key: Key, span: Span) -> tuple[Leaf, ...] | None:
    """The same requests go to a dearer model."""
    old, share = key[0], rng.uniform(0.5, 1.0)
    dearer = [m for m in range(old.model + 1, len(MODELS)) if MODELS[m][1] > 1.3 * MODELS[old.model][1]]
    if not dearer:
        return None
    model = dearer[min(int(rng.geometric(0.6)) - 1, len(dearer) - 1)]
    moved = np.rint(old.requests * share * span.mask())
    stays = replace(old, requests=old.requests - moved)
    known = next((leaf for leaf in key if leaf.model == model), None)
    rest = [leaf for leaf in key[1:] if leaf is not known]
    goes = replace(old, model=model, requests=moved)
    return (stays, goes if known is None else _poured(known, goes), *rest)


def _poured(into: Leaf, more: Leaf) -> Leaf:
    """Two leaves of one model as one: counts add up, the make-up is averaged by request."""
    requests = into.requests + more.requests
    weight = more.requests / np.maximum(requests, 1.0)
    sent = weight * more.tokens / ((1 - weight) * into.tokens + weight * more.tokens)
    return Leaf(
        into.key,
        into.model,
        requests,
        into.tokens + weight * (more.tokens - into.tokens),
        into.output + weight * (more.output - into.output),
        into.read + sent * (more.read - into.read),
        into.write_5m + sent * (more.write_5m - into.write_5m),
        into.write_1h + sent * (more.write_1h - into.write_1h),
    )


def cache_break(rng: Rng, _: Scene, key: Key, span: Span) -> tuple[Leaf, ...] | None:
    """What was read from the cache is paid as fresh input, or written to the cache again each time."""
    rewritten, broken = rng.random() < 0.5, rng.uniform(0.5, 1.0)
    target = rng.uniform(1.15, 2.5)
    full = _without_cache(key, span, broken, rewritten=rewritten)
    rise = _ratio(key, full, span) - 1
    if rise < 0.15:
        return None
    return _without_cache(key, span, broken * min(1.0, (target - 1) / rise), rewritten=rewritten)


def _without_cache(key: Key, span: Span, broken: float, *, rewritten: bool) -> tuple[Leaf, ...]:
    return tuple(
        replace(
            leaf,
            read=leaf.read * (1 - broken * span.mask()),
            write_5m=leaf.write_5m + rewritten * leaf.read * broken * span.mask(),
        )
        for leaf in key
    )


def _ratio(before: Key, after: Key, span: Span) -> float:
    """Dollars after over dollars before, within the span."""
    old, new = (sum_dollars(key, span.length)[span.start : span.stop].sum() for key in (before, after))
    return float(new / old) if old else 1.0


def weekend_spike(rng: Rng, scene: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """Busy as on a working day, or several times its weekend."""
    if scene.calendar.per_day == 1 and rng.random() < 0.4:
        after = _times(key, 1 + (rng.uniform(3, 8) - 1) * span.mask())
        if _ratio(key, after, span) > 1:
            return after
    return _busier(scene, rng, key, span, rng.uniform(0.7, 1.3))


def dormant_key(rng: Rng, scene: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """A silent key spends as an average key of the organisation does, or several times that."""
    return _awake(rng, key[:1], span, _of_a_key(scene, span, 0.5) * between(rng, 0.7, 10))


def new_key(rng: Rng, scene: Scene, key: Key, span: Span) -> tuple[Leaf, ...]:
    """A key never seen starts among the largest."""
    return _awake(rng, key[:1], span, _of_a_key(scene, span, 0.9) * between(rng, 0.8, 2.5))


def _of_a_key(scene: Scene, span: Span, rank: float) -> float:
    """US dollars a usual active bucket of the key at that rank among those that were active of late."""
    day = span.start // scene.calendar.per_day
    recent = scene.daily[:, max(0, day - 28) : day]
    means = recent.sum(axis=1) / np.maximum((recent > 0).sum(axis=1), 1)
    active = means[means > 0]
    return float(np.quantile(active, rank)) / scene.calendar.per_day if len(active) else 1.0


def _awake(rng: Rng, key: Key, span: Span, usd: float) -> tuple[Leaf, ...]:
    """The first leaf spends about that many dollars in each bucket of the span."""
    leaf = key[0]
    one = replace(leaf, requests=np.ones(span.length))
    wanted = usd / float(dollars(one)[span.start : span.stop].mean())
    requests = np.maximum(rng.poisson(wanted * rng.lognormal(0.0, 0.25, span.length)), 1) * span.mask()
    return (replace(leaf, requests=leaf.requests + requests),)


@dataclass(frozen=True, slots=True)
class Kind:
    """Whom it befalls, for how long (in days, in hours), and what it does.

    `lasting` is the chance that it stays for good; then what lies beyond the label is the new normal. Its
    dollars must stand out of the key's own noise by `visible` standard deviations, or else by its tokens (0).
    """

    strike: Strike
    archetypes: tuple[str, ...]
    days: tuple[int, int]
    hours: tuple[int, int]
    lasting: float = 0.0
    visible: float = 3.0


_ANY = (*REGULAR, "weekend", "cron", "ad hoc", "month end")
KINDS: Mapping[str, Kind] = {
    "runaway": Kind(runaway, _ANY, (1, 5), (3, 48)),
    "dormant key": Kind(dormant_key, ("dormant",), (1, 7), (4, 72)),
    "new key": Kind(new_key, ("unused",), (3, 14), (6, 96), 0.4),
    "retry storm": Kind(retry_storm, REGULAR, (1, 3), (2, 16)),
    "weekend spike": Kind(weekend_spike, ("weekday",), (1, 2), (4, 20)),
    "drop": Kind(drop, REGULAR, (1, 5), (5, 36)),
    "many keys": Kind(many_keys, _ANY, (1, 6), (4, 24)),
    "model switch": Kind(model_switch, REGULAR, (5, 20), (24, 120), 0.4, 0.0),
    "cache break": Kind(cache_break, REGULAR, (4, 20), (12, 96), 0.2, 0.0),
    "creep": Kind(creep, REGULAR, (14, 28), (48, 120), 0.0, 2.5),
    "step": Kind(step, REGULAR, (14, 35), (48, 120), 0.5, 2.5),
}
