"""Reports C and D from lists of rows, page by page, with any watermark and as slow as a test wants."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.facts.clock import HOUR, Window

NOW = datetime(2026, 11, 19, 16, 20, tzinfo=UTC)
START = datetime(2026, 11, 19, 14, tzinfo=UTC)
WINDOW = Window(START, START + 2 * HOUR)
WATERMARK = datetime(2026, 11, 19, 15, 40, tzinfo=UTC)
Item = dict[str, Any]


def at(hour: datetime) -> str:
    return f"{hour:%Y-%m-%dT%H:%M:%SZ}"


def cost(cents: str, hour: datetime = START, **group: Any) -> Item:
    kind = {"cost_type": "tokens", "token_type": "output_tokens"}
    where = {"api_key_id": "apikey_ci", "workspace_id": "wrkspc_lab", "model": "claude-opus-5"}
    money = {"amount": cents, "list_amount": cents, "currency": "USD", "requests": None}
    return {"starting_at": at(hour), "group": {**where, **kind, **group}, "cost": money}


def used(hour: datetime = START, usage: Item | None = None, **group: Any) -> Item:
    where = {"api_key_id": "apikey_ci", "workspace_id": "wrkspc_lab", "model": "claude-opus-5"}
    counts = {"uncached_input_tokens": 10, "cache_read_input_tokens": 20, "output_tokens": 5, "requests": 3}
    return {"starting_at": at(hour), "group": {**where, **group}, "usage": {**counts, **(usage or {})}}


class Upstream:
    """Answers C and D from lists, page by page."""

    def __init__(self) -> None:
        self.costs: list[list[Item]] = [[]]
        self.usages: list[list[Item]] = [[]]
        self.watermarks: list[str | None] = [at(WATERMARK)]
        self.ignores_window = False
        self.slow: Callable[[httpx.Request], bool] = lambda _: False
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.slow(request):
            return httpx.Response(504)
        number = int(request.url.params.get("page", "0"))
        pages = self.costs if request.url.path.endswith("/cost") else self.usages
        start, end = (datetime.fromisoformat(request.url.params[n]) for n in ("starting_at", "ending_at"))
        inside = [
            item
            for item in pages[number]
            if self.ignores_window or start <= datetime.fromisoformat(item["starting_at"]) < end
        ]
        more = str(number + 1) if number + 1 < len(pages) else None
        watermark = self.watermarks[min(len(self.asked), len(self.watermarks)) - 1]
        body = {"data": inside, "has_more": bool(more), "next_page": more, "data_refreshed_at": watermark}
        return httpx.Response(200, content=json.dumps(body))  # json= would refuse NaN
