"""An upstream in memory: one row an hour for every key, and whatever a test does to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.facts.clock import HOUR, Grain, Window, floor
from bot.facts.directory import Person
from bot.facts.money import Usd
from bot.facts.spend import DayTotals, Slice, SpendRow
from bot.facts.trouble import Trouble
from bot.jobs.plan import Plan

CENT = 10_000_000


@dataclass
class FakeSource:
    """A cent an hour a key since `first`; `extra` adds nano-dollars to an hour of the first key."""

    first: datetime
    keys: int = 2
    extra: dict[datetime, int] = field(default_factory=dict)
    rounding: int = 0
    """Nano-dollars by which the totals of days differ from the sum of their hours."""
    asked: list[tuple[Window, Grain]] = field(default_factory=list)
    broken: Callable[[Window], bool] = lambda _: False
    confined: bool = False
    deaf: bool = False
    """Whether the totals of days cannot be read."""
    twice: bool = False
    """Whether every row comes twice."""
    notices: tuple[str, ...] = ()
    lookback: timedelta = 6 * HOUR
    usual_lag: timedelta = 24 * HOUR

    def earliest(self, now: datetime) -> datetime:
        return min(self.first, floor(now, Grain.DAY))

    def fetch(self, window: Window, grain: Grain, now: datetime) -> Slice:
        self.asked.append((window, grain))
        if self.broken(window):
            trouble = Trouble("the upstream is broken; wait")
            trouble.confined = self.confined
            raise trouble
        people = (Person("user_ada", "ada"),)
        watermark = floor(now, Grain.HOUR)
        rows = self._rows(window, grain, now)
        rows *= 1 + self.twice
        return Slice("fake", window, grain, watermark, rows, self.notices, people)

    def _rows(self, window: Window, grain: Grain, now: datetime) -> list[SpendRow]:
        rows = []
        for bucket in window.split(grain.width):
            hours = [part.start for part in bucket.split(HOUR) if part.start < now]
            for key in range(self.keys):
                usd = Usd(sum(self._spent(hour, key) for hour in hours))
                if usd:
                    rows.append(SpendRow(bucket.start, "w", f"k{key}", "m", usd=usd, usd_other=usd))
        return rows

    def _spent(self, hour: datetime, key: int) -> int:
        return CENT + (0 if key else self.extra.get(hour, 0))

    def day_totals(self, window: Window, now: datetime) -> DayTotals:
        if self.deaf:
            raise Trouble("the totals are broken; wait")
        totals: DayTotals = {}
        for row in self._rows(window, Grain.DAY, now):
            place = row.hour, "w", "m"
            totals[place] = Usd(totals.get(place, self.rounding) + row.usd)
        return totals

    def requests_for(self, rows: int, hours: int) -> int:
        del hours
        return 2 * (rows // 1000 + 1)


class Quiet:
    """Progress that remembers the plans."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.done = 0

    def begin(self, plan: Plan) -> None:
        self.plans.append(plan)

    def advance(self, requests: int) -> None:
        self.done += requests
