"""What people ask most: answered from the stored figures, against the same stretch of earlier weeks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product

import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.scope import CALLED
from bot.facts.spend import Basis, Slice, SpendRow
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.answer import UNATTRIBUTED, answer
from bot.questions.answers import Spend
from bot.questions.question import Period, Question
from tests.fakes.rows import HAIKU, OPUS, row
from tests.jobs.asked import (
    DOLLAR,
    MIDNIGHT,
    NOW,
    TODAY,
    YESTERDAY,
    Teams,
    ask,
    compared,
    dollars,
    keep,
    spent,
)

PERIODS = ("today", "yesterday", "week", "month", "24h", "last 3 days")


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param(
            "today by key", {"no key (Playground)": 8, "ci-eval": 5, "k2": 2}, id="keys by name, others by id"
        ),
        pytest.param("today by model", {OPUS: 13, HAIKU: 2}, id="models"),
        pytest.param("today by workspace", {"default workspace": 8, "wrkspc_research": 7}, id="workspaces"),
        pytest.param("today by user", {"no person": 14, "ada": 1}, id="people"),
        pytest.param("today by product", {"unknown product": 14, "api": 1}, id="products"),
        pytest.param("yesterday by key", {"ci-eval": 48}, id="a day that is over, from midnight to midnight"),
        pytest.param("week by key", {"ci-eval": 53, "no key (Playground)": 8, "k2": 2}, id="seven days"),
        pytest.param("month by model", {OPUS: 61, HAIKU: 2}, id="from the first of the month"),
        pytest.param(
            "24h by key",
            {"ci-eval": 21, "no key (Playground)": 8, "k2": 2},
            id="from hour to hour over midnight",
        ),
        pytest.param("19 nov 01:00 by key", {"ci-eval": 4}, id="a single hour"),
    ],
)
def test_figures_are_those_of_the_database(history: History, words: str, lines: dict[str, int]) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=40)
    spend = spent(history, words)
    assert list(dollars(spend).items()) == list(lines.items())
    assert spend.total == sum(lines.values()) * DOLLAR
    assert spend.requests == sum(line.requests for line in spend.lines) == 100 * sum(lines.values())


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param("today key:ci-eval by model", {OPUS: 5}, id="a key by its name"),
        pytest.param("today key:apikey_0123456789", {}, id="an id that nobody knows"),
        pytest.param("today key:k* by key", {"ci-eval": 5, "k2": 2}, id="a pattern over ids"),
        pytest.param("today model:*opus* by user", {"no person": 12, "ada": 1}, id="a part of a name"),
        pytest.param("today model:opus user:ada by key", {"ci-eval": 1}, id="two dimensions, both must fit"),
        pytest.param("today key:ci-eval key:k2 by model", {OPUS: 5, HAIKU: 2}, id="any of two names"),
        pytest.param('today key:"no key (Playground)" by model', {OPUS: 8}, id="what has no key"),
        pytest.param("today team:ci by key", {"ci-eval": 5}, id="a team"),
        pytest.param(
            'today team:"no team" by key', {"no key (Playground)": 8, "k2": 2}, id="what is of no team"
        ),
        pytest.param("today product:api key:k2", {}, id="what nothing fits"),
    ],
)
def test_only_what_was_asked_about_counts(history: History, words: str, lines: dict[str, int]) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=2)
    assert list(dollars(spent(history, words, teams={"ci": ["ci-*"]})).items()) == list(lines.items())


def test_an_id_means_itself(history: History) -> None:
    keep(history, TODAY)
    question = Question(Period("today", Window(MIDNIGHT, MIDNIGHT + DAY)), where={"api_key_id": ("k1", "k7")})
    reply = answer(question, history, {}, NOW).reply
    assert isinstance(reply, Spend)
    assert dollars(reply) == {"ci-eval": 5}


@pytest.mark.parametrize(
    ("teams", "lines"),
    [
        pytest.param({}, {UNATTRIBUTED: 15}, id="no team covers anything"),
        pytest.param({"ci": ["ci-*"]}, {UNATTRIBUTED: 10, "ci": 5}, id="a key"),
        pytest.param(
            {"data": ["k2"], "ci": ["ci-*"], "rest": ["wrkspc_research"]},
            {UNATTRIBUTED: 8, "ci": 5, "data": 2},
            id="the first team that fits",
        ),
        pytest.param(
            {"a": ["ada"], "b": ["ci-eval"]}, {UNATTRIBUTED: 10, "b": 4, "a": 1}, id="a person first"
        ),
    ],
)
def test_teams_and_what_none_covers(history: History, teams: Teams, lines: dict[str, int]) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=2)
    history.spend.assign(["long ago"] * len(history.spend.leaves().values))
    assert list(dollars(spent(history, "by team", teams=teams)).items()) == list(lines.items())


@pytest.mark.parametrize(("period", "by"), list(product(PERIODS, CALLED)), ids=" by ".join)
def test_parts_sum_to_the_total_however_one_asks(history: History, period: str, by: str) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=40)
    for filtered in ("", " key:ci-eval", " model:opus top 1"):
        spend = spent(history, f"{period} by {by}{filtered}")
        assert spend.requests * DOLLAR == 100 * spend.total


def test_what_lies_beyond_the_lines_is_one_line(history: History) -> None:
    rows = [row(MIDNIGHT, number, api_key_id=f"key{number:02}") for number in range(1, 13)]
    before = [one._replace(hour=one.hour - 7 * DAY) for one in rows]
    keep(history, [*rows, *before], days=8)
    spend = spent(history)
    assert [line.name for line in spend.lines] == [f"key{number:02}" for number in range(12, 2, -1)]
    assert spend.others
    assert (spend.others.name, spend.others.usd, spend.others.requests) == ("2 others", 3 * DOLLAR, 300)
    assert spend.others.usual == 3 * DOLLAR
    assert [line.usual for line in spend.lines] == [line.usd for line in spend.lines]
    one = spent(history, "top 11").others
    assert one
    assert one.name == "1 other"


def test_equal_amounts_go_by_name(history: History) -> None:
    keep(history, [row(MIDNIGHT, api_key_id=name) for name in ("b", "c", "a")])
    assert [line.name for line in spent(history).lines] == ["a", "b", "c"]


def test_one_estimated_part_makes_it_an_estimate(history: History) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=2)
    assert spent(history, "yesterday").basis is Basis.BILLED
    assert spent(history, "today").basis is Basis.ESTIMATED
    assert spent(history, "today key:ci-eval").basis is Basis.BILLED


def test_nothing_spent_is_nothing(history: History) -> None:
    keep(history, [])
    spend = spent(history)
    assert (spend.lines, spend.others, spend.total, spend.usual) == ((), None, 0, None)
    assert spend.basis is Basis.BILLED


@pytest.mark.parametrize(
    ("weeks_known", "amounts", "usual"),
    [
        pytest.param(4, [3, 9, 9, 1], 3, id="the median of four weeks, the lower of the middle two"),
        pytest.param(4, [100, 2, 2, 2], 2, id="one wild week does not count"),
        pytest.param(3, [1, 5, 9], 5, id="three weeks"),
        pytest.param(1, [7], 7, id="one week"),
        pytest.param(2, [0, 0], 0, id="usually nothing"),
        pytest.param(0, [], None, id="no earlier week was read"),
    ],
)
@pytest.mark.parametrize("filtered", ["", " key:ci-eval"])
def test_usual(
    history: History, weeks_known: int, amounts: list[int], usual: int | None, filtered: str
) -> None:
    weeks = [week * 7 * DAY for week in range(1, weeks_known + 1)]
    rows = [
        row(MIDNIGHT - week + HOUR, n, api_key_id="k1") for week, n in zip(weeks, amounts, strict=True) if n
    ]
    later = [row(MIDNIGHT - week + 12 * HOUR, 1000) for week in weeks]
    keep(history, [*TODAY, *rows, *later], days=1 + 7 * weeks_known)
    spend = spent(history, f"today by user{filtered}")
    expected = None if usual is None else usual * DOLLAR
    assert spend.usual == expected
    assert {line.usual for line in spend.lines if line.name == "no person"} == {expected}


def test_a_key_that_takes_to_another_model_keeps_its_usual(history: History) -> None:
    rows = [
        row(MIDNIGHT, 3, model=HAIKU),
        row(MIDNIGHT - 7 * DAY, 2, model=OPUS),
        row(MIDNIGHT, 1, api_key_id="new"),
    ]
    keep(history, rows, days=8)
    assert {line.name: line.usual for line in spent(history).lines} == {"apikey_ci": 2 * DOLLAR, "new": 0}


def test_a_month_is_compared_with_stretches_that_do_not_overlap_it(history: History) -> None:
    weeks = [21 * DAY * number for number in (1, 2, 3, 4)]
    inside = [row(MIDNIGHT - shift - HOUR, 5) for shift in weeks]
    between = [row(MIDNIGHT - shift + DAY, 1000) for shift in weeks]
    keep(history, [*inside, *between], days=120)
    assert spent(history, "month").usual == 5 * DOLLAR


def test_figures_end_where_reading_ended(history: History) -> None:
    keep(history, TODAY[:3], days=1 / 12, until=MIDNIGHT + 2 * HOUR)
    spend = spent(history)
    assert (spend.window, spend.total, spend.unread) == (Window(MIDNIGHT, MIDNIGHT + 2 * HOUR), 7 * DOLLAR, 0)


@pytest.mark.parametrize(
    ("minutes", "late_spend", "hours", "usual"),
    [
        pytest.param(60, False, 1, 3, id="hours after the watermark are not known"),
        pytest.param(80, False, 2, 3, id="an hour that has begun counts, but is held against none"),
        pytest.param(100, False, 2, 7, id="one that is nearly over is held against whole ones"),
        pytest.param(60, True, 3, 15, id="nor is spend that is told early left out"),
    ],
)
def test_figures_end_where_the_source_knows_no_more(
    history: History, minutes: int, late_spend: bool, hours: int, usual: int
) -> None:
    before = [one._replace(hour=one.hour - 7 * DAY) for one in TODAY]
    keep(history, before, days=7, until=MIDNIGHT)
    watermark, until = MIDNIGHT + timedelta(minutes=minutes), MIDNIGHT + 3 * HOUR
    rows = TODAY if late_spend else [one for one in TODAY if one.hour < watermark]
    history.spend.replace(Slice("analytics", Window(MIDNIGHT, until), Grain.HOUR, watermark, rows), until)
    spend = spent(history)
    assert (spend.window, spend.unread) == (Window(MIDNIGHT, MIDNIGHT + hours * HOUR), 0)
    assert spend.usual == usual * DOLLAR
    assert compared(history, "compare today").per_day is False


def test_a_day_that_the_source_knows_nothing_of_yet(history: History) -> None:
    window = Window(MIDNIGHT - DAY, MIDNIGHT + 3 * HOUR)
    watermark = MIDNIGHT - 4 * HOUR
    history.spend.replace(Slice("analytics", window, Grain.HOUR, watermark, []), NOW)
    reach = "the history reaches from 18 Nov 00:00 UTC to 18 Nov 20:00 UTC"
    with pytest.raises(Trouble, match=f"no figures for today: {reach}"):
        ask(history, "today")


def test_figures_begin_where_reading_began(history: History) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=2)
    assert spent(history, "month").window == Window(MIDNIGHT - DAY, MIDNIGHT + 3 * HOUR)


def test_hours_that_are_missing_in_between_are_counted(history: History) -> None:
    keep(history, [], days=1 / 24, until=MIDNIGHT + HOUR)
    keep(history, TODAY[3:], days=1 / 24, until=MIDNIGHT + 3 * HOUR)
    assert (spent(history).unread, spent(history).total) == (1, 8 * DOLLAR)


def test_a_week_with_a_gap_is_not_what_is_usual(history: History) -> None:
    keep(history, TODAY)
    keep(history, [row(MIDNIGHT - 7 * DAY, 6)], days=1 / 24, until=MIDNIGHT - 7 * DAY + HOUR)
    assert spent(history).usual is None
    assert spent(history, "19 nov 00:00").usual == 6 * DOLLAR


@pytest.mark.parametrize(
    ("words", "what"),
    [
        pytest.param("yesterday", "yesterday", id="yesterday"),
        pytest.param("october", "October", id="a month before"),
        pytest.param("compare today", "same hours yesterday", id="the other side"),
        pytest.param("compare yesterday with today", "yesterday", id="this side"),
    ],
)
def test_what_was_never_read_is_not_nothing(history: History, words: str, what: str) -> None:
    keep(history, TODAY)
    with pytest.raises(Trouble) as caught:
        ask(history, words)
    reach = "the history reaches from 19 Nov 00:00 UTC to 20 Nov 00:00 UTC"
    assert str(caught.value).startswith(f"no figures for {what}: {reach}; ")


def test_an_empty_history_says_so(history: History) -> None:
    with pytest.raises(Trouble, match="the history is still empty; pull with `claude-spend once`"):
        ask(history, "")


WEEK_BEFORE = [one._replace(hour=one.hour - 7 * DAY) for one in TODAY]


@pytest.mark.parametrize(
    ("words", "starts", "observed", "expected"),
    [
        pytest.param(
            "today", [MIDNIGHT + hour * HOUR for hour in range(3)], [3, 4, 8], [3, 4, 8], id="hours of a day"
        ),
        pytest.param(
            "today key:ci-eval",
            [MIDNIGHT + hour * HOUR for hour in range(3)],
            [1, 4, 0],
            [1, 4, 0],
            id="of a key",
        ),
        pytest.param(
            "24h",
            [MIDNIGHT + hour * HOUR for hour in range(-21, 3, 2)],
            [0] * 10 + [16 + 3, 4 + 8],
            [0] * 10 + [3, 4 + 8],
            id="two hours together where there are more than 20",
        ),
        pytest.param(
            "last 3 days",
            [MIDNIGHT - 2 * DAY, MIDNIGHT - DAY, MIDNIGHT],
            [0, 48, 15],
            [0, 0, 15],
            id="days, the last one as far as it goes",
        ),
        pytest.param(
            "last 3 days key:ci-eval",
            [MIDNIGHT - 2 * DAY, MIDNIGHT - DAY, MIDNIGHT],
            [0, 48, 5],
            [0, 0, 5],
            id="days of a key",
        ),
        pytest.param(
            "72h",
            [MIDNIGHT - 2 * DAY - 21 * HOUR, MIDNIGHT - 2 * DAY, MIDNIGHT - DAY, MIDNIGHT],
            [0, 0, 48, 15],
            [0, 0, 0, 15],
            id="days that the window cuts",
        ),
    ],
)
def test_the_course(
    history: History, words: str, starts: Sequence[datetime], observed: list[int], expected: list[int]
) -> None:
    late = [row(MIDNIGHT + 5 * HOUR, 1000), row(MIDNIGHT - 7 * DAY + 5 * HOUR, 1000)]
    keep(history, [*WEEK_BEFORE, *YESTERDAY, *TODAY, *late], days=11)
    course = spent(history, words).course
    assert [point.at for point in course] == list(starts)
    assert [point.observed // DOLLAR for point in course] == observed
    assert [point.expected // DOLLAR for point in course] == expected


def test_a_long_course_has_few_points(history: History) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=400)
    course = spent(history, "last 31 days").course
    assert [point.at for point in course] == [MIDNIGHT - DAY * back for back in range(30, -1, -2)]
    assert len(spent(history, "last 365 days").course) <= 20


def day_grain(history: History, day: datetime, rows: list[SpendRow]) -> None:
    keep(history, rows, until=day + DAY, grain=Grain.DAY)


def test_days_that_were_read_as_a_whole_are_told_by_the_day(history: History) -> None:
    keep(history, TODAY)
    day_grain(history, MIDNIGHT - DAY, [row(MIDNIGHT - DAY, 5)])
    yesterday = spent(history, "yesterday")
    assert (yesterday.total, [point.at for point in yesterday.course]) == (5 * DOLLAR, [MIDNIGHT - DAY])
    assert spent(history, "24h").window == Window(MIDNIGHT, MIDNIGHT + 3 * HOUR)
    with pytest.raises(Trouble, match="no figures for 18 Nov 10:00 to 11:00 UTC"):
        ask(history, "18 nov 10:00")


def test_earlier_days_that_were_read_as_a_whole_tell_what_is_usual_of_a_day(history: History) -> None:
    keep(history, YESTERDAY, until=MIDNIGHT)
    day_grain(history, MIDNIGHT - 8 * DAY, [row(MIDNIGHT - 8 * DAY, 5)])
    spend = spent(history, "yesterday")
    assert (spend.usual, sum(point.expected for point in spend.course)) == (5 * DOLLAR, 0)
    assert spent(history, "18 nov 10:00").usual is None


def test_the_answer_carries_the_names_and_when_it_was_asked(history: History) -> None:
    keep(history, TODAY)
    answered = ask(history, "today")
    assert answered.asked_at == NOW
    assert answered.directory.name_of("api_key_id", "k1") == "ci-eval"
