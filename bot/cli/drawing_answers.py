"""Every kind of answer to a question, for a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.cli.drawing import explanation, incident, incidents, listed, text
from bot.cli.drawing_spend import comparison, spend
from bot.facts.text import when
from bot.questions.answers import (
    Answered,
    Comparison,
    Explanation,
    Freshness,
    Help,
    Incidents,
    OneIncident,
    Rules,
    Spend,
)


def answer(answered: Answered) -> RenderableType:
    """The reply, and how words were taken that could have meant something else."""
    drawn = _drawn(answered)
    taken = answered.question.taken
    return Group(drawn, text(f"read {'; '.join(taken)}", "dim")) if taken else drawn


def _drawn(answered: Answered) -> RenderableType:
    directory = answered.directory
    match answered.reply:
        case Spend() as found:
            drawn = spend(found)
        case Comparison() as found:
            drawn = comparison(found)
        case Explanation() as found:
            drawn = explanation(found, directory)
        case Incidents() as found:
            drawn = Group(incidents(found.found, directory), *_how_many(found))
        case OneIncident() as found:
            drawn = incident(found.incident, directory)
        case Rules() as found:
            drawn = _rules(found)
        case Freshness() as found:
            drawn = _freshness(found)
        case Help() as found:
            drawn = listed(dict(found.examples))
    return drawn


def _how_many(found: Incidents) -> Iterator[Text]:
    if found.found:
        yield text(f"{found.open or 'none'} open", "dim")


def _rules(found: Rules) -> RenderableType:
    """What is wrong with the files, then the rules in force."""
    broken = [text(f"✗ {line}", "red") for line in found.broken.splitlines()]
    table = Table(box=None, pad_edge=False)
    for title in ("rule", "incidents", "because", "where"):
        table.add_column(title, justify="right" if title == "incidents" else "left", overflow="fold")
    for line in found.lines:
        table.add_row(text(line.name), f"{line.incidents}", text(line.because), text(line.place))
    return Group(*broken, table if found.lines else text("No rule is in force."))


def _freshness(found: Freshness) -> RenderableType:
    """How far the figures reach, then what is well and what is not."""
    complete, read = (when(at) if at else "never" for at in (found.complete_until, found.read_until))
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, well, said in found.checks:
        mark, style = ("✓", "green") if well else ("✗", "red")
        table.add_row(text(mark, style), text(name), text(said))
    return Group(text(f"complete until {complete}, read until {read}", "bold"), table)
