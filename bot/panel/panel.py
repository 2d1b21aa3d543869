"""Dense arrays, series x time, from the cells that were stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import Grain, Window, at_index, floor, index
from bot.panel.coverage import Coverage, Mask
from bot.panel.leaves import Groups, Leaves

Matrix = NDArray[np.int64]
_ROWS = 4096
"""Leaves that are summed at a time: what is in between stays in the processor's cache."""


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
    counts: Mapping[str, Matrix] = field(default_factory=dict)
    """Requests and token kinds beside the dollars, by the names of a SpendRow, as far as asked for."""

    @classmethod
    def build(
        cls,
        grain: Grain,
        leaves: Leaves,
        cells: Iterable[Matrix],
        coverage: Coverage,
        counts: Sequence[str] = (),
    ) -> Self:
        """Scatter (leaf, bucket, nano-dollars, counts in their order) cells of the window of `coverage`.

        It must start and end on days. Before the organisation's first spend nothing counts as known:
        an organisation that did not exist yet was not silent.
        """
        first, last = index(coverage.window.start, grain), index(coverage.window.end, grain)
        values = np.zeros((1 + len(counts), len(leaves.values), last - first), np.int64)
        for chunk in cells:
            values[:, chunk[:, 0], chunk[:, 1] - first] = chunk[:, 2:].T
        begun: Mask = np.logical_or.accumulate(values[0].any(axis=0))
        known, complete = _read(coverage, grain)
        known &= begun
        beside = dict(zip(counts, values[1:], strict=True))
        return cls(grain, first, leaves, values[0], known, complete & known, beside)

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
            counts={name: values[:, :column] for name, values in self.counts.items()},
        )

    def since(self, column: int) -> Self:
        """The panel without what lies before `column`."""
        column = max(column, 0)
        return replace(
            self,
            first=self.first + column,
            usd=self.usd[:, column:],
            known=self.known[column:],
            complete=self.complete[column:],
            counts={name: values[:, column:] for name, values in self.counts.items()},
        )

    def grouped(self, groups: Groups, values: Matrix | None = None) -> Matrix:
        """Sum dollars (or other `values`, leaves x columns) over the leaves of each group, exact."""
        values = self.usd if values is None else values
        sums = np.zeros((len(groups), values.shape[1]), np.int64)
        for start in range(0, len(values), _ROWS):
            of_leaf = groups.of_leaf[start : start + _ROWS]
            order = np.argsort(of_leaf, kind="stable")[np.count_nonzero(of_leaf < 0) :]
            ordered = of_leaf[order]
            starts = np.flatnonzero(np.diff(ordered, prepend=-1))
            if len(starts) == len(ordered):
                sums[ordered] += values[start + order]
            elif len(starts):
                sums[ordered[starts]] += np.add.reduceat(values[start + order], starts, axis=0)
        return sums


def _read(coverage: Coverage, grain: Grain) -> tuple[Mask, Mask]:
    """Which buckets were read, and which are complete."""
    if grain is Grain.HOUR:
        return coverage.known & coverage.hourly, coverage.complete
    known: Mask = np.logical_or.reduce(coverage.known.reshape(-1, 24), axis=1)
    complete: Mask = np.logical_and.reduce(coverage.complete.reshape(-1, 24), axis=1)
    return known, complete
