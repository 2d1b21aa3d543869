"""The organisation's leaves: every dimension set that was ever seen, and how they group into scopes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.facts.scope import Scope
from bot.panel.coverage import Mask

Numbers = NDArray[np.int64]
NAMES = ("workspace_id", "api_key_id", "model", "actor", "product")
"""The dimensions of a leaf, in the order of its tuples."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One dimension of all leaves: `numbers[i]` stands for the value of leaf i, 0 for an empty one."""

    of_value: dict[str, int]
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Leaves:
    """Leaf i has the dimension values `values[i]` (in the order of NAMES).

    `tags` are what leaves can also be grouped and chosen by, such as their team: by name one value a leaf.
    """

    values: Sequence[tuple[str, ...]]
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _columns: dict[str, _Column] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, values: Iterable[tuple[str, ...]]) -> Self:
        """From tuples in the order of NAMES."""
        return cls(list(values))

    def only(self, leaves: Numbers) -> Self:
        """Some of the leaves, in the given order."""
        kept = leaves.tolist()
        tags = {name: [values[leaf] for leaf in kept] for name, values in self.tags.items()}
        return type(self)([self.values[leaf] for leaf in kept], tags)

    def named(self, name: str) -> list[str]:
        """The value of a dimension or tag of every leaf; empty where nobody knows."""
        if name in NAMES:
            place = NAMES.index(name)
            return [values[place] for values in self.values]
        return list(self.tags.get(name, [""] * len(self.values)))

    def scope(self, leaf: int) -> Scope:
        """The leaf itself as a scope."""
        return Scope(*self.values[leaf])

    def value(self, leaf: int, name: str) -> str:
        """The value of a dimension or tag of one leaf."""
        return self.values[leaf][NAMES.index(name)] if name in NAMES else self.tags[name][leaf]

    def by(self, *dimensions: str) -> "Groups":
        """Group by the named dimensions; leaves with an empty value in one of them belong to no group.

        Groups are numbered in the order of their first leaves. No dimensions: everything is one group, the
        organisation.
        """
        columns = [self._column(name).numbers for name in dimensions]
        member = np.logical_and.reduce([column > 0 for column in columns], axis=0) & np.ones(
            len(self.values), np.bool_
        )
        together = reduce(_combined, columns, np.zeros(len(self.values), np.int64))[member]
        _, first, group = np.unique(together, return_index=True, return_inverse=True)
        of_leaf = np.full(len(self.values), -1, np.int64)
        of_leaf[member] = np.argsort(np.argsort(first))[group]
        return Groups(self, dimensions, np.flatnonzero(member)[np.sort(first)], of_leaf)

    def inside(self, scope: Scope) -> Numbers:
        """The leaves that lie in a scope."""
        inside = np.ones(len(self.values), np.bool_)
        for name, value in scope.pinned().items():
            column = self._column(name)
            inside &= column.numbers == column.of_value.get(value, -1)
        return np.flatnonzero(inside)

    def _column(self, name: str) -> _Column:
        if name not in self._columns:
            of_value = {"": 0}
            numbers = [of_value.setdefault(value, len(of_value)) for value in self.named(name)]
            self._columns[name] = _Column(of_value, np.array(numbers, np.int64))
        return self._columns[name]


def _combined(together: Numbers, column: Numbers) -> Numbers:
    return together * (int(column.max(initial=0)) + 1) + column


@dataclass(frozen=True, slots=True)
class Groups:
    """A partition of the leaves: `of_leaf[i]` is the group of leaf i, or -1 where the leaf has none.

    `first` has a leaf of each group.
    """

    leaves: Leaves
    dimensions: tuple[str, ...]
    first: Numbers
    of_leaf: Numbers

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self.first)

    def scope(self, group: int) -> Scope:
        """What a group is called."""
        leaf = int(self.first[group])
        return Scope.of({name: self.leaves.value(leaf, name) for name in self.dimensions})

    def only(self, kept: Mask) -> Self:
        """These groups without the others; their leaves belong to none."""
        number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        return replace(self, first=self.first[kept], of_leaf=number[self.of_leaf])
