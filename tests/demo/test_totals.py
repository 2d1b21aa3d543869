from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo import Demo
from bot.demo.api.words import DIMENSIONS
from bot.demo.facts import watermark
from bot.facts.clock import DAY, HOUR
from tests.demo.asking import (
    COST,
    LEGACY_COST,
    LEGACY_USAGE,
    USAGE,
    Asker,
    added,
    nano,
    results,
    tokens,
)


def _range(start: datetime, end: datetime) -> str:
    return f"starting_at={start:%Y-%m-%dT%H:%M:%SZ} ending_at={end:%Y-%m-%dT%H:%M:%SZ}"


def _months(demo: Demo) -> list[str]:
    starts = [demo.history_start + timedelta(days=days) for days in range(0, 125, 31)]
    return [_range(start, min(start + timedelta(days=31), demo.story_end)) for start in starts]


def test_report_d_over_all_windows_is_the_bill_to_the_nano_dollar(demo: Demo) -> None:
    ask = Asker(demo, demo.story_end + 2 * DAY)
    windows = [ask.rows(COST, f"{month} group_by=api_key_id,model limit=1000") for month in _months(demo)]
    assert sum(nano(rows) for rows in windows) == int(demo.facts.nano.sum())
    assert sum(nano(rows, "list_amount") for rows in windows) == int(demo.facts.list_nano.sum())


@settings(max_examples=25, deadline=None)
@given(
    hours=st.integers(1, 6 * 24),
    offset=st.integers(0, 3 * 24),
    group_by=st.lists(st.sampled_from(DIMENSIONS[:3] + DIMENSIONS[6:]), unique=True, max_size=4),
    kinds=st.sampled_from(["", ",cost_type", ",cost_type,token_type"]),
    width=st.sampled_from(["", "time_bucket_width=1h", "time_bucket_width=1d"]),
)
def test_however_cost_is_cut_it_adds_up_to_the_same(
    demo: Demo, hours: int, offset: int, group_by: list[str], kinds: str, width: str
) -> None:
    ask = Asker(demo, demo.story_start + 8 * DAY + timedelta(minutes=47))
    start = demo.story_start + 2 * DAY + offset * HOUR
    window = _range(start, start + hours * HOUR)
    names = ",".join(["workspace_id", *(name for name in group_by if name != "workspace_id")])
    cut = ask.rows(COST, f"{window} {width} group_by={names}{kinds} limit=1000")
    whole = ask.rows(COST, window)
    assert nano(cut) == nano(whole)
    assert nano(cut, "list_amount") == nano(whole, "list_amount")


def test_hours_add_up_to_days_in_both_reports(ask: Asker) -> None:
    window = "starting_at=2026-10-17T00:00:00Z ending_at=2026-10-21T00:00:00Z group_by=model limit=1000"
    for path in (COST, USAGE):
        hourly = ask.rows(path, f"{window} time_bucket_width=1h")
        daily = ask.rows(path, f"{window} time_bucket_width=1d")
        assert _by_day(path, hourly) == _by_day(path, daily)
        assert len(hourly) > len(daily)


def _by_day(path: str, rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, ...]]:
    cells: dict[tuple[str, str], list[tuple[int, ...]]] = {}
    for row in rows:
        cell = (row["starting_at"][:10], row["group"]["model"])
        figures = (nano([row]), row["cost"]["requests"]) if path == COST else tokens(row["usage"])
        cells.setdefault(cell, []).append(figures)
    return {cell: added(figures) for cell, figures in cells.items()}


@pytest.mark.parametrize("width", ["1h", "1d"])
def test_reports_a_and_c_count_the_same_tokens_in_every_bucket(ask: Asker, width: str) -> None:
    window = "starting_at=2026-10-17T00:00:00Z ending_at=2026-10-21T00:00:00Z"
    new = ask.rows(USAGE, f"{window} time_bucket_width={width} limit=1000")
    old = [
        bucket
        for page in ask.pages(LEGACY_USAGE, f"{window} bucket_width={width} limit=5")
        for bucket in page["data"]
    ]
    by_bucket = {row["starting_at"]: tokens(row["usage"]) for row in new}
    assert {b["starting_at"]: tokens(b["results"][0]) for b in old if b["results"]} == by_bucket
    assert len(by_bucket) == (87 if width == "1h" else 4)


def test_report_b_is_report_d_without_the_priority_tier(ask: Asker) -> None:
    window = "starting_at=2026-10-17T00:00:00Z ending_at=2026-10-21T00:00:00Z"
    rows = ask.rows(COST, f"{window} group_by=service_tier")
    by_tier = {row["group"]["service_tier"]: nano([row]) for row in rows}
    billed = sum(by_tier.values()) - by_tier["priority"]
    for group_by in (
        "",
        "group_by=workspace_id",
        "group_by=description",
        "group_by=workspace_id,description",
    ):
        assert nano(results(ask.rows(LEGACY_COST, f"{window} {group_by}"))) == billed
    assert by_tier["priority"] > 0


def test_money_is_tokens_times_price_less_the_discount(demo: Demo) -> None:
    facts = demo.facts
    number = next(i for i, line in enumerate(facts.lines) if line.batch and line.model == "claude-sonnet-5")
    prices = np.array([1_000, 100, 1_250, 2_000, 5_000])
    assert np.array_equal(facts.list_nano[number, :, :5], facts.usage.tokens[number] * prices)
    assert np.array_equal(facts.nano, facts.list_nano * 93 // 100)


def test_an_hour_settles_upwards_within_a_day_and_then_stays(demo: Demo) -> None:
    hour = demo.story_start + 10 * HOUR
    text = _range(hour, hour + HOUR)

    def amount(after: timedelta) -> int:
        return nano(Asker(demo, hour + HOUR + after).rows(COST, text))

    young, settled = amount(timedelta(hours=2)), amount(timedelta(hours=21))
    assert 0.990 < young / settled < 0.995
    assert amount(timedelta(hours=12)) == young
    assert amount(timedelta(days=9)) == settled


def test_the_hour_in_progress_holds_the_share_that_has_passed(demo: Demo) -> None:
    hour = demo.story_start + 10 * HOUR
    text = _range(hour, hour + HOUR)

    def requests(after: timedelta) -> int:
        return sum(row["usage"]["requests"] for row in Asker(demo, hour + after).rows(USAGE, text))

    full = requests(timedelta(hours=2))
    assert requests(timedelta(minutes=20)) == 0
    assert requests(timedelta(minutes=57)) == pytest.approx(full / 2, abs=len(demo.facts.lines))
    assert requests(timedelta(minutes=80)) == full


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        pytest.param(0, "13:40", id="on the hour"),
        pytest.param(9, "13:40", id="just before the next refresh"),
        pytest.param(47, "14:20", id="in between"),
    ],
)
def test_the_watermark_lags_twenty_minutes_in_steps_of_ten(ask: Asker, minute: int, expected: str) -> None:
    at = ask.now.replace(minute=minute)
    assert f"{watermark(at):%H:%M}" == expected
    ask.now = at
    assert (
        ask.page(COST, "starting_at=2026-10-20T00:00:00Z")["data_refreshed_at"]
        == f"2026-10-20T{expected}:00Z"
    )
