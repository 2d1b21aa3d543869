"""What was told is not learnt as normal; what went on for four weeks is accepted as the new level."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from bot.facts.clock import Window
from bot.facts.finding import Part
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.panel import Panel

ACCEPTED_AFTER = timedelta(days=28)
"""What was told for so long without a break is the usual now."""
_BORNE = 0.05
"""A leaf that bears less of an excess than this is not what it is about."""
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A leaf whose dollars were told as an incident, and when."""

    leaf: Scope
    window: Window


def borne(parts: Sequence[Part], window: Window) -> Iterator[Told]:
    """The leaves that bear what was told of a window: the others may be learnt from."""
    whole = abs(sum(part.excess for part in parts))
    for part in parts:
        if abs(part.excess) > _BORNE * whole:
            yield Told(part.scope, window)


def told_mask(panel: Panel, told: Iterable[Told]) -> Mask:
    """Which cells (leaves x columns) are not to be learnt from."""
    mask = np.zeros(panel.usd.shape, np.bool_)
    for one in told:
        first = max(panel.column(one.window.start), 0)
        last = panel.column(one.window.end - _INSTANT) + 1
        if last > first:
            mask[panel.leaves.inside(one.leaf), first:last] = True
    marked = np.flatnonzero(mask.any(axis=1))
    mask[marked] &= ~_long(mask[marked], ACCEPTED_AFTER // panel.grain.width)
    return mask


def _long(mask: Mask, least: int) -> Mask:
    """The cells of runs of at least so many columns."""
    run = np.zeros(len(mask), np.int64)
    ends = np.zeros(mask.shape, np.int64)
    for column in range(mask.shape[1]):
        run = np.where(mask[:, column], run + 1, 0)
        ends[:, column] = run
    longest = np.zeros(len(mask), np.int64)
    accepted = np.zeros(mask.shape, np.bool_)
    for column in reversed(range(mask.shape[1])):
        longest = np.where(mask[:, column], np.maximum(longest, ends[:, column]), 0)
        accepted[:, column] = longest >= least
    return accepted
