"""What a set of rows adds up to, by what it was spent on and by model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from bot.facts.spend import COMPONENTS, TOKENS, SpendRow

_OUTPUT = "output_tokens"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over rows, each weighted by a whole number: nano-dollars by component, tokens, requests, models.

    Weighted sums are only ever compared as proportions, so the scale of the weights does not matter.
    """

    components: Mapping[str, int]
    tokens: Mapping[str, int]
    requests: int
    usd_by_model: Mapping[str, int]

    @classmethod
    def of(cls, weighted: Iterable[tuple[SpendRow, int]]) -> Self:
        """Add up (row, weight) pairs."""
        components = dict.fromkeys(COMPONENTS, 0)
        tokens = dict.fromkeys(TOKENS, 0)
        models: dict[str, int] = {}
        requests = 0
        for row, weight in weighted:
            for name in COMPONENTS:
                components[name] += getattr(row, name) * weight
            for name in TOKENS:
                tokens[name] += getattr(row, name) * weight
            models[row.model] = models.get(row.model, 0) + row.usd * weight
            requests += row.requests * weight
        return cls(components, tokens, requests, models)

    @property
    def usd(self) -> int:
        """All components together."""
        return sum(self.components.values())

    @property
    def cache_read_share(self) -> float:
        """Input tokens read from the cache, as a share of all input."""
        return _share(self.tokens["cache_read_tokens"], self.input_tokens)

    @property
    def input_tokens(self) -> int:
        """All input: uncached, read and written."""
        return sum(count for name, count in self.tokens.items() if name != _OUTPUT)

    @property
    def input_per_request(self) -> float:
        """Input tokens a request; 0 where requests are not counted."""
        return _share(self.input_tokens, self.requests)

    @property
    def output_per_request(self) -> float:
        """Output tokens a request; 0 where requests are not counted."""
        return _share(self.tokens[_OUTPUT], self.requests)

    def model_share(self, model: str) -> float:
        """A model's share of the dollars."""
        return _share(self.usd_by_model.get(model, 0), self.usd)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
