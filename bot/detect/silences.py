"""Regular series that fall silent: an outage or a cap, told apart from holidays, rest and missing data."""

from dataclasses import dataclass

import numpy as np

from bot.detect.robust import Floats, Ints
from bot.detect.season import Season
from bot.panel.coverage import Mask

_LONGEST = 4
_LIKELY = 0.8
_REGULAR = 10
_LOW_SCORE = -2.0
_TOGETHER = 3
_TOGETHER_SHARE = 0.2
_REST_SHARE = 0.35
_WATCHED = 10
_STOPS, _WATCHED_DAYS = 0.1, 10_000.0
_STOP_SHARE = 0.05
_LEAST = 5e-6


@dataclass(frozen=True, slots=True)
class Silence:
    """What tells of silence, by series: dollars x columns, where they spent, and how likely they were to.

    `low` is the chance of so low a newest bucket where there is one; `score` is its score.
    """

    dollars: Floats
    active: Mask
    known: Mask
    likely: Floats
    low: Floats
    score: Floats
    history: Ints


def silenced(silence: Silence, season: Season) -> Floats:
    """The chance of the newest day being so low; 1 where many of a kind are low together, as on holidays.

    Never below how often regular series of this organisation stop for good.
    """
    active = silence.active
    run = _silent_run(active, silence.known)
    rest = (1 - silence.likely) ** (1 + 0.5 * np.maximum(run - 1, 0))
    as_low = (1 - silence.likely) + silence.likely * silence.low
    chance = np.where(active[:, -1], as_low, rest)
    expected = (silence.likely > _LIKELY) & (silence.history >= _REGULAR)
    low = expected & (~active[:, -1] | (np.nan_to_num(silence.score) < _LOW_SCORE))
    office = _rests_at_weekends(silence.dollars, silence.known, season)
    for kind in (office, ~office):
        together = int((low & kind).sum())
        if together >= _TOGETHER and together > _TOGETHER_SHARE * int((expected & kind).sum()):
            chance = np.where(kind, 1.0, chance)
    chance = chance + _LEAST + _STOP_SHARE * _stop_rate(silence.dollars > 0)
    return np.asarray(np.where(silence.history >= _REGULAR, np.minimum(chance, 1.0), 1.0))


def _silent_run(active: Mask, known: Mask) -> Floats:
    """For how many of the newest columns each series was silent, up to four."""
    run, silent = np.zeros(len(active)), np.ones(len(active), np.bool_)
    for back in range(1, min(_LONGEST, active.shape[1]) + 1):
        silent &= ~active[:, -back] & known[-back]
        run += silent
    return run


def _rests_at_weekends(dollars: Floats, known: Mask, season: Season) -> Mask:
    past = known.copy()
    past[-1] = False
    weekend = past & (season.kinds == 1)
    weekday = past & (season.kinds == 0)
    if not weekend.any() or not weekday.any():
        return np.zeros(len(dollars), np.bool_)
    return np.asarray(dollars[:, weekend].mean(axis=1) < _REST_SHARE * dollars[:, weekday].mean(axis=1))


def _stop_rate(spent: Mask) -> float:
    """How often a regular series stopped for three days or more, per day that it might have; one is free."""
    past = spent[:, :-1]
    if past.shape[1] < 2 * _WATCHED:
        return _STOPS / _WATCHED_DAYS
    sums: Ints = np.pad(np.cumsum(past, axis=1), ((0, 0), (1, 0)))
    busy: Ints = sums[:, _WATCHED:-3] - sums[:, : -_WATCHED - 3]
    after: Ints = sums[:, _WATCHED + 3 :] - sums[:, _WATCHED:-3]
    regular = busy >= _WATCHED - 1
    stops = int((regular & (after == 0)).sum())
    return (max(stops - 1, 0) + _STOPS) / (int(regular.sum()) + _WATCHED_DAYS)
