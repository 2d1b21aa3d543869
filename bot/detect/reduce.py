"""One finding per cause: the narrowest scope that carries most of it speaks for the broader ones."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log

from bot.facts.finding import Finding
from bot.facts.scope import Scope

MOST = 0.6
"""The share of an excess that must be carried for two statements to be about the same cause."""
_HALF = 0.5
MANY = 3
"""So many narrower findings at once, none of them most of it, have a common cause."""
_NEAR = 1.0
_LENT = 2.0
"""How much a broad finding's evidence may add to the score of the narrow one that bears it."""
TELLING = ("dormant", "new", "price")
"""Kinds that say why."""
NARROW_FIRST = ("api_key_id", "actor", "product", "model", "workspace_id")


@dataclass(frozen=True, slots=True)
class _Cause:
    finding: Finding
    leaves: dict[Scope, float]


def reduced(findings: Iterable[Finding], bar: float) -> list[Finding]:
    """The findings that remain, each marked whether it passed `bar`, highest score first."""
    kept: list[_Cause] = []
    for finding in sorted(findings, key=_breadth):
        cause = _Cause(finding, _leaves(finding))
        same_way = [other for other in kept if other.finding.fell == finding.fell]
        inside = [other for other in same_way if _is_inside(other, cause)]
        alike = [other for other in inside if not _stands_alone(other, cause)]
        if _speaks_for(cause, alike, bar):
            kept = [other for other in kept if other not in alike]
            best = max([finding.score, *(other.finding.score for other in alike)])
            kept.append(_scored(cause, best))
        elif _share(cause, same_way) >= MOST:
            kept = _lent(kept, inside, cause)
        else:
            kept.append(cause)
    marked = (replace(one.finding, said=one.finding.score >= bar) for one in kept)
    return sorted(marked, key=lambda finding: (-finding.score, _breadth(finding)))


def _scored(cause: _Cause, score: float) -> _Cause:
    return _Cause(replace(cause.finding, score=score), cause.leaves)


def _leaves(finding: Finding) -> dict[Scope, float]:
    sign = -1 if finding.fell else 1
    return {part.scope: max(sign * part.excess, 0) for part in finding.parts}


def _is_inside(other: _Cause, cause: _Cause) -> bool:
    return all(cause.finding.scope.covers(leaf) for leaf in other.leaves)


def _stands_alone(other: _Cause, cause: _Cause) -> bool:
    """What says more than that it rose, or is clearer by itself, has a cause of its own; one key has one."""
    if cause.finding.scope.api_key_id is not None:
        return False
    clearer = other.finding.score > cause.finding.score + _NEAR
    return clearer or other.finding.kind in TELLING or sticks_out(other.finding, cause.finding)


def sticks_out(one: Finding, broad: Finding) -> bool:
    """Whether a finding rose far beyond what the rest of a broader one, of the same window, rose by."""
    usual = broad.expected - one.expected
    if one.window != broad.window or one.fell or usual <= 0 or one.expected <= 0:
        return False
    common = (broad.observed - one.observed) / usual
    return not explains(common, one.observed / one.expected) and one.observed > common * one.high


def explains(common: float, own: float) -> bool:
    """Whether a common multiple makes up most of an own one, by factors: 2.5x does of 4x, not of 6x."""
    return own <= common or (common > 1 and log(common) >= MOST * log(own))


def _share(cause: _Cause, inside: list[_Cause]) -> float:
    whole = sum(cause.leaves.values())
    borne = {leaf for other in inside for leaf in cause.leaves if other.finding.scope.covers(leaf)}
    return sum(cause.leaves[leaf] for leaf in borne) / whole if whole > 0 else 0.0


def _speaks_for(cause: _Cause, inside: list[_Cause], bar: float) -> bool:
    """Whether what rises together is better told as one: a key on several models, or many at once."""
    if cause.finding.scope.api_key_id is not None:
        return len(inside) >= 2
    if not inside or cause.finding.score < bar or _share(cause, inside) < MOST:
        return False
    strong = [other for other in inside if other.finding.score >= min(bar, cause.finding.score - _NEAR)]
    largest = max(abs(other.finding.excess) for other in inside)
    return len(strong) >= MANY and largest < MOST * abs(cause.finding.excess)


def _lent(kept: list[_Cause], inside: list[_Cause], cause: _Cause) -> list[_Cause]:
    """The largest inside takes over the evidence of the broader finding that it mostly bears."""
    if not inside:
        return kept
    largest = max(inside, key=lambda other: (abs(other.finding.excess), repr(other.finding.scope)))
    if abs(largest.finding.excess) < _HALF * abs(cause.finding.excess):
        return kept
    own = largest.finding.score
    score = max(own, min(cause.finding.score, own + _LENT))
    return [_scored(other, score) if other is largest else other for other in kept]


def _breadth(finding: Finding) -> tuple[int, int, int, str]:
    pinned = finding.scope.pinned()
    place = min((NARROW_FIRST.index(name) for name in pinned), default=len(NARROW_FIRST))
    return -len(pinned), place, -abs(finding.excess), repr(finding.scope)
