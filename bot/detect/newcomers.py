"""Series that began lately: they grow, and that is nothing odd."""

import numpy as np

from bot.detect.robust import Floats, Ints
from bot.panel.coverage import Mask

_LATE_START = 7
"""Who began so many days after the first series is new; before that, the history may just begin there."""
NEWCOMER = 14
"""Days for which a new series is expected to grow."""
_DOUBLING = 1.0
"""Spread on a log scale of what a new series spends on its second day against its first."""


def newcomers(seen: Mask) -> tuple[Mask, Ints]:
    """Which series (rows of days) began lately, and the column on which each began."""
    began = np.argmax(seen, axis=1)
    first = int(began.min(initial=seen.shape[1]))
    return began > first + _LATE_START, began


def growth(seen: Mask, history: Ints) -> Floats:
    """How far the newest day of a newcomer may be from its few days before, as a spread on a log scale."""
    new, began = newcomers(seen)
    young = new & (seen.shape[1] - began <= NEWCOMER)
    return np.asarray(np.where(young, _DOUBLING / np.sqrt(np.maximum(history, 1)), 0.0))
