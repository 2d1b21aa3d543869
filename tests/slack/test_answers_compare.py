from dataclasses import replace
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.facts.clock import DAY, HOUR, Window
from bot.facts.delivery import Message
from bot.facts.directory import Directory
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.spend import Basis
from bot.questions.answers import Answered, Comparison, Move
from bot.questions.question import Kind, Period, Question
from bot.slack.answers import answer_message

TODAY = datetime(2026, 11, 20, tzinfo=UTC)
YESTERDAY = Period("yesterday", Window(TODAY - DAY, TODAY))
BEFORE = Period("18 Nov", Window(TODAY - 2 * DAY, TODAY - DAY))
MONTH = Period("this month", Window(TODAY.replace(day=1), TODAY), goes_on=True)


def move(name: str, now: float, before: float) -> Move:
    return Move(name, usd_from_dollars(now), usd_from_dollars(before))


COMPARISON = Comparison(
    Question(YESTERDAY, Kind.COMPARE, against=BEFORE),
    YESTERDAY.window,
    BEFORE.window,
    move("", 541.65, 310.34),
    Basis.BILLED,
    (move("ci-eval", 337.48, 40.62), move("old-notebook", 0, 60), move("search-rag", 192.17, 190.72)),
    move("33 others", 12, 19),
)


def answered(comparison: Comparison) -> Message:
    return answer_message(Answered(comparison.question, comparison, Directory(), TODAY))


def drawn(comparison: Comparison) -> list[str]:
    """The words of the sections, and the rows of the table."""
    found: list[str] = []
    for block in answered(comparison).blocks:
        if block["type"] == "section":
            found += block["text"]["text"].splitlines()
        elif block["type"] == "table":
            found += [" | ".join(cell["text"] for cell in row) for row in block["rows"]]
    return found


def test_two_days_side_by_side() -> None:
    assert drawn(COMPARISON) == snapshot(
        [
            "*$231.31 more yesterday than on 18 Nov (UTC)*",
            "$541.65 against $310.34 (+75%)",
            "Moved most: `ci-eval` +$296.86, `old-notebook` -$60.00, `search-rag` +$1.45",
            "Change | Now | Key",
            "+$296.86 | $337.48 | ci-eval",
            "-$60.00 | $0.00 | old-notebook",
            "+$1.45 | $192.17 | search-rag",
            "-$7.00 | $12.00 | 33 others",
        ]
    )


def test_the_text_has_what_it_was_before_as_well() -> None:
    assert wrap(answered(COMPARISON).text, 90) == snapshot(
        [
            "$231.31 more yesterday than on 18 Nov (UTC). $541.65 against $310.34 (+75%). By key:",
            "+$296.86 ci-eval ($337.48, before $40.62); -$60.00 old-notebook ($0.00, before $60.00);",
            "+$1.45 search-rag ($192.17, before $190.72); -$7.00 33 others ($12.00, before $19.00).",
            "Billed figures up to 20 Nov 00:00 UTC.",
        ]
    )


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        pytest.param(
            {"total": move("", 40, 50), "lines": (move("a", 40, 50),), "others": None},
            ["*$10.00 less yesterday than on 18 Nov (UTC)*", "$40.00 against $50.00 (-20%)"],
            id="less",
        ),
        pytest.param(
            {"total": move("", 5, 5), "lines": (move("a", 5, 5),), "others": None},
            ["*As much yesterday as on 18 Nov (UTC): $5.00*"],
            id="as much",
        ),
        pytest.param(
            {"total": move("", 5, 0), "lines": (move("a", 5, 0),), "others": None},
            ["*$5.00 more yesterday than on 18 Nov (UTC)*", "$5.00 against $0.00 (new)"],
            id="from nothing",
        ),
        pytest.param(
            {"total": move("", 0.0005, 0.0001), "lines": (move("a", 0.0005, 0.0001),), "others": None},
            ["*$0.0004 more yesterday than on 18 Nov (UTC)*", "$0.0005 against $0.0001 (5.0x)"],
            id="less than a cent",
        ),
        pytest.param(
            {
                "question": replace(COMPARISON.question, period=MONTH, where={"model": ("*opus*",)}),
                "now": Window(TODAY.replace(day=1), TODAY - 12 * HOUR),
                "per_day": True,
            },
            [
                "*$231.31 more a day this month so far than on 18 Nov (UTC)*",
                "$541.65 against $310.34 a day (+75%)",
                "The periods differ in length (18.5 days against 1): all amounts are means of a day",
                "Only model `*opus*`",
            ],
            id="periods of different length",
        ),
        pytest.param(
            {"question": Question(YESTERDAY, Kind.COMPARE), "lines": (), "others": None},
            [
                "*$231.31 more yesterday than from 2026-11-18 00:00 to 2026-11-19 00:00 UTC*",
                "$541.65 against $310.34 (+75%)",
            ],
            id="no lines, and a period without a name",
        ),
    ],
)
def test_which_is_more_and_by_how_much(changes: dict[str, Any], lines: list[str]) -> None:
    assert drawn(replace(COMPARISON, **changes))[: len(lines)] == lines


def test_every_row_is_now_less_before() -> None:
    thirds = tuple(Move(f"key {at}", Usd(333_333_333 * at), Usd(10**9 // 7 * at)) for at in range(5))
    total = Move("", Usd(sum(one.now for one in thirds)), Usd(sum(one.before for one in thirds)))
    text = answered(replace(COMPARISON, lines=thirds, others=None, total=total)).text
    assert "$1.90 more yesterday" in text
    assert text.split("By key: ")[1].split(". Billed")[0].split("; ") == snapshot(
        [
            "$0.00 key 0 ($0.00, before $0.00)",
            "+$0.19 key 1 ($0.33, before $0.14)",
            "+$0.38 key 2 ($0.67, before $0.29)",
            "+$0.57 key 3 ($1.00, before $0.43)",
            "+$0.76 key 4 ($1.33, before $0.57)",
        ]
    )


def test_moves_beyond_the_room_are_one() -> None:
    many = tuple(move(f"key {at}", 2, 1) for at in range(100))
    comparison = replace(COMPARISON, lines=many, others=move("3 others", 5, 1), total=move("", 205, 101))
    assert drawn(comparison)[-1] == "+$74.00 | $145.00 | 70 more and 3 others"
