"""Which hours words mean: all UTC, cut at the end of the hour in hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.clock import HOUR, Grain, floor
from bot.questions.periods import period_at, period_before
from bot.questions.unread import Unread
from bot.questions.words import plain, split
from tests.questions.asked import NOW, ask, refusal, utc, window


@pytest.mark.parametrize(
    ("words", "hours", "name"),
    [
        pytest.param("today", "19 to 19T03", "today", id="today, with the hour in hand"),
        pytest.param("yesterday", "18 to 19", "yesterday", id="yesterday whole"),
        pytest.param("day before yesterday", "17 to 18", "17 Nov", id="the day before yesterday"),
        pytest.param("week", "13 to 19T03", "last 7 days", id="seven days with today"),
        pytest.param("past week", "13 to 19T03", "last 7 days", id="the past week is seven days"),
        pytest.param("this week", "16 to 19T03", "this week", id="from Monday"),
        pytest.param("last week", "9 to 16", "last week", id="the Monday to Sunday before"),
        pytest.param("previous week", "9 to 16", "last week", id="another word for it"),
        pytest.param("month", "1 to 19T03", "this month", id="the month so far"),
        pytest.param("this month", "1 to 19T03", "this month", id="the month by its whole name"),
        pytest.param("month to date", "1 to 19T03", "this month", id="the month as accountants say it"),
        pytest.param("november", "1 to 19T03", "this month", id="the month by name"),
        pytest.param("nov 2026", "1 to 19T03", "this month", id="the month with its year"),
        pytest.param("2026-11", "1 to 19T03", "this month", id="the month in digits"),
        pytest.param("last month", "10-1 to 1", "last month", id="the month before"),
        pytest.param("october", "10-1 to 1", "October", id="an earlier month"),
        pytest.param("dec", "2025-12-1 to 2026-1-1", "December 2025", id="a later month is last year's"),
        pytest.param(
            "last november", "2025-11-1 to 2025-12-1", "November 2025", id="the last one that is over"
        ),
        pytest.param("past month", "10-21 to 19T03", "last 30 days", id="the past month is thirty days"),
        pytest.param("this year", "1-1 to 19T03", "this year", id="the year so far"),
        pytest.param("2025", "2025-1-1 to 2026-1-1", "2025", id="a year"),
        pytest.param("last 3 days", "17 to 19T03", "last 3 days", id="days with today"),
        pytest.param("three days", "17 to 19T03", "last 3 days", id="a number in words"),
        pytest.param("7d", "13 to 19T03", "last 7 days", id="days in short"),
        pytest.param("2w", "6 to 19T03", "last 14 days", id="weeks are days"),
        pytest.param("1d", "19 to 19T03", "today", id="one day is today"),
        pytest.param("24h", "18T03 to 19T03", "last 24 hours", id="hours with the one in hand"),
        pytest.param("last 6 hours", "18T21 to 19T03", "last 6 hours", id="hours in words"),
        pytest.param("past day", "18T03 to 19T03", "last 24 hours", id="the past day is a day's hours"),
        pytest.param("1h", "19T01 to 19T02", "last hour", id="one hour is the last that is over"),
        pytest.param("last hour", "19T01 to 19T02", "last hour", id="the last hour"),
        pytest.param("this hour", "19T02 to 19T03", "this hour", id="the hour in hand"),
        pytest.param("3 months", "9-1 to 19T03", "last 3 months", id="months with this one"),
        pytest.param("3 days ago", "16 to 17", "16 Nov", id="a day that was"),
        pytest.param("a week ago", "9 to 16", "last week", id="a week that was"),
        pytest.param("2 months ago", "9-1 to 10-1", "September", id="a month that was"),
        pytest.param("monday", "16 to 17", "Monday 16 Nov", id="the latest Monday"),
        pytest.param("thursday", "12 to 13", "Thursday 12 Nov", id="today's weekday is last week's"),
        pytest.param("last friday", "13 to 14", "Friday 13 Nov", id="the latest Friday"),
        pytest.param("Monday, 16 Nov", "16 to 17", "Monday 16 Nov", id="a weekday with its date"),
        pytest.param("weekend", "14 to 16", "last weekend", id="the latest weekend"),
        pytest.param("2026-11-18", "18 to 19", "18 Nov", id="a date in digits"),
        pytest.param("18 nov", "18 to 19", "18 Nov", id="a date"),
        pytest.param("Nov 18th, 2026", "18 to 19", "18 Nov", id="an American date"),
        pytest.param("18th of November", "18 to 19", "18 Nov", id="a date in full"),
        pytest.param("18.11.", "18 to 19", "18 Nov", id="a European date"),
        pytest.param("18.11.2026", "18 to 19", "18 Nov", id="a European date with its year"),
        pytest.param("the 18th", "18 to 19", "18 Nov", id="a day of this month"),
        pytest.param("the 20th", "10-20 to 10-21", "20 Oct", id="a day of last month"),
        pytest.param("19 nov", "19 to 19T03", "19 Nov", id="today by its date goes on"),
        pytest.param(
            "20 nov", "2025-11-20 to 2025-11-21", "20 Nov 2025", id="a day not come yet is last year's"
        ),
        pytest.param("29 feb", "2024-2-29 to 2024-3-1", "29 Feb 2024", id="the latest leap day"),
        pytest.param("2026-11-10..2026-11-15", "10 to 16", "10 to 15 Nov", id="two points"),
        pytest.param("2026-11-10…2026-11-15", "10 to 16", "10 to 15 Nov", id="points that a phone joined"),
        pytest.param("2026-11-10\u20132026-11-15", "10 to 16", "10 to 15 Nov", id="a dash that a phone made"),
        pytest.param("2026-11-10/2026-11-15", "10 to 16", "10 to 15 Nov", id="an interval of ISO 8601"),
        pytest.param("10 nov to 15 nov", "10 to 16", "10 to 15 Nov", id="words between"),
        pytest.param("from the 10th to the 15th", "10 to 16", "10 to 15 Nov", id="from one to the other"),
        pytest.param("between 10 nov and 15 nov", "10 to 16", "10 to 15 Nov", id="between both"),
        pytest.param("10-15 nov", "10 to 16", "10 to 15 Nov", id="the month once, after"),
        pytest.param("nov 10 to 15", "10 to 16", "10 to 15 Nov", id="the month once, before"),
        pytest.param("10 nov-15 nov", "10 to 16", "10 to 15 Nov", id="no spaces around the dash"),
        pytest.param("10.11.-15.11.", "10 to 16", "10 to 15 Nov", id="European dates without spaces"),
        pytest.param(
            "10 to 15 nov 2025", "2025-11-10 to 2025-11-16", "10 to 15 Nov 2025", id="one year for both"
        ),
        pytest.param(
            "10 nov to 15 nov 2025", "2025-11-10 to 2025-11-16", "10 to 15 Nov 2025", id="the year at the end"
        ),
        pytest.param("28 oct to 3 nov", "10-28 to 4", "28 Oct to 3 Nov", id="two months"),
        pytest.param("28 dec to 3 jan", "2025-12-28 to 1-4", "28 Dec 2025 to 3 Jan 2026", id="two years"),
        pytest.param("10 nov to 25 nov", "10 to 19T03", "since 10 Nov", id="an end ahead is cut"),
        pytest.param("monday to friday", "9 to 14", "9 to 13 Nov", id="weekdays that are over"),
        pytest.param("fri-mon", "13 to 17", "13 to 16 Nov", id="over a weekend"),
        pytest.param("jan to mar", "1-1 to 4-1", "1 Jan to 31 Mar", id="months"),
        pytest.param("yesterday to now", "18 to 19T03", "since 18 Nov", id="until now"),
        pytest.param("since monday", "16 to 19T03", "since 16 Nov", id="since a weekday"),
        pytest.param("since 10 nov", "10 to 19T03", "since 10 Nov", id="since a date"),
        pytest.param("since 14:00", "18T14 to 19T03", "since 18 Nov 14:00 UTC", id="since an hour"),
        pytest.param("2026-11-18T14:00", "18T14 to 18T15", "18 Nov 14:00 to 15:00 UTC", id="an hour"),
        pytest.param(
            "2026-11-18T16:00+02:00", "18T14 to 18T15", "18 Nov 14:00 to 15:00 UTC", id="an hour elsewhere"
        ),
        pytest.param(
            "2026-11-18 14:00", "18T14 to 18T15", "18 Nov 14:00 to 15:00 UTC", id="an hour in two words"
        ),
        pytest.param(
            "2 pm yesterday", "18T14 to 18T15", "18 Nov 14:00 to 15:00 UTC", id="an hour before its day"
        ),
        pytest.param(
            "14:20", "18T14 to 18T15", "18 Nov 14:00 to 15:00 UTC", id="the latest such hour, whole"
        ),
        pytest.param(
            "2026-11-18T14:00..2026-11-18T16:30",
            "18T14 to 18T17",
            "18 Nov 14:00 to 17:00 UTC",
            id="hours to hours",
        ),
        pytest.param(
            "yesterday 14:00 to 16:00", "18T14 to 18T16", "18 Nov 14:00 to 16:00 UTC", id="hours of a day"
        ),
        pytest.param(
            "yesterday 22:00-02:00",
            "18T22 to 19T02",
            "18 Nov 22:00 to 19 Nov 02:00 UTC",
            id="hours over midnight",
        ),
    ],
)
def test_words_mean_whole_hours_and_are_called(words: str, hours: str, name: str) -> None:
    found = ask(words).period
    assert (found.window, found.name) == (window(hours), name)
    assert found.goes_on == (found.window.end == NOW.replace(hour=3, minute=0))
    assert found.is_month == (found.name == "this month")


@pytest.mark.parametrize(
    ("words", "what", "instead"),
    [
        pytest.param("tomorrow", "tomorrow is still to come", "today", id="tomorrow"),
        pytest.param("next week", "next week is still to come", "this week", id="next week"),
        pytest.param("next month", "next month is still to come", "this month", id="next month"),
        pytest.param("2027-01-01", "1 Jan 2027 is still to come", "today", id="a date ahead"),
        pytest.param("since 2027-01-01", "1 Jan 2027 is still to come", "today", id="since a date ahead"),
        pytest.param(
            "15 nov to 10 nov", "ends after it starts", "10 nov to 15 nov", id="the wrong way round"
        ),
        pytest.param(
            "15-10 nov", "ends after it starts", "10 to 15 nov", id="the wrong way round in one month"
        ),
        pytest.param(
            "31 nov", "no calendar has the day '31 nov'", "30 nov", id="a day that November has not"
        ),
        pytest.param("10 to 31 nov", "no calendar has the day '31 nov'", "10 to 30 nov", id="a range to it"),
        pytest.param(
            "2026-02-30", "no calendar has the day", "28 feb 2026", id="a day that February has not"
        ),
        pytest.param("9999-99-99", "no calendar has the day", "today", id="no date at all"),
        pytest.param("9999-12-31", "no calendar has the day", "today", id="the last day there is"),
        pytest.param("0000-00-00", "no calendar has the day", "today", id="the day before the first"),
        pytest.param("tuesday 16 nov", "16 Nov is a Monday", "16 Nov", id="the wrong weekday"),
        pytest.param(
            "11/12", "'11/12' is the day or the month first", "11 dec", id="two readings of one date"
        ),
        pytest.param("0 days", "'0 days' is no time at all", "1 day", id="no days"),
        pytest.param("99999 days", "'99999 days' reaches further back", "365 days", id="too many days"),
        pytest.param("last 30 min", "spend is known by the hour", "last 1h", id="minutes"),
        pytest.param("last night", "'last night' is no period", "last 12h", id="a part of a day"),
        pytest.param("last wek", "'last wek' is neither", "last week", id="a slip"),
        pytest.param("9" * 1999, "is neither a word nor a name", "today by key", id="a number without end"),
    ],
)
def test_what_is_no_period_is_met_with_the_nearest(words: str, what: str, instead: str) -> None:
    error = refusal(words)
    assert what in str(error)
    assert error.instead == instead


@pytest.mark.parametrize(
    ("words", "before", "name"),
    [
        pytest.param("today", "18 to 18T03", "same hours yesterday", id="today so far"),
        pytest.param("yesterday", "17 to 18", "17 Nov", id="a day"),
        pytest.param("week", "6 to 12T03", "6 Nov 00:00 to 12 Nov 03:00 UTC", id="seven days so far"),
        pytest.param("this week", "9 to 12T03", "9 Nov 00:00 to 12 Nov 03:00 UTC", id="the week so far"),
        pytest.param("last week", "2 to 9", "2 to 8 Nov", id="a week"),
        pytest.param("month", "10-1 to 10-19T03", "1 Oct 00:00 to 19 Oct 03:00 UTC", id="the month so far"),
        pytest.param(
            "last month", "9-1 to 10-1", "September", id="a month that is longer than the one before"
        ),
        pytest.param("march", "2-1 to 3-1", "February", id="a month after a short one"),
        pytest.param("2025", "2024-1-1 to 2025-1-1", "2024", id="a year"),
        pytest.param("monday", "9 to 10", "9 Nov", id="the same weekday of the week before"),
        pytest.param("weekend", "7 to 9", "7 to 8 Nov", id="the weekend before"),
        pytest.param(
            "6h", "17T21 to 18T03", "17 Nov 21:00 to 18 Nov 03:00 UTC", id="the same hours a day ago"
        ),
        pytest.param("10 to 15 nov", "4 to 10", "4 to 9 Nov", id="as many days"),
    ],
)
def test_the_period_before(words: str, before: str, name: str) -> None:
    found = ask(f"compare {words}").against
    assert found
    assert (found.window, found.name) == (window(before), name)


@pytest.mark.parametrize(
    ("now", "words", "hours"),
    [
        pytest.param("19T00", "today", "19 to 19T01", id="at midnight, the first hour"),
        pytest.param("19T00", "yesterday", "18 to 19", id="at midnight, yesterday is over"),
        pytest.param("1T00", "month", "1 to 1T01", id="on the first of the month, its first hour"),
        pytest.param("1T00", "last month", "10-1 to 1", id="on the first of the month, the one before"),
        pytest.param("16T05", "this week", "16 to 16T06", id="on a Monday, the week since midnight"),
        pytest.param("14T05", "last weekend", "7 to 9", id="on a Saturday, the weekend that is over"),
        pytest.param("14T05", "weekend", "14 to 14T06", id="on a Saturday, this one"),
        pytest.param("2027-1-2T05", "28 dec to 1 jan", "2026-12-28 to 2027-1-2", id="over New Year"),
        pytest.param("2026-12-30T05", "28 dec to 3 jan", "2026-12-28 to 2026-12-30T06", id="into New Year"),
    ],
)
def test_the_edges_of_the_calendar(now: str, words: str, hours: str) -> None:
    assert ask(words, utc(now)).period.window == window(hours)


_SOUP = """
today yesterday week month last this past since from to between and .. - 3 24 h days 2 weeks ago monday fri
nov october 10 15 31 19th 2026 2025-02-28 19.11. 14:00 2026-11-18T14:00 2pm now hour the of on
"""
_WORDS = st.sampled_from(_SOUP.split())


@given(
    st.lists(_WORDS, min_size=1, max_size=7),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_period_is_whole_hours_that_have_begun_and_its_name_means_it_again(
    words: list[str], now: datetime
) -> None:
    try:
        found = period_at(_keys(" ".join(words)), 0, now)
    except Unread:
        return
    if found is None:
        return
    for period in (found.period, period_before(found, now)):
        start, end, hour = period.window.start, period.window.end, floor(now, Grain.HOUR)
        assert start == floor(start, Grain.HOUR)
        assert end == floor(end, Grain.HOUR)
        assert start <= hour
        assert end <= hour + HOUR
        assert period.goes_on == (end == hour + HOUR)
        again = period_at(_keys(period.name), 0, now)
        assert again
        assert again.period == period


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_period_before_ends_where_the_period_starts_or_earlier(now: datetime) -> None:
    for words in ("today", "week", "this week", "month", "last month", "6h", "last 3 days", "2 months ago"):
        found = period_at(_keys(words), 0, now)
        assert found
        before = period_before(found, now).window
        assert before.end <= found.period.window.start
        assert before.length <= found.period.window.length + timedelta(days=3)


def _keys(text: str) -> tuple[str, ...]:
    return tuple(word.key for word in split(plain(text)))
