"""What each key of a scope spent, against what was usual of it: is a rise one key's, or everybody's?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

import numpy as np

from bot.detect.expect import usual_by_slot
from bot.detect.measure import newest
from bot.detect.reduce import MANY, explains
from bot.facts.clock import Grain, Window, ceil
from bot.facts.scope import Scope
from bot.panel.leaves import Numbers
from bot.panel.panel import Panel

_NANO = 1e9
_LITTLE = 0.01


@dataclass(frozen=True, slots=True)
class Spender:
    """Dollars of a key (of a person, where there is no key) in a window.

    `place` pins its workspace, its key and, without one, its person.
    """

    place: Scope
    observed: float
    usual: float


def spenders(panel: Panel, scope: Scope, since: datetime, window: Window) -> list[Spender]:
    """Those of `scope` who spend, in the complete hours of `window`; the usual is from before `since`.

    `panel` is hourly. Nobody, where it does not reach back or too little is known.
    """
    begin, span = panel.column(since), _columns(panel, window)
    inside = panel.leaves.inside(scope)
    if not 0 <= begin <= span.start < span.stop or not len(inside):
        return []
    places, group = _by_place(panel, inside)
    dollars = np.zeros((len(places), panel.columns))
    np.add.at(dollars, group, panel.usd[inside] / _NANO)
    usual = usual_by_slot(dollars[:, :begin], panel.known[:begin], Grain.HOUR)
    if usual is None:
        return []
    slots = np.arange(span.start - begin, span.stop - begin) % usual.shape[1]
    sums = dollars[:, span.start : span.stop].sum(axis=1), usual[:, slots].sum(axis=1)
    return [Spender(place, float(spent), float(of)) for place, spent, of in zip(places, *sums, strict=True)]


def _columns(panel: Panel, window: Window) -> range:
    """The hours of a window that are complete; all that were read, where none is."""
    first, last = (
        panel.column(window.start),
        min(panel.column(ceil(window.end, Grain.HOUR)), newest(panel) + 1),
    )
    whole = np.flatnonzero(panel.complete[max(first, 0) : last])
    return range(first, max(first, 0) + int(whole[-1]) + 1 if whole.size else last)


def _by_place(panel: Panel, inside: Numbers) -> tuple[list[Scope], Numbers]:
    """Who spends in these leaves, and of each leaf the number of its spender."""
    number: dict[Scope, int] = {}
    group = [number.setdefault(place_of(panel.leaves.scope(leaf)), len(number)) for leaf in inside]
    return list(number), np.array(group, np.int64)


def place_of(leaf: Scope) -> Scope:
    """Who spends in a leaf: its key or, without one, its person."""
    if leaf.api_key_id:
        return Scope(leaf.workspace_id, leaf.api_key_id)
    return Scope(leaf.workspace_id, "", actor=leaf.actor)


def multiple(of: Iterable[Spender]) -> float:
    """How often the usual they spent together; infinity of nothing."""
    spent, usual = np.array([(one.observed, one.usual) for one in of]).reshape(-1, 2).sum(axis=0)
    return float(spent / usual) if usual > 0 else float("inf")


def common_multiple(of: Iterable[Spender]) -> float:
    """By what multiple they rose together: a median, which one who runs away does not move; 1 of nobody.

    Each weighs by the square root of what it usually spends: dear ones more, but none alone.
    """
    usual = [(one.observed / one.usual, sqrt(one.usual)) for one in of if one.usual > 0]
    if not usual:
        return 1.0
    multiples, weights = np.array(sorted(usual)).T
    return float(multiples[int(np.searchsorted(np.cumsum(weights), weights.sum() / 2))])


def many_share(of: Sequence[Spender], common: float) -> bool:
    """Whether several of them, without those that hardly spend, rose by about a multiple or more."""
    least = _LITTLE * sum(one.usual for one in of)
    rose = [one for one in of if one.usual > least and explains(one.observed / one.usual, common)]
    return common > 1.0 and len(rose) >= MANY
