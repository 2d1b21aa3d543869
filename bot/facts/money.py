"""Exact money: integer nano-dollars (1e-9 USD), in memory and in SQLite."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NewType

Usd = NewType("Usd", int)
"""An amount of US dollars in nano-dollars; may be negative (a credit, a fall)."""

ZERO = Usd(0)
_NANO_PER_DOLLAR = 10**9
_NANO_PER_CENT = 10**7
_PLACES_OF_A_DOLLAR, _PLACES_OF_A_CENT = 9, 7
_PLAIN_DIGITS = 10
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LARGEST = 10**18
"""A billion dollars in nano-dollars: what SQLite and int64 arrays hold with ease."""


class BadAmount(ValueError):
    """The text is not an amount of money."""


def usd_from_cents(cents: str | Decimal) -> Usd:
    """Read an upstream amount: a decimal string in *cents*, fractions allowed ("123.45" is $1.2345).

    Rounds half-even below one nano-dollar. Raises BadAmount for anything that is not a finite decimal.
    Source: reference 1.4 ("all money is in cents").
    """
    whole, _, fraction = cents.partition(".") if isinstance(cents, str) else ("", "", "")
    digits = whole + fraction
    if whole and len(whole) <= _PLAIN_DIGITS and len(fraction) <= _PLACES_OF_A_CENT and _is_plain(digits):
        return Usd(int(digits) * 10 ** (_PLACES_OF_A_CENT - len(fraction)))
    return _read(cents, _PLACES_OF_A_CENT, "cents")


def _is_plain(digits: str) -> bool:
    """Nearly every amount is: read as integers, a million of them cost a second instead of five."""
    return digits.isascii() and digits.isdigit()


def usd_from_dollars(dollars: str | float | Decimal) -> Usd:
    """Read an amount people write, in dollars: 200, "0.05". Raises BadAmount as usd_from_cents does."""
    return _read(dollars if isinstance(dollars, Decimal) else str(dollars), _PLACES_OF_A_DOLLAR, "dollars")


def _read(amount: str | Decimal, places: int, unit: str) -> Usd:
    """Nano-dollars of an amount whose unit has so many decimal places down to a nano-dollar."""
    plain = _DECIMAL.fullmatch(amount) if isinstance(amount, str) else isinstance(amount, Decimal)
    if not plain:
        raise BadAmount(f"{str(amount)[:40]!r} is not a decimal amount of {unit}")
    try:
        nano = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN).scaleb(places)
        readable = nano.is_finite() and abs(nano) <= _LARGEST
    except ArithmeticError:
        readable = False
    if not readable:
        raise BadAmount(f"{str(amount)[:40]!r} is not an amount of {unit} up to a billion dollars")
    return Usd(int(nano))


def dollars(usd: Usd) -> float:
    """The amount as a float of dollars: for statistics and drawings only."""
    return usd / _NANO_PER_DOLLAR


def show(usd: Usd) -> str:
    """The amount as people read it: cents up to $1,000, whole dollars from there, more digits below a cent.

    >>> show(Usd(1_234_500_000)), show(Usd(-41_200_000_000)), show(Usd(12_345_600_000_000)), show(Usd(5_000))
    ('$1.23', '-$41.20', '$12,346', '$0.000005')
    """
    sign, amount = ("-" if usd < 0 else ""), Decimal(abs(usd)) / _NANO_PER_DOLLAR
    if round(amount, 2) >= 1000:
        return f"{sign}${amount:,.0f}"
    if amount >= Decimal("0.01") or amount == 0:
        return f"{sign}${amount:.2f}"
    return f"{sign}${float(amount):.9f}".rstrip("0")


def cents_exact(usd: Usd) -> str:
    """The amount to the cent, always ("$12,345.67"): for tables whose parts must add up."""
    amount = round(Decimal(abs(usd)) / _NANO_PER_DOLLAR, 2)
    return f"{'-' if usd < 0 and amount else ''}${amount:,.2f}"


def whole_cents(amounts: Sequence[Usd]) -> list[Usd]:
    """The amounts in whole cents, such that they add up to their rounded sum (largest remainder)."""
    cents = [amount // _NANO_PER_CENT for amount in amounts]
    missing = round(Decimal(sum(amounts)) / _NANO_PER_CENT) - sum(cents)
    by_remainder = sorted(range(len(amounts)), key=lambda i: -(amounts[i] % _NANO_PER_CENT))
    for i in by_remainder[:missing]:
        cents[i] += 1
    return [Usd(cent * _NANO_PER_CENT) for cent in cents]


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
