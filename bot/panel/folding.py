"""Hours folded into days."""

import numpy as np

from bot.facts.clock import Grain
from bot.panel.coverage import Mask
from bot.panel.panel import Matrix, Panel


def by_day(hours: Panel) -> Panel:
    """The same dollars and counts by the day; a day is complete once all of its hours are."""
    lead = hours.first % 24
    width = lead + hours.columns
    days = -(-width // 24)
    pad = (lead, days * 24 - width)

    def summed(values: Matrix) -> Matrix:
        folded = np.pad(values, ((0, 0), pad)).reshape(len(values), days, 24)
        return np.asarray(folded.sum(axis=2))

    def all_of(mask: Mask) -> Mask:
        return np.asarray(np.pad(mask, pad).reshape(days, 24).all(axis=1))

    return Panel(
        grain=Grain.DAY,
        first=hours.first // 24,
        leaves=hours.leaves,
        usd=summed(hours.usd),
        known=np.asarray(np.pad(hours.known, pad).reshape(days, 24).any(axis=1)),
        complete=all_of(hours.complete),
        counts={name: summed(values) for name, values in hours.counts.items()},
    )
