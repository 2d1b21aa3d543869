"""Small organisations, lived day by day: keys with a week and noise of their own, and what befalls them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

import numpy as np

from bot.detect.ledger import Ledger
from bot.detect.robust import Floats
from bot.detect.watch import Watcher
from bot.facts.clock import DAY, Grain
from bot.facts.finding import Finding
from bot.facts.money import Usd
from bot.facts.spend import SpendRow
from bot.panel.panel import Panel
from tests.fakes.rows import summed

START = date(2026, 3, 2)
"""A Monday."""
SONNET, OPUS = "claude-sonnet-4-5", "claude-opus-4-5"
_RATES = {SONNET: (3_000, 300, 15_000), OPUS: (5_000, 500, 25_000)}
"""Nano-dollars a token of uncached input, of cached input, of output."""
_PROMPT, _REPLY, _CACHED = 2_000, 300, 0.8
"""Tokens a request: input, output; and which share of the input comes from the cache."""


@dataclass(frozen=True, slots=True)
class Use:
    """One key on one model; `requests` and `cached` (a share of the input) have one entry a bucket."""

    key: str
    requests: Floats
    cached: Floats
    model: str = SONNET
    workspace: str = "wrkspc_0"
    actor: str = ""

    def times(self, when: slice, factor: float) -> Self:
        """So many times the requests in these buckets."""
        return replace(self, requests=_put(self.requests, when, self.requests[when] * factor))

    def spending(self, when: slice, dollars: float) -> Self:
        """So many dollars in each of these buckets."""
        return replace(self, requests=_put(self.requests, when, dollars / _a_request(self.model)))

    def uncached(self, when: slice) -> Self:
        """Nothing comes from the cache in these buckets."""
        return replace(self, cached=_put(self.cached, when, 0.0))

    def moved(self, when: slice, model: str) -> tuple[Self, Self]:
        """The requests of these buckets go to another model: what stays, what moved."""
        there = _put(np.zeros_like(self.requests), when, self.requests[when])
        return self.times(when, 0.0), replace(self, model=model, requests=there)

    def row(self, bucket: int, start: datetime) -> SpendRow:
        """What was used and billed in a bucket."""
        requests = round(self.requests[bucket])
        read = round(requests * _PROMPT * self.cached[bucket])
        fresh, reply = requests * _PROMPT - read, requests * _REPLY
        of_fresh, of_read, of_reply = _RATES[self.model]
        return summed(
            SpendRow(
                start,
                workspace_id=self.workspace,
                api_key_id=self.key,
                model=self.model,
                actor=self.actor,
                requests=requests,
                uncached_input_tokens=fresh,
                cache_read_tokens=read,
                output_tokens=reply,
                usd_uncached_input=Usd(fresh * of_fresh),
                usd_cache_read=Usd(read * of_read),
                usd_output=Usd(reply * of_reply),
            )
        )


def _put(values: Floats, when: slice, new: Floats | float) -> Floats:
    changed = values.copy()
    changed[when] = new
    return changed


def _a_request(model: str) -> float:
    fresh, read, reply = _RATES[model]
    return (_PROMPT * (fresh * (1 - _CACHED) + read * _CACHED) + _REPLY * reply) / 1e9


def use(key: str, dollars: Floats, model: str = SONNET, workspace: str = "wrkspc_0", actor: str = "") -> Use:
    """A key that spends so many dollars in each bucket."""
    return Use(key, dollars / _a_request(model), np.full(len(dollars), _CACHED), model, workspace, actor)


def steady(dollars: float, buckets: int, seed: int, sigma: float = 0.12) -> Floats:
    """So many dollars in each bucket, with log-normal noise."""
    return np.asarray(dollars * np.exp(np.random.default_rng(seed).normal(0.0, sigma, buckets)))


def weekdays(dollars: float, days: int, seed: int) -> Floats:
    """So many dollars from Monday to Friday, nothing at weekends."""
    return steady(dollars, days, seed) * (np.arange(days) % 7 < 5)


def weekends(dollars: float, days: int, seed: int) -> Floats:
    """So many dollars on Saturdays and Sundays only."""
    return steady(dollars, days, seed) * (np.arange(days) % 7 >= 5)


def organisation(days: int, seed: int = 1) -> dict[str, Use]:
    """Twelve keys by name: seven of every day, four of weekdays, one of weekends; $1000 on a weekday."""
    dollars = {f"steady{n}": steady(40 + 25 * n, days, 100 * seed + n) for n in range(7)}
    dollars |= {f"office{n}": weekdays(30 + 20 * n, days, 100 * seed + 10 + n) for n in range(4)}
    dollars |= {"batch": weekends(60, days, 100 * seed + 20)}
    return {
        key: use(key, values, workspace=f"wrkspc_{number % 3}", actor=f"team{number % 4}")
        for number, (key, values) in enumerate(dollars.items())
    }


Life = Mapping[str, Use]
"""Uses by any name."""


def altered(*uses: Use, of: Life) -> dict[str, Use]:
    """A life in which some keys are used otherwise."""
    return {**of, **{one.key: one for one in uses}}


def day(number: int) -> date:
    """The date of a day of a life."""
    return START + timedelta(days=number)


def at(number: int) -> datetime:
    """When a day of a life starts."""
    return datetime.combine(START, time(), UTC) + number * DAY


def rows_of(life: Iterable[Use], number: int, grain: Grain = Grain.DAY) -> list[SpendRow]:
    """All that was spent in one bucket."""
    start = at(0) + number * grain.width
    return [one.row(number, start) for one in life if one.requests[number] >= 1]


def live(watcher: Watcher, life: Life, days: range, *, candidates: bool = False) -> dict[int, list[Finding]]:
    """Show a watcher these days of a life; what it said, by day on which it said something."""
    uses = list(life.values())
    said = {n: watcher.observe(day(n), rows_of(uses, n), candidates=candidates) for n in days}
    return {n: findings for n, findings in said.items() if findings}


def panel_of(life: Life, days: int) -> Panel:
    """The first days of a life as a panel."""
    ledger = Ledger(Grain.DAY)
    for number in range(days):
        ledger.see(at(number), rows_of(life.values(), number))
    return ledger.panel()
