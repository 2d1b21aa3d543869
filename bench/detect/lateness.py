"""What is seen of a bucket at first, and when it is corrected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.detect.calendar import Calendar, Flags, Floats, Ints
from bench.detect.leaves import MODELS, Bill
from bench.detect.temper import Rng, Temper
from bot.facts.money import ZERO
from bot.facts.spend import Basis, SpendRow

_NOTHING_ELSE = (ZERO, ZERO, ZERO, ZERO, Basis.BILLED)

_MISSING = 0.1
"""Share of the late cells of which nothing is seen at first."""


@dataclass(frozen=True, slots=True)
class Names:
    """The dimensions of one leaf."""

    workspace: str
    key: str
    model: int


@dataclass(frozen=True, slots=True)
class Delay:
    """Leaves x buckets: the share seen at first, and after how many buckets the rest is."""

    share: Floats
    wait: Ints


def draw(rng: Rng, temper: Temper, calendar: Calendar, leaves: int) -> Delay:
    """Some cells are far too low for a while, more are off by a little; sometimes it is a whole bucket's."""
    cells = (leaves, calendar.buckets)
    late = _late(rng, temper, cells)
    off = ~late & (rng.random(cells) < temper.restated)
    missing = rng.random(cells) < _MISSING
    share = np.where(late, np.where(missing, 0.0, rng.uniform(0.2, 0.95, cells)), 1.0)
    share = np.where(off, rng.uniform(0.98, 1.02, cells), share)
    wait = np.where(off, rng.integers(1, 31, cells), rng.integers(1, 4, cells))
    return Delay(share, wait)


def _late(rng: Rng, temper: Temper, cells: tuple[int, int]) -> Flags:
    """Half of what is late is so alone, half together with much else in its bucket."""
    alone = rng.random(cells) < temper.late / 2
    bad = rng.random(cells[1]) < temper.late / 2
    return alone | (bad & (rng.random(cells) < 0.9))


class Ledger:
    """The rows of each look, filled leaf by leaf."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self.starts = [calendar.at(bucket) for bucket in range(calendar.buckets)]
        self.rows: list[list[SpendRow]] = [[] for _ in self.starts]
        self.restated: list[list[SpendRow]] = [[] for _ in self.starts]

    def enter(self, names: Names, true: Bill, share: Floats, wait: Ints) -> None:
        """Enter a leaf: what is seen of it at first, and the true rows where that was wrong."""
        wrong = (share != 1.0) & (true.total > 0)
        seen = true.share(np.where(wrong, share, 1.0), names.model)
        shown = np.flatnonzero((seen.total > 0) | (seen.requests > 0))
        for bucket, row in self._rows(names, seen, shown):
            self.rows[bucket].append(row)
        corrected = np.flatnonzero(wrong & (np.arange(len(wait)) + wait < len(wait)))
        for bucket, row in self._rows(names, true, corrected):
            self.restated[bucket + int(wait[bucket])].append(row)

    def _rows(self, names: Names, bill: Bill, buckets: Ints) -> Sequence[tuple[int, SpendRow]]:
        fresh, read, write_5m, write_1h, output = bill.tokens[:, buckets].tolist()
        costs = bill.nano[:, buckets].tolist()
        totals, requests = bill.total[buckets].tolist(), bill.requests[buckets].tolist()
        whose = (names.workspace, names.key, MODELS[names.model][0], "", "api", "standard")
        figures = zip(totals, totals, requests, fresh, read, write_5m, write_1h, output, *costs, strict=True)
        return [
            (bucket, SpendRow._make((self.starts[bucket], *whose, *line[:8], 0, *line[8:], *_NOTHING_ELSE)))
            for bucket, line in zip(buckets.tolist(), figures, strict=True)
        ]
