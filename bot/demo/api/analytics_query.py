"""What may be asked of reports C and D (reference 4.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.demo.api.exchange import Request, bad_request
from bot.demo.api.params import Params
from bot.demo.api.words import (
    ACTOR_TYPES,
    CLAUDE_TAG_CATEGORIES,
    CONTEXT_WINDOWS,
    COST_KINDS,
    DIMENSIONS,
    INFERENCE_GEOS,
    PRODUCTS,
    SERVICE_TIERS,
    SPEEDS,
)

BETA: Final = "analytics-usage-cost-2026-08-24"
LONGEST: Final = timedelta(days=31)
_REACH: Final = timedelta(days=365)
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MOST_DIMENSIONS: Final = 5
_WIDTHS: Final = {"1h": timedelta(hours=1), "1d": timedelta(days=1)}
_ANY: Final[tuple[str, ...]] = ()
_FILTERS: Final = {
    # parameter: dimension, allowed values (any when empty)
    "actor_ids[]": ("actor", _ANY),
    "actor_types[]": ("actor_type", ACTOR_TYPES),
    "agent_ids[]": ("agent_id", _ANY),
    "api_key_ids[]": ("api_key_id", _ANY),
    "claude_tag_categories[]": ("claude_tag_category", CLAUDE_TAG_CATEGORIES),
    "claude_tag_user_ids[]": ("claude_tag_user_id", _ANY),
    "context_windows[]": ("context_window", CONTEXT_WINDOWS),
    "deployment_ids[]": ("deployment_id", _ANY),
    "environment_ids[]": ("environment_id", _ANY),
    "inference_geos[]": ("inference_geo", INFERENCE_GEOS),
    "models[]": ("model", _ANY),
    "organization_ids[]": ("organization_id", _ANY),
    "products[]": ("product", PRODUCTS),
    "rbac_group_ids[]": ("rbac_group_id", _ANY),
    "service_tiers[]": ("service_tier", SERVICE_TIERS),
    "session_ids[]": ("session_id", _ANY),
    "slack_channel_ids[]": ("slack_channel_id", _ANY),
    "speeds[]": ("speed", SPEEDS),
    "user_profile_ids[]": ("user_profile_id", _ANY),
    "workspace_ids[]": ("workspace_id", _ANY),
}
_MEANS_NONE: Final = {"api_key_ids[]": "", "inference_geos[]": "not_available"}
"""The value of a filter that stands for "none" (reference 4.1)."""
_SCALARS: Final = (
    "starting_at",
    "ending_at",
    "time_bucket_width",
    "limit",
    "order_by",
    "order",
    "page",
    "exclude_deleted_users",
)
_KNOWN: Final = frozenset([*_SCALARS, "group_by[]", *_FILTERS])
_ORDERS: Final = {
    "cost": ("amount", "list_amount", "time"),
    "usage": ("total_tokens", "output_tokens", "uncached_input_tokens", "requests", "time"),
}


@dataclass(frozen=True, slots=True)
class Query:
    """A valid question. `start` and `end` are whole hours; without `width` a row covers all of it.

    `kinds` says which of cost_type and token_type are asked for; `filters` maps a dimension to its values.
    """

    report: str
    start: datetime
    end: datetime
    width: timedelta | None
    group_by: tuple[str, ...]
    kinds: tuple[str, ...]
    filters: tuple[tuple[str, frozenset[str | None]], ...]
    order_by: str
    descending: bool
    without_deleted: bool


def read_query(report: str, request: Request, params: Params, now: datetime) -> Query:
    """The question a request asks of report `cost` or `usage` at `now`. Raises a 400 Problem."""
    if BETA not in request.betas():
        raise bad_request(f"anthropic-beta: {BETA} is required for this endpoint")
    params.only(_KNOWN)
    query = _read_range(report, params, now)
    dimensions, kinds = _read_group_by(report, params)
    if params.flag("exclude_deleted_users") and "actor" not in dimensions:
        raise bad_request("exclude_deleted_users: requires group_by[]=actor")
    return replace(
        query,
        group_by=dimensions,
        kinds=kinds,
        filters=tuple(_read_filters(params).items()),
        without_deleted=params.flag("exclude_deleted_users"),
    )


def _read_range(report: str, params: Params, now: datetime) -> Query:
    start, end = params.required_instant("starting_at"), params.instant("ending_at")
    width = params.choice("time_bucket_width", ("1d", "1h", "1m"), "")
    if width and end is None:
        raise bad_request("ending_at: Field required when time_bucket_width is set")
    end = end or min(now, start + LONGEST)
    _check_range(start, end, now)
    if width == "1m":
        raise bad_request("time_bucket_width: 1m is not offered by the demo organisation")
    orders = _ORDERS[report]
    return Query(
        report,
        _hour(start),
        _hour(end),
        _WIDTHS.get(width),
        (),
        (),
        (),
        params.choice("order_by", orders, orders[0]),
        params.choice("order", ("asc", "desc"), "desc") == "desc",
        without_deleted=False,
    )


def _check_range(start: datetime, end: datetime, now: datetime) -> None:
    if start < max(_EPOCH, now - _REACH):
        raise bad_request("starting_at: must be within the last 365 days and not before 2026-01-01T00:00:00Z")
    if start > now:
        raise bad_request("starting_at: must not be in the future")
    if end <= start:
        raise bad_request("ending_at: must be after starting_at")
    if end - start > LONGEST:
        raise bad_request("ending_at: the range may span at most 31 days")


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _read_group_by(report: str, params: Params) -> tuple[tuple[str, ...], tuple[str, ...]]:
    extra = COST_KINDS if report == "cost" else ()
    asked = tuple(dict.fromkeys(params.choices("group_by[]", (*DIMENSIONS, *extra))))
    dimensions = tuple(name for name in asked if name not in COST_KINDS)
    if len(dimensions) > _MOST_DIMENSIONS:
        raise bad_request("Cannot specify more than 5 group_by[] dimensions.")
    slack, teams = "claude_tag_user_id" in dimensions, "rbac_group_id" in dimensions
    if slack and (teams or params.many("rbac_group_ids[]")):
        raise bad_request("group_by[]: claude_tag_user_id cannot be combined with RBAC groups")
    return dimensions, tuple(name for name in asked if name in COST_KINDS)


def _read_filters(params: Params) -> Mapping[str, frozenset[str | None]]:
    filters: dict[str, frozenset[str | None]] = {}
    for name, (dimension, allowed) in _FILTERS.items():
        values = params.choices(name, allowed) if allowed else params.many(name)
        if values:
            none = _MEANS_NONE.get(name)
            filters[dimension] = frozenset(None if value == none else value for value in values)
    return filters
