"""Incidents that turn out to be parts of one cause: one of them tells it, the others are told as that one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.detect.reduce import MOST
from bot.facts.finding import Finding
from bot.facts.incident import Change, Incident
from bot.incidents.follow import resolved
from bot.incidents.merge import share_inside


def of_the_same_key(finding: Finding, incidents: Iterable[Incident]) -> list[Incident]:
    """Open incidents of a part of the key that a finding is about as a whole, the dearest first."""
    inside = [
        one
        for one in incidents
        if finding.scope.api_key_id is not None
        and not (finding.rule or one.rule or one.state.is_over)
        and one.fell == finding.fell
        and one.scope != finding.scope
        and finding.scope.covers_scope(one.scope)
    ]
    return sorted(inside, key=lambda one: (-abs(one.excess), one.id))


def widened(narrower: Sequence[Incident], finding: Finding, now: datetime) -> list[Incident]:
    """The dearest of them, now about the whole key; the others are told as that one."""
    first, *others = narrower
    change = Change(now, "widened", f"it is the whole key: {finding.why}")
    whole = replace(
        first,
        scope=finding.scope,
        parts=finding.parts,
        score=max(first.score, finding.score),
        history=(*first.history, change),
    )
    return [whole, *(resolved(one, now, f"told as incident {first.id}") for one in others)]


def taken_over(incidents: Iterable[Incident], now: datetime) -> list[Incident]:
    """Open incidents of rules whose dollars an open statistical incident tells better: it knows why."""
    going_on = [incident for incident in incidents if not incident.state.is_over]
    better = [incident for incident in going_on if not incident.rule and not incident.fell]
    return [
        resolved(rule, now, f"told as incident {found.id}")
        for rule in going_on
        if rule.rule
        for found in better
        if share_inside(rule.parts, [found.scope]) >= MOST
    ]
