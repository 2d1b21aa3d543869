"""Report B: `GET /v1/organizations/cost_report` (reference 3): money by day, workspace and description."""

from collections import Counter
from datetime import datetime
from typing import Any, Final

import numpy as np

from bot.demo.api.buckets import bucket_page, read_span
from bot.demo.api.columns import legacy_columns
from bot.demo.api.exchange import Answer, Request, cents
from bot.demo.api.grouping import Groups, add_up, group_lines
from bot.demo.api.params import Params
from bot.demo.facts import COMPONENTS, watermark
from bot.demo.prices import KINDS
from bot.demo.quantities import Ints
from bot.demo.scene import Demo
from bot.facts.clock import Grain

_DEFAULT_BUCKETS, _MOST_BUCKETS = 7, 31
_DAY_HOURS = 24
_KNOWN: Final = frozenset(["starting_at", "ending_at", "bucket_width", "limit", "page", "group_by[]"])
_PARSED: Final = ("model", "context_window", "service_tier", "inference_geo")
"""What grouping by description fills in besides the kind of cost (reference 3.1)."""
_Identity = tuple[tuple[str, str | None], ...]
_WORDS: Final = {
    "uncached_input_tokens": "Input Tokens",
    "cache_read_input_tokens": "Cache Read Tokens",
    "cache_creation.ephemeral_5m_input_tokens": "5m Cache Write Tokens",
    "cache_creation.ephemeral_1h_input_tokens": "1h Cache Write Tokens",
    "output_tokens": "Output Tokens",
    "web_search": "Web Search Usage",
    "code_execution": "Code Execution Usage",
}


class CostReport:
    """Answers report B from one demo. Priority tier cost is not in it (reference 3.2)."""

    def __init__(self, demo: Demo) -> None:
        self._facts = demo.facts
        self._columns = legacy_columns(demo.facts.lines, demo.organisation)
        self._chosen = [line.tier != "priority" for line in demo.facts.lines]

    def answer(self, request: Request, now: datetime) -> Answer:
        """One page. Raises Problem."""
        params = Params.parse(request.query)
        params.only(_KNOWN)
        params.choice("bucket_width", ("1d",), "1d")
        limit = params.integer("limit", _DEFAULT_BUCKETS, _MOST_BUCKETS)
        group_by = params.choices("group_by[]", ("workspace_id", "description"))
        span = read_span(params, Grain.DAY, now, to_the_present=False)

        def results(first: datetime, last: datetime, as_of: datetime) -> list[list[dict[str, Any]]]:
            return self._results(first, last, frozenset(group_by), watermark(as_of))

        return bucket_page(params, span, limit, now, results)

    def _results(
        self, first: datetime, last: datetime, group_by: frozenset[str], known: datetime
    ) -> list[list[dict[str, Any]]]:
        seen = self._facts.seen(known, first, last)
        days = (last - first) // Grain.DAY.width
        skipped = (seen.first - first) // Grain.DAY.width
        dimensions = _dimensions(group_by)
        groups = group_lines([self._columns[name] for name in dimensions], self._chosen)
        nano = add_up(seen.nano, groups, np.arange(0, seen.hours, _DAY_HOURS))
        return [
            _rows(groups, dimensions, nano[:, day - skipped], described="description" in group_by)
            if 0 <= day - skipped < nano.shape[1]
            else []
            for day in range(days)
        ]


def _dimensions(group_by: frozenset[str]) -> tuple[str, ...]:
    parsed = _PARSED if "description" in group_by else ()
    return (*parsed, "workspace_id") if "workspace_id" in group_by else parsed


def _rows(
    groups: Groups, dimensions: tuple[str, ...], nano: Ints, *, described: bool
) -> list[dict[str, Any]]:
    bill: Counter[_Identity] = Counter()
    for label, amounts in zip(groups.labels, nano.tolist(), strict=True):
        values = dict(zip(dimensions, label, strict=True))
        for component, amount in zip(COMPONENTS, amounts, strict=True):
            bill[_identity(values, component if described else None)] += amount
    return [
        {"amount": cents(amount), "currency": "USD", **dict(identity)}
        for identity, amount in bill.items()
        if amount
    ]


def _identity(values: dict[str, str | None], component: str | None) -> _Identity:
    """Everything a row says but its amount."""
    on_tokens = component in KINDS
    return (
        ("description", _description(component, values.get("model"))),
        ("cost_type", "tokens" if on_tokens else component),
        ("token_type", component if on_tokens else None),
        *((name, values.get(name) if on_tokens else None) for name in _PARSED),
        ("workspace_id", values.get("workspace_id")),
    )


def _description(component: str | None, model: str | None) -> str | None:
    if component is None:
        return None
    words = _WORDS[component]
    return f"{_model_name(model)} Usage - {words}" if component in KINDS and model else words


def _model_name(model: str) -> str:
    """What people call it: claude-opus-4-8 is "Claude Opus 4.8"; a date at the end is left out."""
    family, *version = [part for part in model.removeprefix("claude-").split("-") if len(part) < 8]
    return f"Claude {family.capitalize()} {'.'.join(version)}"
