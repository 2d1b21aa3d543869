"""Whose money it was: a day's bill, which knows no keys, laid over lines of tokens, which know no money.

Money is split in proportion to list prices, so that every sum is the bill's to the nano-dollar; what fits no
line stays visible under no key. All functions are about one UTC day and do not mind the order of their input.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bot.facts.money import Usd, allocate
from bot.facts.spend import COMPONENTS, TOKENS
from bot.sources.admin_usage import PRIORITY, SEARCHES, CellKey, Counts
from bot.sources.prices import BATCH, pricing_id

OTHER = COMPONENTS.index("usd_other")


class Charge(NamedTuple):
    """One line of the bill; `component` is a place in `bot.facts.spend.COMPONENTS`. Credits are negative."""

    day: datetime
    workspace_id: str
    model: str
    service_tier: str
    component: int
    amount: Usd


@dataclass(slots=True)
class Line:
    """One row of spend in the making."""

    key: CellKey
    counts: Counts
    """Five token counts in the order of `bot.facts.spend.TOKENS`, then web searches."""
    listed: list[int]
    """Their list prices in nano-USD; zeros for tokens of a model without a price."""
    priced: bool = True
    money: list[int] = field(default_factory=lambda: [0] * len(COMPONENTS))
    """Nano-USD of each of `bot.facts.spend.COMPONENTS`."""

    def tokens(self) -> int:
        """All tokens that the cost report may have a price for."""
        return 0 if self.key.service_tier == PRIORITY else sum(self.counts[: len(TOKENS)])


class _Pool(NamedTuple):
    """Lines that share a charge. The cost report tells two tiers apart, and snapshots may go by an alias."""

    workspace_id: str
    model: str
    what: str


_STANDARD = "standard"
_SEARCH = "search"


def attribute(lines: Sequence[Line], charges: Iterable[Charge]) -> list[Charge]:
    """Add to each line its share of the day's charges; return the charges that fit no line.

    Token charges go by workspace, model, tier (batch or everything else but priority) and token type, in
    proportion to list price, or to tokens where nothing is listed; web searches go by their number.
    What every model costs depends on the day's counts alone, however many lines they are cut into.
    """
    pools = _pools(lines)
    owed: defaultdict[tuple[_Pool | None, int], list[Charge]] = defaultdict(list)
    for charge in charges:
        owed[_pool_of(charge), charge.component].append(charge)
    left: list[Charge] = []
    for (pool, component), same in owed.items():
        members = pools.get(pool, []) if pool else []
        takers = [line for line in members if line.counts[component] > 0]
        if takers:
            _share(takers, component, Usd(sum(charge.amount for charge in same)))
        else:
            left += same
    return left


def _pools(lines: Sequence[Line]) -> dict[_Pool, list[Line]]:
    pools: defaultdict[_Pool, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.key):
        key, model = line.key, pricing_id(line.key.model)
        if key.service_tier != PRIORITY:
            pools[_Pool(key.workspace_id, model, _tier(key.service_tier))].append(line)
        if line.counts[SEARCHES]:
            for searched in {model, ""}:
                pools[_Pool(key.workspace_id, searched, _SEARCH)].append(line)
    return pools


def _pool_of(charge: Charge) -> _Pool | None:
    if charge.component > SEARCHES:
        return None
    what = _SEARCH if charge.component == SEARCHES else _tier(charge.service_tier)
    return _Pool(charge.workspace_id, pricing_id(charge.model), what)


def _tier(service_tier: str) -> str:
    return BATCH if service_tier == BATCH else _STANDARD


def _share(takers: Sequence[Line], component: int, amount: Usd) -> None:
    """Between snapshots of a model by count, so that a model's day costs the same by hour and by day."""
    by_model: defaultdict[str, list[Line]] = defaultdict(list)
    for line in takers:
        by_model[line.key.model].append(line)
    models = sorted(by_model)
    counts = [sum(line.counts[component] for line in by_model[model]) for model in models]
    for model, part in zip(models, allocate(amount, counts), strict=True):
        _share_by_price(by_model[model], component, part)


def _share_by_price(takers: Sequence[Line], component: int, amount: Usd) -> None:
    weights = [line.listed[component] for line in takers]
    if not any(weights):
        weights = [line.counts[component] for line in takers]
    for line, part in zip(takers, allocate(amount, weights), strict=True):
        line.money[component] += part


def unattributed(left: Iterable[Charge], lines: Iterable[Line], buckets: Sequence[datetime]) -> list[Line]:
    """Spread charges without a key evenly and exactly over the day's buckets.

    A line that has the same dimensions (Console Playground) gets its part added; the new lines are returned.
    """
    keyless = {line.key: line for line in lines if not line.key.api_key_id}
    new: dict[CellKey, Line] = {}
    for charge in left:
        for bucket, part in zip(buckets, allocate(charge.amount, [1] * len(buckets)), strict=True):
            key = CellKey(bucket, charge.workspace_id, "", charge.model, charge.service_tier)
            line = keyless.get(key) or new.setdefault(key, _empty(key))
            line.money[charge.component] += part
    return list(new.values())


def _empty(key: CellKey) -> Line:
    return Line(key, counts=[0] * (SEARCHES + 1), listed=[0] * (SEARCHES + 1))
