"""Times as people type them; what cannot be read is an ArgumentTypeError with the remedy."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta

from bot.facts.clock import DAY, HOUR, Grain, Window, floor
from bot.facts.trouble import Trouble

Until = datetime | timedelta
"""An instant, or a length of time from now."""
_UNITS = {"h": HOUR, "d": DAY}


def instant(text: str) -> datetime:
    """An instant with its zone, as UTC."""
    if (at := _zoned(text)) is None:
        raise ArgumentTypeError(f"{text!r} is not an instant such as 2026-11-20T14:00:00Z")
    return at


def moment(text: str) -> datetime:
    """A day or an instant in UTC, cut to its hour."""
    try:
        at = datetime.fromisoformat(text)
        return floor(at if at.tzinfo else at.replace(tzinfo=UTC), Grain.HOUR)
    except (ValueError, OverflowError):
        raise ArgumentTypeError(
            f"{text!r} is neither a day such as 2026-11-20 nor an instant such as 2026-11-20T14:00:00Z"
        ) from None


def until(text: str) -> Until:
    """A length such as 4h or 2d, or an instant with its zone."""
    number, unit = text[:-1], text[-1:]
    if number.isdecimal() and 0 < int(number) < 1000 and unit in _UNITS:
        return int(number) * _UNITS[unit]
    if (at := _zoned(text)) is None:
        raise ArgumentTypeError(f"{text!r} is neither like 4h or 2d nor like 2026-11-25T08:00:00Z")
    return at


def after(now: datetime, end: Until) -> datetime:
    """The instant that is meant."""
    return end if isinstance(end, datetime) else now + end


def window(start: datetime, end: datetime) -> Window:
    """[start, end). Raises Trouble where nothing lies between."""
    if end <= start:
        raise Trouble("--to must lie after --from")
    return Window(start, end)


def _zoned(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
