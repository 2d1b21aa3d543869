"""Incidents that turn out to be parts of one cause: one of them tells it, the others are told as that one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from bot.detect.reduce import MOST, TELLING
from bot.facts.clock import DAY
from bot.facts.finding import Finding, Part
from bot.facts.incident import Change, Incident, State
from bot.facts.scope import ORGANISATION, Scope
from bot.incidents.common import is_broad, is_part_of, workspace_of
from bot.incidents.follow import resolved
from bot.incidents.match import TOLD_AS
from bot.incidents.merge import share_inside
from bot.incidents.opening import breaking_too
from bot.incidents.surroundings import Surroundings

_ENOUGH = 2
_TOLD = ("opened", "reopened", "widened")


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


def of_the_same_cause(
    finding: Finding, incidents: Iterable[Incident], now: datetime, around: Surroundings
) -> list[Incident]:
    """Open incidents that a broad rise explains, the one that was told first first."""
    if finding.rule or finding.fell or not is_broad(finding.scope):
        return []
    return _parts_of(finding.scope, incidents, now, around)


def widened(narrower: Sequence[Incident], finding: Finding, now: datetime) -> list[Incident]:
    """The first of them, now about the scope of a finding; the others are told as that one."""
    what = "key" if finding.scope.api_key_id is not None else "cause"
    whole = _whole(narrower, finding.scope, f"it is the whole {what}: {finding.why}", now)
    leaves = _joint((finding.parts, *(one.parts for one in narrower)))
    whole = replace(whole, parts=leaves, score=max(whole.score, finding.score))
    return [whole, *(_told_as(one, whole, now) for one in narrower[1:])]


def _whole(parts: Sequence[Incident], scope: Scope, reason: str, now: datetime) -> Incident:
    """The first of some incidents, now about all that is in a scope.

    What people said of one key does not hold for many: then it is open again.
    """
    first = parts[0]
    whole = replace(
        first,
        scope=scope,
        parts=_joint(one.parts for one in parts),
        score=max(one.score for one in parts),
        history=(*first.history, Change(now, "widened", reason)),
    )
    return replace(whole, state=State.OPEN, answer=None) if is_broad(scope) else whole


def _joint(leaves: Iterable[Sequence[Part]]) -> tuple[Part, ...]:
    """Every leaf once, as it is told first."""
    told: dict[Scope, Part] = {}
    for part in chain.from_iterable(leaves):
        told.setdefault(part.scope, part)
    return tuple(told.values())


def whole_of(
    fresh: Incident, incidents: Iterable[Incident], now: datetime, around: Surroundings
) -> Incident | None:
    """The open broad incident that explains what is about to be told of a part of it."""
    broad = () if fresh.rule else (one for one in _rising(incidents) if is_broad(one.scope))
    return next((one for one in broad if _parts_of(one.scope, [fresh], now, around)), None)


def gathered(incidents: Sequence[Incident], now: datetime, around: Surroundings) -> list[Incident]:
    """What changes where incidents told one by one are parts of what everybody, or a workspace, shares."""
    broad = (ORGANISATION, *_workspaces(incidents))
    changes = (_gathered_in(scope, incidents, now, around) for scope in broad)
    return next(filter(None, changes), [])


def _gathered_in(
    broad: Scope, incidents: Sequence[Incident], now: datetime, around: Surroundings
) -> list[Incident]:
    """Parts are told as the incident of the broad scope; where none is open, two of them become it."""
    known = next((one for one in _rising(incidents) if one.scope == broad), None)
    if known:
        inside = [one for one in incidents if _may_be_told_as(one, known, now)]
        return [_told_as(one, known, now) for one in _parts_of(broad, inside, now, around)]
    parts = _parts_of(broad, incidents, now, around) if len(_candidates(broad, incidents)) >= _ENOUGH else []
    if len(parts) < _ENOUGH:
        return []
    whole = _whole(parts, broad, f"{len(parts)} parts and the rest of it rise about alike", now)
    return [whole, *(_told_as(one, whole, now) for one in parts[1:])]


def _parts_of(
    broad: Scope, incidents: Iterable[Incident], now: datetime, around: Surroundings
) -> list[Incident]:
    """Open incidents inside a scope that rose about as much as the rest of it, oldest and dearest first."""
    parts = [one for one in _candidates(broad, incidents) if is_part_of(one, broad, now, around)]
    return sorted(parts, key=lambda one: (one.opened_at, -one.excess, one.id))


def _candidates(broad: Scope, incidents: Iterable[Incident]) -> list[Incident]:
    """Open incidents of something narrower, that say no more than that it rose."""
    return [
        one
        for one in _rising(incidents)
        if one.kind not in TELLING and one.scope != broad and _lies_in(one, broad)
    ]


def _lies_in(incident: Incident, broad: Scope) -> bool:
    inside = share_inside(incident.parts, [broad]) >= MOST
    return broad.covers_scope(incident.scope) or (not is_broad(incident.scope) and inside)


def _rising(incidents: Iterable[Incident]) -> list[Incident]:
    return [one for one in incidents if not (one.state.is_over or one.rule or one.fell)]


def _workspaces(incidents: Iterable[Incident]) -> list[Scope]:
    found = (workspace_of(one.parts) for one in _rising(incidents))
    return sorted({scope for scope in found if scope}, key=repr)


def _may_be_told_as(incident: Incident, broad: Incident, now: datetime) -> bool:
    """Whether it was told before the broad one was, or a day ago: what stuck out of that stands for a day."""
    told = _told_at(incident)
    return told <= _told_at(broad) or told <= now - DAY


def _told_at(incident: Incident) -> datetime:
    """When it was last told anew."""
    return max((one.at for one in incident.history if one.what in _TOLD), default=incident.opened_at)


def _told_as(incident: Incident, other: Incident, now: datetime) -> Incident:
    return resolved(incident, now, f"{TOLD_AS} {other.id}")


def taken_over(incidents: Iterable[Incident], now: datetime) -> list[Incident]:
    """Open incidents of rules that a statistical one tells better, as it knows why; and that one."""
    going_on = [incident for incident in incidents if not incident.state.is_over]
    better = {one.id: one for one in going_on if not one.rule and not one.fell}
    over: list[Incident] = []
    for rule in going_on:
        if rule.rule and not rule.period and (found := _better(rule, better.values())):
            over.append(_told_as(rule, found, now))
            better[found.id] = breaking_too(found, rule)
    return [*over, *better.values()]


def _better(rule: Incident, incidents: Iterable[Incident]) -> Incident | None:
    near = (one for one in incidents if rule.excess > 0 or rule.scope.covers_scope(one.scope))
    return next((one for one in near if share_inside(rule.parts, [one.scope]) >= MOST), None)
