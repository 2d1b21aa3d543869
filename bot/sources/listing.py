"""The list price of usage: tokens times prices, with place and speed as far as the reports show them.

The usage report has room for five dimensions a query, so tier and context are known in one pass, place and
speed in another. The second only says what share of a group's tokens ran how; it is never added to the first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from bot.facts.spend import TOKENS
from bot.sources.admin_usage import SEARCHES, CellKey, Counts, GroupKey, Mode, Usage
from bot.sources.attribution import Line
from bot.sources.prices import BATCH, LONG_PROMPT, ONE, PerToken, PriceTable, times

_KINDS = range(len(TOKENS))


class _Part(NamedTuple):
    """Some tokens of one kind that ran in one mode, and what that multiplies their price by."""

    factor: Fraction
    tokens: int
    fast: bool


class _Factors(NamedTuple):
    """What a group's mixture of modes multiplies its prices by, for each token kind."""

    batch: PerToken
    other: PerToken


_PLAIN = _Factors(batch=(ONE,) * len(TOKENS), other=(ONE,) * len(TOKENS))


class Lister:
    """Prices the usage of one organisation. `not_fast` gathers models whose fast tokens have no price."""

    def __init__(self, prices: PriceTable) -> None:
        self._prices = prices
        self._rates = lru_cache(maxsize=10_000)(prices.rates)
        self._factor = lru_cache(maxsize=10_000)(prices.factor)
        self.not_fast: set[str] = set()

    def lines(self, usage: Usage) -> Iterator[Line]:
        """A line with its list price for every cell; each component is rounded half-even, once."""
        factors = self._factors(usage)
        for key, counts in usage.cells.items():
            searches = times(counts[SEARCHES], self._prices.web_search)
            rates = self._cell_rates(key, counts, usage.long.get(key))
            if rates is None:
                yield Line(key, counts, [0] * len(TOKENS) + [searches], priced=False)
                continue
            mixed = factors.get(key.group(), _PLAIN) if factors else _PLAIN
            factor = mixed.batch if key.service_tier == BATCH else mixed.other
            listed = [times(counts[k], rates[k], factor[k]) if counts[k] else 0 for k in _KINDS]
            yield Line(key, counts, [*listed, searches])

    def _cell_rates(self, key: CellKey, counts: Counts, long: Counts | None) -> PerToken | None:
        """Average prices of a cell, of which the part `long` had prompts of more than 200,000 tokens."""
        short_rates = self._rates(key.model, key.hour.date(), key.service_tier)
        if long is None or short_rates is None:
            return short_rates
        long_rates = self._rates(key.model, key.hour.date(), key.service_tier, LONG_PROMPT)
        if long_rates is None or long_rates == short_rates:
            return short_rates
        return tuple(
            short_rates[kind]
            + (long_rates[kind] - short_rates[kind]) * Fraction(long[kind], counts[kind] or 1)
            for kind in _KINDS
        )

    def _factors(self, usage: Usage) -> Mapping[GroupKey, _Factors]:
        """The factors of every group that did not run in the plain mode alone."""
        totals = _group_totals(usage)
        return {
            group: self._group_factors(group, modes, *totals[group])
            for group, modes in usage.modes.items()
            if group in totals
        }

    def _group_factors(
        self, group: GroupKey, modes: Mapping[Mode, Counts], total: Counts, batch: Counts
    ) -> _Factors:
        day = group.hour.date()
        parts = [(self._mode_factor(group.model, day, mode), mode, counts) for mode, counts in modes.items()]
        if len(parts) == 1 and parts[0][1].speed != "fast" and _covers(parts[0][2], total):
            return _Factors(batch=(parts[0][0],) * len(TOKENS), other=(parts[0][0],) * len(TOKENS))
        pairs = [
            _mixture(
                [_Part(factor, counts[kind], mode.speed == "fast") for factor, mode, counts in parts],
                total[kind],
                batch[kind],
            )
            for kind in _KINDS
        ]
        return _Factors(batch=tuple(slow for slow, _ in pairs), other=tuple(other for _, other in pairs))

    def _mode_factor(self, model: str, day: date, mode: Mode) -> Fraction:
        factor = self._factor(model, day, mode.geo, mode.speed)
        if factor is not None:
            return factor
        plain = self._factor(model, day, mode.geo, "standard")
        if plain is not None:
            self.not_fast.add(model)
        return plain or ONE


def _covers(counts: Counts, total: Counts) -> bool:
    return all(counts[kind] >= total[kind] for kind in _KINDS)


def _group_totals(usage: Usage) -> Mapping[GroupKey, tuple[Counts, Counts]]:
    """All tokens, and those of the batch tier, of the groups that have modes."""
    totals: dict[GroupKey, tuple[Counts, Counts]] = {}
    if not usage.modes:
        return totals
    for key, counts in usage.cells.items():
        group = key.group()
        if group in usage.modes:
            everything, batch = totals.setdefault(group, ([0] * len(counts), [0] * len(counts)))
            for kind in _KINDS:
                everything[kind] += counts[kind]
                batch[kind] += counts[kind] if key.service_tier == BATCH else 0
    return totals


def _mixture(parts: Iterable[_Part], total: int, batch: int) -> tuple[Fraction, Fraction]:
    """The average factors of batch tokens, which are never fast, and of all others.

    The two passes are read minutes apart: shares never exceed one.
    """
    tokens: defaultdict[bool, int] = defaultdict(int)
    weighted: defaultdict[bool, Fraction] = defaultdict(Fraction)
    for part in parts:
        tokens[part.fast] += part.tokens
        weighted[part.fast] += part.factor * part.tokens
    plain = max(total - tokens[True] - tokens[False], 0)
    unhurried = tokens[False] + plain
    slow = (weighted[False] + plain) / unhurried if unhurried else ONE
    if not tokens[True]:
        return slow, slow
    share = Fraction(tokens[True], max(tokens[True], total - batch))
    return slow, share * weighted[True] / tokens[True] + (1 - share) * slow
