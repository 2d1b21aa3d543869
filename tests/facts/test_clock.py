"""Buckets are UTC, whatever zone an instant is written in."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.clock import DAY, HOUR, Grain, Window, at_index, ceil, floor, index

ZONES = (
    "UTC",
    "Asia/Kathmandu",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Monrovia",
)
INSTANTS = st.builds(
    datetime.fromtimestamp, st.integers(-300_000_000, 4_000_000_000), st.sampled_from(ZONES).map(ZoneInfo)
)
GRAINS = st.sampled_from(Grain)
KATHMANDU = timezone(timedelta(hours=5, minutes=45))
NEW_YORK = ZoneInfo("America/New_York")
NO_ZONE = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)


def utc(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "grain", "start", "next_start"),
    [
        pytest.param(utc(1, 14, 35), Grain.HOUR, utc(1, 14), utc(1, 15), id="within an hour"),
        pytest.param(utc(1, 14), Grain.HOUR, utc(1, 14), utc(1, 14), id="an hour's very start"),
        pytest.param(utc(1, 14), Grain.DAY, utc(1), utc(2), id="within a day"),
        pytest.param(
            datetime(2026, 11, 2, 5, 50, tzinfo=KATHMANDU),
            Grain.HOUR,
            utc(2, 0),
            utc(2, 1),
            id="a zone off by three quarters of an hour has UTC hours all the same",
        ),
        pytest.param(
            datetime(2026, 11, 2, 5, 40, tzinfo=KATHMANDU),
            Grain.DAY,
            utc(1),
            utc(2),
            id="tomorrow in Kathmandu is still today in UTC",
        ),
        pytest.param(
            datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1),
            Grain.HOUR,
            utc(1, 6),
            utc(1, 7),
            id="the second half past one in the night the clocks go back",
        ),
        pytest.param(
            datetime(1969, 12, 31, 23, 30, tzinfo=UTC),
            Grain.HOUR,
            datetime(1969, 12, 31, 23, tzinfo=UTC),
            datetime(1970, 1, 1, tzinfo=UTC),
            id="before 1970",
        ),
    ],
)
def test_floor_and_ceil(at: datetime, grain: Grain, start: datetime, next_start: datetime) -> None:
    assert floor(at, grain) == start
    assert ceil(at, grain) == next_start


@settings(deadline=None, max_examples=40)
@given(INSTANTS, GRAINS)
def test_every_instant_lies_in_its_bucket(at: datetime, grain: Grain) -> None:
    start = floor(at, grain)
    assert start <= at < start + grain.width
    assert start.tzinfo is UTC
    assert index(at, grain) == index(start, grain)
    assert at_index(index(at, grain), grain) == start
    assert ceil(at, grain) - at < grain.width
    assert floor(ceil(at, grain), grain) == ceil(at, grain)


@pytest.mark.parametrize("grain", list(Grain))
def test_an_instant_without_a_zone_is_refused(grain: Grain) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        floor(NO_ZONE, grain)


@pytest.mark.parametrize(
    ("window", "longest", "lengths"),
    [
        pytest.param(Window(utc(1), utc(2)), DAY, [24], id="it fits as it is"),
        pytest.param(Window(utc(1), utc(2)), 10 * HOUR, [10, 10, 4], id="the last piece is shorter"),
        pytest.param(Window(utc(1), utc(1, 1)), DAY, [1], id="shorter than allowed"),
    ],
)
def test_split(window: Window, longest: timedelta, lengths: list[int]) -> None:
    assert [piece.length / HOUR for piece in window.split(longest)] == lengths


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 500), st.integers(1, 100))
def test_pieces_join_without_gap_or_overlap(hours: int, longest: int) -> None:
    window = Window(utc(1), utc(1) + hours * HOUR)
    pieces = list(window.split(longest * HOUR))
    assert (pieces[0].start, pieces[-1].end) == (window.start, window.end)
    assert all(one.end == other.start for one, other in pairwise(pieces))
    assert all(piece.length <= longest * HOUR for piece in pieces)


@pytest.mark.parametrize(
    ("start", "end", "complaint"),
    [
        pytest.param(utc(2), utc(1), "end after it starts", id="it ends before it starts"),
        pytest.param(utc(1), utc(1), "end after it starts", id="it is empty"),
        pytest.param(NO_ZONE, utc(2), "time zones", id="the start has no zone"),
        pytest.param(utc(1), NO_ZONE, "time zones", id="the end has no zone"),
    ],
)
def test_impossible_windows_are_refused(start: datetime, end: datetime, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Window(start, end)


def test_a_window_that_never_advances_cannot_be_split_for_ever() -> None:
    with pytest.raises(ValueError, match="end after it starts"):
        list(Window(utc(1), utc(2)).split(timedelta(0)))


def test_a_window_is_shown_in_utc() -> None:
    assert str(Window(utc(1), utc(2, 3))) == "2026-11-01 00:00 to 2026-11-02 03:00 UTC"
    assert str(Window(utc(1).astimezone(KATHMANDU), utc(2, 3))) == "2026-11-01 00:00 to 2026-11-02 03:00 UTC"
