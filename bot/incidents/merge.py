"""One cause, one finding: of findings about the same dollars the narrowest that carries most stays."""

from collections.abc import Iterable, Sequence

from bot.facts.finding import Finding, Part
from bot.facts.scope import Scope

MOST = 0.6
"""The share of an excess that must be carried for two statements to be about the same cause."""

_NARROW_FIRST = ("api_key_id", "actor", "product", "model", "workspace_id")


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that remain when each cause is told once, largest excess first.

    From narrow to broad: what narrower findings together explain is left out; what they do not explain is a
    broader cause and takes the narrower ones inside it along.
    """
    kept: list[Finding] = []
    for finding in sorted(findings, key=_breadth):
        if share_inside(finding.parts, [other.scope for other in kept]) >= MOST:
            continue
        kept = [other for other in kept if share_inside(other.parts, [finding.scope]) < MOST]
        kept.append(finding)
    return sorted(kept, key=lambda finding: -finding.excess)


def share_inside(parts: Sequence[Part], scopes: Sequence[Scope]) -> float:
    """The share of the parts' excess that lies in any of the scopes; 0 when there is none to share."""
    whole = sum(part.excess for part in parts)
    inside = sum(part.excess for part in parts if any(scope.covers(part.scope) for scope in scopes))
    return inside / whole if whole > 0 else 0.0


def _breadth(finding: Finding) -> tuple[int, int, int, str]:
    """Narrow before broad; statistics before rules; larger before smaller; then by name, to be stable."""
    pinned = finding.scope.pinned()
    place = min((_NARROW_FIRST.index(name) for name in pinned), default=len(_NARROW_FIRST))
    return (-len(pinned) * 10 + place, bool(finding.rule), -finding.excess, repr(finding.scope))
