"""What is asked of the Usage & Cost Admin API, and in pages of what size (reference 2 and 3)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.facts.clock import Grain, Window, floor
from bot.sources.admin_usage import Unknown, Usage
from bot.sources.admin_wire import CostBucket, CostPage, CostRow, UsageBucket, UsagePage
from bot.sources.attribution import OTHER, Charge
from bot.sources.errors import BadAnswer
from bot.sources.http import Client, Params

USAGE = "/v1/organizations/usage_report/messages"
COST = "/v1/organizations/cost_report"
_SPEED_BETA = "fast-mode-2026-02-01"
_TOKENS_BY = ("api_key_id", "workspace_id", "model", "service_tier", "context_window")
_MODES_BY = ("api_key_id", "workspace_id", "model", "inference_geo", "speed")
MODELS = ("model", "service_tier", "context_window", "inference_geo", "speed")
WORKSPACES = ("workspace_id", "model", "service_tier", "context_window")
_COSTS_BY = ("workspace_id", "description")
_BUCKET_WIDTH = {Grain.HOUR: "1h", Grain.DAY: "1d"}
_MOST_BUCKETS = {Grain.HOUR: 168, Grain.DAY: 31}
_ROWS_PER_PAGE = 50_000
_LONGEST_COST = timedelta(days=31)
_COMPONENTS = {
    ("tokens", "uncached_input_tokens"): 0,
    ("tokens", "cache_read_input_tokens"): 1,
    ("tokens", "cache_creation.ephemeral_5m_input_tokens"): 2,
    ("tokens", "cache_creation.ephemeral_1h_input_tokens"): 3,
    ("tokens", "output_tokens"): 4,
    ("web_search", None): 5,
    ("code_execution", None): 6,
    ("session_usage", None): 7,
}
_COST_TIERS = {None, "standard", "batch"}
BucketT = TypeVar("BucketT", UsageBucket, CostBucket)


class Reports:
    """The two reports of one organisation. Errors are those of `sources.errors`.

    `default_workspace` is the id of the workspace that the reports call null; `keys` is how many API keys
    there are, by which a page is kept to about 50,000 rows.
    """

    def __init__(self, client: Client, default_workspace: Callable[[], str], keys: Callable[[], int]) -> None:
        self._client = client
        self._default_workspace = default_workspace
        self._keys = keys

    def usage(self, window: Window, grain: Grain) -> Usage:
        """What was used in whole buckets of `window`, in two passes: five dimensions are the most at once."""
        usage, default = Usage(), self._default_workspace()
        limit = self.buckets_per_page(grain)
        for bucket in self._buckets(window, grain, limit, _TOKENS_BY):
            usage.add_tokens(floor(bucket.starting_at, grain), bucket.results, default)
        for bucket in self._buckets(window, grain, limit, _MODES_BY):
            usage.add_modes(floor(bucket.starting_at, grain), bucket.results, default)
        return usage

    def daily(self, window: Window, by: Sequence[str]) -> Usage:
        """What was used in days without telling keys apart, by MODELS or WORKSPACES: small, and one pass."""
        usage, default = Usage(), self._default_workspace()
        for bucket in self._buckets(window, Grain.DAY, _MOST_BUCKETS[Grain.DAY], by):
            day = floor(bucket.starting_at, Grain.DAY)
            usage.add_tokens(day, bucket.results, default)
            usage.add_modes(day, bucket.results, default)
        return usage

    def buckets_per_page(self, grain: Grain) -> int:
        """How many buckets hold about 50,000 rows, within what the report allows."""
        return max(1, min(_ROWS_PER_PAGE // max(self._keys(), 1), _MOST_BUCKETS[grain]))

    def charges(self, window: Window) -> tuple[list[Charge], set[Unknown]]:
        """What the days of `window` cost, and what was not understood; `window` must end at a midnight.

        The report refuses other ends (reference 3.3).
        """
        charges: list[Charge] = []
        unknown: set[Unknown] = set()
        default = self._default_workspace()
        for span in window.split(_LONGEST_COST):
            params = _params(span, Grain.DAY, _MOST_BUCKETS[Grain.DAY], _COSTS_BY)
            for page in self._client.pages(COST, params, CostPage):
                for bucket in _inside(page.data, span, Grain.DAY, COST):
                    day = floor(bucket.starting_at, Grain.DAY)
                    charges += [_charge(day, row, default) for row in bucket.results]
                    unknown.update(value for row in bucket.results for value in _unknown(row))
        return charges, unknown

    def _buckets(self, window: Window, grain: Grain, limit: int, by: Sequence[str]) -> Iterator[UsageBucket]:
        """One page's worth a query: then only one page is in memory, and no cursor can expire."""
        for span in window.split(limit * grain.width):
            params = _params(span, grain, limit, by)
            beta = _SPEED_BETA if "speed" in by else ""
            for page in self._client.pages(USAGE, params, UsagePage, beta):
                yield from _inside(page.data, span, grain, USAGE)


def _params(span: Window, grain: Grain, limit: int, by: Sequence[str]) -> Params:
    return [
        ("starting_at", f"{span.start:%Y-%m-%dT%H:%M:%SZ}"),
        ("ending_at", f"{span.end:%Y-%m-%dT%H:%M:%SZ}"),
        ("bucket_width", _BUCKET_WIDTH[grain]),
        ("limit", str(limit)),
        *(("group_by[]", dimension) for dimension in by),
    ]


def _inside(buckets: Sequence[BucketT], span: Window, grain: Grain, path: str) -> Iterator[BucketT]:
    for bucket in buckets:
        if bucket.ending_at - bucket.starting_at > grain.width:
            wide = bucket.ending_at - bucket.starting_at
            raise BadAnswer(f"GET {path}: a bucket is {wide} wide, asked for {_BUCKET_WIDTH[grain]}")
        if span.start <= bucket.starting_at < span.end:
            yield bucket


def _component(row: CostRow) -> int:
    return _COMPONENTS.get((row.cost_type or "", row.token_type), OTHER)


def _charge(day: datetime, row: CostRow, default_workspace: str) -> Charge:
    return Charge(
        day=day,
        workspace_id=row.workspace_id or default_workspace,
        model=row.model or "",
        service_tier=row.service_tier or "",
        component=_component(row),
        amount=row.amount,
    )


def _unknown(row: CostRow) -> Iterator[Unknown]:
    if _component(row) == OTHER:
        yield Unknown("cost", "cost_type and token_type", f"{row.cost_type}, {row.token_type}")
    if row.service_tier not in _COST_TIERS:
        yield Unknown("cost", "service_tier", str(row.service_tier))
