"""The exact waterfall: a difference in dollars, split into what changed, to the nano-dollar."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import fsum
from typing import NamedTuple

import numpy as np

from bot.detect.robust import Floats
from bot.explain.shapley import Side, shapley
from bot.explain.usage import Cast, Spender, Usage
from bot.facts.money import ZERO, Usd
from bot.facts.spend import SpendRow
from bot.panel.coverage import Mask

_CRUMB = 1e-11
"""Of all dollars on both sides: less is what floating point leaves."""
_NEGLIGIBLE = 0.01
"""Of all dollars on both sides: more that no row tells is called missing."""
_OUTPUT = -1


class Factor(StrEnum):
    """What can change a bill."""

    TRAFFIC = "traffic"
    INPUT = "input per request"
    OUTPUT = "output per request"
    BALANCE = "balance of input and output"
    CACHE = "cache"
    MIX = "model mix"
    PRICE = "price"
    NEW = "new"
    GONE = "gone"
    SEARCH = "web search"
    CODE = "code execution"
    SESSION = "agent sessions"
    OTHER = "other kinds"
    UNCOUNTED = "without tokens"
    MISSING = "missing"


EXTRAS = (Factor.SEARCH, Factor.CODE, Factor.SESSION, Factor.OTHER, Factor.UNCOUNTED)
"""In the order of Usage.extras."""
_Parts = dict[Factor, Floats]


class Costs(NamedTuple):
    """Rows and what they are to add up to: those of an incident are measured, the usual is an expectation."""

    rows: Sequence[SpendRow]
    usd: Usd


def waterfall(now: Costs, before: Costs, resting: Collection[Spender] = ()) -> dict[Factor, Usd]:
    """The parts of now.usd - before.usd by what changed; they sum to it exactly, and none is zero.

    Each spender by itself: requests x (input a request x cache shares x models x price + output a request x
    models x price + extras a request), each change given its Shapley value. Where requests are not counted
    tokens stand for them. One seen on one side only is new or gone as a whole; one of the `resting` was at
    rest in these hours, so that all of it is traffic. Credits are of other kinds, and those of before are
    not usual. What no row tells is MISSING.
    """
    usual, spent = _without_credits(before.rows), _without_credits(now.rows)
    credited = sum(row.usd for row in now.rows) - sum(row.usd for row in spent)
    cast = Cast.of(spent, usual)
    sides = Usage.of(usual, cast), Usage.of(spent, cast)
    scales = _scale(sides[0], before.usd), _scale(sides[1], Usd(now.usd - credited))
    parts = _of_spenders(sides, scales, np.array([one in resting for one in cast.spenders], np.bool_))
    parts[Factor.OTHER] = np.append(parts[Factor.OTHER], credited)
    crumb = _CRUMB * (abs(now.usd) + abs(before.usd))
    return _exact({factor: fsum(part) for factor, part in parts.items()}, now, before, crumb)


def _without_credits(rows: Sequence[SpendRow]) -> list[SpendRow]:
    return [row for row in rows if row.usd >= 0]


def _scale(side: Usage, target: Usd) -> float:
    """What brings the rows' dollars to the target; 1 where nothing can."""
    total = float(side.usd.sum())
    return target / total if total > 0 and target >= 0 else 1.0


def _exact(parts: Mapping[Factor, float], now: Costs, before: Costs, crumb: float) -> dict[Factor, Usd]:
    """Whole nano-dollars; a negligible rest goes to the largest part, more than that is missing."""
    whole = {factor: Usd(round(part)) for factor, part in parts.items() if abs(part) > crumb}
    rest = Usd(now.usd - before.usd - sum(whole.values()))
    largest = max(whole, key=lambda factor: abs(whole[factor]), default=Factor.MISSING)
    where = largest if abs(rest) <= _NEGLIGIBLE * (abs(now.usd) + abs(before.usd)) else Factor.MISSING
    whole[where] = Usd(whole.get(where, ZERO) + rest)
    return {factor: usd for factor, usd in whole.items() if usd}


def _of_spenders(sides: tuple[Usage, Usage], scales: tuple[float, float], resting: Mask) -> _Parts:
    before, now = sides
    both, fresh = before.seen & now.seen, now.seen & ~before.seen
    usd = (before.usd * scales[0], now.usd * scales[1])
    parts = {factor: np.where(both, part, 0.0) for factor, part in _changes(sides, scales).items()}
    parts[Factor.TRAFFIC] = parts[Factor.TRAFFIC] + np.where(fresh & resting, usd[1], 0.0)
    parts[Factor.NEW] = np.where(fresh & ~resting, usd[1], 0.0)
    parts[Factor.GONE] = np.where(before.seen & ~now.seen, -usd[0], 0.0)
    return parts


def _changes(sides: tuple[Usage, Usage], scales: tuple[float, float]) -> _Parts:
    """The parts of each spender's difference; of two exact readings the simpler one.

    Tokens lie in a table of models x kinds. Read by kind, traffic that moves to another model at the same
    tokens is all mix; read by model, a cache that dies is all cache. Few large parts are simpler than many.
    """
    counted = np.logical_and.reduce([side.counted & (side.requests > 0) for side in sides])
    traffic = _traffic(sides, counted)
    prices = _Prices.of(sides)
    readings = [
        _parts(sides, scales, traffic, prices, weights)
        for weights in (_by_kind(sides, prices), _by_model(sides, prices))
    ]
    spread = [sum(np.sqrt(np.abs(part)) for part in parts.values()) for parts in readings]
    simpler = np.asarray(spread[0] <= spread[1])
    parts = {factor: np.where(simpler, readings[0][factor], readings[1][factor]) for factor in readings[0]}
    lengths = parts[Factor.INPUT] + parts[Factor.OUTPUT]
    parts[Factor.BALANCE] = np.where(counted, 0.0, lengths)
    parts |= {factor: np.where(counted, parts[factor], 0.0) for factor in (Factor.INPUT, Factor.OUTPUT)}
    return parts


def _traffic(sides: tuple[Usage, Usage], counted: Mask) -> tuple[Floats, Floats]:
    """Requests of each side, or tokens; at least something, so that all else can be had for each of it."""
    first, second = (np.where(counted, side.requests, side.tokens.sum(axis=(1, 2))) for side in sides)
    least = [np.where(first > 0, first, np.where(second > 0, second, 1.0))]
    least.append(np.where(second > 0, second, least[0]))
    return least[0], least[1]


Weights = Callable[[Side, Side], Floats]
"""The share of a spender's input tokens by model and kind (e, m, k), with the cache and the mix of a side."""


def _parts(
    sides: tuple[Usage, Usage],
    scales: tuple[float, float],
    traffic: tuple[Floats, Floats],
    prices: "_Prices",
    weights: Weights,
) -> dict[Factor, Floats]:
    volume = [traffic[side] * scales[side] for side in (0, 1)]
    inputs = [side.tokens[..., :_OUTPUT].sum(axis=(1, 2)) / traffic[at] for at, side in enumerate(sides)]
    outputs = [side.tokens[..., _OUTPUT].sum(axis=1) / traffic[at] for at, side in enumerate(sides)]
    of_input = {at: prices.of_input(weights(*at[:2]), at[2]) for at in product((0, 1), repeat=3)}
    by_model = _filled(*(_shares(side.tokens[..., _OUTPUT], axis=1) for side in sides))
    of_output = {(x, p): prices.of_output(by_model[x], p) for x, p in product((0, 1), repeat=2)}
    parts = dict.fromkeys(Factor, np.zeros(len(volume[0])))

    def add(factors: tuple[Factor, ...], worth: Callable[..., Floats]) -> None:
        for factor, part in zip(factors, shapley(len(factors), worth), strict=True):
            parts[factor] = parts[factor] + part

    add(
        (Factor.TRAFFIC, Factor.INPUT, Factor.CACHE, Factor.MIX, Factor.PRICE),
        lambda t, a, *rest: volume[t] * inputs[a] * of_input[rest],
    )
    add(
        (Factor.TRAFFIC, Factor.OUTPUT, Factor.MIX, Factor.PRICE),
        lambda t, b, *rest: volume[t] * outputs[b] * of_output[rest],
    )
    for number, extra in enumerate(EXTRAS):
        each = [side.extras[:, number] / traffic[at] for at, side in enumerate(sides)]
        add((Factor.TRAFFIC, extra), lambda t, c, each=each: volume[t] * each[c])
    return parts


@dataclass(frozen=True, slots=True)
class _Prices:
    """Dollars a token by side, spender, model and kind; `known` where one is known at all."""

    each: tuple[Floats, Floats]
    known: Mask

    @classmethod
    def of(cls, sides: tuple[Usage, Usage]) -> "_Prices":
        """As paid; where a side has no such tokens as on the other side, else as all others pay."""
        paid = [_over(side.dollars, side.tokens) for side in sides]
        dollars, tokens = (
            np.asarray(getattr(sides[0], name) + getattr(sides[1], name)).sum(axis=0, keepdims=True)
            for name in ("dollars", "tokens")
        )
        everyone = np.broadcast_to(_over(dollars, tokens), paid[0].shape)
        own = _filled(*paid)
        full = [np.where(np.isnan(side), everyone, side) for side in own]
        known: Mask = ~np.isnan(full[0])[..., :_OUTPUT]
        return cls((np.nan_to_num(full[0]), np.nan_to_num(full[1])), known)

    def of_input(self, weights: Floats, side: Side) -> Floats:
        """The price of a spender's average input token."""
        return np.asarray((weights * self.each[side][..., :_OUTPUT]).sum(axis=(1, 2)))

    def of_output(self, weights: Floats, side: Side) -> Floats:
        """The price of its average output token."""
        return np.asarray((np.nan_to_num(weights) * self.each[side][..., _OUTPUT]).sum(axis=1))


def _by_kind(sides: tuple[Usage, Usage], prices: _Prices) -> Weights:
    """Shares of kinds, times models within a kind."""
    tokens = [side.tokens[..., :_OUTPUT] for side in sides]
    kinds = _filled(*(_shares(one.sum(axis=1), axis=1) for one in tokens))
    models = _filled(*(_likely(one, 1, prices.known) for one in tokens))
    return lambda cache, mix: np.nan_to_num(kinds[cache][:, None, :] * models[mix])


def _by_model(sides: tuple[Usage, Usage], prices: _Prices) -> Weights:
    """Shares of models, times kinds within a model."""
    tokens = [side.tokens[..., :_OUTPUT] for side in sides]
    models = _filled(*(_shares(one.sum(axis=2), axis=1) for one in tokens))
    kinds = _filled(*(_likely(one, 2, prices.known) for one in tokens))
    return lambda cache, mix: np.nan_to_num(models[mix][:, :, None] * kinds[cache])


def _likely(tokens: Floats, axis: int, priced: Mask) -> Floats:
    """Shares along one axis of the table; where it has none those of the spender's other tokens.

    Only where such tokens have a price. NaN where nothing can be said.
    """
    margin = np.where(priced, tokens.sum(axis=3 - axis, keepdims=True), 0.0)
    own = _shares(tokens, axis)
    return np.where(np.isnan(own), _shares(margin, axis), own)


def _shares(amounts: Floats, axis: int) -> Floats:
    """Of their sum along an axis; NaN where there is none."""
    return _over(amounts, amounts.sum(axis=axis, keepdims=True))


def _over(part: Floats, whole: Floats) -> Floats:
    some = whole > 0
    return np.asarray(np.where(some, part / np.where(some, whole, 1.0), np.nan))


def _filled(before: Floats, now: Floats) -> tuple[Floats, Floats]:
    """What one side does not know is as on the other: then it explains nothing."""
    return (
        np.where(np.isnan(before), now, before),
        np.where(np.isnan(now), before, now),
    )
