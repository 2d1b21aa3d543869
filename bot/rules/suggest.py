"""The limit at which a rule would have spoken as often as people want to be told."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

import numpy as np

from bot.facts.clock import HOUR
from bot.rules.language import Rule
from bot.rules.verdicts import Verdicts
from bot.rules.view import Values

_DIGITS = 2
"""As many as people write in a limit."""
_HALVINGS = 40


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

    A limit that is passed again within `quiet` is passed once.
    """
    rule, known = found.rule, found.view.panel.known
    value = np.nan_to_num(np.where(known, found.judged.value, 0))[:, since:]
    most = float(value.max(initial=0))
    limit = rule.above.value if rule.above else 0
    now = _passed(value, limit, quiet // HOUR)
    if most <= 0:
        return Suggestion(rule, now, None, 0)
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _passed(value, middle, quiet // HOUR) > times:
            low = middle
        else:
            high = middle
    rounded = _up(high)
    return Suggestion(rule, now, rounded, _passed(value, rounded, quiet // HOUR))


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
