"""Lets incidents loose on a scene: when, on which key, and whether a careful person could see it at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.detect import leaves
from bench.detect.archetypes import REGULAR
from bench.detect.calendar import Floats
from bench.detect.leaves import Leaf
from bench.detect.scene import Scene, sum_dollars
from bench.detect.strikes import KINDS, Kind, Span
from bench.detect.temper import Rng

_TRIES = 60
_APART_DAYS = 8
"""Between two incidents of one key."""
_WORTH = 0.01
"""Of the organisation's usual day, at least this much in all; and a dollar."""
_FELT, _FELT_AS_MISSING = 0.005, 0.05
"""Of its largest bucket's dollars, too much and too little: less at either end is not part of an incident."""
_ACTIVE_SHARE = 0.15
"""Of the last four weeks' buckets in which a key must have been used."""
_NEAR_HOLIDAY = 0.4
UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Blow:
    """An incident, in buckets: the keys it changes with their leaves after it, and dollars beyond."""

    kind: str
    span: Span
    after: dict[int, tuple[Leaf, ...]]
    excess: Floats
    """US dollars by bucket of the span, all keys together."""


@dataclass(slots=True)
class Site:
    """A scene with its keys as damaged so far, and which days of which key are taken."""

    scene: Scene
    keys: dict[int, tuple[Leaf, ...]]
    kinds: dict[int, str]
    taken: np.ndarray[tuple[int, int], np.dtype[np.bool_]]

    @property
    def per_day(self) -> int:
        """Buckets in a day."""
        return self.scene.calendar.per_day

    def free(self, key: int, span: Span) -> bool:
        """Whether nothing else befalls the key around that time."""
        first, last = span.start // self.per_day, (span.stop - 1) // self.per_day
        return not self.taken[key, max(0, first - _APART_DAYS) : last + _APART_DAYS].any()

    def apply(self, blow: Blow) -> None:
        """Make it so."""
        self.keys |= blow.after
        first, last = blow.span.start // self.per_day, (blow.span.stop - 1) // self.per_day
        for key in blow.after:
            self.taken[key, first : last + 1] = True


def inflict(rng: Rng, scene: Scene) -> tuple[Site, list[Blow]]:
    """As many incidents of random kinds as the organisation's temper asks for."""
    site, blows = _site(rng, scene), list[Blow]()
    for _ in range(3 * scene.temper.incidents):
        if len(blows) == scene.temper.incidents:
            break
        blow = _one(rng, site, str(rng.choice(list(scene.temper.kinds))))
        if blow:
            site.apply(blow)
            blows.append(blow)
    return site, blows


def _site(rng: Rng, scene: Scene) -> Site:
    """The scene and a few keys that have never been used."""
    kinds = dict(enumerate(scene.archetypes))
    keys = dict(enumerate(scene.leaves))
    unused = scene.temper.incidents
    for number in range(len(keys), len(keys) + unused):
        rate, model = np.zeros(scene.calendar.buckets), int(rng.integers(1, 5))
        leaf = leaves.leaf(rng, scene.calendar, (number, model), leaves.draw_mix(rng), rate)
        keys[number], kinds[number] = (leaf,), UNUSED
    return Site(scene, keys, kinds, np.zeros((len(keys), scene.calendar.days), bool))


def _one(rng: Rng, site: Site, name: str) -> Blow | None:
    """An incident of that kind that can be seen and is worth it; None when none was found."""
    for _ in range(_TRIES):
        span = _span(rng, site, name)
        chosen = _choose(rng, site, name, span) if span else []
        blow = _strike(rng, site, name, span, chosen) if span and chosen else None
        if blow and _matters(site, blow):
            return blow
    return None


def _span(rng: Rng, site: Site, name: str) -> Span | None:
    """When: anywhere in the judged part where it fits."""
    kind, calendar = KINDS[name], site.scene.calendar
    low, high = kind.days if calendar.per_day == 1 else kind.hours
    count = int(rng.integers(low, high + 1))
    first = (calendar.history + 1) * calendar.per_day
    if first + count >= calendar.buckets:
        return None
    start = _when(rng, site, first, calendar.buckets - count)
    span = Span(start, start + count, calendar.buckets, lasting=rng.random() < kind.lasting)
    return _at_the_weekend(rng, site, span) if name == "weekend spike" else span


def _when(rng: Rng, site: Site, first: int, last: int) -> int:
    """Any bucket; where holidays are the matter, often within a few days of one."""
    calendar = site.scene.calendar
    near = np.flatnonzero(calendar.holiday) * calendar.per_day
    if site.scene.temper.shutdown and len(near) and rng.random() < _NEAR_HOLIDAY:
        start = int(rng.choice(near)) + int(rng.integers(-3, 4) * calendar.per_day)
        if first <= start < last:
            return start
    return int(rng.integers(first, last))


def _at_the_weekend(rng: Rng, site: Site, span: Span) -> Span | None:
    """The span moved to a weekend, by the hour into its night."""
    calendar = site.scene.calendar
    saturday = (
        span.start // calendar.per_day + (5 - int(calendar.weekday[span.start // calendar.per_day])) % 7
    )
    sunday = rng.random() < 0.5 and span.count == 1
    start = (saturday + sunday) * calendar.per_day + (int(rng.integers(0, 24)) if calendar.per_day > 1 else 0)
    stop = start + span.count
    return replace(span, start=start, stop=stop) if stop < calendar.buckets else None


def _choose(rng: Rng, site: Site, name: str, span: Span) -> list[int]:
    """The keys it befalls: larger ones more often."""
    weights = {
        key: _weight(site, name, key, span) for key in site.keys if site.kinds[key] in KINDS[name].archetypes
    }
    able = [key for key, weight in weights.items() if weight > 0 and site.free(key, span)]
    if not able:
        return []
    if name == "many keys":
        count = int(rng.uniform(0.15, 0.6) * len(able))
        return [int(key) for key in rng.permutation(able)[:count]] if count > 2 else []
    chances = np.array([weights[key] for key in able])
    return [int(rng.choice(able, p=chances / chances.sum()))]


def _weight(site: Site, name: str, key: int, span: Span) -> float:
    """Root of the dollars it spent of late; 0 where such a thing cannot happen to it."""
    if name in {"dormant key", "new key"}:
        return float(name == "new key" or _silent(site, key, span))
    recent = site.scene.recent(sum_requests(site.keys[key]), span.start)
    needed = _ACTIVE_SHARE if site.kinds[key] in REGULAR else _ACTIVE_SHARE / 8
    if (recent > 0).mean() < (needed if site.per_day == 1 else needed / 4):
        return 0.0
    return float(np.sqrt(site.scene.daily[key, : span.start // site.per_day][-28:].mean()))


def _silent(site: Site, key: int, span: Span) -> bool:
    """Whether it has been silent for long."""
    used = np.flatnonzero(sum_requests(site.keys[key])[: span.start])
    weeks = 3 if site.scene.calendar.history > 20 else 2
    return len(used) > 0 and span.start - used[-1] >= 7 * weeks * site.per_day


def sum_requests(key: Sequence[Leaf]) -> Floats:
    """Requests by bucket of several leaves."""
    return np.asarray(np.sum([leaf.requests for leaf in key], axis=0))


def _strike(rng: Rng, site: Site, name: str, span: Span, chosen: Sequence[int]) -> Blow | None:
    """What comes of it."""
    kind: Kind = KINDS[name]
    excess, after = np.zeros(span.count), dict[int, tuple[Leaf, ...]]()
    for key in chosen:
        changed = kind.strike(rng, site.scene, site.keys[key], span)
        if changed is None:
            return None
        after[key] = changed if len(changed) >= len(site.keys[key]) else (*changed, *site.keys[key][1:])
        old, new = (sum_dollars(leaves, span.length) for leaves in (site.keys[key], after[key]))
        excess += (new - old)[span.start : span.stop]
    return _trimmed(Blow(name, span, after, excess))


def _trimmed(blow: Blow) -> Blow | None:
    """Its label cut to where it can be felt: a drop that begins on a weekend begins on Monday."""
    share = _FELT_AS_MISSING if blow.kind == "drop" else _FELT
    felt = np.flatnonzero(np.abs(blow.excess) > share * np.abs(blow.excess).max(initial=0.0))
    if not len(felt):
        return None
    first, last = int(felt[0]), int(felt[-1]) + 1
    span = replace(blow.span, start=blow.span.start + first, stop=blow.span.start + last)
    return replace(blow, span=span, excess=blow.excess[first:last])


def _matters(site: Site, blow: Blow) -> bool:
    """Whether it is worth a word, and sticks out of the noise of the key that it befalls."""
    worth = max(1.0, _WORTH * site.scene.usual_day(blow.span.start))
    wanted = -blow.excess.sum() if blow.kind == "drop" else blow.excess.sum()
    return bool(wanted >= worth and (len(blow.after) > 1 or _visible(site, blow)))


def _visible(site: Site, blow: Blow) -> bool:
    [(key, after)] = blow.after.items()
    span, scene = blow.span, site.scene
    if site.kinds[key] in {"dormant", UNUSED}:
        return True
    old, new = (sum_dollars(part, span.length) for part in (site.keys[key], after))
    recent = scene.recent(old, span.start)
    some = 0.3 * float(recent[recent > 0].mean())
    change = np.abs(np.log((new + some) / (old + some)))[span.start : span.stop].mean()
    spread, memory = _own_noise(site, key, span)
    count = max(1.0, span.count * (1 - memory) / (1 + memory))
    return bool(change * np.sqrt(count) >= KINDS[blow.kind].visible * spread)


def _own_noise(site: Site, key: int, span: Span) -> tuple[float, float]:
    """Standard deviation, and autocorrelation from one bucket to the next, of the key's noise so far."""
    past = site.scene.noise[key, : span.start]
    past = past - past.mean()
    few = 1 / max(1.0, sum(site.scene.level(leaf, span.start) for leaf in site.keys[key]))
    variance = float((past**2).mean()) + 1e-9
    memory = float((past[1:] * past[:-1]).mean()) / variance
    return float(np.sqrt(variance + few)), min(max(memory, 0.0), 0.95)
