"""How well methods find incidents in made-up organisations.

python -m bench.detect.run                                   ours and all peers, by day
python -m bench.detect.run --grain hour --methods ours
python -m bench.detect.run --tune 1-20 --report 10000-10019 --traits plain late --methods ours Prophet
"""

import argparse
import os
import sys
import tracemalloc
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

from bench.detect.exam import Exam, examine
from bench.detect.generate import TRAITS, generate
from bench.detect.methods import METHODS, method, replay
from bench.detect.plot import svg
from bench.detect.report import BUDGETS, Paper, Result, by_kind, by_trait, details, overview, result
from bot.facts.clock import DAY, Grain

_PROCESSES = 2
_TUNING, _REPORTING = range(1, 1_000), range(10_000, 1_000_000)


def papers(
    names: Sequence[str], seeds: Iterable[int], traits: Iterable[str], grain: Grain
) -> dict[str, Paper]:
    """Replay every organisation through every method, two at a time."""
    tasks = [(names, seed, trait, grain) for trait, seed in product(traits, seeds)]
    with ProcessPoolExecutor(_PROCESSES) as pool:
        sheets = list(pool.map(_sit, tasks))
        sizes = list(pool.map(_weigh, names, [grain] * len(names)))
    return {
        name: _collect([sheet[name] for sheet in sheets], size)
        for name, size in zip(names, sizes, strict=True)
    }


def _sit(task: tuple[Sequence[str], int, str, Grain]) -> dict[str, tuple[Exam, float, float]]:
    """For each method: its exam on one organisation, CPU seconds taken, series-days judged."""
    names, seed, trait, grain = task
    organisation = generate(seed, trait, grain)
    series = {(row.api_key_id, row.model) for look in organisation.looks for row in look.rows}
    days = len(series) * len(organisation.looks) * (grain.width / DAY)
    sheets = {}
    for name in names:
        start = _cpu_seconds()
        alarms = replay(method(name, organisation), organisation.looks)
        seconds = _cpu_seconds() - start
        sheets[name] = (examine(organisation, alarms), seconds, days)
    return sheets


def _cpu_seconds() -> float:
    """Of this process and of those it started: some peers compute in a child."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _weigh(name: str, grain: Grain) -> float:
    """Megabytes that a method needs at most while it lives through a short organisation."""
    organisation = generate(1, "short", grain)
    tracemalloc.start()
    try:
        replay(method(name, organisation), organisation.looks)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _collect(sheets: Sequence[tuple[Exam, float, float]], megabytes: float) -> Paper:
    exams, seconds, days = zip(*sheets, strict=True)
    return Paper(exams, sum(seconds), sum(days), megabytes)


def show(results: Mapping[str, Result]) -> str:
    """All tables: over all; at the first budget and as each says by itself, by kind; each method by trait."""
    held = {name: one.held[BUDGETS[0]] for name, one in results.items() if BUDGETS[0] in one.held}
    parts = [
        "## All methods",
        overview(results),
        f"## At the bar for {BUDGETS[0]:g} false alarm per 100 series-months",
        details({name: point.marks for name, point in held.items()}),
        by_kind({name: point.marks for name, point in held.items()}),
        "## As each method says by itself",
        details({name: one.said for name, one in results.items()}),
        by_kind({name: one.said for name, one in results.items()}),
    ]
    for name, one in results.items():
        parts += [f"## {name}, as said, by trait", details(by_trait(one.paper.exams, None))]
    return "\n\n".join(parts)


def main(words: Sequence[str]) -> int:
    """Tune, report, print."""
    asked = _parser().parse_args(words)
    grain, names, traits = Grain(asked.grain), asked.methods, asked.traits
    tuning, reporting = _seeds(asked.tune, _TUNING), _seeds(asked.report, _REPORTING)
    tuned = papers(names, tuning, traits, grain)
    reported = papers(names, reporting, traits, grain)
    results = {name: result(tuned[name].exams, reported[name]) for name in names}
    print(show(results))
    if asked.svg:
        Path(asked.svg).write_text(svg({name: one.points for name, one in results.items()}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tune", default="1-6", help="seeds on which bars are set, 1 to 999")
    parser.add_argument("--report", default="10000-10009", help="seeds that are reported, from 10000")
    parser.add_argument("--traits", nargs="+", default=TRAITS, choices=TRAITS, help="of the organisations")
    parser.add_argument("--grain", default=Grain.DAY.value, choices=[grain.value for grain in Grain])
    parser.add_argument(
        "--methods", nargs="+", default=METHODS, choices=METHODS, help="ours, or a peer's name"
    )
    parser.add_argument("--svg", help="where to draw found against false alarms")
    return parser


def _seeds(words: str, allowed: range) -> range:
    first, _, last = words.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    if not seeds or seeds[0] not in allowed or seeds[-1] not in allowed:
        raise SystemExit(f"seeds {words} do not lie in {allowed[0]} to {allowed[-1]}")
    return seeds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
