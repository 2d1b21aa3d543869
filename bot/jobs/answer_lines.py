"""Sums taken apart by the values of a dimension: who comes first, and what lies beyond."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bot.facts.clock import Window
from bot.facts.money import Usd
from bot.jobs.answer_names import Chosen, Everybody
from bot.jobs.ports import Totals


@dataclass(frozen=True, slots=True)
class Split:
    """The leaves of a question by the values of the dimension it is split by: `column` has every leaf's."""

    column: Sequence[str]
    leaves: Chosen
    names: Mapping[str, str]
    """What each value is called."""

    @classmethod
    def of(cls, everybody: Everybody, dimension: str, leaves: Chosen) -> Self:
        """By the values of a dimension."""
        column = everybody.leaves.named(dimension)
        return cls(column, leaves, {v: everybody.directory.name_of(dimension, v) for v in set(column)})

    def summed(self, found: Iterable[tuple[int, int]]) -> dict[str, Usd]:
        """Amounts of leaves by value."""
        sums: dict[str, int] = {}
        for leaf, amount in found:
            sums[self.column[leaf]] = sums.get(self.column[leaf], 0) + amount
        return {value: Usd(amount) for value, amount in sums.items()}

    def ordered(self, amounts: Mapping[str, int]) -> list[str]:
        """The values, largest amount first, equal ones by name."""
        return sorted(amounts, key=lambda value: (-amounts[value], self.names[value], value))

    def in_window(self, totals: Totals, window: Window, values: Container[str]) -> dict[str, Usd]:
        """What some of the values cost in another window, whether or not they spent then."""
        every = range(len(self.column)) if self.leaves is None else self.leaves
        leaves = tuple(leaf for leaf in every if self.column[leaf] in values)
        found = totals.usd_by_leaf(window, None if len(leaves) == len(self.column) else leaves)
        return self.summed(found.items())


def others_name(number: int) -> str:
    """What lies beyond the lines, together: "31 others"."""
    return f"{number} other{'' if number == 1 else 's'}"
