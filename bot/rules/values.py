"""Single values as people write them in rule files. Every reader raises ValueError with the remedy."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.facts.clock import DAY, HOUR
from bot.facts.money import BadAmount, Usd, usd_from_dollars

_AMOUNT = re.compile(r"\$([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,9})?", re.ASCII)
_LENGTH = re.compile(r"([1-9][0-9]{0,3})([hd])")
_LONGEST = 7 * DAY
_MULTIPLE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)x")
_STEP = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?|_)(?:x([1-9][0-9]{0,3}))?")
_MOST_STEPS = 2000
_EXPECTED = re.compile(r"quiet|(fires)(?: at ([1-9][0-9]{0,3}))?")
_CONTROL = {"Cc", "Cs"}
_SHOWN = 60


def quoted(text: str) -> str:
    """The text as an error repeats it: in quotes, on one line, not endless."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")


def sentence(text: str, longest: int) -> str:
    """Words on one line, however the file breaks them."""
    return _checked(" ".join(text.split()), longest)


def glob(text: str) -> str:
    """A name, an id, or a pattern with *, ? and [abc]."""
    return _checked(text.strip(), 200)


def _checked(text: str, longest: int) -> str:
    if not text:
        raise ValueError("is empty; write some text")
    if len(text) > longest:
        raise ValueError(f"is {len(text)} characters long; write at most {longest}")
    if any(unicodedata.category(character) in _CONTROL for character in text):
        raise ValueError(f"{quoted(text)} holds a character that cannot be shown; remove it")
    return text


def amount(text: str) -> Usd:
    """Dollars with their sign: "$200", "$0.50", "$12,000"."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"{quoted(text)} is not an amount; write it like $200 or $0.50")
    try:
        return usd_from_dollars(Decimal(match[1].replace(",", "") + (match[2] or "")))
    except BadAmount:
        raise ValueError(f"{quoted(text)} is too much; write at most $1,000,000,000") from None


def length(text: str) -> timedelta:
    """Whole hours or days, from "1h" to "7d"."""
    match = _LENGTH.fullmatch(text)
    found = int(match[1]) * (HOUR if match[2] == "h" else DAY) if match else None
    if found is None or found > _LONGEST:
        remedy = "write whole hours or days from 1h to 7d, such as 24h"
        raise ValueError(f"{quoted(text)} is not a length of time that can be watched; {remedy}")
    return found


def instant(text: str) -> datetime:
    """A date and time with its zone, as UTC: "2026-10-20T08:00Z", "2026-10-20T10:00+02:00"."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{quoted(text)} is not a date and time; write it like 2026-10-20T08:00Z") from None
    written = at.isoformat(timespec="minutes")
    raise ValueError(f"{quoted(text)} has no time zone; write {written}Z if that is UTC, or add +02:00")


def multiple(text: str) -> Decimal | None:
    """How many times the usual: "4x", "1.5x"; None for "any"."""
    if text == "any":
        return None
    match = _MULTIPLE.fullmatch(text)
    if match is None or Decimal(match[1]) < 1:
        raise ValueError(f"{quoted(text)} is not a multiple of the usual; write it like 4x or 1.5x, or any")
    return Decimal(match[1])


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example expects: to stay quiet (`fires` is False), or to fire, first in a step (from 1)."""

    fires: bool
    step: int | None = None


def series(text: str) -> tuple[Usd | None, ...]:
    """Dollars step by step: "10x7 90 _" is seven times $10, once $90, and a step that was never read."""
    steps: list[Usd | None] = []
    for word in text.split():
        match = _STEP.fullmatch(word)
        if match is None:
            raise ValueError(f"{quoted(word)} is no step of a series; write dollars such as 10x7 90, or _")
        amount_, times = match[1], int(match[2] or 1)
        steps += [None if amount_ == "_" else usd_from_dollars(amount_)] * times
    if not 1 <= len(steps) <= _MOST_STEPS:
        raise ValueError(f"has {len(steps)} steps; write 1 to {_MOST_STEPS}, such as 10x7 90")
    return tuple(steps)


def expected(text: str) -> Expected:
    """One of quiet, fires, and fires at a step."""
    match = _EXPECTED.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"{quoted(text)} is not what can be expected; write quiet, fires, or fires at 8")
    return Expected(match[1] is not None, int(match[2]) if match[2] else None)
