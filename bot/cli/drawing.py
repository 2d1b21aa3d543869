"""Answers as tables for a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.facts.directory import Directory
from bot.facts.incident import Cause, Incident
from bot.facts.money import Usd, cents_exact, show, whole_cents
from bot.facts.severity import Severity
from bot.facts.text import multiple, scope_name, when
from bot.questions.answers import Explanation

_COLOURS = {Severity.CRITICAL: "red", Severity.WARNING: "yellow", Severity.NOTICE: "blue"}


def text(words: str, style: str = "") -> Text:
    """Names are data: what cannot be seen must not command the terminal."""
    return Text("".join(letter if letter.isprintable() or letter == "\n" else " " for letter in words), style)


def explanation(found: Explanation, directory: Directory) -> RenderableType:
    """What was spent against what, why, and the parts that add up."""
    subject, cause = found.subject, found.cause
    where = scope_name(subject.scope, directory)
    title = f"{where}, {subject.window}: {_signed(subject.excess)}"
    usual = f"{cents_exact(subject.expected)} {_held_against(found)}"
    times = f", {multiple(subject.observed / subject.expected)}" if subject.expected > 0 else ""
    facts = {
        "spent": f"{cents_exact(subject.observed)} ({found.basis}) against {usual}{times}",
        "diagnosis": cause.headline,
        "why": cause.evidence,
        "model": cause.model,
        "owner": cause.owner,
        "next step": cause.next_step,
        "missing": f"{found.unread} hours of it were never read" if found.unread else "",
    }
    parts = (*_amounts("what makes it up", cause.drivers), *_where(cause, directory))
    return Group(text(title, style="bold"), listed(facts), *parts)


def _held_against(found: Explanation) -> str:
    return f"in {found.against}" if found.against else "expected"


def listed(facts: Mapping[str, str]) -> Table:
    """Names and what is known of each; what is empty is left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        if value:
            table.add_row(name, text(value))
    return table


def incidents(found: Sequence[Incident], directory: Directory) -> RenderableType:
    """One line an incident."""
    if not found:
        return text("No incidents.")
    table = Table(box=None, pad_edge=False)
    for title in ("id", "state", "severity", "what", "where", "since", "excess"):
        table.add_column(title, justify="right" if title == "excess" else "left", overflow="fold")
    for one in found:
        colour = "dim" if one.state.is_over else _COLOURS[one.severity]
        what = one.cause.headline or one.rule or one.kind
        where = scope_name(one.scope, directory)
        cells = (one.id, one.state, one.severity, what, where, when(one.start), show(one.excess))
        table.add_row(*(text(cell, style=colour) for cell in cells))
    return table


def incident(one: Incident, directory: Directory) -> RenderableType:
    """Everything known about one incident."""
    parts = (
        *_amounts("what makes it up", one.cause.drivers),
        *_where(one.cause, directory),
        *_history(one),
    )
    return Group(text(_title(one, directory), style="bold"), listed(_facts(one, directory)), *parts)


def _title(one: Incident, directory: Directory) -> str:
    what = one.cause.headline or one.rule or one.kind
    return f"{one.id}  {what} on {scope_name(one.scope, directory)}: {show(one.excess)}"


def _facts(one: Incident, directory: Directory) -> dict[str, str]:
    until = f" {when(one.resolved_at)}" if one.resolved_at else ""
    spent = (
        f"{show(one.observed)} against {show(one.expected)} expected ({show(one.low)} to {show(one.high)})"
    )
    return {
        "state": f"{one.state}{until}, {one.severity}",
        "since": f"{when(one.start)}, measured until {when(one.measured_until)}",
        "spent": f"{spent}, {multiple(one.multiple)}, {one.basis}",
        "pace": f"{show(one.per_hour)} an hour above usual" if one.per_hour > 0 else "",
        "if left": f"{show(one.by_month_end)} more by the end of the month" if one.by_month_end > 0 else "",
        "model": one.cause.model,
        "owner": one.cause.owner or directory.owner_of(one.scope.api_key_id or ""),
        "why": one.cause.evidence,
        "next step": one.cause.next_step,
        "found by": f"rule {one.rule}" if one.rule else one.why,
    }


def _where(cause: Cause, directory: Directory) -> list[RenderableType]:
    named = [(scope_name(part.scope, directory), part.excess) for part in cause.where]
    return _amounts("where it lies", named)


def _amounts(title: str, lines: Sequence[tuple[str, Usd]]) -> list[RenderableType]:
    if not lines:
        return []
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    amounts = whole_cents([usd for _, usd in lines])
    for (label, _), usd in zip(lines, amounts, strict=True):
        table.add_row(_signed(usd), text(label))
    return [text(f"\n{title}", style="dim"), table]


def _signed(usd: Usd) -> str:
    return f"{'+' if usd >= 0 else ''}{cents_exact(usd)}"


def _history(one: Incident) -> list[RenderableType]:
    table = Table(box=None, show_header=False, pad_edge=False)
    for change in one.history:
        table.add_row(when(change.at), change.what, text(change.actor), text(change.reason))
    return [text("\nhistory", style="dim"), table]
