"""Asking the demo's API without a socket."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from bot.demo import DEMO_KEY, Demo
from bot.demo.api.exchange import Answer, Request
from bot.demo.api.gate import RateLimit
from bot.demo.api.router import Api

ROOT = "/v1/organizations"
COST, USAGE = f"{ROOT}/analytics/cost", f"{ROOT}/analytics/usage"
LEGACY_USAGE, LEGACY_COST = f"{ROOT}/usage_report/messages", f"{ROOT}/cost_report"
HEADERS = {
    "x-api-key": DEMO_KEY,
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "analytics-usage-cost-2026-08-24,fast-mode-2026-02-01",
}
Pairs = list[tuple[str, str]]


def query(text: str) -> Pairs:
    """Parameters as a test writes them: "starting_at=2026-10-01T00:00:00Z group_by=model,actor"."""
    pairs: Pairs = []
    for word in text.split():
        name, _, values = word.partition("=")
        is_list = name == "group_by" or name.endswith("[]")
        name = "group_by[]" if name == "group_by" else name
        pairs += [(name, value) for value in values.split(",")] if is_list else [(name, values)]
    return pairs


@dataclass
class Asker:
    """A client whose clock stands at `now`."""

    demo: Demo
    now: datetime
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))

    def __post_init__(self) -> None:
        self._api = Api(self.demo, RateLimit(None, lambda: 0.0))

    def answer(self, path: str, pairs: Pairs, method: str = "GET", body: bytes = b"") -> Answer:
        """One request."""
        return self._api.answer(Request(method, path, urlencode(pairs), self.headers, body), self.now)

    def page(self, path: str, text: str, *more: tuple[str, str]) -> dict[str, Any]:
        """One page, which must be there."""
        answer = self.answer(path, [*query(text), *more])
        assert answer.status == 200, answer.body
        return dict(json.loads(answer.body))

    def refused(self, path: str, text: str, *more: tuple[str, str]) -> tuple[int, str, str]:
        """Status, type and sentence of an error."""
        answer = self.answer(path, [*query(text), *more])
        error = json.loads(answer.body)
        assert error["type"] == "error"
        assert error["request_id"] == answer.headers["request-id"]
        return answer.status, error["error"]["type"], error["error"]["message"]

    def pages(self, path: str, text: str) -> Iterator[dict[str, Any]]:
        """Every page of a query."""
        more: list[tuple[str, str]] = []
        while True:
            page = self.page(path, text, *more)
            yield page
            if not page["has_more"]:
                assert page["next_page"] is None
                return
            more = [("page", page["next_page"])]

    def rows(self, path: str, text: str) -> list[dict[str, Any]]:
        """Every row of a query."""
        return [row for page in self.pages(path, text) for row in page["data"]]


def nano(rows: list[dict[str, Any]], name: str = "amount") -> int:
    """What rows of report B or D add up to, in nano-USD; fails unless it is a whole number of them."""
    total = sum((Decimal((row.get("cost") or row)[name]) for row in rows), Decimal(0)) * 10**7
    assert total == int(total)
    return int(total)


def results(buckets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows inside the buckets of report A or B."""
    return [row for bucket in buckets for row in bucket["results"]]


def tokens(usage: dict[str, Any]) -> tuple[int, int, int, int, int, int]:
    """The five token counts and the searches of a row of report A, or of the usage of one of C."""
    return (
        usage["uncached_input_tokens"],
        usage["cache_read_input_tokens"],
        usage["cache_creation"]["ephemeral_5m_input_tokens"],
        usage["cache_creation"]["ephemeral_1h_input_tokens"],
        usage["output_tokens"],
        usage["server_tool_use"]["web_search_requests"],
    )


def added(counts: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Sums by position."""
    return tuple(map(sum, zip(*counts, strict=True)))
