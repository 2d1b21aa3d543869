"""Caps: which members spent more than a rule allows in the window that ends with one hour."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.facts.clock import Grain, Window
from bot.facts.directory import Directory
from bot.facts.finding import Finding, Part
from bot.facts.money import ZERO, Usd, allocate, show
from bot.facts.scope import Scope
from bot.panel.coverage import Mask
from bot.panel.leaves import NAMES, Groups, Leaves
from bot.panel.panel import Panel
from bot.rules.language import Rule
from bot.rules.matching import matches

Row = NDArray[np.int64]
_MOST_PARTS = 50


def breaches(rules: Iterable[Rule], panel: Panel, column: int, directory: Directory) -> list[Finding]:
    """One finding for every rule and member above its cap, in the order of the rules, dearest member first.

    `panel` is of hours; the window of a rule ends with the hour `column`, which must lie in the panel.
    Hours that are not known, or lie before the panel, add nothing: the sum is then a lower bound.
    A finding's `expected` and `high` are the cap; its parts (at most 50) share the excess by their spend.
    Raises ValueError for a panel of days and for a column outside the panel.
    """
    if panel.grain is not Grain.HOUR:
        raise ValueError("caps are judged by the hour; give a panel of hours")
    if not 0 <= column < panel.columns:
        raise ValueError(f"column {column} is not one of the panel's {panel.columns} hours")
    return [finding for rule in rules for finding in _breaches(rule, panel, column, directory)]


def _breaches(rule: Rule, panel: Panel, column: int, directory: Directory) -> Iterator[Finding]:
    recent = _recent(panel, column, rule.hours)
    groups = members(rule, recent.leaves, directory)
    spent = np.cumsum(recent.grouped(groups), axis=1)
    above = np.flatnonzero(spent[:, -1] > rule.above)
    for member in above[np.argsort(-spent[above, -1], kind="stable")]:
        inside = np.flatnonzero(groups.of_leaf == member)
        yield _finding(rule, recent, groups.scope(int(member)), spent[member], inside)


def _recent(panel: Panel, column: int, hours: int) -> Panel:
    """The last hours up to and with `column`, and only leaves that have spend there."""
    first = max(0, column + 1 - hours)
    span = slice(first, column + 1)
    usd = np.where(panel.known[span], panel.usd[:, span], 0)
    active = np.flatnonzero(usd.any(axis=1))
    leaves = Leaves.of(panel.leaves.values[leaf] for leaf in active.tolist())
    known, complete = panel.known[span], panel.complete[span]
    return replace(
        panel, first=panel.first + first, leaves=leaves, usd=usd[active], known=known, complete=complete
    )


def members(rule: Rule, leaves: Leaves, directory: Directory) -> Groups:
    """The members of a rule; leaves that its patterns leave out belong to none."""
    groups = leaves.by(*rule.dimensions)
    return replace(groups, of_leaf=np.where(_selected(rule, leaves, directory), groups.of_leaf, -1))


def _selected(rule: Rule, leaves: Leaves, directory: Directory) -> Mask:
    selected = np.ones(len(leaves.values), np.bool_)
    for dimension, pattern in rule.where.patterns().items():
        column = [values[NAMES.index(dimension)] for values in leaves.values]
        meant = {value for value in set(column) if matches(dimension, value, pattern, directory)}
        selected &= np.array([value in meant for value in column], np.bool_)
    return selected


def _finding(rule: Rule, recent: Panel, scope: Scope, spent: Row, inside: Row) -> Finding:
    """`spent` is the member's running sum by hour, `inside` are its leaves."""
    observed, last = Usd(int(spent[-1])), recent.window_of(recent.columns - 1)
    missing = rule.hours - int(recent.known.sum())
    return Finding(
        kind="rule",
        scope=scope,
        grain=Grain.HOUR,
        window=Window(last.end - rule.within, last.end),
        observed=observed,
        expected=rule.above,
        low=ZERO,
        high=rule.above,
        score=0.0,
        start=recent.start_of(int(np.argmax(spent > rule.above))),
        why=_why(rule, observed, missing),
        complete=missing == 0 and bool(recent.complete.all()),
        parts=_parts(recent, inside, Usd(observed - rule.above)),
        rule=rule.name,
        severity=rule.severity,
    )


def _why(rule: Rule, observed: Usd, missing: int) -> str:
    spent = f"at least {show(observed)}" if missing else show(observed)
    return f"{rule.name}: {spent} in {_span(rule)}, the cap is {show(rule.above)}. {rule.because}"


def _span(rule: Rule) -> str:
    if rule.hours == 1:
        return "1 hour"
    return f"{rule.hours // 24} days" if rule.hours > 24 and rule.hours % 24 == 0 else f"{rule.hours} hours"


def _parts(recent: Panel, inside: Row, excess: Usd) -> tuple[Part, ...]:
    """The leaves that spent, with their share of the excess; a credit carries none of it."""
    spent = [max(0, usd) for usd in recent.usd[inside].sum(axis=1).tolist()]
    shares = zip(inside.tolist(), allocate(excess, spent), strict=True)
    largest = sorted((share for share in shares if share[1]), key=lambda share: -share[1])
    return tuple(Part(recent.leaves.scope(leaf), share) for leaf, share in largest[:_MOST_PARTS])
