"""How fast it is, against the bare floor of the same work in the same run.

python -m bench                 every bench but the heavy ones
python -m bench ingest panel    only these
"""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence

from bench import acks, explain, forecast, ingest, judge, memory, panel, rules, summary
from bench.figures import Figure, table

BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    "ingest": ingest.figures,
    "panel": panel.figures,
    "summary": summary.figures,
    "judge": judge.figures,
    "explain": explain.figures,
    "forecast": forecast.figures,
    "rules": rules.figures,
    "memory": memory.figures,
    "acks": acks.figures,
}
HEAVY: dict[str, Callable[[], Iterator[Figure]]] = {"panel-full": panel.full_figures}


def main(names: Sequence[str]) -> int:
    """Run benches by name; 1 when a limit is missed, 2 for a name there is not."""
    known = BENCHES | HEAVY
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no bench is called {unknown[0]!r}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    gc.set_threshold(100_000, 20, 100)  # as the command line sets it: bot/cli/main.py says why
    figures: list[Figure] = []
    for name in names or BENCHES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures += known[name]()
    print(table(figures))
    return int(any(figure.missed for figure in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
