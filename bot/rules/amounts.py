"""Amounts as people write them: with their unit, so that nobody mistakes dollars for tokens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.facts.money import BadAmount, Usd, show, usd_from_dollars
from bot.facts.severity import Severity
from bot.rules.periods import Period, Span
from bot.rules.values import not_one_of, quoted

_DOLLARS = r"\$([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,9})?([kM])?"
_AMOUNT = re.compile(_DOLLARS, re.ASCII)
_COUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,6})?([kMB])?(?: ([a-z]+))?", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)%", re.ASCII)
_TIMES = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)x", re.ASCII)
_BUDGET = re.compile(rf"({_DOLLARS}) a ([a-z]+)", re.ASCII)
_SCALE = {None: 1, "k": 10**3, "M": 10**6, "B": 10**9}
_MOST_COUNTED = 10**15


class Unit(StrEnum):
    """What a metric is counted in: the word that may stand behind its numbers."""

    DOLLARS = "dollars"
    SHARE = "percent"
    TOKENS = "tokens"
    REQUESTS = "requests"
    KEYS = "keys"
    MODELS = "models"
    USERS = "users"


LIKE = {
    Unit.DOLLARS: "$200 or $0.50",
    Unit.SHARE: "40%",
    Unit.TOKENS: "5M tokens",
    Unit.REQUESTS: "20k requests",
    Unit.KEYS: "5 keys",
    Unit.MODELS: "3 models",
    Unit.USERS: "12 users",
}
"""How an amount of each unit is written."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount and its unit: nano-dollars, a fraction of one, or whole things; None for a bare number."""

    value: int | float
    unit: Unit | None

    def fits(self, unit: Unit) -> bool:
        """Whether it may stand for that unit; a bare number counts things of any kind."""
        return self.unit is unit or (self.unit is None and unit not in {Unit.DOLLARS, Unit.SHARE})


def amount(text: str) -> Usd:
    """Dollars with their sign: "$200", "$0.50", "$12,000", "$3k"."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"{quoted(text)} is not an amount; write it like $200 or $0.50")
    try:
        return usd_from_dollars(Decimal(match[1].replace(",", "") + (match[2] or "")) * _SCALE[match[3]])
    except BadAmount:
        raise ValueError(f"{quoted(text)} is too much; write at most $1,000,000,000") from None


def quantity(text: str) -> Quantity:
    """An amount with its unit: "$200", "5M tokens", "20k requests", "40%", "3 keys"."""
    if text.startswith("$"):
        return Quantity(amount(text), Unit.DOLLARS)
    if percent := _PERCENT.fullmatch(text):
        return Quantity(float(Decimal(percent[1]) / 100), Unit.SHARE)
    match = _COUNT.fullmatch(text)
    unit = _unit(match[4]) if match else None
    if match is None or (match[4] and unit is None):
        raise ValueError(f"{quoted(text)} is not an amount; write it like $200, 5M tokens or 40%")
    number = Decimal(match[1].replace(",", "") + (match[2] or "")) * _SCALE[match[3]]
    if number > _MOST_COUNTED:
        raise ValueError(f"{quoted(text)} is too much; write at most 1,000,000B")
    return Quantity(int(number) if number == int(number) else float(number), unit)


def _unit(word: str | None) -> Unit | None:
    counted = [unit for unit in Unit if unit not in {Unit.DOLLARS, Unit.SHARE}]
    return next((unit for unit in counted if word in {unit, unit.removesuffix("s")}), None)


def written(value: float, unit: Unit) -> str:
    """The amount as people read it: "$63.20", "5.2M tokens", "12%", "1 key"."""
    if unit is Unit.DOLLARS:
        return show(Usd(round(value)))
    if unit is Unit.SHARE:
        return f"{value * 100:.1f}".removesuffix(".0") + "%"
    return f"{_rounded(value)} {unit if value != 1 else unit.removesuffix('s')}"


def _rounded(value: float) -> str:
    """Three digits and a letter from ten thousand on: "5.2M", "840k", "9,120"."""
    for letter in "BMk":
        scale = _SCALE[letter]
        if value >= scale and value >= 10**4:
            return f"{value / scale:.{1 if value < 100 * scale else 0}f}".removesuffix(".0") + letter
    return f"{value:,.0f}"


def change(text: str) -> Decimal:
    """How many times as much: "3x" is 3, "50%" (more) is 1.5."""
    if times := _TIMES.fullmatch(text):
        factor = Decimal(times[1])
    elif percent := _PERCENT.fullmatch(text):
        factor = 1 + Decimal(percent[1]) / 100
    else:
        raise ValueError(f"{quoted(text)} is not a rise; write it like 50% or 3x")
    if factor <= 1:
        raise ValueError(f"{quoted(text)} is no rise; write more than 1x, or more than 0%")
    return factor


def fall(text: str) -> Decimal:
    """What is left of it: "50%" (less) is 0.5, "80%" is 0.2."""
    percent = _PERCENT.fullmatch(text)
    if percent is None or not 0 < Decimal(percent[1]) <= 100:
        raise ValueError(f"{quoted(text)} is not a fall; write how much less it is, from 1% to 100%")
    return 1 - Decimal(percent[1]) / 100


def times(text: str) -> Decimal:
    """How many times too fast: "2x", "14.4x"."""
    match = _TIMES.fullmatch(text)
    if match is None or not Decimal(match[1]):
        raise ValueError(f"{quoted(text)} is not a multiple; write it like 2x or 14.4x")
    return Decimal(match[1])


def share(text: str) -> float:
    """A share of a budget: "80%", or more than all of it: "120%"."""
    match = _PERCENT.fullmatch(text)
    if match is None or not Decimal(match[1]):
        raise ValueError(f"{quoted(text)} is not a share of the budget; write it like 80%")
    return float(Decimal(match[1]) / 100)


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent in a UTC day, week (from Monday) or month."""

    usd: Usd
    period: Period

    @property
    def span(self) -> Span:
        """The period so far."""
        return Span(self.period.hours, self.period)

    def __str__(self) -> str:
        return f"{show(self.usd)} a {self.period}"


def budget(text: str) -> Budget:
    """Dollars and their period: "$5,000 a month"."""
    match = _BUDGET.fullmatch(" ".join(text.split()))
    if match is None or match[5] not in set(Period):
        raise ValueError(f"{quoted(text)} is not a budget; write it like $5,000 a month (or week, or day)")
    if not (usd := amount(match[1])):
        raise ValueError(f"{quoted(text)} allows nothing; write above: $0 to hear of any spend")
    return Budget(usd, Period(match[5]))


Steps = Mapping[Severity, Quantity | None]
"""From which amount on each severity holds; None: from the start."""


def severity(raw: object) -> Steps:
    """One word, or from which amount on each word holds: {notice: $50, warning: $200}."""
    if isinstance(raw, Mapping):
        return {_word(name): _step(name, value) for name, value in raw.items()}
    if isinstance(raw, str):
        return {_word(raw): None}
    raise ValueError("is a list; write one word, or steps such as {notice: $50, warning: $200}")


def _word(raw: object) -> Severity:
    if raw in set(Severity):
        return Severity(str(raw))
    raise ValueError(not_one_of(str(raw), list(Severity)))


def _step(name: object, value: object) -> Quantity:
    if isinstance(value, str):
        return quantity(value)
    raise ValueError(f"has no amount for {name}; write it like {{notice: $50, warning: $200}}")
