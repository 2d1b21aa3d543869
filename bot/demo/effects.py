"""What can happen to a key: each effect changes the usage of some lines during some hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bot.demo.prices import READ, UNCACHED, WRITE_1H, WRITE_5M
from bot.demo.quantities import Quantities, request_nano
from bot.demo.traffic import DAY_HOURS, Floats
from bot.demo.workloads import Line


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an effect plays: the usage of every line, which of them are touched, and in which hours."""

    usage: Quantities
    lines: Sequence[Line]
    touched: NDArray[np.intp]
    hours: slice

    @property
    def length(self) -> int:
        """Hours it lasts."""
        return int(self.hours.stop - self.hours.start)

    def scale(self, factors: Floats) -> None:
        """Multiply all usage of the touched lines by one factor an hour."""
        place = (self.touched, self.hours)
        for array in (self.usage.requests, self.usage.searches, self.usage.minutes):
            array[place] = np.rint(array[place] * factors)
        self.usage.tokens[place] = np.rint(self.usage.tokens[place] * factors[None, :, None])


class Effect(Protocol):
    """Something that happens to usage."""

    def play(self, stage: Stage, rng: Generator, /) -> None:
        """Change the usage in place."""


@dataclass(frozen=True, slots=True)
class Times:
    """Usage times something drawn for each hour from `low` to `high`."""

    low: float
    high: float

    def play(self, stage: Stage, rng: Generator, /) -> None:
        """Change the usage in place."""
        stage.scale(rng.uniform(self.low, self.high, stage.length))


@dataclass(frozen=True, slots=True)
class Creep:
    """Usage grows by a share of itself every day, a little every hour."""

    per_day: float

    def play(self, stage: Stage, _rng: Generator, /) -> None:
        """Change the usage in place."""
        stage.scale((1 + self.per_day) ** (np.arange(stage.length) / DAY_HOURS))


@dataclass(frozen=True, slots=True)
class SwitchModel:
    """The same requests go to another model, which must have a line of its own."""

    to: str

    def play(self, stage: Stage, _rng: Generator, /) -> None:
        """Change the usage in place."""
        models = [stage.lines[number].model for number in stage.touched]
        target = stage.touched[models.index(self.to)]
        usage = stage.usage
        for source in stage.touched[stage.touched != target]:
            for array in (usage.tokens, usage.requests, usage.searches):
                array[target, stage.hours] += array[source, stage.hours]
                array[source, stage.hours] = 0


@dataclass(frozen=True, slots=True)
class BreakCache:
    """A prompt that differs every time: what used to be read from the cache is paid for in full."""

    still_read: float = 0.01

    def play(self, stage: Stage, _rng: Generator, /) -> None:
        """Change the usage in place."""
        tokens = stage.usage.tokens[stage.touched, stage.hours]
        for kind in (READ, WRITE_5M, WRITE_1H):
            kept = np.rint(tokens[..., kind] * self.still_read).astype(np.int64)
            tokens[..., UNCACHED] += tokens[..., kind] - kept
            tokens[..., kind] = kept
        stage.usage.tokens[stage.touched, stage.hours] = tokens


@dataclass(frozen=True, slots=True)
class Wake:
    """A silent line spends a number of dollars (list price) drawn for each hour."""

    low: float
    high: float

    def play(self, stage: Stage, rng: Generator, /) -> None:
        """Change the usage in place."""
        for number in stage.touched:
            line = stage.lines[number]
            nano = rng.uniform(self.low, self.high, stage.length) * 10**9
            requests = np.rint(nano / request_nano(line)).astype(np.int64)
            stage.usage.requests[number, stage.hours] = requests
            if line.mix is not None:
                mix = np.array(line.mix.as_tuple())
                stage.usage.tokens[number, stage.hours] = requests[:, None] * mix
