"""Made-up spend as pages of the analytics API: a row of usage and four rows of cost for each fact."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.facts.spend import SpendRow
from bot.sources.analytics_wire import CostItem, CostPage, UsageItem, UsagePage

_PAGE_ROWS = 1000
_KINDS = {
    "usd_uncached_input": "uncached_input_tokens",
    "usd_cache_read": "cache_read_input_tokens",
    "usd_cache_write_5m": "cache_creation.ephemeral_5m_input_tokens",
    "usd_output": "output_tokens",
}
_NANO_PER_CENT = 10**7


def cost_texts(rows: Iterable[SpendRow]) -> list[str]:
    """Pages of cost as JSON."""
    return _texts([item for row in rows for item in _cost(row)])


def usage_texts(rows: Iterable[SpendRow]) -> list[str]:
    """Pages of usage as JSON."""
    return _texts([_usage(row) for row in rows])


def decode(costs: Sequence[str], usages: Sequence[str]) -> tuple[list[CostItem], list[UsageItem]]:
    """The wire rows on such pages, checked and typed."""
    cost = [item for text in costs for item in CostPage.model_validate_json(text).data]
    return cost, [item for text in usages for item in UsagePage.model_validate_json(text).data]


def cost_columns(items: Iterable[CostItem]) -> list[tuple[object, ...]]:
    """Wire rows of cost as plain rows of a table."""
    amounts = [(item.cost.amount, item.cost.list_amount) for item in items]
    return [(*dims, *pair) for dims, pair in zip(_dimensions(items), amounts, strict=True)]


def usage_columns(items: Iterable[UsageItem]) -> list[tuple[object, ...]]:
    """Wire rows of usage as plain rows of a table."""
    return [(*dims, *_counts(item)) for dims, item in zip(_dimensions(items), items, strict=True)]


def _counts(item: UsageItem) -> tuple[object, ...]:
    usage = item.usage
    return (
        usage.requests,
        usage.uncached_input_tokens,
        usage.cache_read_input_tokens,
        usage.cache_creation.ephemeral_5m_input_tokens,
        usage.cache_creation.ephemeral_1h_input_tokens,
        usage.output_tokens,
        usage.server_tool_use.web_search_requests,
    )


def _dimensions(items: Iterable[CostItem | UsageItem]) -> Iterator[tuple[object, ...]]:
    for item in items:
        group = item.group
        actor = group.actor.user_id if group.actor else None
        at = int(item.starting_at.timestamp())
        names = (group.workspace_id, group.api_key_id, group.model, actor, group.product)
        yield (at, *names, group.cost_type, group.token_type)


def _texts(items: Sequence[dict[str, Any]]) -> list[str]:
    pages = (items[at : at + _PAGE_ROWS] for at in range(0, len(items), _PAGE_ROWS))
    return [json.dumps({"data": page, "has_more": False, "next_page": None}) for page in pages]


def _usage(row: SpendRow) -> dict[str, Any]:
    return _place(row) | {
        "usage": {
            "requests": row.requests,
            "uncached_input_tokens": row.uncached_input_tokens,
            "cache_read_input_tokens": row.cache_read_tokens,
            "output_tokens": row.output_tokens,
            "cache_creation": {"ephemeral_5m_input_tokens": row.cache_write_5m_tokens},
        }
    }


def _cost(row: SpendRow) -> Iterator[dict[str, Any]]:
    for field, kind in _KINDS.items():
        cents = f"{getattr(row, field) / _NANO_PER_CENT:.7f}"
        item = _place(row)
        item["group"] |= {"cost_type": "tokens", "token_type": kind}
        yield item | {"cost": {"amount": cents, "list_amount": cents, "currency": "USD"}}


def _place(row: SpendRow) -> dict[str, Any]:
    actor = {"type": "user", "user_id": row.actor, "name": "ada", "email_address": "ada@example.com"}
    names = {name: getattr(row, name) for name in ("workspace_id", "api_key_id", "model", "product")}
    return {"starting_at": f"{row.hour:%Y-%m-%dT%H:%M:%SZ}", "group": names | {"actor": actor}}
