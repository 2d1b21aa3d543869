"""What rules say of examples and of the past, for a terminal."""

from collections.abc import Sequence
from math import isnan

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from bot.cli.drawing import text
from bot.facts.clock import Window
from bot.facts.directory import Directory
from bot.facts.money import show
from bot.facts.text import scope_name, when
from bot.jobs.rules import Difference, Replayed
from bot.rules.amounts import written
from bot.rules.as_written import as_written
from bot.rules.examples import Outcome
from bot.rules.language import Rule
from bot.rules.replay import Episode
from bot.rules.rulebook import Rulebook
from bot.rules.suggest import Suggestion
from bot.slack.barchart import Words, bar_chart

_DRAWN = 18
"""Steps of an example that are drawn: the newest."""
_SAID = 3


def examples(rulebook: Rulebook, outcomes: Sequence[Outcome]) -> RenderableType:
    """One line a rule; of an example that came out otherwise what was expected, and its course."""
    lines: list[RenderableType] = []
    for rule in rulebook.rules:
        own = [outcome for outcome in outcomes if outcome.rule.name == rule.name]
        failed = [outcome for outcome in own if outcome.problem]
        mark, style = ("✗", "red") if failed else ("✓", "green") if own else ("-", "dim")
        lines.append(text(f"{mark} {rule.name} ({counted(len(own), 'example')})", style))
        for outcome in failed:
            lines += _failed(outcome, own.index(outcome) + 1, rulebook.places.get(rule.name, ""))
    total, bad = len(outcomes), sum(bool(outcome.problem) for outcome in outcomes)
    return Group(*lines, text(f"{counted(total, 'example')}, {bad} failed", "bold red" if bad else "bold"))


def counted(number: int, what: str) -> str:
    """As in "no rules", "1 rule", "2 rules"."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _failed(outcome: Outcome, number: int, place: str) -> list[RenderableType]:
    values, limits = outcome.values[-_DRAWN:], outcome.limits[-_DRAWN:]
    metric = outcome.rule.leading.metric
    first = len(outcome.values) - len(values) + 1
    steps = [f"{first + at}" for at in range(len(values))]
    words = Words(outcome.rule.leading.watch, "limit", lambda amount: written(amount, metric.unit))
    chart = bar_chart(steps, list(map(_drawn, values)), list(map(_drawn, limits)), words)
    said = [text(f"    {words}", "dim") for words in outcome.said[:_SAID]]
    return [text(f"  {place}: example {number} {outcome.problem}", "red"), Padding(chart, (0, 4)), *said]


def _drawn(amount: float) -> float:
    return 0.0 if isnan(amount) else amount


def replayed(
    rules: Sequence[Rule], found: Sequence[Replayed], window: Window, directory: Directory
) -> RenderableType:
    """How often each rule would have spoken, when, of whom, and what people said of it then."""
    lines: list[RenderableType] = [text(f"{window}", "bold")]
    for rule in rules:
        own = [one for one in found if one.episode.rule == rule.name]
        lines.append(text(f"\n{rule.name}: {counted(len(own), 'time')}", "bold" if own else "dim"))
        lines += [text(_told(rule), "dim"), _episodes(own, window, directory)] if own else []
    return Group(*lines)


def _told(rule: Rule) -> str:
    """How urgent it is, and who is told."""
    severity = as_written(rule.severity) if rule.severity else "as urgent as the money says"
    return f"{severity}; told in {as_written(rule.route) if rule.route else 'the channel of the routes'}"


def _episodes(found: Sequence[Replayed], window: Window, directory: Directory) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("from", "to", "who", "why", "spent meanwhile", "incidents"):
        table.add_column(title, overflow="fold")
    for one in found:
        known = ", ".join(f"{incident.id} ({incident.state})" for incident in one.known) or "none"
        who, episode = scope_name(one.episode.scope, directory), one.episode
        cells = (_since(episode, window), when(episode.end), who, episode.said, show(episode.spent), known)
        table.add_row(*(text(cell) for cell in cells))
    return table


def _since(episode: Episode, window: Window) -> str:
    """When it began; what was so before is told as soon as the rule goes live."""
    return f"before {when(window.start)}" if episode.start < window.start else when(episode.start)


def compared(found: Sequence[Difference], other: str, window: Window, directory: Directory) -> RenderableType:
    """What these rules would have said (+) and the others would not, and the reverse (-), rule by rule."""
    lines: list[RenderableType] = [text(f"{window}, against {other}", "bold")]
    for one in found:
        if not one.is_none:
            lines.append(text(f"\n{_summary(one)}", "bold"))
            lines += [_signed("+", "green", episode, directory) for episode in one.only_here]
            lines += [_signed("-", "red", episode, directory) for episode in one.only_there]
            lines += [_moved(there, here, directory) for there, here in one.moved]
    same = sum(one.is_none for one in found)
    return Group(*lines, text(f"\n{counted(same, 'rule')} the same", "dim"))


def _summary(one: Difference) -> str:
    changed = "".join(f"; {name}: {old} → {new}" for name, (old, new) in one.fields.items())
    return f"{one.rule}: {counted(one.there, 'alert')} there, {one.here or 'none'} here{changed}"


def _signed(sign: str, style: str, one: Episode, directory: Directory) -> RenderableType:
    return text(f"  {sign} {when(one.start)}  {scope_name(one.scope, directory)}: {one.said}", style)


def _moved(there: Episode, here: Episode, directory: Directory) -> RenderableType:
    who = scope_name(here.scope, directory)
    return text(f"  ~ {when(here.start)}  {who}: {here.said}; there {when(there.start)}", "yellow")


def suggested(found: Sequence[Suggestion], others: int, window: Window) -> RenderableType:
    """For each rule its limit and the one that would have spoken as often as asked for."""
    table = Table(box=None, pad_edge=False)
    for title in ("rule", "above", "spoke", "suggested", "would have spoken"):
        table.add_column(title, overflow="fold")
    for one in found:
        unit = one.rule.metric.unit
        now = written(one.rule.above.value, unit) if one.rule.above else ""
        then = ("nothing counted", "") if one.limit is None else (written(one.limit, unit), _often(one.then))
        table.add_row(text(one.rule.name), now, _often(one.now), *then)
    left = f"{counted(others, 'rule')} without a plain upper limit left out" if others else ""
    return Group(text(f"{window}", "bold"), table, *([text(left, "dim")] if left else []))


def _often(number: int) -> str:
    return f"{number} time{'' if number == 1 else 's'}"
