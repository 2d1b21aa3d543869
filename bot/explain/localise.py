"""Where it is: the fewest slices of the organisation that carry what changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bot.detect.reduce import NARROW_FIRST
from bot.detect.robust import Floats
from bot.facts.finding import Part
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.leaves import NAMES, Groups, Leaves

_MOST_SLICES = 5
_WORTH = 0.05
"""Of all that moved: a slice that explains less is not told."""
_NEARLY = 0.95
_NARROWER = 0.97
"""A slice by two dimensions must explain so much more than one by a single dimension."""


def localise(places: Sequence[tuple[str, ...]], now: Floats, usual: Floats) -> tuple[Part, ...]:
    """Disjoint slices by what they carry of now - usual (nano-dollars by leaf), largest first.

    A slice explains its leaves when they all changed by one factor (the ripple effect, Sun et al. 2018,
    "HotSpot"; Li et al. 2019, "Squeeze"). The slice that explains most is taken, then the next among the
    leaves that are left: so rises and falls that cancel out are both seen, and what all share is told as
    the whole. `places` are in the order of NAMES.
    """
    leaves = Leaves.of(places)
    left = _Left(now, usual, np.ones(len(places), np.bool_))
    cuts, moved = list(_cuts(leaves)), left.moved
    found: list[Part] = []
    while len(found) < _MOST_SLICES and left.moved > _WORTH * moved:
        best = max((left.best(cut) for cut in cuts), key=lambda slice_: slice_.gain)
        if best.gain <= _WORTH * moved:
            break
        found.append(Part(left.named(best), Usd(round(left.excess(best)))))
        left = left.without(best)
    return tuple(sorted(found, key=lambda part: -abs(part.excess)))


def _cuts(leaves: Leaves) -> Iterator[Groups]:
    """Every way to cut the organisation by up to two dimensions.

    Of slices with the same leaves the first is told: people know it best.
    """
    telling = [
        name for name in NARROW_FIRST if len({place[NAMES.index(name)] for place in leaves.values}) > 1
    ]
    yield from (leaves.by(name) for name in telling)
    yield leaves.by()
    yield from (leaves.by(*pair) for pair in combinations(telling, 2))


@dataclass(frozen=True, slots=True)
class _Slice:
    cut: Groups
    group: int
    gain: float


@dataclass(frozen=True, slots=True)
class _Left:
    """The leaves that no slice explains yet."""

    now: Floats
    usual: Floats
    leaves: Mask

    @property
    def moved(self) -> float:
        """Dollars that moved, up or down."""
        return float(np.abs(self.now - self.usual)[self.leaves].sum())

    def best(self, cut: Groups) -> _Slice:
        """The slice of a cut that explains most."""
        inside = self.leaves & (cut.of_leaf >= 0)
        group, now, usual = cut.of_leaf[inside], self.now[inside], self.usual[inside]
        before = np.bincount(group, usual, len(cut))
        factor = np.bincount(group, now, len(cut)) / np.where(before > 0, before, np.inf)
        unexplained = np.where(before[group] > 0, np.abs(now - usual * factor[group]), 0.0)
        worth = float(_NARROWER ** max(len(cut.dimensions) - 1, 0))
        gain = worth * np.bincount(group, np.abs(now - usual) - unexplained, len(cut))
        most = int(gain.argmax()) if len(gain) else 0
        return _Slice(cut, most, float(gain[most]) if len(gain) else 0.0)

    def excess(self, slice_: _Slice) -> float:
        """What its leaves carry."""
        inside = self.leaves & (slice_.cut.of_leaf == slice_.group)
        return float((self.now - self.usual)[inside].sum())

    def named(self, slice_: _Slice) -> Scope:
        """What people call it: with the key or person to whom nearly all that moved in it belongs."""
        inside = np.flatnonzero(self.leaves & (slice_.cut.of_leaf == slice_.group))
        scope, moved = slice_.cut.scope(slice_.group), np.abs(self.now - self.usual)[inside]
        if scope.api_key_id is not None or scope.actor is not None:
            return scope
        owner = self._owner(slice_.cut.leaves.values[int(inside[moved.argmax()])])
        leaves = slice_.cut.leaves.inside(owner)
        borne = float(moved[np.isin(inside, leaves)].sum())
        return Scope.of(scope.pinned() | owner.pinned()) if borne >= _NEARLY * moved.sum() else scope

    @staticmethod
    def _owner(place: tuple[str, ...]) -> Scope:
        """The key of a leaf, or its person."""
        named = {name: place[NAMES.index(name)] for name in ("api_key_id", "actor")}
        return Scope.of(dict([pair for pair in named.items() if pair[1]][:1]))

    def without(self, slice_: _Slice) -> "_Left":
        """The rest."""
        return _Left(self.now, self.usual, self.leaves & (slice_.cut.of_leaf != slice_.group))
