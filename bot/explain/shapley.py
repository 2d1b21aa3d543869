"""Sharing out a difference between the things that changed, whatever order one thinks of them in."""

from collections.abc import Callable, Sequence
from itertools import product
from math import factorial

import numpy as np

from bot.detect.robust import Floats

Side = int
"""0 is before, 1 is now."""


def shapley(players: int, worth: Callable[..., Floats]) -> list[Floats]:
    """What each player adds to worth(now, now, ...) - worth(before, before, ...), elementwise.

    `worth` takes one side per player. The mean over all orders in which the players can move from before to
    now; it treats them alike and leaves no rest (Shapley 1953; as a decomposition of differences Shorrocks
    2013, doi:10.1007/s10888-011-9214-z). Takes 2**players calls.
    """
    worths = {sides: worth(*sides) for sides in product((0, 1), repeat=players)}
    return [_added(player, worths) for player in range(players)]


def _added(player: int, worths: dict[tuple[Side, ...], Floats]) -> Floats:
    steps = (
        _weight(sides) * (worths[_moved(sides, player)] - before)
        for sides, before in worths.items()
        if not sides[player]
    )
    return np.asarray(sum(steps))


def _moved(sides: Sequence[Side], player: int) -> tuple[Side, ...]:
    return *sides[:player], 1, *sides[player + 1 :]


def _weight(sides: Sequence[Side]) -> float:
    """The share of orders in which just these have moved when the next one does."""
    moved = sum(sides)
    return factorial(moved) * factorial(len(sides) - moved - 1) / factorial(len(sides))
