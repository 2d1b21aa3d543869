"""Medians and spreads over arrays with gaps, and the logarithmic scale on which most peers judge."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MAD_TO_SIGMA = 1.4826


def median(values: Array, axis: int = -1) -> Array:
    """The median of what is not NaN along an axis; NaN where nothing is."""
    ordered = np.sort(values, axis=axis)
    count = np.isfinite(values).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis)
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[axis] - 1), axis)
    middle = np.where(count > 0, (low + high) / 2, np.nan)
    return np.squeeze(middle, axis=axis)


def mad_sigma(values: Array, centre: Array) -> Array:
    """The standard deviation that the median distance from `centre` stands for, along the last axis."""
    return MAD_TO_SIGMA * median(np.abs(values - centre[..., None]))


def mean(values: Array) -> Array:
    """The mean of what is not NaN along the last axis; NaN where nothing is."""
    count = np.isfinite(values).sum(axis=-1)
    return np.where(count > 0, np.nansum(values, axis=-1) / np.maximum(count, 1), np.nan)


def deviation(values: Array, centre: Array) -> Array:
    """The root mean square distance from `centre` of what is not NaN, along the last axis."""
    return np.sqrt(mean((values - centre[..., None]) ** 2))


def to_log(usd: Array, unit: float) -> Array:
    """Dollars on a scale that is logarithmic above `unit` dollars and plain below."""
    return np.log1p(np.maximum(usd, 0.0) / unit)


def from_log(level: Array, unit: float) -> Array:
    """The inverse of `to_log`; never below zero."""
    return np.asarray(unit * np.expm1(np.clip(level, 0.0, 50.0)))
