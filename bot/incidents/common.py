"""Whether what is told of a part is explained by what those around it share: one launch is one cause."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.detect.reduce import MOST, TELLING, explains
from bot.detect.spenders import Spender, common_multiple, many_share, multiple, place_of
from bot.facts.clock import DAY, HOUR, Window
from bot.facts.finding import Finding, Part
from bot.facts.incident import Incident
from bot.facts.scope import ORGANISATION, Scope
from bot.incidents.merge import knows, share_inside
from bot.incidents.surroundings import Surroundings


def is_broad(scope: Scope) -> bool:
    """Whether it is about more than one key or person."""
    return scope.api_key_id is None and scope.actor is None


def is_part_of(incident: Incident, broad: Scope, now: datetime, around: Surroundings) -> bool:
    """Whether over its last day it rose about as much as the others of a broader scope, who are many.

    Of the organisation the others are those of other workspaces: else the workspace is the scope.
    """
    window = _last_day(incident.start, now)
    everyone = around.spenders(broad, incident.start, window)
    own = multiple(around.spenders(incident.scope, incident.start, window))
    common = common_multiple(_others(everyone, incident))
    return many_share(everyone, common) and explains(common, own)


def speaks_for(incident: Incident, finding: Finding, around: Surroundings) -> bool:
    """Whether a finding in the scope of an incident is no news: that rose as well, and about as much.

    A key that rises far beyond what all share, and further than it ever strays, has a cause of its own.
    """
    if not is_broad(incident.scope) or incident.scope == finding.scope or finding.fell:
        return knows(incident, finding)
    if not incident.scope.covers_scope(_located(finding)):
        return True
    if finding.kind in TELLING:
        return finding.kind == incident.kind
    window = _last_day(incident.start, finding.window.end)
    shared = _sharing(incident, finding, around.spenders(incident.scope, incident.start, window))
    if not shared or finding.window.end <= incident.start:
        return knows(incident, finding)
    start = max(finding.window.start, incident.start)
    now = around.spenders(finding.scope, incident.start, Window(start, finding.window.end))
    common, own = common_multiple(shared), multiple(now)
    return explains(common, own) or own * finding.expected <= common * finding.high


def told_share(finding: Finding, incidents: Sequence[Incident], around: Surroundings) -> float:
    """The share of the excess of a finding that lies in the scopes of incidents.

    Of what lasts for hours, over all of them: who bears the newest hour did not bear them all.
    """
    scopes = [one.scope for one in incidents]
    share = share_inside(finding.parts, scopes)
    if share >= MOST or not incidents or not is_broad(finding.scope) or finding.fell:
        return share
    since = min(finding.start, *(one.start for one in incidents))
    spent = around.spenders(finding.scope, since, Window(finding.start, finding.window.end))
    inside = [one for one in spent if any(scope.covers(one.place) for scope in scopes)]
    whole, told = (sum(one.observed - one.usual for one in part) for part in (spent, inside))
    return max(share, told / whole) if whole > 0 else share


def placed(finding: Finding, around: Surroundings) -> Finding:
    """What is said of the organisation, told of the one workspace that bears most of it and alone rose so."""
    workspace = workspace_of(finding.parts)
    if finding.scope != ORGANISATION or workspace is None or finding.rule or finding.fell:
        return finding
    everyone = around.spenders(ORGANISATION, finding.start, Window(finding.start, finding.window.end))
    inside = [one for one in everyone if workspace.covers(one.place)]
    outside = [one for one in everyone if not workspace.covers(one.place)]
    if not outside or explains(common_multiple(outside), multiple(inside)):
        return finding
    return replace(finding, scope=workspace)


def workspace_of(parts: Sequence[Part]) -> Scope | None:
    """The workspace that bears most of an excess."""
    named = {part.scope.workspace_id for part in parts} - {None, ""}
    shares = {scope: share_inside(parts, [scope]) for scope in map(Scope, sorted(filter(None, named)))}
    most = max(shares, key=lambda scope: shares[scope], default=None)
    return most if most and shares[most] >= MOST else None


def _last_day(start: datetime, now: datetime) -> Window:
    return Window(max(start, now - DAY), max(now, start + HOUR))


def _located(finding: Finding) -> Scope:
    """Its scope, with the workspace that bears it."""
    workspace = workspace_of(finding.parts) or ORGANISATION
    return Scope.of(workspace.pinned() | finding.scope.pinned())


def _others(everyone: Sequence[Spender], incident: Incident) -> list[Spender]:
    """Who has no part in an incident, of other workspaces than its own where there are several."""
    several = len({one.place.workspace_id for one in everyone}) > 1
    workspace = workspace_of(incident.parts) if several else None
    own = _places(incident.parts)
    return [
        one for one in everyone if one.place not in own and not (workspace and workspace.covers(one.place))
    ]


def _sharing(incident: Incident, finding: Finding, everyone: Sequence[Spender]) -> list[Spender]:
    """Those of whom an incident tells, without those of whom the finding does."""
    shared = _places(incident.parts) - _places(finding.parts)
    return [one for one in everyone if one.place in shared]


def _places(parts: Sequence[Part]) -> set[Scope]:
    return {place_of(part.scope) for part in parts}
