"""What holds for every answer about spend, whatever was spent, read and asked."""

from datetime import timedelta
from fnmatch import fnmatchcase

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.explain.owner import team_of
from bot.facts.clock import Window
from bot.facts.directory import Directory, Key
from bot.facts.scope import CALLED
from bot.facts.spend import DIMENSIONS, SpendRow
from bot.jobs.answer import answer
from bot.jobs.answer_names import Everybody
from bot.questions.answers import Comparison, Spend
from bot.questions.question import Kind, Period, Question, Where
from tests.history.spending import FIRST, NOW, WHOLE, many_rows, new_history, piece, windows, within

FEW = settings(max_examples=40, deadline=None)
wheres = st.dictionaries(
    st.sampled_from(["api_key_id", "model"]),
    st.lists(
        st.sampled_from(["apikey_a", "apikey_*", "*opus*", "claude-haiku-4-5", "nobody"]), min_size=1
    ).map(tuple),
)
tops, splits = st.integers(1, 5), st.sampled_from(sorted(CALLED.values()))


def meant(row: SpendRow, where: Where) -> bool:
    """Whether a row fits every dimension."""
    values = {dimension: str(row[1 + DIMENSIONS.index(dimension)]) for dimension in where}
    return all(any(fnmatchcase(values[at], one) for one in patterns) for at, patterns in where.items())


@FEW
@given(many_rows, windows, wheres, tops, splits)
def test_lines_and_others_are_the_total_and_that_is_what_the_rows_cost(
    rows: list[SpendRow], window: Window, where: Where, top: int, by: str
) -> None:
    with new_history() as history:
        history.spend.replace(piece(WHOLE, rows), NOW)
        question = Question(Period("then", window), by=by, where=where, top=top)
        reply = answer(question, history, {"a": ["apikey_a"]}, NOW + timedelta(hours=1)).reply
        asked = [one for one in within(window, rows) if meant(one, where)]
        assert isinstance(reply, Spend)
        assert len(reply.lines) <= top
        lines = [*reply.lines, *([reply.others] if reply.others else [])]
        assert reply.total == sum(line.usd for line in lines) == sum(one.usd for one in asked)
        assert reply.requests == sum(line.requests for line in lines) == sum(one.requests for one in asked)
        assert reply.total == sum(point.observed for point in reply.course)
        assert len(reply.course) <= 20
        assert [point.at for point in reply.course] == sorted({point.at for point in reply.course})


@FEW
@given(many_rows, windows, windows, wheres, tops)
def test_what_moved_adds_up(rows: list[SpendRow], one: Window, other: Window, where: Where, top: int) -> None:
    with new_history() as history:
        history.spend.replace(piece(WHOLE, rows), NOW)
        question = Question(
            Period("now", one), Kind.COMPARE, where=where, top=top, against=Period("then", other)
        )
        reply = answer(question, history, {}, NOW).reply
        assert isinstance(reply, Comparison)
        moves = [*reply.lines, *([reply.others] if reply.others else [])]
        assert reply.total.now == sum(move.now for move in moves)
        assert reply.total.before == sum(move.before for move in moves)
        if not reply.per_day:
            costs = [sum(row.usd for row in within(w, rows) if meant(row, where)) for w in (one, other)]
            assert [reply.total.now, reply.total.before] == costs
        assert [abs(move.change) for move in reply.lines] == sorted(
            (abs(move.change) for move in reply.lines), reverse=True
        )


names = st.sampled_from(["", "a", "ab", "b", "ba"])
teams = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.lists(st.sampled_from(["a*", "*b", "B", "x", "*"]), min_size=1),
)
directories = st.builds(
    lambda name, workspace: Directory(keys={"a": Key("a", name, workspace_id=workspace)}), names, names
)


@FEW
@given(many_rows, st.lists(st.tuples(*[names] * 5), unique=True), teams, directories)
def test_teams_are_those_of_the_leaves_one_by_one(
    rows: list[SpendRow], leaves: list[tuple[str, ...]], teams: dict[str, list[str]], directory: Directory
) -> None:
    found = [SpendRow._make((*SpendRow(FIRST)[:1], *leaf, *SpendRow(FIRST)[6:])) for leaf in leaves]
    with new_history() as history:
        history.spend.replace(piece(WHOLE, [*found, *rows]), NOW)
        history.names.remember(directory)
        everybody = Everybody.of(history, teams)
        known = range(len(everybody.leaves.values))
        one_by_one = [team_of(everybody.leaves.scope(leaf), everybody.directory, teams) for leaf in known]
        assert everybody.leaves.named("team") == one_by_one
