"""Answers that are taken, answers that are refused with their place, and the shape of the questions."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.facts.clock import Grain, Window
from bot.sources.admin_reports import Reports
from bot.sources.errors import BadAnswer
from bot.sources.http import Client
from bot.sources.pace import Pace

DAY = datetime(2026, 11, 18, tzinfo=UTC)
ONE_DAY = Window(DAY, DAY + timedelta(days=1))
TOKENS: dict[str, Any] = {"uncached_input_tokens": 7, "cache_read_input_tokens": 0, "output_tokens": 0}
COST: dict[str, Any] = {"amount": "123.45", "currency": "USD", "cost_type": "code_execution"}


def reports(answer: Callable[[httpx.Request], httpx.Response], keys: int = 1) -> Reports:
    pace = Pace(per_minute=1e9, monotonic=lambda: 0.0, sleep=lambda _: None)
    client = Client("https://api.example", "key", pace, transport=httpx.MockTransport(answer))
    return Reports(client, lambda: "wrkspc_default", lambda: keys)


def page(row: dict[str, Any], hours: int = 24) -> Callable[[httpx.Request], httpx.Response]:
    """Answer anything with one bucket of one row."""
    bucket = {
        "starting_at": f"{DAY:%Y-%m-%dT%H:%M:%SZ}",
        "ending_at": f"{DAY + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}",
        "results": [row],
    }
    body = json.dumps({"data": [bucket], "has_more": False, "next_page": None})
    return lambda _: httpx.Response(200, text=body)


@pytest.mark.parametrize(
    ("extra", "counts"),
    [
        pytest.param({}, [7, 0, 0, 0, 0, 0], id="no cache object, no tools object"),
        pytest.param(
            {"cache_creation": None, "server_tool_use": None}, [7, 0, 0, 0, 0, 0], id="null objects"
        ),
        pytest.param(
            {"cache_creation": {"ephemeral_5m_input_tokens": 3}}, [7, 0, 3, 0, 0, 0], id="one lifetime"
        ),
        pytest.param(
            {"cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4}},
            [7, 0, 3, 4, 0, 0],
            id="cache writes are nested",
        ),
        pytest.param({"server_tool_use": {"web_search_requests": 9}}, [7, 0, 0, 0, 0, 9], id="web searches"),
        pytest.param({"aura": "green"}, [7, 0, 0, 0, 0, 0], id="a field nobody knows"),
    ],
)
def test_usage_that_is_taken(extra: dict[str, Any], counts: list[int]) -> None:
    usage = reports(page(TOKENS | extra)).usage(ONE_DAY, Grain.DAY)
    assert list(usage.cells.values()) == [counts]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        pytest.param(TOKENS | {"output_tokens": -1}, "output_tokens", id="negative tokens"),
        pytest.param(TOKENS | {"output_tokens": float("nan")}, "output_tokens", id="not a number"),
        pytest.param(TOKENS | {"output_tokens": 1.5}, "output_tokens", id="half a token"),
        pytest.param(TOKENS | {"output_tokens": True}, "output_tokens", id="yes is not a number"),
        pytest.param(TOKENS | {"output_tokens": "7"}, "output_tokens", id="a number as text"),
        pytest.param({"output_tokens": 1}, "uncached_input_tokens", id="a count is missing"),
        pytest.param(TOKENS | {"cache_creation": 9}, "cache_creation", id="flat cache writes"),
    ],
)
def test_usage_that_is_refused(row: dict[str, Any], place: str) -> None:
    with pytest.raises(BadAnswer, match=rf"page 1, .*{place}"):
        reports(page(row)).usage(ONE_DAY, Grain.DAY)


@pytest.mark.parametrize(
    ("amount", "nano"),
    [
        pytest.param("123.45", 1_234_500_000, id="cents, not dollars"),
        pytest.param("123.78912", 1_237_891_200, id="fractions of a cent"),
        pytest.param("-5", -50_000_000, id="a credit"),
        pytest.param("1E-7", 1, id="an exponent"),
    ],
)
def test_cost_that_is_taken(amount: str, nano: int) -> None:
    charges, unknown = reports(page(COST | {"amount": amount})).charges(ONE_DAY)
    assert [charge.amount for charge in charges] == [nano]
    assert charges[0].workspace_id == "wrkspc_default"
    assert unknown == set()


@pytest.mark.parametrize(
    ("row", "place"),
    [
        pytest.param(COST | {"currency": "EUR"}, "currency", id="another currency"),
        pytest.param({"amount": "1"}, "currency", id="no currency"),
        pytest.param(COST | {"amount": "NaN"}, "amount", id="not a number"),
        pytest.param(COST | {"amount": "Infinity"}, "amount", id="without end"),
        pytest.param(COST | {"amount": "1e999999"}, "amount", id="a number that fills the memory"),
        pytest.param(COST | {"amount": 1.5}, "amount", id="a float"),
        pytest.param(COST | {"amount": ""}, "amount", id="nothing"),
    ],
)
def test_cost_that_is_refused(row: dict[str, Any], place: str) -> None:
    with pytest.raises(BadAnswer, match=place):
        reports(page(row)).charges(ONE_DAY)


def test_a_bucket_wider_than_asked_for_is_refused() -> None:
    with pytest.raises(BadAnswer, match="asked for 1h"):
        reports(page(TOKENS, hours=24)).usage(ONE_DAY, Grain.HOUR)


def test_a_bucket_outside_the_question_is_not_counted() -> None:
    yesterday = Window(DAY - timedelta(days=1), DAY)
    assert reports(page(TOKENS)).usage(yesterday, Grain.DAY).cells == {}


@pytest.mark.parametrize(
    ("keys", "grain", "days", "limits", "questions"),
    [
        pytest.param(0, Grain.HOUR, 7, "168", 1, id="a week of hours fits a page when keys are few"),
        pytest.param(0, Grain.HOUR, 8, "168", 2, id="eight days do not"),
        pytest.param(5000, Grain.HOUR, 1, "10", 3, id="ten hours of five thousand keys"),
        pytest.param(90_000, Grain.DAY, 2, "1", 2, id="one bucket at the least"),
        pytest.param(0, Grain.DAY, 31, "31", 1, id="a month of days"),
        pytest.param(0, Grain.DAY, 70, "31", 3, id="no more than 31 days at once"),
    ],
)
def test_a_page_holds_about_fifty_thousand_rows(
    keys: int, grain: Grain, days: int, limits: str, questions: int
) -> None:
    asked: list[httpx.QueryParams] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params)
        return httpx.Response(200, json={"data": [], "has_more": False, "next_page": None})

    reports(answer, keys).usage(Window(DAY, DAY + timedelta(days=days)), grain)
    first_pass = [params for params in asked if "context_window" in params.get_list("group_by[]")]
    assert len(first_pass) == questions
    assert {params["limit"] for params in asked} == {limits}
    assert all(len(params.get_list("group_by[]")) <= 5 for params in asked)
    assert len(asked) == 2 * questions


def test_fast_mode_is_asked_for_with_its_beta_header() -> None:
    headers: dict[bool, str] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        by_speed = "speed" in request.url.params.get_list("group_by[]")
        headers[by_speed] = request.headers.get("anthropic-beta", "")
        return httpx.Response(200, json={"data": [], "has_more": False, "next_page": None})

    reports(answer).usage(ONE_DAY, Grain.DAY)
    assert headers == {False: "", True: "fast-mode-2026-02-01"}
