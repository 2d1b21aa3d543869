"""Report A: `GET /v1/organizations/usage_report/messages` (reference 2): tokens, no money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import numpy as np

from bot.demo.api.analytics_items import token_counts
from bot.demo.api.buckets import Span, bucket_page, read_span
from bot.demo.api.columns import legacy_columns
from bot.demo.api.exchange import Answer, Request, bad_request
from bot.demo.api.grouping import Groups, add_up, group_lines
from bot.demo.api.params import Params
from bot.demo.api.words import CONTEXT_WINDOWS, INFERENCE_GEOS, LEGACY_DIMENSIONS, SERVICE_TIERS, SPEEDS
from bot.demo.facts import watermark
from bot.demo.quantities import Ints
from bot.demo.scene import Demo
from bot.facts.clock import HOUR, Grain

_FAST_BETA: Final = "fast-mode-2026-02-01"
_LIMITS: Final = {"1d": (7, 31), "1h": (24, 168), "1m": (60, 1440)}
_GRAINS: Final = {"1d": Grain.DAY, "1h": Grain.HOUR}
_FILTERS: Final = {
    "account_ids[]": "account_id",
    "api_key_ids[]": "api_key_id",
    "service_account_ids[]": "service_account_id",
    "workspace_ids[]": "workspace_id",
    "models[]": "model",
    "service_tiers[]": "service_tier",
    "context_window[]": "context_window",
    "inference_geos[]": "inference_geo",
    "speeds[]": "speed",
}
_ALLOWED: Final = {
    "service_tiers[]": SERVICE_TIERS,
    "context_window[]": CONTEXT_WINDOWS,
    "inference_geos[]": INFERENCE_GEOS,
    "speeds[]": SPEEDS,
}
_KNOWN: Final = frozenset(
    ["starting_at", "ending_at", "bucket_width", "limit", "page", "group_by[]", *_FILTERS]
)


class UsageReport:
    """Answers report A from one demo."""

    def __init__(self, demo: Demo) -> None:
        self._facts = demo.facts
        self._columns = legacy_columns(demo.facts.lines, demo.organisation)

    def answer(self, request: Request, now: datetime) -> Answer:
        """One page. Raises Problem."""
        params = Params.parse(request.query)
        params.only(_KNOWN)
        width = params.choice("bucket_width", tuple(_LIMITS), "1d")
        limit = params.integer("limit", *_LIMITS[width])
        if width not in _GRAINS:
            raise bad_request("bucket_width: 1m is not offered by the demo organisation")
        span = read_span(params, _GRAINS[width], now, to_the_present=True)
        group_by = _read_group_by(request, params)
        groups = group_lines([self._columns[name] for name in group_by], self._chosen(params))

        def results(first: datetime, last: datetime, as_of: datetime) -> list[list[dict[str, Any]]]:
            return self._results(Span(first, last, span.grain), groups, group_by, as_of)

        return bucket_page(params, span, limit, now, results)

    def _chosen(self, params: Params) -> list[bool]:
        chosen = [line.model is not None for line in self._facts.lines]
        for name, dimension in _FILTERS.items():
            allowed = _ALLOWED.get(name)
            values = params.choices(name, allowed) if allowed else params.many(name)
            if values:
                column = self._columns[dimension]
                chosen = [keep and value in values for keep, value in zip(chosen, column, strict=True)]
        return chosen

    def _results(
        self, span: Span, groups: Groups, group_by: tuple[str, ...], as_of: datetime
    ) -> list[list[dict[str, Any]]]:
        seen = self._facts.seen(watermark(as_of), span.start, span.end)
        hours = span.grain.width // HOUR
        skipped = (seen.first - span.start) // span.grain.width
        starts = np.arange(0, seen.hours, hours)
        tokens, searches = add_up(seen.tokens, groups, starts), add_up(seen.searches, groups, starts)
        filled = [_bucket(groups, group_by, tokens[:, n], searches[:, n]) for n in range(len(starts))]
        empty: list[list[dict[str, Any]]] = [[] for _ in range(len(span))]
        return [*empty[:skipped], *filled, *empty[skipped + len(filled) :]]


def _read_group_by(request: Request, params: Params) -> tuple[str, ...]:
    group_by = tuple(dict.fromkeys(params.choices("group_by[]", LEGACY_DIMENSIONS)))
    if len(group_by) > 5:
        raise bad_request("Cannot specify more than 5 group_by[] dimensions.")
    by_speed = "speed" in group_by or params.many("speeds[]")
    if by_speed and _FAST_BETA not in request.betas():
        raise bad_request(f"speed: requires the beta header {_FAST_BETA}")
    return group_by


def _bucket(groups: Groups, group_by: tuple[str, ...], tokens: Ints, searches: Ints) -> list[dict[str, Any]]:
    return [
        _row(dict(zip(group_by, label, strict=True)), counts.tolist(), int(searched))
        for label, counts, searched in zip(groups.labels, tokens, searches, strict=True)
        if counts.any() or searched
    ]


def _row(group: Mapping[str, str | None], counts: list[int], searched: int) -> dict[str, Any]:
    dimensions = [name for name in LEGACY_DIMENSIONS if name != "speed" or "speed" in group]
    return {
        **token_counts(counts),
        "server_tool_use": {"web_search_requests": searched},
        **{name: group.get(name) for name in dimensions},
    }
