"""Dense arrays, series x time, from the cells that were stored."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import Grain, Window, at_index, floor, index
from bot.panel.coverage import Coverage, Mask
from bot.panel.leaves import Groups, Leaves

Matrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Panel:
    """Nano-dollars of every leaf (row) in every bucket (column), int64; 0 is a true zero where `known`.

    `known[t]`: bucket t was read; `complete[t]`: it will only change by restatement.
    """

    grain: Grain
    first: int
    """Index of column 0 (buckets since 1970-01-01 UTC)."""
    leaves: Leaves
    usd: Matrix
    known: Mask
    complete: Mask

    @classmethod
    def build(
        cls, window: Window, grain: Grain, leaves: Leaves, cells: Iterable[Matrix], coverage: Coverage
    ) -> Self:
        """Scatter (leaf, bucket, nano-dollars) triples; `window` starts and ends on days.

        `coverage` must be of the same window. Before the organisation's first spend nothing counts as known:
        an organisation that did not exist yet was not silent.
        """
        first, last = index(window.start, grain), index(window.end, grain)
        usd = np.zeros((len(leaves.values), last - first), np.int64)
        for triples in cells:
            usd[triples[:, 0], triples[:, 1] - first] = triples[:, 2]
        begun: Mask = np.logical_or.accumulate(usd.any(axis=0))
        if grain is Grain.HOUR:
            known = coverage.known & coverage.hourly & begun
            return cls(grain, first, leaves, usd, known, coverage.complete & known)
        known = np.logical_or.reduce(coverage.known.reshape(-1, 24), axis=1) & begun
        complete: Mask = np.logical_and.reduce(coverage.complete.reshape(-1, 24), axis=1)
        return cls(grain, first, leaves, usd, known, complete & known)

    @property
    def columns(self) -> int:
        """How many buckets it spans."""
        return len(self.known)

    def column(self, at: datetime) -> int:
        """The column of the bucket that holds `at`; may lie outside the panel."""
        return index(floor(at, self.grain), self.grain) - self.first

    def start_of(self, column: int) -> datetime:
        """When the bucket of a column starts."""
        return at_index(self.first + column, self.grain)

    def window_of(self, column: int) -> Window:
        """The bucket of a column."""
        start = self.start_of(column)
        return Window(start, start + self.grain.width)

    def before(self, column: int) -> Self:
        """The panel as it would be without the bucket of `column` and everything after it."""
        return replace(
            self,
            usd=self.usd[:, :column],
            known=self.known[:column],
            complete=self.complete[:column],
        )

    def grouped(self, groups: Groups) -> Matrix:
        """Sum the leaves of each group: groups x columns, exact."""
        member = groups.of_leaf >= 0
        order = np.argsort(groups.of_leaf[member], kind="stable")
        sums = np.zeros((len(groups.scopes), self.columns), np.int64)
        if len(order):
            ordered = groups.of_leaf[member][order]
            starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
            sums[ordered[starts]] = np.add.reduceat(self.usd[member][order], starts, axis=0)
        return sums
