"""The fallback upstream end to end: a small organisation behind HTTP, its slices to the nano-dollar."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window, ceil
from bot.facts.money import Usd
from bot.facts.spend import Basis, Slice, SpendRow
from bot.sources.admin import AdminSource
from bot.sources.errors import BadAnswer
from bot.sources.http import Client
from bot.sources.pace import Pace

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 18, tzinfo=UTC)
OPUS, NEW = "claude-opus-5", "claude-quasar-9"
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


def fetch(
    organisation: Organisation, window: Window, now: datetime, grain: Grain = Grain.HOUR, default: str = ""
) -> Slice:
    pace = Pace(per_minute=1e9, monotonic=lambda: 0.0, sleep=lambda _: None)
    client = Client("https://api.example", "key", pace, transport=httpx.MockTransport(organisation))
    return AdminSource(client, lambda: default, lambda: 3).fetch(window, grain, now)


def whole_day(day: datetime = MIDNIGHT) -> Window:
    return Window(day, day + DAY)


LATER = MIDNIGHT + 4 * DAY


def usd(rows: Slice) -> int:
    return sum(row.usd for row in rows.rows)


@pytest.mark.parametrize("buckets", [1, 5, 1000])
def test_a_settled_day_is_the_bill_to_the_nano_dollar_however_it_is_paged(buckets: int) -> None:
    organisation = Organisation(buckets=buckets)
    for hour in range(24):
        organisation.use(MIDNIGHT + hour * HOUR, 1000 + hour)
        organisation.use(MIDNIGHT + hour * HOUR, 7, api_key_id="apikey_app")
    organisation.bill(MIDNIGHT, "100.0000001")
    told = fetch(organisation, whole_day(), LATER)
    assert usd(told) == 1_000_000_001
    assert len(told.rows) == 48
    assert {row.basis for row in told.rows} == {Basis.BILLED}
    assert sum(row.uncached_input_tokens for row in told.rows) == 24 * 1007 + 276


def test_a_row_says_all_that_the_reports_say() -> None:
    organisation = Organisation()
    organisation.use(NOON, 1000, searches="2")
    organisation.bill(MIDNIGHT, "0.4")
    organisation.bill(MIDNIGHT, "1.8", cost_type="web_search", token_type=None)
    told = fetch(organisation, whole_day(), LATER)
    assert told.rows == (
        SpendRow(
            hour=NOON,
            workspace_id="wrkspc_lab",
            api_key_id="apikey_ci",
            model=OPUS,
            service_tier="standard",
            usd=Usd(22_000_000),
            list_usd=Usd(25_000_000),
            uncached_input_tokens=1000,
            web_searches=2,
            usd_uncached_input=Usd(4_000_000),
            usd_web_search=Usd(18_000_000),
        ),
    )
    assert (told.source, told.grain, told.watermark) == ("admin", Grain.HOUR, LATER - timedelta(minutes=15))
    assert told.notices == ()


def test_two_context_windows_are_one_row_each_at_its_price() -> None:
    organisation, then = Organisation(), datetime(2026, 3, 1, tzinfo=UTC)
    organisation.use(then, 1000, "claude-opus-4-6")
    organisation.use(then, 500, "claude-opus-4-6", context_window="200k-1M")
    [row] = fetch(organisation, whole_day(then), LATER).rows
    assert (row.uncached_input_tokens, row.list_usd) == (1500, 10_000_000)


def test_the_nameless_workspace_is_the_default_one_in_both_reports() -> None:
    organisation = Organisation()
    organisation.use(NOON, 1000, workspace_id=None, api_key_id=None)
    organisation.bill(MIDNIGHT, "50", workspace_id=None)
    [row] = fetch(organisation, whole_day(), LATER, default="wrkspc_default").rows
    assert (row.workspace_id, row.api_key_id, row.usd) == ("wrkspc_default", "", 500_000_000)


def test_a_window_of_three_hours_shows_its_share_of_the_whole_day() -> None:
    organisation = Organisation()
    for hour in range(24):
        organisation.use(MIDNIGHT + hour * HOUR, 100)
    organisation.bill(MIDNIGHT, "24")
    told = fetch(organisation, Window(NOON, NOON + 3 * HOUR), LATER)
    assert [row.hour for row in told.rows] == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert usd(told) == 30_000_000


def test_today_is_estimated_at_the_rate_of_the_settled_days_in_the_window() -> None:
    organisation = Organisation()
    organisation.use(MIDNIGHT, 1000)
    organisation.bill(MIDNIGHT, "0.25")  # half of the list price
    organisation.use(MIDNIGHT + 2 * DAY, 3000)
    organisation.bill(MIDNIGHT + 2 * DAY, "0.01")  # partial, as today's bill is
    now = MIDNIGHT + 2 * DAY + timedelta(minutes=70)
    told = fetch(organisation, Window(MIDNIGHT, MIDNIGHT + 3 * DAY), now)
    assert [(row.basis, row.usd) for row in told.rows] == [
        (Basis.BILLED, 2_500_000),
        (Basis.ESTIMATED, 7_500_000),
    ]
    ends = {request.url.params["ending_at"] for request in organisation.asked if "usage" in request.url.path}
    assert ends == {rfc(ceil(now, Grain.HOUR))}


def test_without_a_settled_day_in_the_window_the_week_before_teaches() -> None:
    organisation = Organisation()
    organisation.use(MIDNIGHT - 5 * DAY, 1000, inference_geo="us")
    organisation.bill(MIDNIGHT - 5 * DAY, "0.275")  # half of the list price in the US
    organisation.use(NOON, 1000, inference_geo="us")
    told = fetch(organisation, Window(NOON, NOON + HOUR), NOON + timedelta(minutes=30))
    assert [(row.basis, row.usd) for row in told.rows] == [(Basis.ESTIMATED, 2_750_000)]
    assert organisation.paths() == {"messages": 3, "cost_report": 2}


def test_yesterday_is_billed_as_soon_as_its_bill_is_nearly_there() -> None:
    organisation = Organisation()
    organisation.use(MIDNIGHT, 1000)
    organisation.use(MIDNIGHT - 3 * DAY, 1000)
    organisation.bill(MIDNIGHT - 3 * DAY, "0.5")
    organisation.bill(MIDNIGHT, "0.49")
    told = fetch(organisation, whole_day(), MIDNIGHT + DAY + HOUR)
    assert [(row.basis, row.usd) for row in told.rows] == [(Basis.BILLED, 4_900_000)]


def test_money_without_tokens_stays_visible_without_a_key() -> None:
    organisation = Organisation()
    organisation.use(NOON, 1000)
    organisation.bill(MIDNIGHT, "0.5")
    organisation.bill(MIDNIGHT, "240", None, cost_type="code_execution", token_type=None, service_tier=None)
    told = fetch(organisation, whole_day(), LATER)
    keyless = [row for row in told.rows if not row.api_key_id]
    assert [row.usd_code_execution for row in keyless] == [100_000_000] * 24
    assert {(row.workspace_id, row.model, row.service_tier) for row in keyless} == {("wrkspc_lab", "", "")}
    assert usd(told) == 2_405_000_000


def test_in_days_it_is_one_row_at_midnight() -> None:
    organisation = Organisation()
    organisation.bill(MIDNIGHT, "240", None, cost_type="session_usage", token_type=None)
    [row] = fetch(organisation, whole_day(), LATER, Grain.DAY).rows
    assert (row.hour, row.usd_session) == (MIDNIGHT, 2_400_000_000)


def test_cost_of_a_new_kind_is_other_cost_and_told() -> None:
    organisation = Organisation()
    organisation.bill(MIDNIGHT, "240", cost_type="tokens", token_type="thinking_tokens")
    told = fetch(organisation, whole_day(), LATER, Grain.DAY)
    assert [row.usd_other for row in told.rows] == [2_400_000_000]
    assert "'tokens, thinking_tokens'" in told.notices[0]


def test_a_new_model_is_billed_by_its_tokens() -> None:
    organisation = Organisation()
    organisation.use(NOON, 3000, NEW)
    organisation.use(NOON, 1000, NEW, api_key_id="apikey_app")
    organisation.bill(MIDNIGHT, "4", NEW)
    told = fetch(organisation, whole_day(), LATER)
    assert {row.api_key_id: row.usd for row in told.rows} == {
        "apikey_ci": 30_000_000,
        "apikey_app": 10_000_000,
    }
    assert told.notices == ()


def test_a_new_model_has_no_dollars_until_it_is_billed_and_that_is_told() -> None:
    organisation = Organisation()
    organisation.use(NOON, 3000, NEW)
    told = fetch(organisation, whole_day(), NOON + HOUR)
    assert [(row.usd, row.uncached_input_tokens) for row in told.rows] == [(0, 3000)]
    [notice] = told.notices
    assert notice == (
        f"model {NEW} has no price in prices.yaml: its tokens of 2026-11-18 are shown without dollars "
        "until they are billed; add it to bot/sources/prices.yaml"
    )


def test_a_tier_of_a_new_name_is_kept_and_told() -> None:
    organisation = Organisation()
    organisation.use(NOON, 1000, service_tier="express")
    told = fetch(organisation, whole_day(), NOON + HOUR)
    assert [(row.service_tier, row.usd) for row in told.rows] == [("express", 5_000_000)]
    assert "service_tier" in told.notices[0]
    assert "'express'" in told.notices[0]


def test_costs_are_asked_for_in_whole_days_and_by_the_month() -> None:
    organisation = Organisation()
    start = MIDNIGHT - 40 * DAY
    fetch(organisation, Window(start + 5 * HOUR, NOON), NOON)
    asked = [request.url.params for request in organisation.asked if "cost" in request.url.path]
    spans = [(params["starting_at"], params["ending_at"]) for params in asked]
    middle = start + 31 * DAY
    assert spans == [(rfc(start), rfc(middle)), (rfc(middle), rfc(MIDNIGHT + DAY))]


def test_a_window_that_has_not_begun_asks_nothing() -> None:
    organisation = Organisation()
    assert fetch(organisation, whole_day(), MIDNIGHT).rows == ()
    assert organisation.asked == []


def test_a_broken_page_leaves_nothing() -> None:
    organisation = Organisation()
    organisation.use(NOON, 1000)
    organisation.use(NOON + HOUR, -1)
    with pytest.raises(BadAnswer, match="uncached_input_tokens"):
        fetch(organisation, whole_day(), LATER)
