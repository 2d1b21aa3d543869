"""A small organisation behind HTTP that answers the usage and the cost report."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.spend import Slice
from bot.sources.admin import AdminSource
from bot.sources.http import Client
from bot.sources.pace import Pace

MIDNIGHT = datetime(2026, 11, 18, tzinfo=UTC)
OPUS = "claude-opus-5"
INPUT = "uncached_input_tokens"


def rfc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Organisation:
    """Answers the two reports as the reference describes them, `buckets` to a page."""

    used: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    billed: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    buckets: int = 1000
    asked: list[httpx.Request] = field(default_factory=list)

    def use(self, hour: datetime, tokens: int, model: str = OPUS, **dimensions: str | None) -> None:
        where = {"api_key_id": "apikey_ci", "workspace_id": "wrkspc_lab", "service_tier": "standard"}
        how = {"context_window": "0-200k", "inference_geo": "global", "speed": "standard"}
        searches = {"web_search_requests": int(dimensions.pop("searches", None) or 0)}
        counts = {
            INPUT: tokens,
            "cache_read_input_tokens": 0,
            "output_tokens": 0,
            "server_tool_use": searches,
        }
        self.used.append((hour, {**counts, **where, **how, "model": model, **dimensions}))

    def bill(self, day: datetime, cents: str, model: str | None = OPUS, **fields: str | None) -> None:
        kind = {"cost_type": "tokens", "token_type": INPUT, "service_tier": "standard"}
        money = {"amount": cents, "currency": "USD", "workspace_id": "wrkspc_lab", "model": model}
        self.billed.append((day, {**kind, **money, **fields}))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        params = request.url.params
        width = HOUR if params["bucket_width"] == "1h" else DAY
        start, end = (datetime.fromisoformat(params[name]) for name in ("starting_at", "ending_at"))
        if params["bucket_width"] == "1d" and end.hour:
            return httpx.Response(400, json={"error": {"message": "Invalid date range"}})
        starts = [start + i * width for i in range((end - start) // width)]
        first = int(params.get("page", "0"))
        last = first + min(int(params["limit"]), self.buckets)
        facts = self.billed if request.url.path.endswith("cost_report") else self.used
        data = [bucket(at, width, facts, params.get_list("group_by[]")) for at in starts[first:last]]
        more = last < len(starts)
        body = {"data": data, "has_more": more, "next_page": str(last) if more else None}
        return httpx.Response(200, json=body)

    def paths(self) -> Counter[str]:
        return Counter(request.url.path.rsplit("/", 1)[-1] for request in self.asked)


def bucket(
    at: datetime, width: timedelta, facts: list[tuple[datetime, dict[str, Any]]], by: list[str]
) -> dict[str, Any]:
    hidden = {
        "context_window",
        "inference_geo",
        "speed",
        "service_tier",
        "api_key_id",
        "workspace_id",
        "model",
    }
    hidden -= set(by)
    if "description" in by:
        hidden = set()
    rows = [row for when, row in facts if at <= when < at + width]
    shown = [{name: value for name, value in row.items() if name not in hidden} for row in rows]
    return {"starting_at": rfc(at), "ending_at": rfc(at + width), "results": shown}


def source(organisation: Organisation, default: str = "", keys: int = 3) -> AdminSource:
    pace = Pace(per_minute=1e9, monotonic=lambda: 0.0, sleep=lambda _: None)
    client = Client("https://api.example", "key", pace, transport=httpx.MockTransport(organisation))
    return AdminSource(client, lambda: default, lambda: keys)


def fetch(
    organisation: Organisation, window: Window, now: datetime, grain: Grain = Grain.HOUR, default: str = ""
) -> Slice:
    return source(organisation, default).fetch(window, grain, now)


def whole_day(day: datetime = MIDNIGHT) -> Window:
    return Window(day, day + DAY)


LATER = MIDNIGHT + 4 * DAY
