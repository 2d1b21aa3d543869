"""The fallback upstream end to end: slices to the nano-dollar."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window, ceil
from bot.facts.money import Usd
from bot.facts.spend import Basis, Slice, SpendRow
from bot.sources.errors import BadAnswer
from tests.sources.admin_organisation import LATER, MIDNIGHT, OPUS, Organisation, fetch, rfc, whole_day

NOON = MIDNIGHT + 12 * HOUR
NEW = "claude-quasar-9"


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
