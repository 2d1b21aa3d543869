"""One look of the detectors at many series: a day of 100,000, an hour of 10,000; panels in memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from bench.figures import Figure, best
from bot.detect.days import judge_day
from bot.detect.gates import Gates, typical_day
from bot.detect.hours import Midnight, foretell, judge_hour
from bot.facts.clock import Grain
from bot.panel.folding import by_day
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel

_DAY_SERIES, _DAYS = 100_000, 366
_HOUR_SERIES, _HOURS = 10_000, 28 * 24 + 12
_MOST_DAY, _MOST_HOUR, _MOST_MEMORY = 3.0, 0.5, 2.0
_ROUNDS = 3
_TAIL = 1.2
"""Exponent of the sizes (Pareto): the dearest hundredth of the keys costs most of the money, as it does."""


def figures() -> Iterator[Figure]:
    """Seconds of one look, against summing the same dollars once; memory beside the panel's own."""
    days = _panel(Grain.DAY, _DAY_SERIES, _DAYS)
    gates = Gates(typical_day(days.before(_DAYS - 1)))
    look = partial(judge_day, days, gates)
    floor, ours = best(_ROUNDS, partial(_read, days), look)
    what = f"judge: a day of {_DAY_SERIES:,} series x {_DAYS} days"
    yield Figure(what, ours, "s", most=_MOST_DAY)
    yield Figure(f"{what}, against summing the dollars once", ours, "s", floor)
    yield Figure(
        "judge: its memory, against the panel's", _peak(look), "MiB", days.usd.nbytes / 2**20, _MOST_MEMORY
    )
    yield from _of_hours()


def _of_hours() -> Iterator[Figure]:
    hours = _panel(Grain.HOUR, _HOUR_SERIES, _HOURS)
    gates = Gates(24 * float(np.median(hours.usd.sum(axis=0))) / 1e9)
    past = hours.before(_HOURS - 12)
    floor, ours = best(1, partial(_read, past), partial(foretell, past))
    yield Figure(f"judge: what {_HOUR_SERIES:,} series are held against, once a day", ours, "s", floor)
    midnight = _foretold(past)
    look = partial(judge_hour, midnight, hours, by_day(hours), gates)
    floor, ours = best(_ROUNDS, partial(_read, hours), look)
    yield Figure(f"judge: an hour of {_HOUR_SERIES:,} series", ours, "s", floor, most=_MOST_HOUR)


def _foretold(past: Panel) -> Midnight:
    midnight = foretell(past)
    if midnight is None:
        raise ValueError("the panel is too short to foretell anything")
    return midnight


def _panel(grain: Grain, series: int, columns: int) -> Panel:
    random = np.random.default_rng(7)
    size = random.pareto(_TAIL, series) + 1
    usd = np.empty((series, columns), np.int64)
    for start in range(0, series, 1000):
        noise = np.exp(random.normal(0, 0.3, (len(size[start : start + 1000]), columns)))
        usd[start : start + 1000] = size[start : start + 1000, None] * noise * 1e9
    leaves = Leaves.of((f"w{n % 20}", f"k{n // 2}", f"m{n % 2}", "", "") for n in range(series))
    known = np.ones(columns, np.bool_)
    return Panel(grain, 20_000 * (24 if grain is Grain.HOUR else 1), leaves, usd, known, known)


def _read(panel: Panel) -> None:
    panel.usd.sum()


def _peak(work: Callable[[], object]) -> float:
    """MiB at most beside what was there before."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20
