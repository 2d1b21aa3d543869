"""What rules say of the newest hour: one finding for every rule and member that breaks it."""

from dataclasses import replace
from datetime import datetime

import numpy as np

from bot.facts.clock import Grain, Window
from bot.facts.directory import Directory
from bot.facts.finding import Finding, Part
from bot.facts.money import ZERO, Usd, allocate
from bot.facts.scope import ORGANISATION
from bot.panel.panel import Panel
from bot.rules.conditions import Condition
from bot.rules.language import Rule
from bot.rules.metrics import METRICS
from bot.rules.periods import Span
from bot.rules.verdicts import Verdicts, verdicts
from bot.rules.view import View
from bot.rules.windows import Windows, inside, trailing
from bot.rules.wording import label, sentence, unseen

_MOST_PARTS = 50


def breaches(rule: Rule, panel: Panel, column: int, directory: Directory) -> list[Finding]:
    """One finding for every member that breaks a rule in the hour `column`, the dearest first.

    `panel` is of hours, holds `rule.counts`, and should reach `rule.reach` hours back. Where cost is watched
    and there is too much of it, a finding's excess is what lies beyond the limit (`expected` and `high`);
    otherwise it has none, and its words say what is wrong. Its parts (at most 50) share it by their spend.
    Raises ValueError for a panel of days and for a column outside the panel.
    """
    if panel.grain is not Grain.HOUR:
        raise ValueError("rules are judged by the hour; give a panel of hours")
    if not 0 <= column < panel.columns:
        raise ValueError(f"column {column} is not one of the panel's {panel.columns} hours")
    found = verdicts(rule, View.of(rule, _recent(panel, column, rule.reach), directory))
    members = np.flatnonzero(found.speaks[:, -1]).tolist()
    said = [_finding(found, member) for member in members]
    said += [_missing(found)] if found.unseen[-1] else []
    return sorted(said, key=lambda finding: -finding.observed)


def _recent(panel: Panel, column: int, hours: int) -> Panel:
    """The last hours up to and with `column`, and only leaves that were used there."""
    recent = panel.before(column + 1).since(column + 1 - hours)
    used = [recent.usd.any(axis=1), *(counts.any(axis=1) for counts in recent.counts.values())]
    active = np.flatnonzero(np.logical_or.reduce(used))
    counts = {name: values[active] for name, values in recent.counts.items()}
    return replace(recent, leaves=recent.leaves.only(active), usd=recent.usd[active], counts=counts)


def _finding(found: Verdicts, member: int) -> Finding:
    rule, panel, view = found.rule, found.view.panel, found.view
    windows = _windows(rule.leading, panel)
    observed = Usd(int(view.values(METRICS["cost"], windows, rule.leading.outside)[member, -1]))
    value = float(found.judged.value[member, -1])
    window, base = _window(panel, windows), _base(rule.leading, found, member, observed)
    step = int(found.judged.step[member, -1]) if found.judged.step is not None else 0
    return Finding(
        kind="rule",
        scope=view.groups.scope(member),
        grain=Grain.HOUR,
        window=window,
        observed=observed,
        expected=base,
        low=ZERO,
        high=base,
        score=0.0,
        start=_start(found, member, windows),
        why=sentence(rule, found.judged, member, panel.columns - 1),
        complete=not found.judged.gap[-1] and bool(panel.complete[max(int(windows.begin[-1]), 0) :].all()),
        parts=_parts(view, windows, member, rule.leading, Usd(observed - base) or observed),
        rule=rule.name,
        severity=rule.severity_at(_weighed(rule, value)),
        value=value,
        label=label(rule, value),
        step=step,
        period=_period(rule.leading, window),
    )


def _missing(found: Verdicts) -> Finding:
    """That figures are missing: nobody knows of whom."""
    last = found.view.panel.window_of(found.view.panel.columns - 1)
    return Finding(
        kind="unseen",
        scope=ORGANISATION,
        grain=Grain.HOUR,
        window=last,
        observed=ZERO,
        expected=ZERO,
        low=ZERO,
        high=ZERO,
        score=0.0,
        start=last.start,
        why=unseen(found.rule),
        complete=False,
        rule=found.rule.name,
        severity=found.rule.severity_at(0.0),
        label="Figures missing",
    )


def _windows(condition: Condition, panel: Panel) -> Windows:
    """What the figures of a condition are about."""
    if condition.budget and condition.burns is None:
        return trailing(panel, Span(condition.budget.period.hours, condition.budget.period))
    return trailing(panel, condition.within)


def _window(panel: Panel, windows: Windows) -> Window:
    return Window(panel.start_of(int(windows.begin[-1])), panel.start_of(int(windows.end[-1])))


def _period(condition: Condition, window: Window) -> Window | None:
    """The period of a budget: what is said of it holds for that period alone."""
    if condition.budget is None or condition.burns is not None:
        return None
    return condition.budget.period.around(window.start)


def _base(condition: Condition, found: Verdicts, member: int, observed: Usd) -> Usd:
    """The dollars that would have been in order; all of them, where too many dollars are not the matter."""
    limit = float(found.judged.limit[member, -1])
    factor = {"above": 1.0, "rises": float(condition.rises or 1), "appears": 1.0}.get(condition.verb)
    if condition.verb == "budget" and condition.on == "spend":
        factor = float(condition.burns or 1)
    if factor is None or condition.watch != "cost":
        return observed
    return min(observed, Usd(round(limit / factor)))


def _weighed(rule: Rule, value: float) -> float:
    """What steps of severity are about: shares of a budget, else the amount itself."""
    return value / rule.budget.usd if rule.budget else value


def _start(found: Verdicts, member: int, windows: Windows) -> datetime:
    """When the limit was passed; where there is nothing to be passed, when it began to hold."""
    rule, panel = found.rule, found.view.panel
    begin, leading = max(int(windows.begin[-1]), 0), rule.leading
    if rule.above is not None and leading.metric.is_sum:
        by_hour = found.view.values(leading.metric, windows.last(1), leading.outside)[member, begin:]
        return panel.start_of(begin + int(np.argmax(np.cumsum(by_hour) > rule.above.value)))
    return panel.start_of(panel.columns - rule.patient_for)


def _parts(view: View, windows: Windows, member: int, condition: Condition, excess: Usd) -> tuple[Part, ...]:
    """The leaves that spent, with their share of the excess; a credit carries none of it."""
    panel, leaves = view.panel, np.flatnonzero(view.groups.of_leaf == member)
    span = slice(max(int(windows.begin[-1]), 0), int(windows.end[-1]))
    counted = panel.known & ~inside(panel, condition.outside)
    spent = np.maximum(np.where(counted[span], panel.usd[leaves, span], 0).sum(axis=1), 0).tolist()
    if not any(spent):
        return ()
    shares = zip(leaves.tolist(), allocate(excess, spent), strict=True)
    largest = sorted((share for share in shares if share[1]), key=lambda share: -share[1])
    return tuple(Part(panel.leaves.scope(leaf), share) for leaf, share in largest[:_MOST_PARTS])
