"""How far the figures of a period reach: hours that nobody knows yet, or never read, are not $0."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.facts.clock import HOUR, Grain, Window, ceil, floor, index
from bot.facts.text import when
from bot.facts.trouble import Trouble
from bot.jobs.ports import SpendStore, Store
from bot.panel.coverage import Coverage, Mask
from bot.questions.question import Period

_WEEK = timedelta(days=7)
_REFERENCES = 4
_HALF = HOUR / 2


@dataclass(frozen=True, slots=True)
class Known:
    """A period from its first to its last known hour. Where that one still fills, `until` lies in it."""

    window: Window
    until: datetime
    unread: int = 0
    """How many hours in between are not known."""

    @property
    def settled(self) -> Window:
        """Without the last hour if less than half of it is known: to be held against whole hours."""
        end = floor(self.until + _HALF, Grain.HOUR)
        return Window(self.window.start, end) if end > self.window.start else self.window


def known_part(store: Store, period: Period) -> Known:
    """What is known of a period. Raises Trouble that says how far the history reaches where nothing is."""
    asked, read = period.window, store.spend.last_read()
    told = _told(store.spend.coverage(asked))
    if read is not None:
        told[_reach(store, asked, read[1]) :] = False
    hours = np.flatnonzero(told)
    if read is None or not hours.size:
        raise Trouble(_nothing_of(period, read))
    first, last = int(hours[0]), int(hours[-1])
    window = Window(asked.start + first * HOUR, asked.start + (last + 1) * HOUR)
    until = read[1] if window.end - HOUR < read[1] < window.end else window.end
    return Known(window, until, last + 1 - first - hours.size)


def _reach(store: Store, window: Window, watermark: datetime) -> int:
    """How many hours of a window begin before the watermark, or before a later hour that tells of spend.

    A source may be asked for hours that it knows nothing of yet.
    """
    later = max(ceil(watermark, Grain.HOUR), window.start)
    if later >= window.end:
        return window.length // HOUR
    spent = np.flatnonzero(store.totals.by_hour(Window(later, window.end)))
    return (later - window.start) // HOUR + (int(spent[-1]) + 1 if spent.size else 0)


def weeks_earlier(spend: SpendStore, window: Window) -> list[Window]:
    """The same hours of four earlier weeks, as far as every hour is known.

    A window longer than a week is held against stretches so many whole weeks apart that none overlaps.
    """
    step = -(-window.length // _WEEK) * _WEEK
    shifts = (step * number for number in range(1, _REFERENCES + 1))
    earlier = (Window(window.start - shift, window.end - shift) for shift in shifts)
    return [one for one in earlier if _told(spend.coverage(one)).all()]


def _told(coverage: Coverage) -> Mask:
    """Which hours can be told: those read by the hour, and all of a day that lies in the window whole."""
    first, count = index(coverage.window.start, Grain.HOUR), len(coverage.known)
    days = (first + np.arange(count)) // 24
    whole = (days * 24 >= first) & (days * 24 + 24 <= first + count)
    return np.asarray(coverage.known & (coverage.hourly | whole))


def _nothing_of(period: Period, read: tuple[Window, datetime] | None) -> str:
    what = f"no figures for {period.name}"
    if read is None:
        return f"{what}: the history is still empty; pull with `claude-spend once`"
    reaches = f"reaches from {when(read[0].start)} to {when(min(read[0].end, read[1]))}"
    return f"{what}: the history {reaches}; ask for a time in between, or pull with `claude-spend once`"
