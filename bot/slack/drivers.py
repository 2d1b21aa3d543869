"""Where the difference lies: the largest drivers, written so that what people read adds up."""

from collections.abc import Callable

from bot.facts.incident import Incident
from bot.facts.money import ZERO, Usd, cents_exact, show, whole_cents

_SHOWN = 3
_CRUMB = 0.02
"""Of the largest driver."""
_CENT = 10**7


def shares(incident: Incident) -> tuple[str, list[tuple[str, str]]]:
    """The excess as written, and (amount, label) of its three largest drivers, up or down, and "the rest".

    The written amounts add up to the written excess: in whole cents, or exactly where it is all
    below a cent.
    Without drivers there are no lines.
    """
    drivers = _worth_a_line(incident)
    rest = Usd(incident.excess - sum(amount for _, amount in drivers))
    lines = [*drivers, *([("the rest", rest)] if drivers and rest else [])]
    amounts = [amount for _, amount in lines]
    tiny = all(abs(amount) < _CENT for amount in (*amounts, sum(amounts)))
    shown, write = (amounts, show) if tiny else (whole_cents(amounts), cents_exact)
    labels = [label for label, _ in lines]
    seen = [(signed(amount, write), label) for amount, label in zip(shown, labels, strict=True) if amount]
    return signed(Usd(sum(shown)), write), seen


def _worth_a_line(incident: Incident) -> list[tuple[str, Usd]]:
    """The largest first, without crumbs."""
    by_size = sorted(incident.cause.drivers, key=lambda driver: -abs(driver[1]))
    least = _CRUMB * max((abs(amount) for _, amount in by_size), default=ZERO)
    return [driver for driver in by_size if abs(driver[1]) >= least][:_SHOWN]


def signed(amount: Usd, write: Callable[[Usd], str] = show) -> str:
    """An amount with its sign: "+$412.00", "-$80.00"."""
    return f"{'+' if amount >= 0 else ''}{write(amount)}"
