"""The organisation's leaves: every dimension set that was ever seen, and how they group into scopes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.facts.scope import Scope

NAMES = ("workspace_id", "api_key_id", "model", "actor", "product")
"""The dimensions of a leaf, in the order of its tuples."""


@dataclass(frozen=True, slots=True)
class Groups:
    """A partition of the leaves: `of_leaf[i]` is the group of leaf i, or -1 where the leaf has none."""

    scopes: tuple[Scope, ...]
    of_leaf: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leaves:
    """Leaf i has the dimension values `values[i]` (in the order of NAMES)."""

    values: Sequence[tuple[str, ...]]

    @classmethod
    def of(cls, values: Iterable[tuple[str, ...]]) -> Self:
        """From tuples in the order of NAMES."""
        return cls(list(values))

    def scope(self, leaf: int) -> Scope:
        """The leaf itself as a scope."""
        return Scope(*self.values[leaf])

    def by(self, *dimensions: str) -> Groups:
        """Group by the named dimensions; leaves with an empty value in one of them belong to no group.

        No dimensions: everything is one group, the organisation.
        """
        places = [NAMES.index(name) for name in dimensions]
        numbers: dict[tuple[str, ...], int] = {}
        of_leaf = np.full(len(self.values), -1, np.int64)
        for leaf, values in enumerate(self.values):
            group = tuple(values[place] for place in places)
            if all(group):
                of_leaf[leaf] = numbers.setdefault(group, len(numbers))
        scopes = tuple(Scope.of(dict(zip(dimensions, group, strict=True))) for group in numbers)
        return Groups(scopes, of_leaf)

    def inside(self, scope: Scope) -> NDArray[np.int64]:
        """The leaves that lie in a scope."""
        pinned = [(NAMES.index(name), value) for name, value in scope.pinned().items()]
        hits = [
            leaf
            for leaf, values in enumerate(self.values)
            if all(values[place] == value for place, value in pinned)
        ]
        return np.array(hits, np.int64)
