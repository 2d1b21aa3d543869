"""Exact money: integer nano-dollars (1e-9 USD), in memory and in SQLite."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import NewType

Usd = NewType("Usd", int)
"""An amount of US dollars in nano-dollars; may be negative (a credit, a fall)."""

ZERO = Usd(0)
_NANO_PER_DOLLAR = 10**9
_NANO_PER_CENT = Decimal(10**7)
_DIGITS = 18
"""Amounts stay below 10^18 nano-dollars, a billion dollars: what SQLite and int64 arrays hold with ease."""


class BadAmount(ValueError):
    """The text is not an amount of money."""


def usd_from_cents(cents: str | Decimal) -> Usd:
    """Read an upstream amount: a decimal string in *cents*, fractions allowed ("123.45" is $1.2345).

    Rounds half-even below one nano-dollar. Raises BadAmount for anything that is not a finite decimal.
    Source: reference 1.4 ("all money is in cents").
    """
    try:
        nano = (Decimal(cents) * _NANO_PER_CENT).to_integral_value(ROUND_HALF_EVEN)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise BadAmount(f"{str(cents)[:40]!r} is not a decimal amount of cents") from error
    if not nano.is_finite() or nano.adjusted() >= _DIGITS:
        raise BadAmount(f"{str(cents)[:40]!r} is not an amount of cents below a billion dollars")
    return Usd(int(nano))


def usd_from_dollars(dollars: str | float | Decimal) -> Usd:
    """Read an amount people write, in dollars: 200, "0.05". Raises BadAmount as usd_from_cents does."""
    try:
        return usd_from_cents(Decimal(str(dollars)) * 100)
    except InvalidOperation as error:
        raise BadAmount(f"{dollars!r} is not an amount of dollars") from error


def dollars(usd: Usd) -> float:
    """The amount as a float of dollars: for statistics and drawings only."""
    return usd / _NANO_PER_DOLLAR


def show(usd: Usd) -> str:
    """The amount as people read it: cents up to $1,000, whole dollars from there, more digits below a cent.

    >>> show(Usd(1_234_500_000)), show(Usd(-41_200_000_000)), show(Usd(12_345_600_000_000)), show(Usd(5_000))
    ('$1.23', '-$41.20', '$12,346', '$0.000005')
    """
    sign, amount = ("-" if usd < 0 else ""), Decimal(abs(usd)) / _NANO_PER_DOLLAR
    if amount >= 1000:
        return f"{sign}${amount:,.0f}"
    if amount >= Decimal("0.01") or amount == 0:
        return f"{sign}${amount:.2f}"
    return f"{sign}${float(amount):.9f}".rstrip("0")


def cents_exact(usd: Usd) -> str:
    """The amount to the cent, always ("$12,345.67"): for tables whose parts must add up."""
    return f"{'-' if usd < 0 else ''}${Decimal(abs(usd)) / _NANO_PER_DOLLAR:,.2f}"


def allocate(total: Usd, weights: Sequence[int]) -> list[Usd]:
    """Split `total` in proportion to non-negative `weights`; the parts sum to it exactly.

    Largest remainder (Hamilton) method, ties to the earlier weight. All weights zero splits evenly.
    Raises ValueError when there is nothing to split over, or a weight is negative.
    """
    if not weights or min(weights) < 0:
        raise ValueError("allocate needs at least one weight, none of them negative")
    scale = weights if any(weights) else [1] * len(weights)
    whole = sum(scale)
    parts = [total * weight // whole for weight in scale]
    remainders = [total * weight % whole for weight in scale]
    by_remainder = sorted(range(len(scale)), key=lambda i: -remainders[i])
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return [Usd(part) for part in parts]
