"""What a rule says, in a sentence: what came, over how long, and what was allowed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from bot.facts.clock import HOUR
from bot.facts.money import Usd, show
from bot.facts.text import multiple
from bot.rules.amounts import Budget, Quantity, Unit, written
from bot.rules.conditions import Condition
from bot.rules.judged import Judged
from bot.rules.language import Rule
from bot.rules.periods import Period, Span

_REFERENCE = {
    "previous window": "what it was before",
    "same weekday": "what is usual on this weekday",
    "expected": "what was expected",
}

_LABELS = {
    "above": "Over its cap",
    "below": "Below its floor",
    "rises": "Rose",
    "falls": "Fell",
    "appears": "Appeared",
    "disappears": "Fell silent",
}


def sentence(rule: Rule, judged: Judged, member: int, column: int) -> str:
    """Why the rule speaks of a member now."""
    return f"{rule.name}: {reading(rule, judged, member, column)}. {rule.because}"


def label(rule: Rule, value: float) -> str:
    """What it is, in a few words; for conditions put together the words of the first."""
    match rule.leading:
        case _ if rule.not_:
            words = "Not as it should be"
        case Condition(outside=outside) if outside:
            words = "Spend outside of hours"
        case Condition(budget=Budget(), burns=Decimal()):
            words = "Budget burns too fast"
        case Condition(budget=Budget(), on="forecast"):
            words = "Budget will not last, as it is spent"
        case Condition(budget=Budget() as budget):
            words = f"{value / budget.usd:.0%} of the budget spent"
        case _:
            words = _LABELS[rule.leading.verb]
    return words


def unseen(rule: Rule) -> str:
    """That figures are missing."""
    return f"{rule.name}: figures of the last {rule.leading.within} are missing. {rule.because}"


def reading(condition: Condition, judged: Judged, member: int, column: int) -> str:
    """What came, over how long, and what was allowed."""
    if not condition.parts:
        value, limit = float(judged.value[member, column]), float(judged.limit[member, column])
        return _said(condition, value, limit, "at least " if judged.gap[column] else "")
    if condition.not_:
        only = condition.leading
        return f"{_amount(only, float(judged.value[member, column]))} in {only.within}"
    said = [
        reading(part, inner, member, column)
        for part, inner in zip(condition.parts, judged.parts, strict=True)
        if inner.holds[member, column] and part.verb != "not_"
    ]
    return ", and ".join(_without_repeating(said))


def _without_repeating(said: Sequence[str]) -> Iterator[str]:
    """What is said of the same amount names it once."""
    named: set[str] = set()
    for words in said:
        amount, comma, rest = words.partition(", ")
        yield rest if comma and amount in named else words
        named.add(amount)


def _said(condition: Condition, value: float, limit: float, some: str) -> str:
    amount, most = _amount(condition, value), written(limit, condition.metric.unit)
    if written(value, condition.metric.unit) == most and value != limit:
        amount, most = amount.replace(most, _exact(value, condition)), _exact(limit, condition)
    spent = f"{amount} in {condition.within}"
    match condition:
        case Condition(above=Quantity()):
            allowed = f"the cap is {most}" if limit else "nothing is allowed"
            words = f"{some}{spent}{_where(condition)}, {allowed}"
        case Condition(below=Quantity()):
            words = f"{spent}, at least {most} is wanted"
        case Condition(rises=Decimal() as factor):
            words = f"{spent}, {_times(condition, value, limit / float(factor))}"
        case Condition(falls=Decimal() as left):
            words = f"{spent}, {_left(condition, limit, float(left))}"
        case Condition(appears=timedelta() as silence):
            words = f"{spent}, after {Span(silence // HOUR)} without any"
        case Condition(disappears=timedelta() as silence):
            words = f"nothing in {Span(silence // HOUR)}, {_amount(condition, limit)} in the week before"
        case Condition(budget=Budget() as budget, burns=Decimal() as times):
            words = f"{spent}, {multiple(float(times) * value / limit)} the pace of the budget of {budget}"
        case Condition(budget=Budget() as budget):
            words = _budget(condition, budget, value, some)
        case _:
            words = spent
    return words


def _amount(condition: Condition, value: float) -> str:
    """Dollars for cost, else the amount with its metric: "5.2M output tokens", "cache read share of 12%"."""
    unit = condition.metric.unit
    amount = written(value, unit)
    if condition.watch == "cost":
        return amount
    if unit in {Unit.DOLLARS, Unit.SHARE}:
        return f"{condition.watch} of {amount}"
    number, _, counted = amount.partition(" ")
    return f"{number} {condition.watch}" if counted == unit else amount


def _exact(value: float, condition: Condition) -> str:
    """All digits, for amounts that look alike and are not."""
    unit = condition.metric.unit
    if unit is Unit.DOLLARS:
        return f"${value / 1e9:,.9f}".rstrip("0")
    return f"{value * 100:.6f}".rstrip("0") + "%" if unit is Unit.SHARE else f"{value:,.0f}"


def _where(condition: Condition) -> str:
    return f" outside of {' and '.join(map(str, condition.outside))}" if condition.outside else ""


def _times(condition: Condition, value: float, usual: float) -> str:
    if not usual > 0:
        return "up from nothing"
    reference = _REFERENCE[condition.against]
    return f"{multiple(value / usual)} {reference} ({written(usual, condition.metric.unit)})"


def _left(condition: Condition, limit: float, left: float) -> str:
    """From how much it fell."""
    reference = _REFERENCE[condition.against]
    if not left:
        return f"nothing is left of {reference}"
    return f"down from {written(limit / left, condition.metric.unit)}, {reference}"


def _budget(condition: Condition, budget: Budget, value: float, some: str) -> str:
    spent, share = show(Usd(round(value))), f"{value / budget.usd:.0%} of the budget of {budget}"
    if condition.on == "forecast":
        return f"about {spent} by the end of the {budget.period}, {share}"
    so_far = "today" if budget.period is Period.DAY else f"this {budget.period}"
    return f"{some}{spent} so far {so_far}, {share}"
