"""How likely a series is to spend at all in a bucket: never at weekends, now and then, or always.

Which of four laws holds for the judged bucket's kind (weekday or weekend) is weighed by how well each
explains what was seen: hardly ever, almost always, as often as on the other kind, or at a rate of its own.
How rare "hardly ever" and "almost always" are is learnt from all series of the organisation.
"""

import numpy as np

from bot.detect.robust import Floats, Ints
from bot.detect.season import Season
from bot.panel.coverage import Mask

_LITTLE, _ENOUGH = 0.1, 6
_PRIOR_EVENTS, _PRIOR_BUCKETS = 0.2, 100.0
_WEIGHT = 2.0
_SURE_WEIGHT = 30.0


def chance_of_spend(active: Mask, past: Mask, season: Season) -> Floats:
    """The probability that each series spends in the last column, from the cells of `past` before it."""
    begun = (np.cumsum(active & past, axis=1) > 0) & past
    spent = active & past
    of_kind, of_slot = season.kinds == season.kinds[-1], season.slot == season.slot[-1]
    rate = _rate(spent[:, of_kind], begun[:, of_kind], _rate(spent[:, ~of_kind], begun[:, ~of_kind]))
    weight = np.where((rate > _LITTLE) & (rate < 1 - _LITTLE), _WEIGHT, _SURE_WEIGHT)
    return np.asarray(
        (spent[:, of_slot].sum(axis=1) + weight * rate) / (begun[:, of_slot].sum(axis=1) + weight)
    )


def _rate(spent: Mask, begun: Mask, other: Floats | None = None) -> Floats:
    """How often each series spends on days of a kind, where it does so `other` on days of the other kind."""
    hits, tries = spent.sum(axis=1), begun.sum(axis=1)
    own = (hits + 0.5) / (tries + 1)
    never = np.full(len(hits), min(_rare(hits, tries), 0.2))
    always = np.full(len(hits), 1 - min(_rare(tries - hits, tries), 0.2))
    laws = np.stack([own, never, always] if other is None else [own, never, always, other])
    fit = hits * np.log(laws) + (tries - hits) * np.log1p(-laws)
    fit[0] -= np.log(tries + 1)
    weights = np.exp(fit - fit.max(axis=0))
    believed = (hits + _WEIGHT * laws) / (tries + _WEIGHT)
    return np.asarray((weights * believed).sum(axis=0) / weights.sum(axis=0))


def _rare(events: Ints, tries: Ints) -> float:
    """How often what hardly ever happens does happen, over the series where it hardly ever does."""
    rare = (tries >= _ENOUGH) & (events <= _LITTLE * tries)
    return float((events[rare].sum() + _PRIOR_EVENTS) / (tries[rare].sum() + _PRIOR_BUCKETS))
