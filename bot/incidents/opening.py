"""An incident opens, is told again, or comes back."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from bot.facts.clock import Window
from bot.facts.finding import Finding
from bot.facts.incident import Change, Incident, State
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.incidents.follow import measured, urgency
from bot.incidents.severity import SURE, severity_of, worse
from bot.incidents.surroundings import FAR_FUTURE, Surroundings

_LEAST = {"dormant": Severity.WARNING}
"""What may be a stolen key is no mere notice, however little it cost so far."""


def opened(finding: Finding, now: datetime, around: Surroundings) -> Incident:
    """A new incident, measured from the hour in which its excess began."""
    start = finding.start
    if not finding.rule:
        start = around.onset(finding, now)
    fresh = Incident(
        id=incident_id(finding.scope, start, finding.rule),
        scope=finding.scope,
        kind=finding.kind,
        grain=finding.grain,
        state=State.OPEN,
        severity=Severity.NOTICE,
        start=start,
        opened_at=now,
        measured_until=min(finding.window.end, now),
        last_hot=min(finding.window.end, now),
        observed=finding.observed,
        expected=finding.expected,
        low=finding.low,
        high=finding.high,
        score=finding.score,
        why=finding.why,
        basis=finding.basis,
        parts=finding.parts,
        rule=finding.rule,
        label=finding.label,
        step=finding.step,
        value=finding.value,
        period=finding.period,
        history=(Change(now, "opened", finding.why),),
    )
    ahead = Window(start, now + FAR_FUTURE)
    latest = None if finding.rule else around.measure(fresh.scope, ahead, fresh.fell)
    fresh = measured(fresh, latest, now) if latest else fresh
    urgent = worse(urgency(fresh, around), _LEAST.get(finding.kind, Severity.NOTICE))
    return replace(fresh, severity=finding.severity or urgent)


def told_again(incident: Incident, finding: Finding, now: datetime, around: Surroundings) -> Incident:
    """What a further finding of the same cause changes: how sure it is; a rule's, that it still goes on."""
    if incident.state.is_over:
        return _reopened(incident, finding, now) if _is_news(incident, finding) else incident
    if incident.rule and incident.rule == finding.rule:
        return _broken_again(incident, finding, now, around)
    return _joined(replace(incident, score=max(incident.score, finding.score)), finding)


def _is_news(incident: Incident, finding: Finding) -> bool:
    """Whether a finding tells of more than an incident that is over did; a rule's newest hour counts."""
    later = (
        finding.window.end > incident.last_hot if finding.rule else finding.window.start >= incident.last_hot
    )
    return later or incident.answer is not None


def _joined(incident: Incident, finding: Finding) -> Incident:
    """The incident with those of a finding's leaves that were not yet a part of it."""
    known = {part.scope for part in incident.parts}
    new = (part for part in finding.parts if part.scope not in known and incident.scope.covers(part.scope))
    return replace(incident, parts=(*incident.parts, *new))


def _broken_again(incident: Incident, finding: Finding, now: datetime, around: Surroundings) -> Incident:
    last_hot = min(finding.window.end, now)
    by_dollars = severity_of(finding.excess, Usd(0), around.weighed_against(incident.scope), SURE)
    return replace(
        _woken_by(incident, finding),
        observed=finding.observed,
        expected=finding.expected,
        low=finding.low,
        high=finding.high,
        parts=finding.parts,
        why=finding.why,
        last_hot=last_hot,
        measured_until=last_hot,
        severity=worse(incident.severity, finding.severity or by_dollars),
        label=finding.label,
        step=max(incident.step, finding.step),
        value=finding.value,
    )


def _woken_by(incident: Incident, finding: Finding) -> Incident:
    """A further share of a budget is news for whoever looks after it."""
    if incident.state is not State.ACKNOWLEDGED or finding.step <= incident.step:
        return incident
    change = Change(finding.window.end, "reopened", finding.why)
    return replace(incident, state=State.OPEN, answer=None, history=(*incident.history, change))


def breaking(incident: Incident, finding: Finding) -> Incident:
    """The incident, which breaks a rule as well: as urgent as the rule says."""
    broken = _breaking(incident, finding.rule)
    return replace(broken, severity=worse(incident.severity, finding.severity or incident.severity))


def breaking_too(incident: Incident, other: Incident) -> Incident:
    """The incident that tells of another one from now on: who was told of that one is told of this."""
    broken = incident
    for rule in (other.rule, *other.breaks):
        broken = _breaking(broken, rule)
    return broken


def _breaking(incident: Incident, rule: str) -> Incident:
    if rule in (incident.rule, *incident.breaks):
        return incident
    return replace(incident, breaks=(*incident.breaks, rule))


def _reopened(incident: Incident, finding: Finding, now: datetime) -> Incident:
    reason = f"{finding.why}, {_hours(now - incident.last_hot)} after it had calmed down"
    return replace(
        incident,
        state=State.OPEN,
        resolved_at=None,
        answer=None,
        last_hot=min(finding.window.end, now),
        history=(*incident.history, Change(now, "reopened", reason)),
    )


def incident_id(scope: Scope, start: datetime, rule: str) -> str:
    """A short name that the same cause always gets, whoever computes it and however often."""
    digest = hashlib.sha256(repr((scope.pinned(), start.isoformat(), rule)).encode()).hexdigest()
    return f"{start:%y%m%d}-{digest[:4]}"


def _hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:.0f} h"
