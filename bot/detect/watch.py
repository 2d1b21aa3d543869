"""The door to the detectors: rows in as they come, day by day, and out what would be said now."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time

from bot.detect.days import judge_day
from bot.detect.gates import Gates, Settings, typical_day
from bot.detect.hours import Midnight, foretell, judge_hour
from bot.detect.ledger import Ledger
from bot.detect.robust import Floats
from bot.detect.series import NANO
from bot.detect.told import Told, borne
from bot.facts.clock import DAY, Grain
from bot.facts.finding import Finding
from bot.facts.spend import SpendRow
from bot.panel.folding import by_day
from bot.panel.panel import Panel

_LOOKED_BACK = 7
"""Days that are judged again once they were corrected upwards."""
_REMEMBERED = 400
"""Days for which it is remembered what was told."""


class Watcher:
    """Feeds what comes to the pure detectors and remembers what was told.

    What it told is not learnt as normal, unless it lasts so long that it is the usual now.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._days = Ledger(Grain.DAY)
        self._hours = Ledger(Grain.HOUR)
        self._told: list[Told] = []
        self._foretold: Midnight | None = None
        self._foretold_about = (-1, -1)

    def observe(
        self,
        day: date,
        rows: Sequence[SpendRow],
        restated: Sequence[SpendRow] = (),
        *,
        candidates: bool = False,
    ) -> list[Finding]:
        """One UTC day as first seen, and corrected rows of earlier days: what is said now, all scopes.

        A corrected row replaces its cell (bucket and dimension set) whole. Rows by the hour are summed to
        their day. With `candidates`, also what stayed below the bar, marked `said=False`. Days must come in
        order: ValueError for one before the first.
        """
        start = datetime.combine(day, time(), UTC)
        grown = self._days.correct(restated)
        self._days.see(start, rows)
        panel, late = self._days.panel(), self._days.lateness()
        found = self._judged(panel, late)
        for earlier in self._worth_another_look(panel, grown):
            known = {finding.scope for finding in found}
            found += [f for f in self._judged(earlier, late) if self._is_news(f) and f.scope not in known]
        return self._answer(found, start, candidates=candidates)

    def _worth_another_look(self, panel: Panel, grown: Mapping[int, int]) -> Iterator[Panel]:
        """The last days as they are now, of those that were corrected upwards by what is worth saying."""
        least = self._gates(panel).least * NANO
        for column in sorted(grown, reverse=True):
            if grown[column] >= least and column >= panel.columns - 1 - _LOOKED_BACK:
                yield panel.before(column + 1)

    def _is_news(self, finding: Finding) -> bool:
        """Whether it is too much, and nothing was told before of its largest part on that day."""
        day = finding.window
        told = {one.leaf for one in self._told if one.window.start < day.end and day.start < one.window.end}
        return finding.excess > 0 and not any(part.scope in told for part in finding.parts[:1])

    def observe_hour(
        self,
        hour: datetime,
        rows: Sequence[SpendRow],
        restated: Sequence[SpendRow] = (),
        *,
        candidates: bool = False,
    ) -> list[Finding]:
        """One UTC hour as first seen, and corrected rows of earlier hours: what is said now, all scopes.

        The hour itself is judged, and its day so far. Not to be mixed with `observe`: a watcher is fed by
        the day or by the hour. ValueError for an hour before the first.
        """
        self._hours.correct(restated)
        self._hours.see(hour, rows)
        hours = self._hours.panel()
        days = by_day(hours)
        midnight = self._midnight(hours)
        gates, late = self._gates(days, looks=2), self._hours.lateness()
        sudden = judge_hour(midnight, hours, days, gates) if midnight else []
        known = {finding.scope for finding in sudden if finding.said}
        so_far = judge_day(days, gates, self._told, late)
        found = [*sudden, *(finding for finding in so_far if finding.scope not in known)]
        return self._answer(found, hour, candidates=candidates)

    def _midnight(self, hours: Panel) -> Midnight | None:
        """What was foretold when the newest day began; again when a leaf appears that was not known then."""
        newest = hours.columns - 1
        start = max(newest - (hours.first + newest) % 24, 0)
        about = (start, len(hours.usd))
        if about != self._foretold_about:
            self._foretold_about = about
            self._foretold = foretell(hours.before(start), self._told) if start else None
        return self._foretold

    def _gates(self, days: Panel, looks: int = 1) -> Gates:
        return self._settings.gates(typical_day(days.before(days.columns - 1)), looks)

    def _judged(self, days: Panel, late: Floats) -> list[Finding]:
        return judge_day(days, self._gates(days), self._told, late)

    def _answer(self, found: list[Finding], now: datetime, *, candidates: bool) -> list[Finding]:
        said = [finding for finding in found if finding.said]
        oldest = now - _REMEMBERED * DAY
        self._told = [one for one in self._told if one.window.end > oldest]
        self._told += [one for finding in said for one in borne(finding.parts, finding.window)]
        return found if candidates else said
