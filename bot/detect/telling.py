"""What findings of days and of hours have in common: who bears them, and how rare they are in words."""

import numpy as np

from bot.detect.reduce import MANY, MOST
from bot.detect.robust import Floats, Ints
from bot.facts.clock import Grain
from bot.facts.finding import Finding, Part
from bot.facts.money import ZERO, Usd
from bot.facts.scope import Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel

_NANO = 1e9
RANGE = 3.0
"""Spreads on either side of the usual that are no surprise."""
CANDIDATE = 1.5
"""Below this score nothing is worth keeping, even as a candidate."""
_LEAST_CHANCE = 1e-12
_LEAST_PART = 0.01
_MILLION = 6.0
_SOME = 0.05


def score_of(chance: Floats) -> Floats:
    """-log10 of chances, 0 to 12."""
    return np.asarray(-np.log10(np.clip(chance, _LEAST_CHANCE, 1.0)))


def nano(dollars: float) -> Usd:
    """Dollars of statistics as nano-dollars."""
    return Usd(round(dollars * _NANO))


def parts(leaves: Leaves, inside: Ints, excess: Floats, sign: int = 1) -> tuple[Part, ...]:
    """The leaves `inside` by their excess (`excess` is of all leaves), largest first, without crumbs."""
    order = inside[np.argsort(-sign * excess[inside], kind="stable")]
    least = _LEAST_PART * abs(float(excess[inside].sum()))
    return tuple(
        Part(leaves.scope(int(leaf)), nano(float(excess[leaf])))
        for leaf in order
        if abs(excess[leaf]) > least
    )


def is_borne_by_many(excess: Floats) -> bool:
    """Whether several leaves bear a broad rise: where one does, it is told of that one."""
    rises = np.maximum(excess, 0.0)
    total = float(rises.sum())
    several = int((rises > _SOME * total).sum()) >= MANY
    return total > 0 and several and float(rises.max()) < MOST * total


def rarity(score: float, grain: Grain) -> str:
    """How often so odd a bucket comes when nothing is wrong: "about once in 20,000 days of a series ..."."""
    often = "less than once in a million" if score > _MILLION else f"about once in {10**score:,.0f}"
    return f"{often} {grain}s of a series when nothing is wrong"


def too_early(panel: Panel, scope: Scope, usd: Usd, because: str) -> Finding:
    """What is said of a newest bucket that nothing can be said of yet."""
    window = panel.window_of(panel.columns - 1)
    return Finding(
        kind="early",
        scope=scope,
        grain=panel.grain,
        window=window,
        observed=usd,
        expected=usd,
        low=ZERO,
        high=usd,
        score=0.0,
        start=window.start,
        why=f"too early to say: {because}",
        complete=bool(panel.complete[-1]),
        parts=(),
        said=False,
    )
