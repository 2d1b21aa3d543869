"""What the analytics source asks, how far it trusts the answers, and what it does when they are slow."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx
import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.sources.analytics import BETA, AnalyticsSource
from bot.sources.errors import BadAnswer, TimedOut
from tests.fakes.analytics import NOW, START, WATERMARK, WINDOW, Upstream, at, cost


class TestWatermark:
    @pytest.mark.parametrize(
        ("watermarks", "expected"),
        [
            pytest.param([at(WATERMARK)], WATERMARK, id="as said"),
            pytest.param([at(NOW), at(NOW), at(WATERMARK), at(NOW)], WATERMARK, id="the least of all pages"),
            pytest.param([None], NOW - 24 * HOUR, id="not said: a day"),
            pytest.param([at(WATERMARK), None], NOW - 24 * HOUR, id="not said once: a day"),
            pytest.param([at(NOW + DAY)], NOW, id="never in the future"),
        ],
    )
    def test_how_far_the_figures_can_be_trusted(
        self,
        upstream: Upstream,
        source: AnalyticsSource,
        watermarks: list[str | None],
        expected: datetime,
    ) -> None:
        upstream.costs, upstream.usages = [[], []], [[], []]
        upstream.watermarks = watermarks
        assert source.fetch(WINDOW, Grain.HOUR, NOW).watermark == expected

    def test_one_without_a_zone_is_refused(self, upstream: Upstream, source: AnalyticsSource) -> None:
        upstream.watermarks = ["2026-11-19T15:40:00"]
        with pytest.raises(BadAnswer, match="data_refreshed_at"):
            source.fetch(WINDOW, Grain.HOUR, NOW)


class TestQuestions:
    def test_what_is_asked(self, upstream: Upstream, source: AnalyticsSource) -> None:
        source.fetch(WINDOW, Grain.HOUR, NOW)
        costs, usage = (parse_qsl(request.url.query.decode()) for request in upstream.asked)
        common = [
            ("starting_at", "2026-11-19T14:00:00Z"),
            ("ending_at", "2026-11-19T16:00:00Z"),
            ("time_bucket_width", "1h"),
            ("order_by", "time"),
            ("order", "asc"),
            ("limit", "1000"),
        ]
        assert usage[:6] == costs[:6] == common
        assert all(request.headers["anthropic-beta"] == BETA for request in upstream.asked)

    def test_never_more_than_five_dimensions(self, upstream: Upstream, source: AnalyticsSource) -> None:
        source.fetch(WINDOW, Grain.HOUR, NOW)
        source.day_totals(Window(START.replace(hour=0) - 35 * DAY, START.replace(hour=0)), NOW)
        for request in upstream.asked:
            counted = set(request.url.params.get_list("group_by[]")) - {"cost_type", "token_type"}
            assert len(counted) <= 5

    def test_never_more_than_31_days_at_once(self, upstream: Upstream, source: AnalyticsSource) -> None:
        source.day_totals(Window(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC)), NOW)
        spans = [
            [datetime.fromisoformat(request.url.params[name]) for name in ("starting_at", "ending_at")]
            for request in upstream.asked
        ]
        assert all(end - start <= 31 * DAY for start, end in spans)
        assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]

    @pytest.mark.parametrize(
        ("now", "earliest"),
        [
            (NOW, datetime(2026, 1, 1, tzinfo=UTC)),
            (datetime(2027, 3, 5, 12, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)),
        ],
    )
    def test_how_far_back_it_may_be_asked(
        self, source: AnalyticsSource, now: datetime, earliest: datetime
    ) -> None:
        assert source.earliest(now) == earliest

    def test_totals_are_added_up_by_day_workspace_and_model(
        self, upstream: Upstream, source: AnalyticsSource
    ) -> None:
        upstream.costs = [[cost("1"), cost("2", model=None)], [cost("4")]]
        day = START.replace(hour=0)
        totals = source.day_totals(Window(day, day + DAY), NOW)
        assert totals == {
            (day, "wrkspc_lab", "claude-opus-5"): 50_000_000,
            (day, "wrkspc_lab", ""): 20_000_000,
        }


class TestSlowness:
    def test_a_window_too_slow_to_answer_is_read_in_halves(
        self, upstream: Upstream, source: AnalyticsSource
    ) -> None:
        day = Window(START - 24 * HOUR, START)
        hours = [day.start + number * HOUR for number in range(24)]
        upstream.costs = [[cost("1", hour) for hour in hours]]
        upstream.slow = lambda request: _length(request) > 6 * HOUR
        piece = source.fetch(day, Grain.HOUR, NOW)
        assert sorted(row.hour for row in piece.rows) == hours
        assert piece.window == day

    def test_a_single_hour_too_slow_to_answer_is_an_error(
        self, upstream: Upstream, source: AnalyticsSource
    ) -> None:
        upstream.slow = lambda _: True
        with pytest.raises(TimedOut):
            source.fetch(WINDOW, Grain.HOUR, NOW)


def _length(request: httpx.Request) -> timedelta:
    start, end = (datetime.fromisoformat(request.url.params[name]) for name in ("starting_at", "ending_at"))
    return end - start
