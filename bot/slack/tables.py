"""Figures side by side: written so that they add up, placed so that no long name hides its number."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from bot.facts.money import ZERO, Usd, cents_exact, show, whole_cents
from bot.facts.text import multiple

NAME = 40
"""The longest name that leaves the figures beside it in sight on a phone."""
_CENT = 10**7
_SEVERAL = 3
"""From so many times the usual on, a multiple says more than a percentage."""
_NOTHING = "-"


class Named(Protocol):
    """A line of an answer."""

    @property
    def name(self) -> str:
        """Whose it is."""


_Line = TypeVar("_Line", bound=Named)


def gathered(
    lines: Sequence[_Line], others: _Line | None, most: int, add: Callable[[str, Sequence[_Line]], _Line]
) -> list[_Line]:
    """So many lines at most, and one more for all that lies beyond them, which `add` makes."""
    rest = [*lines[most:], *([others] if others else [])]
    if len(rest) < 2:
        return [*lines[:most], *rest]
    name = f"{len(lines) - most} more and {others.name}" if others else f"{len(rest)} more"
    return [*lines[:most], add(name, rest)]


def in_full(usd: Usd) -> str:
    """An amount to the cent, or exactly where it is all below a cent: "$12,345.67", "$0.0004"."""
    return show(usd) if abs(usd) < _CENT else cents_exact(usd)


def written(amounts: Sequence[Usd]) -> tuple[str, list[str]]:
    """The sum and each amount as written: what is written adds up."""
    write, (seen,) = in_columns(amounts)
    return write(Usd(sum(seen))), [write(amount) for amount in seen]


def in_columns(*columns: Sequence[Usd]) -> tuple[Callable[[Usd], str], tuple[Sequence[Usd], ...]]:
    """How to write amounts, and columns of them that add up when written so.

    In whole cents, each column to its rounded sum; exactly where all of it, sums included, is below a cent.
    """
    if all(abs(amount) < _CENT for column in columns for amount in (*column, sum(column))):
        return show, columns
    return cents_exact, tuple(whole_cents(column) for column in columns)


def gain(written_amount: str) -> str:
    """A written amount with its sign: "+$412.00", "-$80.00", "$0.00"."""
    signed = written_amount.startswith("-") or written_amount == show(ZERO)
    return written_amount if signed else f"+{written_amount}"


def against(usd: Usd, usual: Usd | None) -> str:
    """An amount against the usual: "+19%", "9.0x", "new" from nothing; empty where nothing can be said."""
    if usual is None or usd < 0 or usual < 0:
        return ""
    if not usual:
        return "new" if usd else ""
    times = usd / usual
    if times >= _SEVERAL:
        return "over 1000x" if times > 1000 else multiple(times)
    percent = round((times - 1) * 100)
    return f"{percent:+d}%" if percent else "0%"


def share(usd: Usd, total: Usd) -> str:
    """An amount as a part of a total: "36%"; empty where credits make that meaningless."""
    return f"{usd / total:.0%}" if total > 0 and 0 <= usd <= total else ""


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Slack's native table (S7): right-aligned figures first, and the name last, which may wrap.

    With the name first, a phone of 390 px shows long names in full and cuts the figures off.
    """
    figures = [{"align": "right"}] * (len(titles) - 1)
    return {
        "type": "table",
        "column_settings": [*figures, {"align": "left", "is_wrapped": True}],
        "rows": [[_cell(words) for words in row] for row in (titles, *rows)],
    }


def _cell(words: str) -> dict[str, str]:
    return {"type": "raw_text", "text": words or _NOTHING}
