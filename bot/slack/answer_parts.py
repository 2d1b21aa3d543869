"""What makes up an excess and where it lies, in as many parts as matter."""

from collections.abc import Sequence

from bot.facts.directory import Directory
from bot.facts.finding import Part
from bot.facts.money import Usd
from bot.slack.headline import named
from bot.slack.ink import Ink
from bot.slack.tables import gain, in_columns, in_full
from bot.slack.wording import prose

_PARTS, _PLACES = 12, 8
_CRUMB = 0.02
"""Of the largest part: what is less goes into "the rest"."""


def parts_of(excess: Usd, drivers: Sequence[tuple[str, Usd]], ink: Ink) -> tuple[str, list[str]]:
    """An excess and its parts as written, in the order they come in; what is written adds up.

    Crumbs, and what the drivers do not cover, are "the rest". Without drivers there are no parts.
    """
    kept = _without_crumbs(drivers)
    rest = Usd(excess - sum(usd for _, usd in kept))
    lines = [*kept, *([("the rest", rest)] if rest else [])]
    write, (amounts,) = in_columns([usd for _, usd in lines])
    said = [
        f"{ink.bold(gain(write(amount)))} {prose(label, 80) or 'no name'}"
        for amount, (label, _) in zip(amounts, lines, strict=True)
        if amount
    ]
    return gain(write(Usd(sum(amounts)))), said if kept else []


def _without_crumbs(drivers: Sequence[tuple[str, Usd]]) -> list[tuple[str, Usd]]:
    least = max(1, _CRUMB * max((abs(usd) for _, usd in drivers), default=0))
    return [driver for driver in drivers if abs(driver[1]) >= least][:_PARTS]


def places(slices: Sequence[Part], directory: Directory, ink: Ink) -> list[str]:
    """The slices of a scope that carry its excess, a line each."""
    return [
        f"{ink.bold(gain(in_full(part.excess)))} {named(part.scope, directory, ink.name)}"
        for part in slices[:_PLACES]
    ]
