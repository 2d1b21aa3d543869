"""The limit at which a rule would have spoken as often as people want to be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import takewhile

import numpy as np

from bot.facts.clock import HOUR
from bot.rules.language import Rule
from bot.rules.verdicts import Verdicts
from bot.rules.view import Values

_DIGITS = 2
"""As many as people write in a limit."""
_STEPS = 3 * 90
_MOST_OF_THE_TIME = 0.25


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule, how often its limit would have been passed, and a limit with how often that would have been.

    `limit` is in the unit of what the rule watches; None where nothing was ever counted.
    """

    rule: Rule
    now: int
    limit: float | None
    then: int


def suggest(found: Verdicts, since: int, times: float, quiet: timedelta) -> Suggestion:
    """The lowest limit, in two digits, that would have been passed at most so many times since a column.

    A limit that is passed again within `quiet` is passed once; one that is passed most of the time is none.
    """
    rule, known = found.rule, found.view.panel.known
    value = np.nan_to_num(np.where(known, found.judged.value, 0))[:, since:]
    most, hours = float(value.max(initial=0)), quiet // HOUR
    now = _passed(value, rule.above.value if rule.above else 0, hours)
    if most <= 0:
        return Suggestion(rule, now, None, 0)
    limits = takewhile(lambda limit: _is_seldom(value, limit, times, hours), _downwards(_up(most)))
    lowest = min(limits, default=_up(most))
    return Suggestion(rule, now, lowest, _passed(value, lowest, hours))


def _downwards(limit: float) -> Iterator[float]:
    """Every amount of two digits from one on down, over three powers of ten."""
    exact = Decimal(str(limit))
    for _ in range(_STEPS):
        yield float(exact)
        exact -= Decimal(1).scaleb(exact.adjusted() - _DIGITS + 1)
        if exact <= 0:
            return


def _is_seldom(value: Values, limit: float, times: float, quiet: int) -> bool:
    above = (value > limit).any(axis=0)
    return bool(above.mean() <= _MOST_OF_THE_TIME) and _passed(value, limit, quiet) <= times


def _passed(value: Values, limit: float, quiet: int) -> int:
    """How many times a limit is passed, by all members together."""
    above = value > limit
    times = 0
    for member in np.flatnonzero(above.any(axis=1)):
        times += 1 + int((np.diff(np.flatnonzero(above[member])) > quiet).sum())
    return times


def _up(amount: float) -> float:
    """The next amount that two digits can say."""
    exact = Decimal(amount)
    step = Decimal(1).scaleb(exact.adjusted() - _DIGITS + 1)
    return float((exact / step).to_integral_value(ROUND_CEILING) * step)
