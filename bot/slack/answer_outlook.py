"""Where a period is heading: a forecast with how far off it may be, and what that does to budgets."""

from collections.abc import Iterator

from bot.facts.money import show
from bot.questions.answers import Allowance, Spend
from bot.questions.forecast import Forecast
from bot.questions.question import Period
from bot.slack.ink import Ink
from bot.slack.wording import prose

_BUDGETS = 5
_LEAST = 0.01
"""Less than a hundredth is no claim that past forecasts can bear."""


def outlook(spend: Spend, ink: Ink) -> Iterator[str]:
    """Where a period is heading, and what that does to budgets, a line each."""
    if spend.forecast:
        yield _forecast(spend.forecast, spend.question.period, ink)
    for budget in spend.budgets[:_BUDGETS]:
        yield _budget(budget, ink)
    if len(spend.budgets) > _BUDGETS:
        yield f"{len(spend.budgets) - _BUDGETS} more budgets"


def _forecast(forecast: Forecast, period: Period, ink: Ink) -> str:
    end = f"the end of {period.window.start:%B}" if period.is_month else "its end"
    error = (
        f"; such forecasts were off by {_share(forecast.error)} before" if forecast.error is not None else ""
    )
    between = f"80% between {show(forecast.low)} and {show(forecast.high)}"
    return f"{ink.bold(show(forecast.expected))} by {end}, {between}{error}"


def _budget(budget: Allowance, ink: Ink) -> str:
    used = f" ({budget.spent / budget.budget:.0%})" if budget.budget > 0 else ""
    spent = f"{ink.bold(show(budget.spent))} of {show(budget.budget)}{used}"
    if budget.spent >= budget.budget:
        return f"Budget “{prose(budget.name, 60)}” is used up: {spent}"
    ends = f"; at this pace it ends on {budget.ends_on:%-d %b} (UTC)" if budget.ends_on else ""
    return f"Budget “{prose(budget.name, 60)}”: {spent}{ends}"


def _share(error: float) -> str:
    return f"{error:.0%}" if error >= _LEAST else f"under {_LEAST:.0%}"
