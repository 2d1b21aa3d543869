"""Quantiles of the entries of each row that count: statistics that one wild night does not move."""

import numpy as np
from numpy.typing import NDArray

from bot.panel.coverage import Mask

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAD_TO_SIGMA = 1.4826
"""Makes a median absolute deviation a standard deviation under normal noise (Hampel 1974)."""
NORMAL_90 = 1.645
"""Nine tenths of a normal distribution lie within so many standard deviations."""


def ranked(values: Floats, counted: Mask) -> tuple[Floats, Ints]:
    """Each row sorted, what does not count last; and how many count in each row."""
    ordered = np.where(counted, values, np.inf)
    ordered.sort(axis=-1)
    return ordered, counted.sum(axis=-1)


def at_share(ordered: Floats, count: Ints, share: float | Floats) -> Floats:
    """The quantile of the first `count` entries of sorted rows, linear between ranks; NaN of nothing."""
    if ordered.shape[-1] == 0:
        return np.full(ordered.shape[:-1], np.nan)
    place = np.maximum(count - 1, 0) * share
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    below = np.take_along_axis(ordered, low[..., None], -1)[..., 0]
    above = np.take_along_axis(ordered, high[..., None], -1)[..., 0]
    with np.errstate(invalid="ignore"):
        between = below + (above - below) * (place - low)
    return np.asarray(np.where(count > 0, between, np.nan))


def median(values: Floats, counted: Mask) -> Floats:
    """The median of what counts in each row; NaN where nothing does."""
    return at_share(*ranked(values, counted), 0.5)


def spread(deviations: Floats, counted: Mask) -> tuple[Floats, Ints]:
    """A standard deviation of each row by its median and its largest tenth, and how many count.

    The larger of the median's word and the mean of both: bursty series have more tail than middle.
    """
    ordered, count = ranked(np.abs(deviations), counted)
    half = MAD_TO_SIGMA * at_share(ordered, count, 0.5)
    most = at_share(ordered, count, 0.9) / NORMAL_90
    return np.maximum(half, (half + most) / 2), count
