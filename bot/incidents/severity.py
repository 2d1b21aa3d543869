"""How urgent: by dollars an hour and dollars so far, against a typical day or a day of the budget."""

from bot.facts.money import Usd, dollars
from bot.facts.severity import Severity

_CRITICAL_SHARE = 0.5
_WARNING_SHARE = 0.15
SURE = 4.0


def severity_of(excess: Usd, per_hour: Usd, day: float, score: float) -> Severity:
    """Critical from half a typical day's spend, so far or in the next day at this pace; warning from 15 %.

    `day` is what it is weighed against, in dollars: a typical day of the organisation, or less where a budget
    allows less a week. Without one it is a warning: how much is much is not known yet. What falls short
    (`excess` below zero) costs nothing, and is a warning at most; so is what may well be chance (a `score`
    below 4: more often than once in 10,000 buckets).
    """
    if day <= 0:
        return Severity.WARNING
    at_stake = max(abs(dollars(excess)), dollars(per_hour) * 24)
    if at_stake >= _CRITICAL_SHARE * day and excess >= 0 and score >= SURE:
        return Severity.CRITICAL
    return Severity.WARNING if at_stake >= _WARNING_SHARE * day else Severity.NOTICE


def worse(one: Severity, other: Severity) -> Severity:
    """The more urgent of two: severity steps up, never down, so that it does not flap."""
    return max(one, other, key=lambda severity: severity.rank)
