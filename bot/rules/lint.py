"""What is allowed in rule files and yet probably not meant, held against what was spent so far."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot.facts.directory import Directory
from bot.facts.text import when
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from bot.rules.language import FILTERS, Event, Members, Route, Rule
from bot.rules.matching import matches
from bot.rules.rulebook import Rulebook
from bot.rules.verdicts import verdicts
from bot.rules.view import View
from bot.rules.windows import inside

_ALWAYS = 0.5
"""Of the hours: what speaks that often says nothing."""
_WEEK = 7 * 24


def warnings(
    rulebook: Rulebook, view_of: Callable[[Rule], View], leaves: Leaves, directory: Directory, now: datetime
) -> Iterator[str]:
    """Sentences that name the rule's place and the remedy. Views are of hours, the longer the better."""
    for rule in rulebook.rules:
        for warning in (*_of_rule(rule, view_of(rule), directory), *_shadows(rule, rulebook.rules)):
            yield f"{rulebook.places.get(rule.name, 'rules')}: {rule.name}: {warning}"
    for event in rulebook.events:
        for warning in (*_of_event(event, now), *_of_members(event.scope, "scope", leaves, directory)):
            yield f"{event.name}: {warning}"
    for number, route in enumerate(rulebook.routes):
        misspelt = _of_members(route.where, "where", leaves, directory)
        for warning in (*misspelt, *_unreached(route, rulebook.routes[:number])):
            yield f"{route.name}: {warning}"


def _unreached(route: Route, before: Sequence[Route]) -> Iterator[str]:
    """Routes above that take everything away from one."""
    for other in before:
        narrower = other.where.patterns().items() <= route.where.patterns().items()
        if route.to and other.to and narrower and other.severity.rank <= route.severity.rank:
            yield f"is never reached: {other.name!r} stands before it; move it up, or write also for to"
            return


def _of_rule(rule: Rule, view: View, directory: Directory) -> Iterator[str]:
    panel = view.panel
    if not rule.examples:
        yield "has no example; add one, so that `claude-spend rules test` can run it"
    misspelt = list(_of_members(rule.where, "where", panel.leaves, directory))
    yield from misspelt
    if rule.exclude:
        yield from _of_members(rule.exclude, "except", panel.leaves, directory)
    yield from _of_hours(rule, panel)
    found = verdicts(rule, view)
    if panel.leaves.values and not len(found.groups) and not misspelt:
        yield "nobody it is about ever spent anything; it cannot fire"
    share = float(found.speaks.any(axis=0).mean()) if panel.columns else 0.0
    if share > _ALWAYS and rule.budget is None:
        often = f"would have spoken in {share:.0%} of the last {panel.columns} hours"
        yield f"{often}; it says too much, make it stricter"


def _of_members(members: Members, field: str, leaves: Leaves, directory: Directory) -> Iterator[str]:
    """Patterns that nothing fits that ever spent: mostly a name misspelt, or gone."""
    words = {dimension: word for word, dimension in FILTERS.items()}
    for dimension, patterns in members.patterns().items() if leaves.values else ():
        values = set(leaves.named(dimension))
        for pattern in patterns:
            if not any(matches(dimension, value, (pattern,), directory) for value in values):
                yield f"{field}: no {words[dimension]} that ever spent fits {pattern!r}; check the name"


def _of_hours(rule: Rule, panel: Panel) -> Iterator[str]:
    """Hours of the week that leave none over."""
    week = panel.before(_WEEK)
    whole = week.columns == _WEEK
    if whole and rule.mute and inside(week, rule.mute).all():
        yield "is muted all week, so that it can never fire; leave some hours over"
    if whole and rule.outside and inside(week, rule.outside).all():
        yield "has no hours outside of these, so that it can never fire; leave some hours over"


def _shadows(rule: Rule, rules: Sequence[Rule]) -> Iterator[str]:
    """Stricter rules about the same: this one can only repeat them."""
    for other in rules:
        if other is not rule and _same_matter(rule, other) and _is_stricter(other, rule):
            yield f"says nothing that {other.name!r} has not said before; remove one of them"
            return


def _same_matter(one: Rule, other: Rule) -> bool:
    alike = ("watch", "per", "where", "exclude", "within", "outside", "for_", "mute", "route", "severity")
    return all(getattr(one, name) == getattr(other, name) for name in alike)


def _is_stricter(one: Rule, other: Rule) -> bool:
    if one.above is not None and other.above is not None:
        return one.above.value < other.above.value
    return one.below is not None and other.below is not None and one.below.value > other.below.value


def _of_event(event: Event, now: datetime) -> Iterator[str]:
    if event.end <= now:
        yield f"is over since {when(event.end)}; remove it"
