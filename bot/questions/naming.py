"""What stretches of time are called, so that the same words mean them again."""

from datetime import UTC, datetime

from bot.facts.clock import DAY, Grain, Window, floor


def day_name(day: datetime, today: datetime) -> str:
    """What a day is called: "19 Nov", with its year where that is not the one we are in."""
    return f"{day:%-d %b}" if day.year == today.year else f"{day:%-d %b %Y}"


def month_name(month: datetime, today: datetime) -> str:
    """What a month is called: "October", with its year where that is not the one we are in."""
    return f"{month:%B}" if month.year == today.year else f"{month:%B %Y}"


def stretch_name(window: Window, now: datetime, *, goes_on: bool = False) -> str:
    """What whole UTC hours are called: "10 to 15 Nov", "19 Nov 14:00 to 16:00 UTC", "since 3 Nov"."""
    start, end, today = window.start, window.end, floor(now, Grain.DAY)
    if goes_on:
        return "today" if start == today else f"since {_instant_name(start, today)}"
    if any(at != floor(at, Grain.DAY) for at in (start, end)):
        return _hours_name(start, end, today)
    if start.day == end.day == 1 and end == next_month(start):
        return month_name(start, today)
    if start.month == start.day == 1 and end == start.replace(year=start.year + 1):
        return f"{start:%Y}"
    return _days_name(start, end - DAY, today)


def _days_name(first: datetime, last: datetime, today: datetime) -> str:
    one, other = day_name(first, today), day_name(last, today)
    if first == last:
        return one
    if first.year != last.year:
        one, other = f"{first:%-d %b %Y}", f"{last:%-d %b %Y}"
    is_one_month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day} to {other}" if is_one_month else f"{one} to {other}"


def _hours_name(start: datetime, end: datetime, today: datetime) -> str:
    is_one_day = start.date() == end.date()
    until = f"{end:%H:%M}" if is_one_day else f"{day_name(end, today)} {end:%H:%M}"
    return f"{day_name(start, today)} {start:%H:%M} to {until} UTC"


def _instant_name(at: datetime, today: datetime) -> str:
    day = day_name(at, today)
    return day if at == floor(at, Grain.DAY) else f"{day} {at:%H:%M} UTC"


def next_month(at: datetime) -> datetime:
    """Midnight of the first of the UTC month after an instant."""
    return (first_of_month(at) + 32 * DAY).replace(day=1)


def first_of_month(at: datetime) -> datetime:
    """Midnight of the first of an instant's UTC month."""
    return floor(at.astimezone(UTC), Grain.DAY).replace(day=1)
