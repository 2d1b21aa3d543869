"""A part of the demo organisation, small enough to be pulled in a second, and the truth about it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

import numpy as np

from bot.demo import Demo, build_demo
from bot.demo.facts import Facts, watermark
from bot.demo.organisation import key_id
from bot.demo.quantities import Quantities
from bot.facts.clock import HOUR, Window

KEPT = ("ci-eval", "checkout-assistant", "voice-agent", "notebooks", "nightly-batch", "status-page")
"""The runaway loop, three models, batches, a tier with a commitment, searches and code execution."""


def small_demo() -> Demo:
    """Six keys and everything that has none, with the demo's story and prices."""
    whole = build_demo()
    keys = {"", *map(key_id, KEPT)}
    kept = np.array([line.key in keys for line in whole.facts.lines])
    facts, used = whole.facts, whole.facts.usage
    usage = Quantities(used.tokens[kept], used.requests[kept], used.searches[kept], used.minutes[kept])
    lines = [line for line in facts.lines if line.key in keys]
    return replace(whole, facts=Facts(facts.start, lines, usage, facts.list_nano[kept], facts.nano[kept]))


def spent(demo: Demo, now: datetime, window: Window) -> Counter[tuple[str, str]]:
    """What the upstream says at `now` was spent: nano-dollars by hour ("2026-10-16T01:00:00Z") and key id."""
    seen = demo.facts.seen(watermark(now), window.start, window.end)
    totals: Counter[tuple[str, str]] = Counter()
    for line, nano in zip(demo.facts.lines, seen.nano.sum(axis=2), strict=True):
        for number, amount in enumerate(nano):
            if amount:
                totals[f"{seen.first + number * HOUR:%Y-%m-%dT%H:00:00Z}", line.key] += int(amount)
    return totals
