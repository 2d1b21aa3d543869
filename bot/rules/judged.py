"""What was judged of every member in every hour, and the figures it is told with."""

from dataclasses import dataclass

import numpy as np

from bot.panel.coverage import Mask
from bot.panel.leaves import Numbers
from bot.rules.view import Values, View


@dataclass(frozen=True, slots=True)
class Judged:
    """By member (row) and hour (column): whether the condition holds, and the figures it is told with.

    `able`: whether it could be judged at all. `gap`, by hour: whether figures of its window are missing.
    `value` and `limit` are in the unit of its metric; `step` counts the shares of a budget that are passed.
    """

    holds: Mask
    able: Mask
    gap: Mask
    value: Values
    limit: Values
    step: Numbers | None = None
    parts: tuple["Judged", ...] = ()


def judged_of(view: View, holds: Mask, able: Mask, gap: Mask, figures: tuple[Values, object]) -> Judged:
    """What holds where it could be judged; `figures` are the value and its limit."""
    shape = (len(view.groups), view.panel.columns)
    able, limit = np.broadcast_to(able, shape), np.broadcast_to(np.asarray(figures[1]), shape)
    return Judged(holds & able, able, gap, figures[0], limit)
