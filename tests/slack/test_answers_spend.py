from dataclasses import replace
from datetime import UTC, date, datetime
from textwrap import wrap
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.facts.clock import DAY, HOUR, Window
from bot.facts.delivery import Message
from bot.facts.directory import Directory
from bot.facts.incident import Point
from bot.facts.money import ZERO, Usd, usd_from_dollars
from bot.facts.spend import Basis
from bot.questions.answers import Allowance, Answered, Line, Spend
from bot.questions.forecast import Forecast
from bot.questions.question import Period, Question
from bot.slack.answer_words import during
from bot.slack.answers import answer_message
from bot.slack.charts import course_chart

TODAY = datetime(2026, 11, 20, tzinfo=UTC)
NOW = TODAY + 14 * HOUR
YESTERDAY = Period("yesterday", Window(TODAY - DAY, TODAY))
SO_FAR = Period("today", Window(TODAY, NOW + HOUR), goes_on=True)
MONTH = Period("this month", Window(TODAY.replace(day=1), NOW + HOUR), goes_on=True, is_month=True)


def usd(amount: str | float) -> Usd:
    return usd_from_dollars(amount)


def line(name: str, amount: float, usual: float | None = None) -> Line:
    return Line(name, usd(amount), 1, None if usual is None else usd(usual))


SPEND = Spend(
    Question(YESTERDAY, by="model"),
    YESTERDAY.window,
    usd("2030.85"),
    usd("1706.20"),
    195_000,
    Basis.BILLED,
    (line("claude-sonnet-5", 1269.25, 1253.31), line("claude-opus-4-8", 537.48, 224)),
    line("3 others", 224.12, 220),
)


def answered(spend: Spend) -> Message:
    return answer_message(Answered(spend.question, spend, Directory(), NOW))


def asked(spend: Spend, **changes: Any) -> Spend:
    return replace(spend, question=replace(spend.question, **changes))


def drawn(spend: Spend) -> list[str]:
    """The lines of every block, a table's by row."""
    return [line for block in answered(spend).blocks for line in _lines(block)]


def _lines(block: dict[str, Any]) -> list[str]:
    if block["type"] == "table":
        return [" | ".join(cell["text"] for cell in row) for row in block["rows"]]
    if block["type"] == "data_visualization":
        names = ", ".join(series["name"] for series in block["chart"]["series"])
        return [f"[{block['title']}: {names}]"]
    words: str = (block.get("text") or block["elements"][0])["text"]
    return words.splitlines()


def test_what_a_day_cost() -> None:
    course = tuple(Point(TODAY - DAY + at * HOUR, usd(80), usd(70)) for at in range(24))
    assert [part for words in drawn(replace(SPEND, course=course)) for part in wrap(words, 90)] == snapshot(
        [
            "*$2,030.85 yesterday, usually $1,706.20 (+19%)*",
            "Largest: `claude-sonnet-5` $1,269.25 (62%), `claude-opus-4-8` $537.48 (26%)",
            "Most above its usual: `claude-opus-4-8` by $313.48",
            "[Spend per 2 h (USD): Actual, Usual]",
            "Spend | vs usual | Model",
            "$1,269.25 | +1% | claude-sonnet-5",
            "$537.48 | +140% | claude-opus-4-8",
            "$224.12 | +2% | 3 others",
            "Billed figures up to <!date^1795132800^{date_short_pretty} at {time}|20 Nov 00:00 UTC> · 3",
            "others in one line",
        ]
    )


def test_the_text_says_it_all() -> None:
    assert wrap(answered(SPEND).text, 90) == snapshot(
        [
            "$2,030.85 yesterday, usually $1,706.20 (+19%). By model: $1,269.25 claude-sonnet-5 (62%,",
            "+1%); $537.48 claude-opus-4-8 (26%, +140%); $224.12 3 others (11%, +2%). Most above its",
            "usual: claude-opus-4-8 by $313.48. Billed figures up to 20 Nov 00:00 UTC.",
        ]
    )


def test_a_month_says_first_where_it_is_heading() -> None:
    ahead = Forecast(usd(8200), usd(12300), usd(11100), usd(13900), 0.06, ())
    budgets = (
        Allowance("Research", usd(10_000), usd(8200), date(2026, 11, 27)),
        Allowance("Playground", usd(500), usd("512.20")),
        Allowance("Everything", usd(20_000), usd(8200)),
    )
    month = replace(asked(SPEND, period=MONTH), usual=None, forecast=ahead, budgets=budgets)
    assert [part for words in drawn(month)[3:8] for part in wrap(words, 90)] == snapshot(
        [
            "*$12,300* by the end of November, 80% between $11,100 and $13,900; such forecasts were off",
            "by 6% before",
            "Budget “Research”: *$8,200* of $10,000 (82%); at this pace it ends on 27 Nov (UTC)",
            "Budget “Playground” is used up: *$512.20* of $500.00 (102%)",
            "Budget “Everything”: *$8,200* of $20,000 (41%)",
            "Spend | vs usual | Model",
        ]
    )
    assert "forecasts were off by 6% before. Budget “Research”: $8,200 of" in answered(month).text


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        pytest.param(
            {"usual": usd("2030.85")}, "*$2,030.85 yesterday, usually $2,030.85 (0%)*", id="as usual"
        ),
        pytest.param({"usual": None}, "*$2,030.85 yesterday*", id="nothing to compare with"),
        pytest.param({"usual": ZERO}, "*$2,030.85 yesterday, usually nothing*", id="from nothing"),
        pytest.param(
            {"question": Question(SO_FAR)},
            "*$2,030.85 today so far, usually $1,706.20 by now (+19%)*",
            id="a day that goes on is held against as many hours",
        ),
        pytest.param(
            {"lines": (line("a", 0.0004), line("b", 0.001)), "others": None, "total": usd("0.0014")},
            "*$0.0014 yesterday, usually $1,706.20 (-100%)*",
            id="less than a cent",
        ),
        pytest.param(
            {"lines": (line("a", -4), line("b", 1)), "others": None, "total": usd(-3)},
            "*-$3.00 yesterday, usually $1,706.20*",
            id="a credit",
        ),
    ],
)
def test_the_first_line(changes: dict[str, Any], first: str) -> None:
    assert drawn(replace(SPEND, **changes))[0] == first


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"usual": None}, "No earlier weeks to compare with yet", id="nothing to compare with"),
        pytest.param({"basis": Basis.ESTIMATED}, "Estimated figures (the bill may differ)", id="estimated"),
        pytest.param(
            {"window": Window(TODAY - DAY, TODAY - HOUR)},
            "The figures end at 19 Nov 23:00 UTC: what came after is not known yet.",
            id="not all of a day that is over is known",
        ),
        pytest.param(
            {"budgets": tuple(Allowance(f"b{at}", usd(1), ZERO) for at in range(7))},
            "2 more budgets.",
            id="many budgets",
        ),
    ],
)
def test_what_else_is_said(changes: dict[str, Any], words: str) -> None:
    assert words in answered(replace(SPEND, **changes)).text
    assert words not in answered(SPEND).text


@pytest.mark.parametrize(
    ("where", "words"),
    [
        pytest.param({"model": ("*opus*",)}, "Only model `*opus*`", id="a pattern"),
        pytest.param(
            {"api_key_id": ("a", "b"), "workspace_id": ("c",)},
            "Only key `a` or `b`, workspace `c`",
            id="several dimensions",
        ),
        pytest.param(
            {"api_key_id": tuple("abc"), "model": tuple("def")},
            "Only key `a` or `b` or `c`, model `d` and 2 more",
            id="more than one cares to read",
        ),
    ],
)
def test_what_was_asked_about_is_said(where: dict[str, tuple[str, ...]], words: str) -> None:
    assert drawn(asked(SPEND, where=where))[1] == words


def test_how_words_were_taken_is_said() -> None:
    taken = asked(SPEND, taken=("“opus” as model *opus*",))
    assert answered(taken).text.endswith("Understood: “opus” as model ∗opus∗.")  # noqa: RUF001
    assert "Understood: “opus” as model ∗opus∗" in drawn(taken)[-1]  # noqa: RUF001


def test_nothing_is_one_friendly_sentence() -> None:
    nothing = replace(
        SPEND, lines=(), others=None, total=ZERO, usual=usd(20), course=(Point(NOW, ZERO, ZERO),) * 5
    )
    where = asked(nothing, where={"api_key_id": ("ci-eval",)})
    assert drawn(where)[:-1] == ["Nothing was spent yesterday on key `ci-eval`, where $20.00 is usual."]
    assert answered(where).text.startswith(
        "Nothing was spent yesterday on key ci-eval, where $20.00 is usual. Billed"
    )
    assert drawn(replace(nothing, usual=None))[0] == "Nothing was spent yesterday."


def test_one_line_needs_no_table() -> None:
    one = replace(
        SPEND, lines=(line("ci-eval", 12.2, 2.1),), others=None, total=usd("12.20"), usual=usd("2.10")
    )
    assert drawn(one)[:-1] == ["*$12.20 yesterday, usually $2.10 (5.8x)*", "All of it: `ci-eval`"]


def test_without_a_usual_the_table_has_shares() -> None:
    shares = replace(SPEND, lines=(line("a", 1), line("b", 3)), others=None, total=usd(4), usual=None)
    assert drawn(shares)[-4:-1] == ["Spend | Share | Model", "$1.00 | 25% | a", "$3.00 | 75% | b"]


def test_more_lines_than_fit_are_added_up() -> None:
    many = tuple(line(f"key {at}", 1.005, 1) for at in range(500))
    spend = replace(SPEND, lines=many, others=line("31 others", 7, 7), total=usd(509.5))
    assert drawn(spend)[-2] == "$479.35 | 0% | 470 more and 31 others"
    assert "; $499.45 490 more and 31 others (98%, 0%)" in answered(spend).text


@pytest.mark.parametrize(
    ("number", "step", "title", "labels"),
    [
        pytest.param(13, HOUR, "Spend per hour (USD)", ["00:00", "12:00"], id="hours"),
        pytest.param(24, HOUR, "Spend per 2 h (USD)", ["00:00", "22:00"], id="hours by twos"),
        pytest.param(48, HOUR, "Spend per 3 h (USD)", ["Sun 00h", "Mon 21h"], id="two days"),
        pytest.param(20, DAY, "Spend per day of November (USD)", ["1", "20"], id="days of a month"),
        pytest.param(35, DAY, "Spend per 2 days (USD)", ["2 Nov", "4 Dec"], id="days by twos, the newest"),
    ],
)
def test_a_course_is_drawn_with_as_many_points_as_fit(
    number: int, step: Any, title: str, labels: list[str]
) -> None:
    start = TODAY.replace(day=1)
    chart = course_chart([Point(start + at * step, usd(at), usd(1)) for at in range(number)])
    assert chart is not None
    assert [chart.title, chart.labels[0], chart.labels[-1]] == [title, *labels]
    width = number // len(chart.labels)
    assert chart.expected[-1] == width
    assert chart.actual[-1] == sum(range(number - width, number))


def test_two_points_are_no_course() -> None:
    assert course_chart([Point(TODAY, ZERO, ZERO), Point(NOW, ZERO, ZERO)]) is None


def test_a_first_stretch_that_begins_within_its_day_is_a_day_all_the_same() -> None:
    at = [TODAY - 34 * HOUR, TODAY - DAY, TODAY]
    chart = course_chart([Point(start, ZERO, ZERO) for start in at])
    assert chart is not None
    assert (chart.title, chart.labels) == ("Spend per day of November (USD)", ["18", "19", "20"])


@pytest.mark.parametrize(
    ("name", "goes_on", "words"),
    [
        ("yesterday", False, "yesterday"),
        ("this week", True, "this week so far"),
        ("last month", False, "last month"),
        ("last 7 days", True, "in the last 7 days"),
        ("last hour", False, "in the last hour"),
        ("October", False, "in October"),
        ("October 2025", False, "in October 2025"),
        ("2025", False, "in 2025"),
        ("19 Nov", False, "on 19 Nov (UTC)"),
        ("19 Nov 2025", False, "on 19 Nov 2025 (UTC)"),
        ("Monday 16 Nov", False, "on Monday 16 Nov (UTC)"),
        ("10 to 15 Nov", False, "from 10 to 15 Nov (UTC)"),
        ("28 Nov to 2 Dec", False, "from 28 Nov to 2 Dec (UTC)"),
        ("19 Nov 14:00 to 16:00 UTC", False, "from 19 Nov 14:00 to 16:00 UTC"),
        ("since 3 Nov", True, "since 3 Nov (UTC)"),
        ("since 3 Nov 14:00 UTC", True, "since 3 Nov 14:00 UTC"),
        ("last weekend", False, "last weekend"),
        ("", False, "then"),
    ],
)
def test_a_period_in_a_sentence(name: str, *, goes_on: bool, words: str) -> None:
    assert during(Period(name, YESTERDAY.window, goes_on=goes_on)) == words
