"""Regular series that fall silent: an outage or a cap, told apart from holidays, rest and missing data."""

from dataclasses import dataclass

import numpy as np

from bot.detect.robust import Floats, Ints
from bot.detect.season import Season
from bot.panel.coverage import Mask

LOOKS = 4
"""Silent days that are told apart: the later ones say no more."""
NEVER_LATE: Floats = np.zeros(LOOKS)
_SILENT = 0.1
"""A series is silent on a day with less than this share of its typical busy one."""
_USUALLY = 0.5
FRESH = 7
"""Days of silence for which it is worth saying: then it is known, or the key has retired."""
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
    """What tells of silence, by series: dollars x columns, where they were awake, how likely they were to be.

    `low` is the chance of so low a newest bucket where there is one; `score` is its score. `late[n]` is the
    share of cells that stay silent for more than n looks, and spend once they are corrected.
    """

    dollars: Floats
    awake: Mask
    known: Mask
    likely: Floats
    low: Floats
    score: Floats
    history: Ints
    late: Floats


def awake(dollars: Floats, size: Floats, known: Mask) -> Mask:
    """Where series whose typical busy day is `size` dollars are not as good as silent."""
    return np.asarray((dollars > _SILENT * size[:, None]) & known)


def silenced(silence: Silence, season: Season) -> Floats:
    """The chance of the newest day being so low; 1 where weekday series rest together, as on holidays.

    Each silent day but the first counts for half, for they are not independent. Never below how often
    regular series of this organisation stop for good.
    """
    silent = ~silence.awake[:, -1]
    run = _silent_run(silence, season)
    so_far = np.clip(run, 1, LOOKS)
    rest = (1 - silence.likely) ** (0.5 + so_far / 2)
    as_low = (1 - silence.likely) + silence.likely * silence.low
    chance = np.where(silent, np.where(run <= FRESH, rest, 1.0), as_low)
    chance = np.where(_on_holiday(silence, season), 1.0, chance)
    late = silence.late[np.where(silent, so_far, 1) - 1]
    chance = chance + _LEAST + _STOP_SHARE * _stop_rate(silence.dollars > 0) + late
    return np.asarray(np.where(silence.history >= _REGULAR, np.minimum(chance, 1.0), 1.0))


def _silent_run(silence: Silence, season: Season) -> Ints:
    """For how many of the newest days on which it usually spends each series was silent."""
    usual = _usually(silence, season)
    run, still = np.zeros(len(usual), np.int64), np.ones(len(usual), np.bool_)
    for back in range(1, min(2 * FRESH, silence.awake.shape[1]) + 1):
        still &= ~silence.awake[:, -back]
        run += still & usual[:, season.kinds[-back]] & silence.known[-back]
    return run


def _usually(silence: Silence, season: Season) -> Mask:
    """Whether each series usually spends on days of each kind."""
    usual = np.zeros((len(silence.awake), 2), np.bool_)
    for kind in (0, 1):
        days = silence.known & (season.kinds == kind)
        usual[:, kind] = silence.awake[:, days].sum(axis=1) > _USUALLY * max(int(days.sum()), 1)
    return usual


def _on_holiday(silence: Silence, season: Season) -> Mask:
    """Weekday series while many of them are low; the others while many are low but not silent."""
    expected = (silence.likely > _LIKELY) & (silence.history >= _REGULAR)
    silent = ~silence.awake[:, -1]
    low = expected & (silent | (np.nan_to_num(silence.score) < _LOW_SCORE))
    office = _rests_at_weekends(silence.dollars, silence.known, season)
    resting = np.zeros(len(office), np.bool_)
    for kind, quiet in ((office, low), (~office, low & ~silent)):
        many = min(_TOGETHER, max(int((expected & kind).sum()), 2))
        together = int((low & kind).sum())
        if together >= many and together > _TOGETHER_SHARE * int((expected & kind).sum()):
            resting |= kind & quiet
    return resting


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
