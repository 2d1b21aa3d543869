"""Adding up lines by what they have in common, and hours by bucket. All sums are exact."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.demo.quantities import Ints

Label = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Lines sorted into groups: group g has the lines order[starts[g] : starts[g + 1]]."""

    labels: Sequence[Label]
    order: NDArray[np.intp]
    starts: NDArray[np.intp]


def group_lines(columns: Sequence[Sequence[str | None]], chosen: Sequence[bool]) -> Groups:
    """Group the `chosen` lines by their values in `columns`; without columns they are one group."""
    members: dict[Label, list[int]] = {}
    for line in np.flatnonzero(chosen).tolist():
        members.setdefault(tuple(column[line] for column in columns), []).append(line)
    sizes = [len(lines) for lines in members.values()]
    order = np.array([line for lines in members.values() for line in lines], np.intp)
    return Groups(list(members), order, np.cumsum([0, *sizes[:-1]], dtype=np.intp))


def add_up(values: Ints, groups: Groups, buckets: NDArray[np.intp]) -> Ints:
    """Sum (line, hour, ...) into (group, bucket, ...); `buckets` holds the first hour of each."""
    if not len(groups.order) or not len(buckets):
        return np.zeros((len(groups.labels), len(buckets), *values.shape[2:]), np.int64)
    by_group = np.add.reduceat(values[groups.order], groups.starts, axis=0)
    return np.asarray(np.add.reduceat(by_group, buckets, axis=1))
