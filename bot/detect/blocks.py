"""Work on many series a block at a time, so that what is in between fits the processor's cache."""

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_ROWS = 2048

Result = TypeVar("Result", bound="DataclassInstance")


def in_blocks(rows: int, work: Callable[[slice], Result]) -> Result:
    """`work` on the rows of one slice after the other, put together again.

    It returns a dataclass of arrays with a row for each of the slice's, and holds no row against another: so
    the blocks do not show.
    """
    parts = [work(slice(start, start + _ROWS)) for start in range(0, max(rows, 1), _ROWS)]
    if len(parts) == 1:
        return parts[0]
    names = [field.name for field in fields(parts[0])]
    return type(parts[0])(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})
