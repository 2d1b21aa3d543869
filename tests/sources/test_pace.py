from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.trouble import Stopping
from bot.sources.pace import IMPATIENT_LADDER, LADDER, Pace, wait_after
from tests.fakes.machine import FakeTime

SENT = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
DATE = {"date": "Thu, 19 Nov 2026 16:00:00 GMT"}
AHEAD, PAST = (SENT + timedelta(seconds=s) for s in (12, -3))
RESET = "anthropic-ratelimit-requests-reset"
MS_FIRST = {"retry-after-ms": "2500", "retry-after": "30", RESET: AHEAD.isoformat(), **DATE}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param(MS_FIRST, 2.5, id="milliseconds come before all else"),
        pytest.param({"retry-after": "30", RESET: AHEAD.isoformat(), **DATE}, 30, id="then seconds"),
        pytest.param({"retry-after": "0.5"}, 0.5, id="a part of a second"),
        pytest.param({"retry-after": "Thu, 19 Nov 2026 16:00:45 GMT", **DATE}, 45, id="or a date"),
        pytest.param({RESET: AHEAD.isoformat(), **DATE}, 12, id="then the reset of the limit"),
        pytest.param({RESET: "2026-11-19T16:00:12Z", **DATE}, 12, id="written as upstream does"),
    ],
)
def test_an_answer_that_says_how_long_is_obeyed(headers: dict[str, str], seconds: float) -> None:
    assert wait_after(429, headers, 3) == seconds


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing said"),
        pytest.param({RESET: PAST.isoformat(), **DATE}, id="a reset that has passed"),
        pytest.param({RESET: AHEAD.isoformat()}, id="a reset without a date to hold it against"),
        pytest.param({"retry-after": "Thu, 19 Nov 2026 15:59:00 GMT", **DATE}, id="a date that has passed"),
        pytest.param({"retry-after": "0"}, id="zero"),
        pytest.param({"retry-after": "-5"}, id="less than nothing"),
        pytest.param({"retry-after": "soon"}, id="a word"),
        pytest.param({"retry-after": "nan"}, id="not a number"),
        pytest.param({"retry-after": "inf", "retry-after-ms": "inf"}, id="for ever"),
        pytest.param({RESET: "tomorrow", **DATE}, id="an unreadable reset"),
    ],
)
@pytest.mark.parametrize(("status", "ladder"), [(429, LADDER), (500, IMPATIENT_LADDER)])
def test_else_the_ladder_is_climbed_with_jitter(
    headers: dict[str, str], status: int, ladder: tuple[float, ...]
) -> None:
    for attempt, rung in enumerate([*ladder, ladder[-1]]):
        assert 0.9 * rung <= wait_after(status, headers, attempt) <= 1.1 * rung


def test_the_reset_of_a_limit_says_nothing_about_a_broken_server() -> None:
    assert wait_after(500, {RESET: AHEAD.isoformat(), **DATE}, 0) < 2
    assert wait_after(529, {"retry-after": "7"}, 0) == 7


def test_a_bare_rate_limit_is_waited_out_for_more_than_a_minute() -> None:
    assert 0.9 * sum(LADDER) > 60


@given(st.lists(st.floats(0, 5), max_size=30), st.sampled_from([1.0, 30.0, 60.0, 600.0]))
def test_requests_never_start_closer_than_the_limit_allows(work: list[float], per_minute: float) -> None:
    time = FakeTime()
    pace = time.pace(per_minute)
    starts = []
    for seconds in work:
        pace.wait_for_turn()
        starts.append(time.seconds)
        time.seconds += seconds
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert all(gap >= 60 / per_minute - 1e-9 for gap in gaps)
    slow_enough = [gap for gap, spent in zip(gaps, work, strict=False) if spent >= 60 / per_minute]
    assert all(wait > 0 for wait in time.waits)
    assert len(time.waits) <= len(gaps) - len(slow_enough)


def test_who_is_told_to_stop_stops_even_when_there_is_nothing_to_wait_for() -> None:
    def sleep(_: float) -> None:
        raise Stopping

    with pytest.raises(Stopping):
        Pace(100_000, lambda: 0.0, sleep).wait_for_turn()
