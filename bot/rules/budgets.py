"""What budgets allow: the tightest one around a scope."""

from bot.facts.clock import HOURS_A_WEEK
from bot.facts.directory import Directory
from bot.facts.money import Usd, dollars
from bot.facts.scope import Scope
from bot.rules.amounts import Budget
from bot.rules.language import Rule
from bot.rules.matching import covers
from bot.rules.rulebook import Rulebook


def allowed_a_week(rulebook: Rulebook, scope: Scope, directory: Directory) -> float | None:
    """Dollars that the tightest budget around a scope allows a week, or its shorter period; None without.

    `scope` has its workspace and team. A month is taken for 31 days.
    """
    around = (rule.budget for rule in rulebook.rules if rule.budget and _is_around(rule, scope, directory))
    return min(map(_a_week, around), default=None)


def _a_week(budget: Budget) -> float:
    hours = budget.period.hours
    return dollars(Usd(budget.usd * min(HOURS_A_WEEK, hours) // hours))


def _is_around(rule: Rule, scope: Scope, directory: Directory) -> bool:
    """Whether all of a scope's spend counts for one member of a rule."""
    pinned = scope.pinned()
    excepted = rule.exclude is not None and covers(rule.exclude.patterns(), scope, directory)
    one_member = all(dimension in pinned for dimension in rule.dimensions)
    return one_member and not excepted and covers(rule.where.patterns(), scope, directory)
