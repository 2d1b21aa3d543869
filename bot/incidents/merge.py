"""One cause, one finding: of findings about the same dollars the narrowest that carries most stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.detect.reduce import MANY, MOST, NARROW_FIRST, sticks_out
from bot.facts.finding import Finding, Part
from bot.facts.incident import Incident
from bot.facts.scope import Scope

_KNOWN_SHARE = 0.1
_ORDER = (*NARROW_FIRST, "team")


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that remain when each cause is told once, largest excess first, what fell last.

    From narrow to broad: a broader finding that narrower ones explain is left out, unless they are many and
    none of them is most of it, or all of one key: then, as when they do not explain it, it is the cause and
    takes the ones inside it along.
    """
    said = list(findings)
    return [*_merged(one for one in said if not one.fell), *_merged(one for one in said if one.fell)]


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    kept: list[_Cause] = []
    for finding in sorted(findings, key=_breadth):
        explained = share_inside(finding.parts, [cause.finding.scope for cause in kept]) >= MOST
        inside = [cause for cause in kept if _is_inside(cause.finding, finding)]
        if explained and not _is_common_cause(finding, inside):
            continue
        kept = [cause for cause in kept if cause not in inside or not _goes_along(cause.finding, finding)]
        kept.append(_Cause(finding, max(1, sum(cause.size for cause in inside))))
    return sorted((cause.finding for cause in kept), key=lambda finding: -abs(finding.excess))


def _is_inside(narrow: Finding, finding: Finding) -> bool:
    """Whether most of what a finding tells lies in a broader one, and does not stick out of it."""
    one_key = finding.scope.api_key_id is not None
    most = share_inside(narrow.parts, [finding.scope]) >= MOST
    return most and (one_key or not sticks_out(narrow, finding))


def _goes_along(narrow: Finding, finding: Finding) -> bool:
    """Whether a broader finding tells it too: a common day says nothing of an hour of one key."""
    return finding.scope.api_key_id is not None or narrow.window == finding.window


@dataclass(frozen=True, slots=True)
class _Cause:
    """A finding that stays, and how many narrower ones it speaks for."""

    finding: Finding
    size: int


def _is_common_cause(finding: Finding, inside: Sequence[_Cause]) -> bool:
    """Whether what rises together is better told as one: a key on several models, or many at once."""
    if finding.rule or len(inside) < 2:
        return False
    if finding.scope.api_key_id is not None:
        return True
    largest = max(share_inside(finding.parts, [cause.finding.scope]) for cause in inside)
    return sum(cause.size for cause in inside) >= MANY and largest < MOST


def knows(incident: Incident, finding: Finding) -> bool:
    """Whether an incident may speak for a finding: not when it is broader and hardly knew that slice.

    The organisation's rise must not hide a key that runs away in the midst of it.
    """
    if incident.scope == finding.scope or not incident.scope.covers_scope(finding.scope):
        return True
    return share_inside(incident.parts, [finding.scope]) >= _KNOWN_SHARE


def share_inside(parts: Sequence[Part], scopes: Sequence[Scope]) -> float:
    """The share of the parts' excess that lies in any of the scopes; 0 when there is none to share."""
    whole = sum(part.excess for part in parts)
    inside = sum(part.excess for part in parts if any(scope.covers(part.scope) for scope in scopes))
    return inside / whole if whole else 0.0


def _breadth(finding: Finding) -> tuple[int, int, bool, int, tuple[str, ...]]:
    """Narrow before broad, of equals the one that pins more to the left; statistics before rules; by size.

    The names at the end make the order the same whatever order the findings came in.
    """
    pinned = finding.scope.pinned()
    place = min((_ORDER.index(name) for name in pinned), default=len(_ORDER))
    names = (repr(finding.scope), finding.rule, finding.grain, finding.window.start.isoformat())
    return -len(pinned), place, bool(finding.rule), -abs(finding.excess), names
