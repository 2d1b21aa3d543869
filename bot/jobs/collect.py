"""Pull what is new, unfinished, missed or restated, and store it window by window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.facts.clock import Grain, Window, ceil, floor
from bot.facts.trouble import Trouble
from bot.jobs.cycle import Report
from bot.jobs.plan import RESTATED_FOR, Appetite, Plan, plan, wanted
from bot.jobs.ports import Names, Progress, Source, Store

CYCLE_REACH = timedelta(days=70)
"""How far back every cycle closes gaps: what detection looks at."""
CYCLE_BUDGET = 800
"""Requests a cycle may take: within 15 minutes at 60 a minute."""
BACKFILL_BUDGET = 3600
"""Requests a backfill may take in one go: an hour at 60 a minute."""
_ROUNDING, _ROUNDING_SHARE = 1000, 1_000_000
"""Nano-dollars, and the share of a total, that rounding of many small amounts may add up to."""
_FIRST_LOOK = timedelta(hours=6)
_NAMES_EVERY = timedelta(hours=24)
_NAMES_READ_AT, _NAMES_MISSING = "names_read_at", "names_missing"


def collect_names(names: Names, store: Store, now: datetime) -> None:
    """Refresh the directory once a day, and whenever the spend names an id that it does not know."""
    last = store.runs.recall(_NAMES_READ_AT)
    fresh = bool(last) and now - datetime.fromisoformat(last) < _NAMES_EVERY
    unnamed = str(store.names.unnamed())
    if fresh and unnamed == store.runs.recall(_NAMES_MISSING):
        return
    store.names.remember(names.fetch())
    store.runs.remember(_NAMES_READ_AT, now.isoformat())
    store.runs.remember(_NAMES_MISSING, str(store.names.unnamed()))


@dataclass(frozen=True, slots=True)
class Collector:
    """Keeps the stored spend in step with a source."""

    source: Source
    store: Store
    progress: Progress

    def collect(self, now: datetime, reach: timedelta, budget: int) -> Report:
        """Bring the last `reach` up to date; says what was kept but not understood.

        Every window is stored whole or not at all, so an interrupted pull is continued by the next one.
        """
        notices: dict[str, None] = {}
        if self.store.spend.last_read() is None:
            notices |= dict.fromkeys(self._pull(_first_look(now), Grain.HOUR, now))
        restated, problems = self._restated(now)
        plan_ = self.plan(now, reach, budget, restated)
        self.progress.begin(plan_)
        for step in plan_.steps:
            try:
                notices |= dict.fromkeys(self._pull(step.window, step.grain, now))
            except Trouble as trouble:
                problems = (*problems, f"{step.window} was not read: {trouble}")
                if not trouble.confined:
                    break
            self.progress.advance(step.requests)
        return Report(problems, tuple(notices))

    def plan(self, now: datetime, reach: timedelta, budget: int, restated: Sequence[datetime]) -> Plan:
        """What there is to pull, within a budget of requests; `restated` days are read again."""
        window = Window(self._earliest(now, reach), ceil(now, Grain.HOUR))
        spend = self.store.spend
        coverage = spend.coverage(window)
        mask = wanted(coverage, now, self.source.lookback, restated)
        return plan(coverage, mask, Appetite(spend.rows_per_hour(), budget, self.source.requests_for))

    def _earliest(self, now: datetime, reach: timedelta) -> datetime:
        return max(floor(now - reach, Grain.DAY), self.source.earliest(now))

    def _restated(self, now: datetime) -> tuple[list[datetime], tuple[str, ...]]:
        """Days whose totals are no longer what is stored, or why nobody knows: that stops no new hours."""
        window = Window(self._earliest(now, RESTATED_FOR), floor(now, Grain.DAY))
        try:
            theirs = self.source.day_totals(window, now)
        except Trouble as trouble:
            return [], (f"corrections of earlier days were not looked for: {trouble}",)
        ours = self.store.spend.day_totals(window)
        places = theirs.keys() | ours.keys()
        differ = {place for place in places if _differ(theirs.get(place, 0), ours.get(place, 0))}
        return sorted({day for day, *_ in differ}), ()

    def _pull(self, window: Window, grain: Grain, now: datetime) -> tuple[str, ...]:
        piece = self.source.fetch(window, grain, now)
        with self.store.transaction():
            self.store.spend.replace(piece, now)
            self.store.names.remember_people(piece.people)
        return piece.notices


def _differ(theirs: int, ours: int) -> bool:
    """Whether totals differ by more than rounding, as amounts of days and of their hours are each rounded."""
    return abs(theirs - ours) > max(_ROUNDING, abs(theirs) // _ROUNDING_SHARE)


def _first_look(now: datetime) -> Window:
    """A few hours: enough to see how large the organisation is."""
    end = ceil(now, Grain.HOUR)
    return Window(end - _FIRST_LOOK, end)
