"""Where the difference lies: the largest drivers, written so that what people read adds up."""

from collections.abc import Callable, Sequence

from bot.facts.incident import Incident
from bot.facts.money import Usd, cents_exact, show

_SHOWN = 3
_CENT = 10**7


def shares(incident: Incident) -> tuple[str, list[tuple[str, str]]]:
    """The excess as written, and (amount, label) of its three largest drivers and "the rest".

    The written amounts add up to the written excess: in whole cents, or exactly where it is all
    below a cent.
    Without drivers there are no lines.
    """
    drivers = incident.cause.drivers[:_SHOWN]
    rest = Usd(incident.excess - sum(amount for _, amount in drivers))
    lines = [*drivers, *([("the rest", rest)] if drivers and rest else [])]
    amounts = [amount for _, amount in lines]
    tiny = all(abs(amount) < _CENT for amount in (*amounts, sum(amounts)))
    shown, write = (amounts, show) if tiny else (_in_cents(amounts), cents_exact)
    written = [signed(amount, write) for amount in shown]
    labels = [label for label, _ in lines]
    return signed(Usd(sum(shown)), write), list(zip(written, labels, strict=True))


def signed(amount: Usd, write: Callable[[Usd], str] = show) -> str:
    """An amount with its sign: "+$412.00", "-$80.00"."""
    return f"{'+' if amount >= 0 else ''}{write(amount)}"


def _in_cents(amounts: Sequence[Usd]) -> list[Usd]:
    """Whole cents that add up to the rounded sum (largest remainder)."""
    cents = [amount // _CENT for amount in amounts]
    missing = (2 * sum(amounts) + _CENT) // (2 * _CENT) - sum(cents)
    by_remainder = sorted(range(len(amounts)), key=lambda at: -(amounts[at] % _CENT))
    for at in by_remainder[:missing]:
        cents[at] += 1
    return [Usd(cent * _CENT) for cent in cents]
