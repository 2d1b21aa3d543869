"""What the demo organisation pays: list prices as integers, and its contract's discount."""

from typing import Final

KINDS: Final = (
    "uncached_input_tokens",
    "cache_read_input_tokens",
    "cache_creation.ephemeral_5m_input_tokens",
    "cache_creation.ephemeral_1h_input_tokens",
    "output_tokens",
)
"""The five token kinds, in the order of every array here."""
UNCACHED, READ, WRITE_5M, WRITE_1H, OUTPUT = range(len(KINDS))

_NANO_PER_TOKEN: Final = {
    "claude-opus-5-5": (4_000, 200, 5_000, 8_000, 20_000),
    "claude-opus-5": (5_000, 500, 6_250, 10_000, 25_000),
    "claude-opus-4-8": (5_000, 500, 6_250, 10_000, 25_000),
    "claude-sonnet-5": (2_000, 200, 2_500, 4_000, 10_000),
    "claude-sonnet-4-6": (3_000, 300, 3_750, 6_000, 15_000),
    "claude-haiku-4-5-20251001": (1_000, 100, 1_250, 2_000, 5_000),
}
MODELS: Final = tuple(_NANO_PER_TOKEN)
NANO_PER_SEARCH: Final = 10_000_000
"""$10 per 1,000 web searches (reference 10.2)."""
NANO_PER_CONTAINER_HOUR: Final = 50_000_000
"""$0.05 (reference 10.2)."""
PAID_PERCENT: Final = 93
"""What the contract leaves of the list price."""


def nano_per_token(model: str, *, batch: bool = False) -> tuple[int, ...]:
    """List price in nano-USD of one token of each of `KINDS`; batch is half (reference 10.1, 10.2)."""
    prices = _NANO_PER_TOKEN[model]
    return tuple(price // 2 for price in prices) if batch else prices
