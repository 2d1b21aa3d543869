"""Which hours were read at all, and which are complete: missing, zero and part-filled are three things."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import Grain, Window, index

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One entry per hour of a window. `hourly` marks hours read hour by hour, not as a part of a day.

    `read_at` is the second since 1970 at which the hour was last read, 0 for never.
    """

    window: Window
    known: Mask
    complete: Mask
    hourly: Mask
    read_at: NDArray[np.int64]

    @classmethod
    def none(cls, window: Window) -> Self:
        """Nothing read yet."""
        hours = index(window.end, Grain.HOUR) - index(window.start, Grain.HOUR)
        known, complete, hourly = (np.zeros(hours, np.bool_) for _ in range(3))
        return cls(window, known, complete, hourly, np.zeros(hours, np.int64))
