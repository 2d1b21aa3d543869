"""Rows of spend: a steady key by the hour, and whatever a test makes of it."""

from datetime import datetime
from typing import Any

from bot.facts.money import Usd, usd_from_dollars
from bot.facts.spend import SpendRow

OPUS, HAIKU = "claude-opus-5", "claude-haiku-4-5"
_DOLLARS_BY_KIND = {
    "usd_uncached_input": usd_from_dollars("0.20"),
    "usd_cache_read": usd_from_dollars("0.30"),
    "usd_cache_write_5m": usd_from_dollars("0.10"),
    "usd_output": usd_from_dollars("0.40"),
}


def row(hour: datetime, times: int = 1, **changes: Any) -> SpendRow:
    """`times` dollars of key ci-eval in an hour: 100 requests, most input from the cache; with `changes`.

    `usd` is what the components add up to.
    """
    plain = SpendRow(
        hour,
        workspace_id="wrkspc_research",
        api_key_id="apikey_ci",
        model=OPUS,
        requests=100 * times,
        uncached_input_tokens=20_000 * times,
        cache_read_tokens=300_000 * times,
        cache_write_5m_tokens=8_000 * times,
        output_tokens=10_000 * times,
    )
    dollars = {kind: usd * times for kind, usd in _DOLLARS_BY_KIND.items()}
    return summed(plain._replace(**(dollars | changes)))


def summed(one: SpendRow) -> SpendRow:
    """The row with `usd` and `list_usd` set to the sum of its components."""
    components = (getattr(one, name) for name in SpendRow._fields if name.startswith("usd_"))
    total = Usd(sum(components))
    return one._replace(usd=total, list_usd=total)
