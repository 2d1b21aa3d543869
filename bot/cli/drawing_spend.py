"""What was spent, and what changed between two periods, as tables for a terminal."""

from collections.abc import Callable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table

from bot.cli.drawing import text
from bot.facts.money import Usd, cents_exact, show
from bot.facts.scope import WORDS
from bot.questions.answers import Allowance, Comparison, Move, Spend
from bot.questions.forecast import Forecast
from bot.questions.question import Period, Question
from bot.slack.answer_words import during
from bot.slack.tables import against, gain, in_columns, share, written


def spend(found: Spend) -> RenderableType:
    """The period's total against the usual, its parts, and where it is heading."""
    lines = [*found.lines, *([found.others] if found.others else [])]
    total, amounts = written([line.usd for line in lines])
    changes = [against(line.usd, line.usual) for line in lines]
    change = ["change"] if any(changes) else []
    table = _table(WORDS[found.question.by], "spend", "share", *change, "requests")
    for line, usd, changed in zip(lines, amounts, changes, strict=True):
        name, part = text(line.name, "dim" if line is found.others else ""), share(line.usd, found.total)
        table.add_row(name, usd, part, *([changed] if change else []), f"{line.requests:,}")
    said = f"{total} {_during(found.question.period)} ({found.basis}, {found.window}); {_usual(found)}"
    return Group(text(said, "bold"), *_notes(found.question, found.unread), table, *_outlook(found))


def _table(*titles: str) -> Table:
    """A table of names, and figures to their right."""
    table = Table(box=None, pad_edge=False)
    for title in titles:
        figures = title != titles[0]
        table.add_column(title, justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    return table


def _during(period: Period) -> str:
    """When; the window that stands beside it says that it goes on, and that it is UTC."""
    return during(period).removesuffix(" so far").replace(" (UTC)", "")


def _usual(found: Spend) -> str:
    if found.usual is None:
        return "no earlier weeks to compare with yet"
    if not found.usual:
        return "usually nothing"
    change = against(found.total, found.usual)
    return f"usually {cents_exact(found.usual)}{f', {change}' if change else ''}"


def _notes(question: Question, unread: int) -> Iterator[RenderableType]:
    """What of the organisation was asked about, and what is missing."""
    if question.where:
        named = (f"{WORDS[at]} {' or '.join(patterns)}" for at, patterns in question.where.items())
        yield text(f"only {', '.join(named)}")
    if unread:
        yield text(f"{unread} hour{'s' * (unread > 1)} of it were never read", "yellow")


def _outlook(found: Spend) -> Iterator[RenderableType]:
    if found.forecast:
        yield text(f"\n{_ahead(found.forecast, found.question.period)}")
    for budget in found.budgets:
        yield text(_left(budget))


def _ahead(forecast: Forecast, period: Period) -> str:
    end = f"the end of {period.window.start:%B}" if period.is_month else "its end"
    error = f"; such forecasts were off by {forecast.error:.0%}" if forecast.error is not None else ""
    between = f"80% between {show(forecast.low)} and {show(forecast.high)}"
    return f"{show(forecast.expected)} expected by {end}, {between}{error}"


def _left(budget: Allowance) -> str:
    used = f" ({budget.spent / budget.budget:.0%})" if budget.budget else ""
    ends = f"; at this pace it ends on {budget.ends_on:%-d %b}" if budget.ends_on else ""
    if budget.spent >= budget.budget:
        ends = "; it is used up"
    return f"budget {budget.name!r}: {show(budget.spent)} of {show(budget.budget)}{used}{ends}"


def comparison(found: Comparison) -> RenderableType:
    """Which period is more, and what moved: now less before is the change, in every row as written."""
    lines = [*found.lines, *([found.others] if found.others else [])]
    write, (now, before) = in_columns([line.now for line in lines], [line.before for line in lines])
    table = _table(WORDS[found.question.by], "now", "before", "change", "")
    for line, *sides in zip(lines, now, before, strict=True):
        style = "dim" if line is found.others else ""
        table.add_row(text(line.name, style), *_changed(Move("", *sides), write))
    said = _side_by_side(found, Move("", Usd(sum(now)), Usd(sum(before))), write)
    return Group(text(said, "bold"), *_windows(found), *_notes(found.question, found.unread), table)


def _changed(move: Move, write: Callable[[Usd], str]) -> tuple[str, ...]:
    return write(move.now), write(move.before), gain(write(move.change)), against(move.now, move.before)


def _side_by_side(found: Comparison, total: Move, write: Callable[[Usd], str]) -> str:
    """The totals of both periods, as the rows add up."""
    now, before, change, percent = _changed(total, write)
    other = found.question.against
    then, a_day = _during(other) if other else "before", " a day" if found.per_day else ""
    changed = f"{change}{f', {percent}' if percent else ''}"
    sides = f"{now}{a_day} {_during(found.question.period)} against {before}{a_day} {then}"
    return f"{sides}: {changed} ({found.basis})"


def _windows(found: Comparison) -> Iterator[RenderableType]:
    yield text(f"{found.now} against {found.before}", "dim")
    if found.per_day:
        yield text("the periods differ in length: all amounts are means of a day", "dim")
