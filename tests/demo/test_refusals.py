import json
from dataclasses import replace

import pytest

from bot.demo import DEMO_KEY, Demo
from bot.demo.api.exchange import Request
from bot.demo.api.gate import RateLimit
from bot.demo.api.router import Api
from tests.demo.asking import COST, HEADERS, LEGACY_COST, LEGACY_USAGE, ROOT, USAGE, Asker

OCTOBER = "starting_at=2026-10-01T00:00:00Z ending_at=2026-10-08T00:00:00Z"
HOURLY = f"{OCTOBER} time_bucket_width=1h"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("", "starting_at: Field required", id="no start"),
        pytest.param("starting_at=2026-10-01", "starting_at: ", id="a bare date"),
        pytest.param("starting_at=2026-10-01T00:00:00", "starting_at: ", id="a start without a zone"),
        pytest.param("starting_at=1790000000", "starting_at: ", id="seconds since 1970"),
        pytest.param("starting_at=2026-13-01T00:00:00Z", "starting_at: ", id="a thirteenth month"),
        pytest.param(f"{OCTOBER} starting_at=2026-10-01T00:00:00Z", "starting_at: given 2", id="two starts"),
        pytest.param("starting_at=2025-10-19T00:00:00Z", "within the last 365 days", id="over a year ago"),
        pytest.param("starting_at=2025-12-31T23:00:00Z", "2026-01-01", id="before there was any data"),
        pytest.param("starting_at=2026-10-20T15:00:00Z", "future", id="a start in the future"),
        pytest.param(
            "starting_at=2026-10-08T00:00:00Z ending_at=2026-10-08T00:00:00Z", "after", id="an empty range"
        ),
        pytest.param(
            "starting_at=2026-08-01T00:00:00Z ending_at=2026-09-01T01:00:00Z",
            "31 days",
            id="31 days and an hour",
        ),
        pytest.param(
            "starting_at=2026-10-01T00:00:00Z time_bucket_width=1d",
            "ending_at: Field required",
            id="a width without an end",
        ),
        pytest.param(f"{OCTOBER} time_bucket_width=1w", "time_bucket_width: ", id="an unknown width"),
        pytest.param(f"{OCTOBER} time_bucket_width=1m", "not offered", id="minutes"),
        pytest.param(f"{OCTOBER} bucket_width=1h", "bucket_width: Extra", id="the older report's width"),
        pytest.param(f"{HOURLY} limit=0", "limit: ", id="no rows"),
        pytest.param(f"{HOURLY} limit=1001", "limit: ", id="too many rows"),
        pytest.param(f"{HOURLY} limit=ten", "limit: ", id="a limit in words"),
        pytest.param(f"{HOURLY} order=up", "order: ", id="an unknown direction"),
        pytest.param(f"{HOURLY} order_by=name", "order_by: ", id="an unknown order"),
        pytest.param(f"{HOURLY} group_by=colour", "group_by[]: ", id="an unknown dimension"),
        pytest.param(
            f"{HOURLY} group_by=actor,model,product,speed,api_key_id,workspace_id",
            "Cannot specify more than 5 group_by[] dimensions.",
            id="six dimensions",
        ),
        pytest.param(f"{HOURLY} products[]=billiards", "products[]: ", id="an unknown product"),
        pytest.param(f"{HOURLY} service_tiers[]=gold", "service_tiers[]: ", id="an unknown tier"),
        pytest.param(f"{HOURLY} api_keys[]=apikey_01CiEval", "api_keys[]: Extra", id="a filter's wrong name"),
        pytest.param(f"{HOURLY} exclude_deleted_users=yes", "exclude_deleted_users: ", id="yes for true"),
        pytest.param(
            f"{HOURLY} exclude_deleted_users=true",
            "group_by[]=actor",
            id="leaving out people nobody asked for",
        ),
        pytest.param(
            f"{HOURLY} group_by=claude_tag_user_id,rbac_group_id", "RBAC", id="Slack users with teams"
        ),
        pytest.param(f"{HOURLY} page=2", "page: Invalid cursor", id="a page number"),
        pytest.param(f"{HOURLY} page=page_W10=", "page: Invalid cursor", id="an empty cursor"),
    ],
)
@pytest.mark.parametrize("path", [COST, USAGE])
def test_reports_c_and_d_refuse(ask: Asker, path: str, text: str, names: str) -> None:
    status, kind, message = ask.refused(path, text)
    assert (status, kind) == (400, "invalid_request_error")
    assert names in message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(USAGE, f"{HOURLY} group_by=token_type", id="usage by kind of token"),
        pytest.param(USAGE, f"{HOURLY} order_by=amount", id="usage by money"),
        pytest.param(COST, f"{HOURLY} order_by=total_tokens", id="cost by tokens"),
        pytest.param(LEGACY_USAGE, "ending_at=2026-10-08T00:00:00Z", id="A without a start"),
        pytest.param(LEGACY_USAGE, f"{OCTOBER} time_bucket_width=1d", id="A with the newer report's width"),
        pytest.param(LEGACY_USAGE, f"{OCTOBER} limit=32", id="A with over 31 days a page"),
        pytest.param(LEGACY_USAGE, f"{OCTOBER} bucket_width=1h limit=169", id="A with over a week of hours"),
        pytest.param(
            LEGACY_USAGE, f"{OCTOBER} bucket_width=1m limit=1441", id="A with over a day of minutes"
        ),
        pytest.param(LEGACY_USAGE, f"{OCTOBER} group_by=actor", id="A by actor"),
        pytest.param(
            LEGACY_USAGE,
            f"{OCTOBER} group_by=account_id,api_key_id,model,service_tier,context_window,workspace_id",
            id="A by six dimensions",
        ),
        pytest.param(
            LEGACY_USAGE,
            "starting_at=2026-08-01T00:00:00Z ending_at=2026-09-02T00:00:00Z",
            id="A over 32 days",
        ),
        pytest.param(LEGACY_USAGE, f"{OCTOBER} inference_geos[]=moon", id="A on the moon"),
        pytest.param(LEGACY_COST, f"{OCTOBER} bucket_width=1h", id="B by the hour"),
        pytest.param(LEGACY_COST, f"{OCTOBER} group_by=api_key_id", id="B by key"),
        pytest.param(LEGACY_COST, f"{OCTOBER} models[]=claude-opus-5", id="B with a filter"),
        pytest.param(LEGACY_COST, f"{OCTOBER} limit=32", id="B with over 31 days a page"),
        pytest.param(f"{ROOT}/workspaces", "limit=1001", id="too many workspaces"),
        pytest.param(f"{ROOT}/api_keys", "status=lost", id="keys of an unknown status"),
        pytest.param(
            f"{ROOT}/api_keys", "after_id=apikey_01CiEval before_id=apikey_01CiEval", id="keys both ways"
        ),
        pytest.param(f"{ROOT}/users", "after_id=user_01Nobody", id="users after nobody"),
    ],
)
def test_what_one_endpoint_does_not_know_is_refused(ask: Asker, path: str, text: str) -> None:
    assert ask.refused(path, text)[:2] == (400, "invalid_request_error")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("starting_at=2026-10-20T00:00:00Z", id="today without an end"),
        pytest.param(
            "starting_at=2026-10-19T00:00:00Z ending_at=2026-10-19T23:59:59Z",
            id="a day up to its last second",
        ),
        pytest.param(
            "starting_at=2026-10-19T00:00:00Z ending_at=2026-10-18T00:00:00Z", id="an end before the start"
        ),
    ],
)
def test_report_b_wants_midnight_after_the_start_and_says_not_to_try_again(ask: Asker, text: str) -> None:
    status, _, message = ask.refused(LEGACY_COST, text)
    assert (status, message) == (400, "Invalid date range: ending date must be after starting date")
    answer = ask.answer(LEGACY_COST, [("starting_at", "2026-10-20T00:00:00Z")])
    assert answer.headers["x-should-retry"] == "false"


@pytest.mark.parametrize(
    ("headers", "path", "text", "expected"),
    [
        pytest.param(
            {"x-api-key": "sk-ant-other"}, COST, HOURLY, (401, "authentication_error"), id="wrong key"
        ),
        pytest.param({"x-api-key": ""}, f"{ROOT}/me", "", (401, "authentication_error"), id="no key"),
        pytest.param(
            {"x-api-key": "", "authorization": DEMO_KEY[:-1]},
            f"{ROOT}/me",
            "",
            (401, "authentication_error"),
            id="a bearer cut short",
        ),
        pytest.param(
            {"anthropic-version": "2024-01-01"},
            f"{ROOT}/me",
            "",
            (400, "invalid_request_error"),
            id="version",
        ),
        pytest.param({"anthropic-beta": ""}, COST, HOURLY, (400, "invalid_request_error"), id="C/D, no beta"),
        pytest.param(
            {"anthropic-beta": ""},
            LEGACY_USAGE,
            f"{OCTOBER} group_by=speed",
            (400, "invalid_request_error"),
            id="A by speed, no beta",
        ),
        pytest.param({}, f"{ROOT}/analytics/costs", HOURLY, (404, "not_found_error"), id="unknown path"),
        pytest.param({}, f"{ROOT}/api_keys/apikey_01None", "", (404, "not_found_error"), id="unknown key"),
        pytest.param({}, f"{ROOT}/workspaces/x", "", (404, "not_found_error"), id="unknown workspace"),
    ],
)
def test_headers_and_paths_are_checked(
    ask: Asker, headers: dict[str, str], path: str, text: str, expected: tuple[int, str]
) -> None:
    assert replace(ask, headers=HEADERS | headers).refused(path, text)[:2] == expected


def test_a_request_without_a_version_is_refused(ask: Asker) -> None:
    headers = {"x-api-key": DEMO_KEY}
    assert (
        replace(ask, headers=headers).refused(f"{ROOT}/me", "")[2] == "anthropic-version: header is required"
    )


def test_a_bearer_is_as_good_as_an_api_key(ask: Asker) -> None:
    headers = {"authorization": f"Bearer {DEMO_KEY}", "anthropic-version": "2026-10-21"}
    assert replace(ask, headers=headers).page(f"{ROOT}/me", "")["type"] == "organization"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("POST", f"{ROOT}/me", 405, id="a new name for the organisation"),
        pytest.param("POST", f"{ROOT}/api_keys", 405, id="a new key"),
        pytest.param("POST", f"{ROOT}/nowhere", 404, id="to write where nothing is"),
        pytest.param("PUT", f"{ROOT}/api_keys/apikey_01CiEval", 405, id="a key by PUT"),
        pytest.param("DELETE", f"{ROOT}/api_keys/apikey_01CiEval", 405, id="no key any more"),
    ],
)
def test_nothing_else_is_written_than_a_key(ask: Asker, method: str, path: str, status: int) -> None:
    assert ask.answer(path, [], method, b'{"status": "inactive"}').status == status


def test_the_rate_limit_refuses_without_naming_a_time_and_passes_after_a_minute(
    demo: Demo, ask: Asker
) -> None:
    seconds = [0.0]
    api = Api(demo, RateLimit(2, lambda: seconds[0]))
    request = Request("GET", f"{ROOT}/me", "", HEADERS)
    answers = [api.answer(request, ask.now) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert "retry-after" not in answers[2].headers
    assert json.loads(answers[2].body)["error"]["type"] == "rate_limit_error"
    seconds[0] = 60.0
    assert api.answer(request, ask.now).status == 200
