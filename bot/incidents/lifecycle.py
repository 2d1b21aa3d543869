"""From findings to incidents: open, grow, calm, resolve, reopen; every change with its reason."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.detect.measure import Measure
from bot.detect.reduce import MOST
from bot.facts.clock import Window
from bot.facts.finding import Finding
from bot.facts.incident import Change, Incident, State
from bot.facts.money import Usd, show
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.text import when
from bot.incidents.answers import woken
from bot.incidents.merge import knows, merge, share_inside
from bot.incidents.severity import SURE, severity_of, worse

QUIET_PERIOD = timedelta(hours=72)
"""What comes back within it is the same incident, reopened."""
LEARNT_AFTER = timedelta(weeks=4)
"""By then half of what is compared with is the new level: it is no incident any more."""
_SILENT_FOR_GOOD = timedelta(weeks=1)
"""What has been silent for so long has retired."""
_LEAST = {"dormant": Severity.WARNING}
"""What may be a stolen key is no mere notice, however little it cost so far."""
_FAR_FUTURE = timedelta(days=3650)

Measuring = Callable[[Scope, Window, bool], Measure | None]
Dating = Callable[[Finding, datetime], datetime]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the lifecycle asks the other rooms.

    What a scope cost (its shortfall where that is asked for), when the excess of a finding began, and a
    typical day's dollars.
    """

    measure: Measuring
    onset: Dating
    typical_day: float


def step(
    incidents: Sequence[Incident], findings: Iterable[Finding], now: datetime, around: Surroundings
) -> list[Incident]:
    """The incidents that changed at `now`, given all open and recently resolved ones and the new findings."""
    after = {incident.id: incident for incident in incidents}
    said = list(findings)
    for finding in merge(finding for finding in said if not finding.rule):
        if not (finding.fell and _was_acted_upon(finding, after.values())):
            _take(finding, _match(finding, list(after.values())), after, now, around)
    for finding in said:
        if own := _own(finding, after.values()):
            _take(finding, own, after, now, around)
    for finding in merge(finding for finding in said if finding.rule):
        if not _own(finding, after.values()) and not _is_told(finding, after.values()):
            _take(finding, None, after, now, around)
    after |= {rule.id: rule for rule in _taken_over(after.values(), now)}
    followed = {
        id_: incident if incident.state.is_over else _followed(incident, now, around)
        for id_, incident in after.items()
    }
    before = {incident.id: incident for incident in incidents}
    return [incident for id_, incident in followed.items() if before.get(id_) != incident]


def _take(
    finding: Finding, match: Incident | None, after: dict[str, Incident], now: datetime, around: Surroundings
) -> None:
    """Tell a finding as a part of the incident it is about, or as a new one."""
    narrower = [] if match else _of_the_same_key(finding, after.values())
    if narrower:
        after |= {one.id: one for one in _widened(narrower, finding, now)}
    elif match is None:
        opened = _opened(finding, now, around)
        known = after.get(opened.id)
        after[opened.id] = _told_again(known, finding, now, around.typical_day) if known else opened
    else:
        after[match.id] = _told_again(match, finding, now, around.typical_day)


def _of_the_same_key(finding: Finding, incidents: Iterable[Incident]) -> list[Incident]:
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


def _widened(narrower: Sequence[Incident], finding: Finding, now: datetime) -> list[Incident]:
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
    return [whole, *(_resolved(one, now, f"told as incident {first.id}") for one in others)]


def _was_acted_upon(finding: Finding, incidents: Iterable[Incident]) -> bool:
    """Whether what falls silent had just been told of as too much: somebody stopped it."""
    told = [i.scope for i in incidents if not i.fell and _same_time(finding, i)]
    return share_inside(finding.parts, told) >= MOST


def _match(finding: Finding, incidents: Iterable[Incident]) -> Incident | None:
    """The incident a statistical finding is about, open ones first: it tells of the same dollars again."""
    alike = [i for i in incidents if not i.rule and i.fell == finding.fell]
    related = [i for i in alike if _same_time(finding, i) and knows(i, finding)]
    if share_inside(finding.parts, [incident.scope for incident in related]) < MOST:
        related = [incident for incident in related if incident.scope == finding.scope]
    if not related:
        return None
    return max(related, key=lambda i: (not i.state.is_over, share_inside(finding.parts, [i.scope]), i.id))


def _own(finding: Finding, incidents: Iterable[Incident]) -> Incident | None:
    """The incident of the same rule and member."""
    own = (i for i in incidents if finding.rule and (i.rule, i.scope) == (finding.rule, finding.scope))
    return max(
        (i for i in own if _same_time(finding, i)), key=lambda i: (not i.state.is_over, i.id), default=None
    )


def _is_told(finding: Finding, incidents: Iterable[Incident]) -> bool:
    """Whether incidents already speak of most of what breaks a rule, or spoke of it within its window."""
    rose = (i for i in incidents if not i.fell)
    scopes = [i.scope for i in rose if not i.state.is_over or finding.window.start < i.last_hot]
    return share_inside(finding.parts, scopes) >= MOST


def _taken_over(incidents: Iterable[Incident], now: datetime) -> list[Incident]:
    """Open incidents of rules whose dollars an open statistical incident tells better: it knows why."""
    going_on = [incident for incident in incidents if not incident.state.is_over]
    better = [incident for incident in going_on if not incident.rule and not incident.fell]
    return [
        _resolved(rule, now, f"told as incident {found.id}")
        for rule in going_on
        if rule.rule
        for found in better
        if share_inside(rule.parts, [found.scope]) >= MOST
    ]


def _same_time(finding: Finding, incident: Incident) -> bool:
    if not incident.state.is_over:
        return True
    return finding.window.start < incident.last_hot + QUIET_PERIOD and finding.window.end > incident.start


def _opened(finding: Finding, now: datetime, around: Surroundings) -> Incident:
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
        history=(Change(now, "opened", finding.why),),
    )
    ahead = Window(start, now + _FAR_FUTURE)
    latest = None if finding.rule else around.measure(fresh.scope, ahead, fresh.fell)
    fresh = _measured(fresh, latest, now) if latest else fresh
    urgent = worse(_urgency(fresh, around.typical_day), _LEAST.get(finding.kind, Severity.NOTICE))
    return replace(fresh, severity=finding.severity or urgent)


def _told_again(incident: Incident, finding: Finding, now: datetime, typical_day: float) -> Incident:
    """What a further finding of the same cause changes: how sure it is; a rule's, that it still goes on."""
    if incident.state.is_over:
        is_news = finding.window.start >= incident.last_hot or incident.answer is not None
        return _reopened(incident, finding, now) if is_news else incident
    if incident.rule and incident.rule == finding.rule:
        return _broken_again(incident, finding, now, typical_day)
    return replace(incident, score=max(incident.score, finding.score))


def _broken_again(incident: Incident, finding: Finding, now: datetime, typical_day: float) -> Incident:
    last_hot = min(finding.window.end, now)
    by_dollars = severity_of(finding.excess, Usd(0), typical_day, SURE)
    return replace(
        incident,
        observed=finding.observed,
        expected=finding.expected,
        low=finding.low,
        high=finding.high,
        parts=finding.parts,
        why=finding.why,
        last_hot=last_hot,
        measured_until=last_hot,
        severity=finding.severity or worse(incident.severity, by_dollars),
    )


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


def _followed(incident: Incident, now: datetime, around: Surroundings) -> Incident:
    """The incident with today's figures, its severity stepped up or itself resolved where they say so."""
    if incident.rule:
        return _rule_followed(incident, now)
    latest = around.measure(incident.scope, Window(incident.start, now + _FAR_FUTURE), incident.fell)
    if latest is None or latest.until - incident.start > LEARNT_AFTER:
        return _resolved(incident, now, "it has lasted for four weeks: this is the usual now")
    if incident.fell and latest.until - incident.start > _SILENT_FOR_GOOD:
        return _resolved(incident, now, "it has lasted for a week: taken for the usual now")
    last_hot = latest.last_hot
    so_far = replace(_measured(incident, _until_calm(incident, latest, around), now), last_hot=last_hot)
    if latest.over:
        return _resolved(so_far, now, f"back to usual since {when(last_hot)}")
    return woken(_stepped_up(so_far, now, around.typical_day), now)


def _until_calm(incident: Incident, latest: Measure, around: Surroundings) -> Measure:
    """The figures up to the end of its newest hot stretch: quiet hours after it make nothing cheaper."""
    if not incident.start < latest.last_hot < latest.until:
        return latest
    hot = around.measure(incident.scope, Window(incident.start, latest.last_hot), incident.fell) or latest
    if latest.over:
        return hot
    return replace(hot, until=latest.until, course=latest.course, per_hour=latest.per_hour)


def _rule_followed(incident: Incident, now: datetime) -> Incident:
    """A rule's incident ends when it was not broken for as long as something that returns is the same."""
    if now - incident.last_hot < QUIET_PERIOD:
        return woken(incident, now)
    return _resolved(incident, now, f"not broken again since {when(incident.last_hot)}")


def _measured(incident: Incident, latest: Measure, now: datetime) -> Incident:
    return replace(
        incident,
        measured_until=min(latest.until, now),
        observed=latest.observed,
        expected=latest.expected,
        low=latest.low,
        high=latest.high,
        per_hour=latest.per_hour,
        course=latest.course,
        dearest_hour=latest.dearest_hour,
    )


def _stepped_up(incident: Incident, now: datetime, typical_day: float) -> Incident:
    severity = worse(incident.severity, _urgency(incident, typical_day))
    if severity is incident.severity:
        return incident
    reason = f"{show(incident.excess)} so far, {show(incident.per_hour)} an hour"
    change = Change(now, f"{incident.severity} to {severity}", reason)
    return replace(incident, severity=severity, history=(*incident.history, change))


def _urgency(incident: Incident, typical_day: float) -> Severity:
    score = SURE if incident.rule else incident.score
    return severity_of(incident.excess, incident.per_hour, typical_day, score)


def _resolved(incident: Incident, now: datetime, reason: str) -> Incident:
    return replace(
        incident,
        state=State.RESOLVED,
        resolved_at=now,
        answer=None,
        per_hour=Usd(0),
        history=(*incident.history, Change(now, "resolved", reason)),
    )


def incident_id(scope: Scope, start: datetime, rule: str) -> str:
    """A short name that the same cause always gets, whoever computes it and however often."""
    digest = hashlib.sha256(repr((scope, start.isoformat(), rule)).encode()).hexdigest()
    return f"{start:%y%m%d}-{digest[:4]}"


def _hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:.0f} h"
