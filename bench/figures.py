"""What was measured, and how it is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

_HEADINGS = ("what", "ours", "floor", "ratio", "limit", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `floor` is the least the same work can take, None where there is no such thing.

    `most_times` limits ours to so many floors, `most` limits ours itself; without a limit it is information.
    """

    what: str
    ours: float
    unit: str
    floor: float | None = None
    most_times: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours against the floor."""
        return None if self.floor is None else self.ours / self.floor

    @property
    def missed(self) -> bool:
        """Whether a limit was not kept."""
        too_slow = self.most_times is not None and (self.ratio or 0.0) > self.most_times
        return too_slow or (self.most is not None and self.ours > self.most)

    def cells(self) -> tuple[str, ...]:
        """The line, word by word."""
        times = "" if self.most_times is None else f"{self.most_times:g}x"
        limit = times if self.most is None else f"{self.most:g} {self.unit}"
        return (
            self.what,
            f"{self.ours:.2f} {self.unit}",
            "" if self.floor is None else f"{self.floor:.2f} {self.unit}",
            "" if self.ratio is None else f"{self.ratio:.2f}x",
            limit,
            "MISSED" if self.missed else "ok" if limit else "",
        )


def table(figures: Sequence[Figure]) -> str:
    """All figures, in columns."""
    lines = [_HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes on the clock."""
    start = perf_counter()
    work()
    return perf_counter() - start


def best(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The best time of each work in seconds; they take turns, so that a busy machine is busy for all."""
    times = [[seconds(work) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]
