"""The stored dollars of what was asked about; days are read once, whoever needs them."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.facts.money import Usd
from bot.jobs.answer_names import Chosen
from bot.jobs.ports import Store


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of some leaves, nano-USD."""

    store: Store
    leaves: Chosen
    _days: dict[datetime, Usd] = field(default_factory=dict, repr=False)

    def days(self, window: Window) -> list[Usd]:
        """By UTC day, in a window of whole ones."""
        starts = [day.start for day in window.split(DAY)]
        missing = [start for start in starts if start not in self._days]
        if missing:
            span = Window(missing[0], missing[-1] + DAY)
            found = self.store.totals.by_day(span, self.leaves)
            self._days.update(zip((day.start for day in span.split(DAY)), found, strict=True))
        return [self._days[start] for start in starts]

    def days_cut(self, window: Window) -> list[Usd]:
        """By UTC day; of the days that the window cuts only what lies in it."""
        first, last = ceil(window.start, Grain.DAY), floor(window.end, Grain.DAY)
        if last < first:
            return [self.total(window)]
        return [
            *([self.total(Window(window.start, first))] if window.start < first else []),
            *(self.days(Window(first, last)) if first < last else []),
            *([self.total(Window(last, window.end))] if last < window.end else []),
        ]

    def hours(self, window: Window) -> list[Usd]:
        """By the hour."""
        return self.store.totals.by_hour(window, self.leaves)

    def total(self, window: Window) -> Usd:
        """All of a window."""
        return self.store.totals.total(window, self.leaves)
