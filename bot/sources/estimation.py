"""Which days are billed, and what the others probably cost: list price times what billed days taught.

The cost report's last day may be empty or partial for about a day (reference 3.3), and list prices know
nothing of discounts, blocked requests or prompts beyond a price step (reference 10.3).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from bot.facts.clock import DAY
from bot.facts.spend import TOKENS
from bot.sources.admin_usage import PRIORITY, SEARCHES
from bot.sources.attribution import Charge, Line
from bot.sources.prices import ONE, pricing_id, times

_SURE_AFTER = DAY
_COMPLETE = Fraction(98, 100)


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day: its lines and its bill as far as it is in."""

    start: datetime
    lines: Sequence[Line]
    charges: Sequence[Charge]

    def used(self) -> bool:
        """Whether any tokens were used that the bill should know of."""
        return any(line.tokens() for line in self.lines)

    def unpriced(self) -> set[str]:
        """Models that were used and have no list price."""
        return {line.key.model for line in self.lines if not line.priced and line.tokens()}


@dataclass(frozen=True, slots=True)
class Rates:
    """What a listed dollar really costs, for tokens by model (snapshot dates aside), and for web searches."""

    by_model: Mapping[str, Fraction] = field(default_factory=dict)
    overall: Fraction = ONE
    searches: Fraction = ONE

    def of(self, model: str) -> Fraction:
        """The model's own rate where one was learned, else everybody's."""
        return self.by_model.get(pricing_id(model), self.overall)


def is_sure(day: Day, now: datetime) -> bool:
    """Whether the bill is in because of its age: a day after the day's end.

    A bill that says nothing at all about a day with tokens is late whatever its age.
    """
    return now >= day.start + DAY + _SURE_AFTER and (bool(day.charges) or not day.used())


def is_settled(day: Day, rates: Rates, now: datetime) -> bool:
    """Whether the bill is in: sure, or ended and at least 98 % of what its tokens should cost."""
    if is_sure(day, now):
        return True
    if now < day.start + DAY or day.unpriced():
        return False
    billed = sum(_billed_by_model([day]).values())
    return billed >= _COMPLETE * expected(day, rates)


def expected(day: Day, rates: Rates) -> Fraction:
    """Nano-USD that the day's tokens should cost."""
    listed = _listed_by_model([day])
    return sum((rates.of(model) * usd for model, usd in listed.items()), Fraction(0))


def learn(days: Sequence[Day]) -> Rates:
    """Billed against listed, over settled days (reference 10.3).

    A model whose bill is nothing teaches nothing: a few blocked requests must not make it free.
    """
    listed, billed = _listed_by_model(days), _billed_by_model(days)
    known = {model: usd for model, usd in listed.items() if usd > 0 and billed[model] > 0}
    by_model = {model: Fraction(billed[model], usd) for model, usd in known.items()}
    overall = _rate(sum(billed[model] for model in known), sum(known.values()))
    return Rates(by_model, overall, _search_rate(days))


def _search_rate(days: Sequence[Day]) -> Fraction:
    billed = sum(charge.amount for day in days for charge in day.charges if charge.component == SEARCHES)
    return _rate(billed, sum(line.listed[SEARCHES] for day in days for line in day.lines))


def _rate(billed: int, listed: int) -> Fraction:
    return Fraction(billed, listed) if billed > 0 and listed > 0 else ONE


def estimate(lines: Iterable[Line], rates: Rates) -> None:
    """Give each line the money it probably costs.

    Priority tier tokens cost nothing here: they are paid by commitment (reference 3.2).
    """
    for line in lines:
        if line.key.service_tier != PRIORITY:
            rate = rates.of(line.key.model)
            line.money[: len(TOKENS)] = [times(usd, rate) for usd in line.listed[: len(TOKENS)]]
        line.money[SEARCHES] = times(line.listed[SEARCHES], rates.searches)


def _listed_by_model(days: Iterable[Day]) -> dict[str, int]:
    listed: defaultdict[str, int] = defaultdict(int)
    for day in days:
        for line in day.lines:
            if line.key.service_tier != PRIORITY:
                listed[pricing_id(line.key.model)] += sum(line.listed[: len(TOKENS)])
    return listed


def _billed_by_model(days: Iterable[Day]) -> defaultdict[str, int]:
    billed: defaultdict[str, int] = defaultdict(int)
    for day in days:
        for charge in day.charges:
            if charge.component < len(TOKENS):
                billed[pricing_id(charge.model)] += charge.amount
    return billed
