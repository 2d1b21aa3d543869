"""List prices of tokens, by model and day (reference 10.1 and 10.2; the figures stand in prices.yaml)."""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import NamedTuple, Self

from bot.facts.spend import TOKENS
from bot.sources.prices_file import Price, PriceFile, read_price_file

_NANO_PER_TOKEN = 1000
"""Nano-dollars per token that one dollar per million tokens makes."""
_SNAPSHOT = re.compile(r"-\d{8}$")
ONE = Fraction(1)
LONG_PROMPT = "200k-1M"
BATCH = "batch"
_FIELDS = {
    "uncached_input_tokens": "input",
    "cache_read_tokens": "cache_read",
    "cache_write_5m_tokens": "cache_write_5m",
    "cache_write_1h_tokens": "cache_write_1h",
    "output_tokens": "output",
}

PerToken = tuple[Fraction, ...]
"""Nano-USD per token for each of `bot.facts.spend.TOKENS`, in that order."""


@lru_cache(maxsize=4096)
def pricing_id(model: str) -> str:
    """The model without its snapshot date: claude-opus-4-6-20260205 costs what claude-opus-4-6 does."""
    return _SNAPSHOT.sub("", model)


def times(amount: int, rate: Fraction, factor: Fraction = ONE) -> int:
    """`amount` x `rate` x `factor`, rounded half-even once.

    >>> times(5, Fraction(1, 2)), times(7, Fraction(1, 2)), times(10, Fraction(11, 10))
    (2, 4, 11)
    """
    below = rate.denominator * factor.denominator
    whole, rest = divmod(amount * rate.numerator * factor.numerator, below)
    return whole + (2 * rest > below or (2 * rest == below and whole % 2 == 1))


class Traffic(NamedTuple):
    """How requests ran, in the words of the usage report."""

    tier: str = "standard"
    geo: str = "global"
    speed: str = "standard"
    context: str = "0-200k"


PLAIN = Traffic()


class PriceTable:
    """What Anthropic lists for a token on a day. An unknown model has no price: None, never a guess."""

    def __init__(self, file: PriceFile) -> None:
        self._prices: Mapping[str, list[Price]] = {
            model: family.prices for family in file.models for model in family.ids
        }
        self.batch = Fraction(file.batch)
        """What batch traffic costs of the full price."""
        self.web_search = Fraction(file.web_search_per_1000) * 10**9 / 1000
        """Nano-USD per web search."""

    @classmethod
    def load(cls) -> Self:
        """The table that comes with this version. Raises BadPrices."""
        file = resources.files("bot.sources") / "prices.yaml"
        return cls(read_price_file(file.read_text(encoding="utf-8")))

    def models(self) -> list[str]:
        """The models that have a price, without snapshot dates."""
        return sorted(self._prices)

    def _on(self, model: str, day: date) -> Price | None:
        prices = self._prices.get(pricing_id(model))
        if prices is None:
            return None
        return next((price for price in reversed(prices) if price.since <= day), prices[0])

    def rates(self, model: str, day: date, tier: str = "", context: str = "") -> PerToken | None:
        """Prices at the plain speed and place. None for an unknown model.

        Of the tiers only "batch" has a price of its own, of the context windows only "200k-1M".
        """
        price = self._on(model, day)
        if price is None:
            return None
        rates = price.long if price.long and context == LONG_PROMPT else price
        share = self.batch if tier == BATCH else 1
        return tuple(Fraction(getattr(rates, _FIELDS[kind])) * _NANO_PER_TOKEN * share for kind in TOKENS)

    def factor(self, model: str, day: date, geo: str, speed: str) -> Fraction | None:
        """What place and speed multiply the price by. None for a model that has no price at this speed."""
        price = self._on(model, day)
        if price is None:
            return None
        place = Fraction(price.us) if geo == "us" else Fraction(1)
        if speed != "fast":
            return place
        return None if price.fast is None else place * Fraction(price.fast)

    def price(self, model: str, kind: str, day: date, traffic: Traffic = PLAIN) -> Fraction | None:
        """Nano-USD per token of `kind` (one of TOKENS), all modifiers in. None where nothing is listed.

        Batch traffic has no fast mode. Every tier but batch is listed at the standard price.
        """
        speed = "standard" if traffic.tier == BATCH else traffic.speed
        rates = self.rates(model, day, traffic.tier, traffic.context)
        factor = self.factor(model, day, traffic.geo, speed)
        return None if rates is None or factor is None else rates[TOKENS.index(kind)] * factor
