"""What people ask most: answered from the stored figures, against the same stretch of earlier weeks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.directory import Directory, Key, Person
from bot.facts.money import Usd
from bot.facts.spend import Basis, Slice, SpendRow
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.summary import ASKED_BY, PERIODS, Question, Summary, period_window, summarise, understand
from tests.fakes.rows import HAIKU, OPUS, row

MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
NOW = MIDNIGHT + 2 * HOUR + timedelta(minutes=20)
NAMES = Directory(keys={"k1": Key("k1", "ci-eval")}, people={"user_ada": Person("user_ada", "ada")})
DOLLAR = 10**9


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


def keep(history: History, rows: list[SpendRow], days: int = 1, until: datetime = MIDNIGHT + DAY) -> None:
    """What was spent in some days until `until`; hours without rows cost nothing."""
    window = Window(until - days * DAY, until)
    history.spend.replace(Slice("analytics", window, Grain.HOUR, until, rows), until)


def ask(history: History, *words: str, now: datetime = NOW) -> Summary:
    return summarise(understand(words), history.totals, NAMES, now)


TODAY = [
    row(MIDNIGHT, 1, api_key_id="k1", actor="user_ada", product="api"),
    row(MIDNIGHT, 2, api_key_id="k2", model=HAIKU, basis=Basis.ESTIMATED),
    row(MIDNIGHT + HOUR, 4, api_key_id="k1"),
    row(MIDNIGHT + 2 * HOUR, 8, api_key_id="", workspace_id=""),
]
YESTERDAY = [row(MIDNIGHT - HOUR, 16, api_key_id="k1"), row(MIDNIGHT - DAY, 32, api_key_id="k1")]


@pytest.mark.parametrize(
    ("words", "dollars"),
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
    ],
)
def test_figures_are_those_of_the_database(history: History, words: str, dollars: dict[str, int]) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=40)
    answer = ask(history, *words.split())
    assert {line.name: line.usd for line in answer.lines} == {name: n * DOLLAR for name, n in dollars.items()}
    assert [line.usd for line in answer.lines] == sorted((line.usd for line in answer.lines), reverse=True)
    assert answer.total == sum(line.usd for line in answer.lines) == sum(dollars.values()) * DOLLAR
    assert sum(line.requests for line in answer.lines) == 100 * sum(dollars.values())


@pytest.mark.parametrize(
    ("teams", "dollars"),
    [
        pytest.param({}, {"(unattributed)": 15}, id="no team covers anything"),
        pytest.param({"ci": ["ci-*"]}, {"(unattributed)": 10, "ci": 5}, id="a key"),
        pytest.param(
            {"data": ["k2"], "ci": ["ci-*"], "rest": ["research"]},
            {"(unattributed)": 8, "ci": 5, "data": 2},
            id="the first team that fits",
        ),
    ],
)
def test_teams_and_what_none_covers(
    history: History, teams: dict[str, list[str]], dollars: dict[str, int]
) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=2)
    answer = summarise(understand(["by", "team"]), history.totals, NAMES, NOW, teams)
    assert {line.name: line.usd for line in answer.lines} == {name: n * DOLLAR for name, n in dollars.items()}
    assert answer.lines[0].usd == max(line.usd for line in answer.lines)


@pytest.mark.parametrize("by", ASKED_BY)
@pytest.mark.parametrize("period", PERIODS)
def test_parts_sum_to_the_total_however_one_asks(history: History, period: str, by: str) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=40)
    answer = ask(history, period, by)
    assert answer.total == history.totals.total(answer.window) == sum(line.usd for line in answer.lines)


def test_one_estimated_part_makes_it_an_estimate(history: History) -> None:
    keep(history, [*YESTERDAY, *TODAY], days=2)
    assert ask(history, "yesterday").basis is Basis.BILLED
    assert ask(history, "today").basis is Basis.ESTIMATED
    assert {line.name: line.basis for line in ask(history, "today").lines}["k2"] is Basis.ESTIMATED


def test_nothing_spent_is_nothing(history: History) -> None:
    answer = ask(history, "today")
    assert (answer.lines, answer.total, answer.usual, answer.basis) == ((), 0, None, Basis.BILLED)


@pytest.mark.parametrize(
    ("weeks_known", "dollars", "usual"),
    [
        pytest.param(4, [3, 9, 9, 1], 3, id="the median of four weeks, the lower of the middle two"),
        pytest.param(4, [100, 2, 2, 2], 2, id="one wild week does not count"),
        pytest.param(3, [1, 5, 9], 5, id="three weeks"),
        pytest.param(1, [7], 7, id="one week"),
        pytest.param(2, [0, 0], 0, id="usually nothing"),
        pytest.param(0, [], None, id="no earlier week was read"),
    ],
)
def test_usual(history: History, weeks_known: int, dollars: list[int], usual: int | None) -> None:
    weeks = [week * 7 * DAY for week in range(1, weeks_known + 1)]
    rows = [row(MIDNIGHT - week + HOUR, times) for week, times in zip(weeks, dollars, strict=True) if times]
    later = [row(MIDNIGHT - week + 12 * HOUR, 1000) for week in weeks]
    keep(history, [*rows, *later], days=1 + 7 * weeks_known)
    expected = None if usual is None else Usd(usual * DOLLAR)
    assert ask(history, "today").usual == expected


def test_a_month_is_compared_with_stretches_that_do_not_overlap_it(history: History) -> None:
    weeks = [21 * DAY * number for number in (1, 2, 3, 4)]
    inside = [row(MIDNIGHT - shift - HOUR, 5) for shift in weeks]
    between = [row(MIDNIGHT - shift + DAY, 1000) for shift in weeks]
    keep(history, [*inside, *between], days=120)
    assert ask(history, "month").usual == 5 * DOLLAR


@pytest.mark.parametrize(
    ("period", "now", "window"),
    [
        pytest.param("today", NOW, Window(MIDNIGHT, MIDNIGHT + 3 * HOUR), id="until the hour in hand"),
        pytest.param("today", MIDNIGHT, Window(MIDNIGHT, MIDNIGHT + HOUR), id="at midnight, its first hour"),
        pytest.param("yesterday", NOW, Window(MIDNIGHT - DAY, MIDNIGHT), id="yesterday whole"),
        pytest.param(
            "week", NOW, Window(MIDNIGHT - 6 * DAY, MIDNIGHT + 3 * HOUR), id="today and the six days before"
        ),
        pytest.param(
            "month", NOW, Window(MIDNIGHT - 18 * DAY, MIDNIGHT + 3 * HOUR), id="from the first of the month"
        ),
        pytest.param(
            "month",
            datetime(2026, 11, 1, tzinfo=UTC),
            Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 1, tzinfo=UTC)),
            id="on the first of the month, its first hour",
        ),
    ],
)
def test_periods(period: str, now: datetime, window: Window) -> None:
    assert period_window(period, now) == window


@pytest.mark.parametrize("words", list(permutations(["yesterday", "by", "model"])), ids=" ".join)
def test_words_come_in_any_order(words: tuple[str, ...]) -> None:
    assert understand(words) == Question("yesterday", "model")


@pytest.mark.parametrize(
    ("words", "question"),
    [
        pytest.param("", Question("today", "key"), id="nothing asked means today by key"),
        pytest.param("week", Question("week", "key"), id="a period alone"),
        pytest.param("by users", Question("today", "user"), id="many of them"),
        pytest.param("BY Workspace MONTH", Question("month", "workspace"), id="loud words"),
        pytest.param("products", Question("today", "product"), id="without by"),
        pytest.param("week month", Question("month", "key"), id="the last word counts"),
    ],
)
def test_understand(words: str, question: Question) -> None:
    assert understand(words.split()) == question


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        pytest.param("yesterdy", "did you mean 'yesterday'?", id="a letter left out"),
        pytest.param("modle", "did you mean 'model'?", id="two letters swapped"),
        pytest.param("keyes", "did you mean 'key'?", id="a letter too many"),
        pytest.param("qqq", "try: today by key", id="nothing like it"),
        pytest.param("", "try: today by key", id="an empty word"),
        pytest.param("<!channel>", "try: today by key", id="nobody is called"),
    ],
)
def test_an_unknown_word_is_met_with_the_nearest(word: str, meant: str) -> None:
    with pytest.raises(Trouble) as caught:
        understand(["today", word])
    said = str(caught.value)
    assert said.startswith(f"{word!r} is neither one of today, yesterday, week, month nor one of key, model")
    assert said.endswith(meant)
