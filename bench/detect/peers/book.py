"""Dollars and tokens of every series (key x model) by day, as known after the last look."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from bench.detect.organisation import Look
from bot.facts.scope import Scope
from bot.facts.spend import DIMENSIONS, TOKENS, SpendRow

Array = NDArray[np.float64]
KINDS = ("usd", *TOKENS)
"""What is kept of each cell, in this order along the first axis."""
_NANO = 1e9
_MONTH = 28
_UNIT = 3e-3
_dimensions: Callable[[SpendRow], tuple[str, ...]] = attrgetter(*DIMENSIONS)


class Book:
    """Corrected cells replace what was first seen; days before the first look are left out."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.today = -1
        """Index of the last look's day; the first look's is 0."""
        self._first: datetime | None = None
        self._series: dict[tuple[str, str, str], int] = {}
        self._cells: dict[tuple[int, tuple[str, ...]], Array] = {}
        self._values = np.zeros((len(KINDS), 16, 64))
        self._born = np.zeros(16, np.int64)

    def enter(self, look: Look) -> None:
        """Take in one day and the corrections that came with it; looks come in order."""
        self._first = self._first or look.start
        self.today = (look.start - self._first).days
        for row in (*look.restated, *look.rows):
            self._put(row, (row.hour - self._first).days)

    def kind(self, name: str, days: int) -> Array:
        """Series x the last `days` days, today last: dollars or counts, NaN before a series' first row."""
        series, start = len(self.scopes), self.today + 1 - days
        window = np.full((series, days), np.nan)
        here = max(start, 0)
        window[:, here - start :] = self._values[KINDS.index(name), :series, here : self.today + 1]
        window[np.arange(start, self.today + 1) < self._born[:series, None]] = np.nan
        return window

    def usd(self, days: int) -> Array:
        """Dollars, shaped as `kind`."""
        return self.kind("usd", days)

    def unit(self) -> float:
        """Dollars that are little to this organisation: three thousandths of its usual day, today left out.

        Peers judge in it, so that they treat an organisation of $50 a day as they do one of $50,000.
        """
        days = self._values[0, :, max(self.today - _MONTH, 0) : max(self.today, 1)].sum(axis=0)
        return max(_UNIT * float(days.mean()), 1e-6)

    def lively(self) -> NDArray[np.bool_]:
        """Which series spent on more than half of the days of their last eight weeks, today left out."""
        past = self.usd(2 * _MONTH + 1)[:, :-1]
        return np.asarray((past > 0).sum(axis=1) > np.isfinite(past).sum(axis=1) / 2)

    def age(self) -> NDArray[np.int64]:
        """Whole days since each series' first row; 0 for one that is first seen today."""
        return self.today - self._born[: len(self.scopes)]

    def _put(self, row: SpendRow, day: int) -> None:
        if day < 0:
            return
        at = self._place(row, day)
        cell, value = (day, _dimensions(row)), _figures(row)
        self._values[:, at, day] += value - self._cells.get(cell, 0.0)
        self._cells[cell] = value

    def _place(self, row: SpendRow, day: int) -> int:
        key = (row.workspace_id, row.api_key_id, row.model)
        if key not in self._series:
            self._series[key] = len(self.scopes)
            self.scopes.append(Scope(*key))
            self._grow(len(self.scopes), day + 1)
            self._born[self._series[key]] = day
        at = self._series[key]
        self._grow(at + 1, day + 1)
        self._born[at] = min(self._born[at], day)
        return at

    def _grow(self, series: int, days: int) -> None:
        _, rows, columns = self._values.shape
        if series > rows or days > columns:
            more = (rows if series > rows else 0, max(columns, days) if days > columns else 0)
            self._values = np.pad(self._values, ((0, 0), (0, more[0]), (0, more[1])))
            self._born = np.pad(self._born, (0, more[0]))


def _figures(row: SpendRow) -> Array:
    values = np.array([getattr(row, kind) for kind in KINDS], np.float64)
    values[0] /= _NANO
    return values
