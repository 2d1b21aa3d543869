"""What a set of rows adds up to, by what it was spent on and by model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from bot.explain.usage import UNCOUNTED
from bot.facts.spend import TOKENS, SpendRow

_OUTPUT = "output_tokens"
_BATCH = {"batch", "message_batches_api"}
"""The service tier, or the product, of traffic at half the price (reference 4.1 and 10.2)."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over rows: nano-dollars, tokens by kind, requests, tokens of batches, dollars by model.

    `uncounted` are the tokens of rows without requests.
    """

    usd: int
    list_usd: int
    tokens: Mapping[str, int]
    requests: int
    batched: int
    uncounted: int
    usd_by_model: Mapping[str, int]

    @classmethod
    def of(cls, rows: Iterable[SpendRow]) -> Self:
        """Add rows up."""
        tokens, models = dict.fromkeys(TOKENS, 0), dict[str, int]()
        usd = list_usd = requests = batched = uncounted = 0
        for row in rows:
            counts = {name: int(getattr(row, name)) for name in TOKENS}
            for name, count in counts.items():
                tokens[name] += count
            batched += sum(counts.values()) if _BATCH & {row.service_tier, row.product} else 0
            uncounted += 0 if row.requests else sum(counts.values())
            models[row.model] = models.get(row.model, 0) + row.usd
            usd, list_usd, requests = usd + row.usd, list_usd + row.list_usd, requests + row.requests
        return cls(usd, list_usd, tokens, requests, batched, uncounted, models)

    @property
    def counted(self) -> bool:
        """Whether requests are counted, for nearly all tokens."""
        return self.requests > 0 and self.uncounted <= UNCOUNTED * self.all_tokens

    @property
    def all_tokens(self) -> int:
        """Input and output."""
        return sum(self.tokens.values())

    @property
    def input_tokens(self) -> int:
        """All input: uncached, read and written."""
        return self.all_tokens - self.output_tokens

    @property
    def output_tokens(self) -> int:
        """All output."""
        return self.tokens[_OUTPUT]

    @property
    def cache_read_share(self) -> float:
        """Input tokens read from the cache, as a share of all input."""
        return share(self.tokens["cache_read_tokens"], self.input_tokens)

    @property
    def long_lived_share(self) -> float:
        """Of the tokens written to the cache those that live for an hour."""
        short, long = self.tokens["cache_write_5m_tokens"], self.tokens["cache_write_1h_tokens"]
        return share(long, short + long)

    @property
    def batch_share(self) -> float:
        """Tokens of batches, as a share of all."""
        return share(self.batched, self.all_tokens)

    @property
    def price_of_list(self) -> float:
        """What is paid of the list price."""
        return share(self.usd, self.list_usd)

    def model_share(self, model: str) -> float:
        """A model's share of the dollars."""
        return share(self.usd_by_model.get(model, 0), self.usd)


def share(part: float, whole: float) -> float:
    """A part of a whole; 0 where there is none."""
    return part / whole if whole > 0 else 0.0
