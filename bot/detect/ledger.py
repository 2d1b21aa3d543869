"""Rows as they come, kept as panels that grow: leaves x buckets, corrected in place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.detect.robust import Floats
from bot.detect.series import COUNTS
from bot.detect.silences import LOOKS
from bot.facts.clock import DAY, Grain, floor, index
from bot.facts.spend import SpendRow
from bot.panel.leaves import NAMES, Leaves
from bot.panel.panel import Panel

_MEASURES = ("usd", *COUNTS)
_SILENT = 0.1
"""A cell with less than this share of what it is corrected to was as good as silent."""
_NOTABLE = 0.15
"""A correction upwards by less than this share of a leaf's usual bucket shows nothing."""
_LOOKBACK = timedelta(days=28)


@dataclass
class Ledger:
    """Dollars (nano-USD), requests and tokens of every leaf and bucket seen so far."""

    grain: Grain
    leaves: dict[tuple[str, ...], int] = field(default_factory=dict)
    first: int | None = None
    columns: int = 0
    values: NDArray[np.int64] = field(default_factory=lambda: np.zeros((len(_MEASURES), 16, 64), np.int64))
    known: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(64, np.bool_))
    late: list[tuple[int, int]] = field(default_factory=list)
    """Of each cell that came late: the last column seen before it came, and its silent looks."""

    def see(self, start: datetime, rows: Sequence[SpendRow]) -> int:
        """Enter one bucket as first seen, in place of what was seen of it before; its column.

        ValueError for a bucket before the first one, or for a row of another bucket: nothing is entered then.
        """
        column = self._column(start)
        if column < 0:
            raise ValueError(f"{start:%Y-%m-%d %H:%M} lies before the first bucket that was seen")
        for row in rows:
            if self._column(row.hour) != column:
                raise ValueError(
                    f"a row of {row.hour:%Y-%m-%d %H:%M} was given as one of {start:%Y-%m-%d %H:%M}"
                )
        self._grow(len(self.leaves), column + 1)
        self.columns = max(self.columns, column + 1)
        self.known[column] = True
        self.values[:, :, column] = 0
        for (leaf, _), numbers in self._sums(rows).items():
            self.values[:, leaf, column] = numbers
        return column

    def correct(self, rows: Sequence[SpendRow]) -> dict[int, int]:
        """Put corrected cells in place of what was seen; by column, nano-dollars by which cells grew.

        Cells before the first bucket are left out.
        """
        grown: dict[int, int] = {}
        for (leaf, column), numbers in self._sums(rows).items() if self.columns else ():
            if 0 <= column < self.columns:
                self._note_lateness(leaf, column, numbers[0])
                growth = numbers[0] - int(self.values[0, leaf, column])
                grown[column] = grown.get(column, 0) + max(growth, 0)
                self.values[:, leaf, column] = numbers
        return grown

    def _note_lateness(self, leaf: int, column: int, usd: int) -> None:
        before, newest = int(self.values[0, leaf, column]), self.columns - 1
        usual = float(self.values[0, leaf, max(0, column - 14) : column + 1].mean())
        if before < _SILENT * usd and usd - before > _NOTABLE * usual:
            self.late.append((newest, newest - column + 1))

    def _sums(self, rows: Iterable[SpendRow]) -> dict[tuple[int, int], list[int]]:
        """Measures by leaf and column; rows of one cell (service tiers) are added."""
        sums: dict[tuple[int, int], list[int]] = {}
        for row in rows:
            names = tuple(getattr(row, name) for name in NAMES)
            leaf = self.leaves.setdefault(names, len(self.leaves))
            cell = (leaf, self._column(row.hour))
            numbers = [getattr(row, measure) for measure in _MEASURES]
            known = sums.get(cell)
            sums[cell] = [a + b for a, b in zip(known, numbers, strict=True)] if known else numbers
        self._grow(len(self.leaves), self.columns)
        return sums

    def _column(self, start: datetime) -> int:
        number = index(floor(start, self.grain), self.grain)
        if self.first is None:
            self.first = number
        return number - self.first

    def _grow(self, leaves: int, columns: int) -> None:
        measures, high, wide = self.values.shape
        if leaves <= high and columns <= wide:
            return
        high, wide = max(high, 2 * leaves), max(wide, 2 * columns)
        larger = np.zeros((measures, high, wide), np.int64)
        larger[:, : self.values.shape[1], : self.values.shape[2]] = self.values
        self.values = larger
        self.known = np.pad(self.known, (0, wide - len(self.known)))

    def lateness(self) -> Floats:
        """Of the cells of the last weeks, the share that was silent at first for more than 0 to 3 days."""
        since = max(0, self.columns - 1 - _LOOKBACK // self.grain.width)
        self.late = [one for one in self.late if one[0] >= since]
        cells = int((self.values[0, : len(self.leaves), since : self.columns - 1] > 0).sum())
        days = np.array([-(-looks // (DAY // self.grain.width)) for _, looks in self.late], np.int64)
        longer = (days > np.arange(LOOKS)[:, None]).sum(axis=1)
        return np.asarray(longer / max(cells, 1))

    def panel(self) -> Panel:
        """All of it, complete as far as it was seen; a view, not a copy."""
        of_leaves = self.values[:, : len(self.leaves), : self.columns]
        known = self.known[: self.columns]
        counts = dict(zip(COUNTS, of_leaves[1:], strict=True))
        leaves = Leaves.of(self.leaves)
        return Panel(self.grain, self.first or 0, leaves, of_leaves[0], known, known.copy(), counts)
