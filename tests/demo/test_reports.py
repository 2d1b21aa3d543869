from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.demo import Demo
from bot.demo.api.words import DIMENSIONS
from tests.demo.asking import COST, LEGACY_COST, LEGACY_USAGE, USAGE, Asker, nano, results

DAYS = "starting_at=2026-10-17T00:00:00Z ending_at=2026-10-20T00:00:00Z"
WEEK = "starting_at=2026-10-12T00:00:00Z ending_at=2026-10-19T00:00:00Z"
FIVE = "group_by=api_key_id,workspace_id,model,actor,product"


def test_pages_are_the_whole_cut_up(ask: Asker) -> None:
    text = f"{DAYS} time_bucket_width=1h {FIVE} order_by=time order=asc"
    whole = ask.rows(COST, f"{text} limit=1000")
    pages = list(ask.pages(COST, f"{text} limit=333"))
    assert [row for page in pages for row in page["data"]] == whole
    assert [len(page["data"]) for page in pages[:-1]] == [333] * (len(pages) - 1)
    assert len(ask.page(COST, text)["data"]) == 20


def test_fanned_out_rows_do_not_count_towards_the_limit(ask: Asker) -> None:
    page = ask.page(COST, f"{DAYS} group_by=model,cost_type,token_type limit=2")
    assert len({row["group"]["model"] for row in page["data"]}) == 2
    assert len(page["data"]) > 5


def test_a_cursor_belongs_to_its_query(ask: Asker) -> None:
    text = f"{DAYS} time_bucket_width=1h {FIVE} limit=50"
    cursor = ask.page(COST, text)["next_page"]
    assert ask.page(COST, text, ("page", cursor))["data"]
    for other in (
        text.replace("limit=50", "limit=51"),
        f"{text} order=asc",
        f"{text} models[]=claude-opus-4-8",
    ):
        status, _, message = ask.refused(COST, other, ("page", cursor))
        assert status == 400
        assert "Cursor does not match" in message


def test_a_later_page_shows_the_moment_of_the_first(demo: Demo, ask: Asker) -> None:
    text = f"{DAYS} time_bucket_width=1h {FIVE} limit=500 order_by=time".replace("10-20T00", "10-21T00")
    first = ask.page(COST, text)
    steady = ask.page(COST, text, ("page", first["next_page"]))
    later = Asker(demo, ask.now + timedelta(hours=3)).page(COST, text, ("page", first["next_page"]))
    assert later == steady


@pytest.mark.parametrize(
    ("path", "order_by", "figure"),
    [
        pytest.param(COST, "amount", lambda row: nano([row]), id="cost by amount"),
        pytest.param(COST, "list_amount", lambda row: nano([row], "list_amount"), id="cost by list amount"),
        pytest.param(USAGE, "total_tokens", lambda row: row["usage"]["total_tokens"], id="by tokens"),
        pytest.param(USAGE, "output_tokens", lambda row: row["usage"]["output_tokens"], id="by output"),
        pytest.param(
            USAGE, "uncached_input_tokens", lambda row: row["usage"]["uncached_input_tokens"], id="by input"
        ),
        pytest.param(USAGE, "requests", lambda row: row["usage"]["requests"], id="by requests"),
    ],
)
def test_rows_come_in_the_order_asked_for(ask: Asker, path: str, order_by: str, figure: Any) -> None:
    text = f"{DAYS} time_bucket_width=1d {FIVE} limit=1000 order_by={order_by}"
    down = [figure(row) for row in ask.rows(path, text)]
    assert down == sorted(down, reverse=True)
    assert [figure(row) for row in ask.rows(path, f"{text} order=asc")] == down[::-1]


def test_ordered_by_time_the_newest_bucket_comes_first_and_in_it_the_dearest(ask: Asker) -> None:
    rows = ask.rows(COST, f"{DAYS} time_bucket_width=1d group_by=api_key_id order_by=time limit=1000")
    assert rows == sorted(rows, key=lambda row: (row["starting_at"], nano([row])), reverse=True)


def test_every_dimension_is_a_key_and_null_unless_asked_for(ask: Asker) -> None:
    cost, usage = ask.rows(COST, f"{DAYS} {FIVE}")[0], ask.rows(USAGE, f"{DAYS} group_by=speed")[0]
    assert set(cost["group"]) == {*DIMENSIONS, "cost_type", "token_type"}
    assert {name for name, value in usage["group"].items() if value is not None} == {"speed"}
    assert set(usage["group"]) == set(DIMENSIONS)
    assert cost["cost"]["currency"] == "USD"


def test_without_grouping_or_width_there_is_one_row_over_whole_hours(ask: Asker) -> None:
    (row,) = ask.rows(COST, "starting_at=2026-10-19T00:10:00Z")
    assert (row["starting_at"], row["ending_at"]) == ("2026-10-19T00:00:00Z", "2026-10-20T14:00:00Z")


def test_hours_and_keys_without_traffic_have_no_rows(ask: Asker) -> None:
    text = f"{DAYS} time_bucket_width=1h group_by=api_key_id api_key_ids[]=apikey_01WeekendBatch limit=1000"
    hours = {row["starting_at"][8:13] for row in ask.rows(USAGE, text)}
    assert hours == {f"{day}T{hour:02d}" for day in (17, 18) for hour in range(6, 14)}
    assert ask.rows(USAGE, text.replace("WeekendBatch", "LegacyImport")) == []


def test_cost_types_alone_token_types_alone_and_both(ask: Asker) -> None:
    def kinds(names: str) -> set[tuple[str, str | None]]:
        rows = ask.rows(COST, f"{WEEK} group_by={names}")
        assert all(row["cost"]["requests"] is None for row in rows)
        return {(row["group"]["cost_type"], row["group"]["token_type"]) for row in rows}

    others: set[tuple[str, str | None]] = {("web_search", None), ("code_execution", None)}
    by_token = kinds("token_type")
    assert kinds("cost_type") == {("tokens", None)} | others
    assert {kind for kind, _ in by_token} == {"tokens"}
    assert len(by_token) == 5
    assert kinds("cost_type,token_type") == by_token | others


@pytest.mark.parametrize(
    ("condition", "dimension", "values"),
    [
        pytest.param("api_key_ids[]=apikey_01CiEval", "api_key_id", {"apikey_01CiEval"}, id="one key"),
        pytest.param(
            "api_key_ids[]=,apikey_01CiEval", "api_key_id", {None, "apikey_01CiEval"}, id="a key and no key"
        ),
        pytest.param("workspace_ids[]=wrkspc_01Default", "workspace_id", {"wrkspc_01Default"}, id="default"),
        pytest.param("models[]=claude-opus-4-8", "model", {"claude-opus-4-8"}, id="a model"),
        pytest.param("products[]=claude_code", "product", {"claude_code"}, id="a product"),
        pytest.param(
            "products[]=claude_console,message_batches_api",
            "product",
            {"claude_console", "message_batches_api"},
            id="two products",
        ),
        pytest.param("service_tiers[]=batch", "service_tier", {"batch"}, id="a tier"),
        pytest.param("inference_geos[]=not_available", "inference_geo", {None}, id="no region"),
        pytest.param("agent_ids[]=agent_1", "agent_id", set(), id="what this organisation does not have"),
        pytest.param(
            "actor_ids[]=user_01Hana products[]=message_batches_api", "product", set(), id="nothing does both"
        ),
    ],
)
def test_filters_keep_what_they_name(
    ask: Asker, condition: str, dimension: str, values: set[str | None]
) -> None:
    rows = ask.rows(USAGE, f"{DAYS} group_by={dimension} {condition} limit=1000")
    assert {row["group"][dimension] for row in rows} == values


def test_an_actor_is_a_person_a_service_account_a_key_or_an_identity_from_elsewhere(ask: Asker) -> None:
    rows = ask.rows(COST, f"{DAYS} group_by=actor limit=1000")
    actors = [row["group"]["actor"] for row in rows]
    assert {actor["type"] for actor in actors if actor} == {
        "user_actor",
        "service_account_actor",
        "api_actor",
        "federated_actor",
    }
    hana = {
        "type": "user_actor",
        "user_id": "user_01Hana",
        "name": "Hana",
        "email_address": "hana@lighthouse.example",
        "deleted": False,
    }
    assert hana in actors


def test_identities_that_cannot_be_shown_are_rows_of_their_own(ask: Asker) -> None:
    rows = ask.rows(COST, f"{DAYS} time_bucket_width=1d {FIVE} limit=1000")
    hidden = [row for row in rows if row["group"]["actor"] is None]
    assert len(hidden) == 2 * 3
    assert len({str(row["group"]) for row in hidden}) == 1


def test_a_person_who_left_can_be_left_out(ask: Asker) -> None:
    def left(extra: str) -> list[dict[str, Any]]:
        rows = ask.rows(COST, f"{DAYS} group_by=actor limit=1000 {extra}")
        return [row for row in rows if (row["group"]["actor"] or {}).get("deleted")]

    assert [row["group"]["actor"]["name"] for row in left("")] == ["Deleted User"]
    assert left("exclude_deleted_users=true") == []


def test_amounts_are_cents_with_fractions_below_the_list_price(ask: Asker) -> None:
    row = ask.rows(COST, f"{DAYS} group_by=api_key_id api_key_ids[]=apikey_01StatusPage")[0]
    amount, full = Decimal(row["cost"]["amount"]), Decimal(row["cost"]["list_amount"])
    assert 300 < full < 2000
    assert amount / full == pytest.approx(Decimal("0.93"), rel=Decimal("0.001"))
    assert amount != amount.to_integral_value()


def test_report_a_pages_by_bucket_oldest_first_with_empty_ones(ask: Asker) -> None:
    text = f"{DAYS} bucket_width=1h api_key_ids[]=apikey_01NightlyBatch group_by=api_key_id,speed limit=30"
    pages = list(ask.pages(LEGACY_USAGE, text))
    assert [len(page["data"]) for page in pages] == [30, 30, 12]
    buckets = [bucket for page in pages for bucket in page["data"]]
    assert buckets == sorted(buckets, key=lambda bucket: str(bucket["starting_at"]))
    assert {bucket["starting_at"][11:13] for bucket in buckets if bucket["results"]} == {
        "01",
        "02",
        "03",
        "04",
    }
    row = results(buckets)[0]
    assert (row["api_key_id"], row["speed"], row["model"]) == ("apikey_01NightlyBatch", "standard", None)


def test_report_a_fills_seven_days_by_default_and_reaches_into_today(ask: Asker) -> None:
    page = ask.page(LEGACY_USAGE, "starting_at=2026-10-14T05:00:00Z")
    assert len(page["data"]) == 7
    assert page["data"][-1]["ending_at"] == "2026-10-21T00:00:00Z"
    assert page["data"][-1]["results"]
    assert "speed" not in page["data"][-1]["results"][0]


def test_reports_a_and_b_call_the_default_workspace_null(ask: Asker) -> None:
    for path in (LEGACY_USAGE, LEGACY_COST):
        rows = results(ask.page(path, f"{DAYS} group_by=workspace_id")["data"])
        assert {row["workspace_id"] for row in rows} == {
            None,
            "wrkspc_01Production",
            "wrkspc_01InternalTools",
            "wrkspc_01Research",
            "wrkspc_01ClaudeCode",
        }


def test_report_b_parses_its_descriptions(ask: Asker) -> None:
    rows = results(ask.page(LEGACY_COST, f"{WEEK} group_by=description")["data"])
    by_text = {row["description"]: row for row in rows}
    opus = by_text["Claude Opus 4.8 Usage - Cache Read Tokens"]
    assert (opus["model"], opus["token_type"]) == ("claude-opus-4-8", "cache_read_input_tokens")
    haiku = by_text["Claude Haiku 4.5 Usage - Output Tokens"]
    assert (haiku["cost_type"], haiku["inference_geo"]) == ("tokens", "not_available")
    container = by_text["Code Execution Usage"]
    assert (container["cost_type"], container["model"], container["service_tier"]) == (
        "code_execution",
        None,
        None,
    )
    assert {row["service_tier"] for row in rows} == {"standard", "batch", None}


def test_report_b_without_grouping_is_one_sum_a_day(ask: Asker) -> None:
    page = ask.page(LEGACY_COST, DAYS)
    assert [len(bucket["results"]) for bucket in page["data"]] == [1, 1, 1]
    row = page["data"][0]["results"][0]
    assert {name for name, value in row.items() if value is not None} == {"amount", "currency"}


def test_before_the_organisation_existed_there_is_nothing(ask: Asker) -> None:
    june = "starting_at=2026-06-27T00:00:00Z ending_at=2026-06-30T00:00:00Z"
    assert ask.rows(COST, f"{june} time_bucket_width=1d") == []
    assert [bucket["results"] for bucket in ask.rows(LEGACY_USAGE, june)] == [[], [], []]
    across = june.replace("06-30", "07-03")
    assert [len(bucket["results"]) for bucket in ask.rows(LEGACY_COST, across)] == [0, 0, 0, 0, 1, 1]
