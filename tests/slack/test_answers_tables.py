from collections.abc import Sequence

import pytest

from bot.facts.money import Usd, usd_from_dollars
from bot.questions.answers import Line
from bot.slack.tables import against, gain, gathered, in_columns, in_full, share, table, written


def dollars(*amounts: float) -> list[Usd]:
    return [usd_from_dollars(amount) for amount in amounts]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        pytest.param(12345.678, "$12,345.68", id="to the cent, however large"),
        pytest.param(0.01, "$0.01", id="a cent"),
        pytest.param(0.000001, "$0.000001", id="a millionth of a dollar in full"),
        pytest.param(-3.5, "-$3.50", id="a credit"),
        pytest.param(0, "$0.00", id="nothing"),
    ],
)
def test_an_amount_in_full(amount: float, words: str) -> None:
    assert in_full(usd_from_dollars(amount)) == words


@pytest.mark.parametrize(
    ("amounts", "total", "parts"),
    [
        pytest.param([1.005, 1.005, 1.005], "$3.02", ["$1.01", "$1.01", "$1.00"], id="whole cents"),
        pytest.param([0.004, 0.0005], "$0.0045", ["$0.004", "$0.0005"], id="exactly below a cent"),
        pytest.param([0.004, 0.008], "$0.01", ["$0.00", "$0.01"], id="cents where the sum has one"),
        pytest.param([5, -2], "$3.00", ["$5.00", "-$2.00"], id="a credit among them"),
        pytest.param([], "$0.00", [], id="no amounts"),
    ],
)
def test_what_is_written_adds_up(amounts: list[float], total: str, parts: list[str]) -> None:
    assert written(dollars(*amounts)) == (total, parts)


def test_columns_are_written_alike_each_to_its_own_sum() -> None:
    write, (now, before) = in_columns(dollars(0.001, 0.002), dollars(1.005, 2.005))
    assert [write(usd) for usd in now] == ["$0.00", "$0.00"]
    assert [write(usd) for usd in before] == ["$1.01", "$2.00"]


@pytest.mark.parametrize(("amount", "words"), [("$4.00", "+$4.00"), ("-$4.00", "-$4.00"), ("$0.00", "$0.00")])
def test_a_gain_has_a_sign(amount: str, words: str) -> None:
    assert gain(amount) == words


@pytest.mark.parametrize(
    ("now", "usual", "words"),
    [
        pytest.param(119, 100, "+19%", id="more"),
        pytest.param(97, 100, "-3%", id="less"),
        pytest.param(100.2, 100, "0%", id="the same, without a sign"),
        pytest.param(99.8, 100, "0%", id="never minus nothing"),
        pytest.param(0, 100, "-100%", id="nothing any more"),
        pytest.param(900, 100, "9.0x", id="several times as much"),
        pytest.param(900_000, 1, "over 1000x", id="more than a multiple can say"),
        pytest.param(5, 0, "new", id="from nothing"),
        pytest.param(0, 0, "", id="nothing either way"),
        pytest.param(-5, 100, "", id="a credit has no percentage"),
        pytest.param(5, -100, "", id="nor against one"),
    ],
)
def test_against_the_usual(now: float, usual: float, words: str) -> None:
    assert against(usd_from_dollars(now), usd_from_dollars(usual)) == words


def test_without_a_usual_nothing_is_said() -> None:
    assert not against(Usd(5), None)


@pytest.mark.parametrize(
    ("part", "total", "words"),
    [(36, 100, "36%"), (0, 100, "0%"), (-1, 100, ""), (120, 100, ""), (1, 0, "")],
)
def test_a_share_is_said_where_it_means_something(part: int, total: int, words: str) -> None:
    assert share(Usd(part), Usd(total)) == words


def lines(number: int) -> list[Line]:
    return [Line(f"key {at}", Usd(at), 1) for at in range(number)]


def together(name: str, of: Sequence[Line]) -> Line:
    return Line(name, Usd(sum(line.usd for line in of)), len(of))


@pytest.mark.parametrize(
    ("number", "others", "most", "names"),
    [
        pytest.param(2, None, 2, ["key 0", "key 1"], id="all fit"),
        pytest.param(1, "7 others", 2, ["key 0", "7 others"], id="all fit, and the others"),
        pytest.param(3, None, 2, ["key 0", "key 1", "key 2"], id="one is as short as one more"),
        pytest.param(4, None, 2, ["key 0", "key 1", "2 more"], id="the rest together"),
        pytest.param(4, "7 others", 2, ["key 0", "key 1", "2 more and 7 others"], id="with the others"),
        pytest.param(2, None, 0, ["2 more"], id="no room at all"),
        pytest.param(0, None, 5, [], id="no lines"),
    ],
)
def test_lines_beyond_the_room_are_one(number: int, others: str | None, most: int, names: list[str]) -> None:
    rest = Line(others, Usd(9), 1) if others else None
    found = gathered(lines(number), rest, most, together)
    assert [line.name for line in found] == names
    assert sum(line.usd for line in found) == sum(range(number)) + (9 if others else 0)


def test_a_table_has_its_figures_first_and_no_empty_cell() -> None:
    block = table(("Spend", "Key"), [("$1.00", "ci-eval"), ("", "")])
    assert block["column_settings"] == [{"align": "right"}, {"align": "left", "is_wrapped": True}]
    assert [[cell["text"] for cell in row] for row in block["rows"]] == [
        ["Spend", "Key"],
        ["$1.00", "ci-eval"],
        ["-", "-"],
    ]
