"""Why a scope cost what it did in any window: the question of an incident, and of a person."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from bot.detect.gates import Settings, typical_day
from bot.detect.measure import measure
from bot.explain.cause import Spent, explain, hours_of_week, weeks_before
from bot.explain.evidence import Subject
from bot.facts.clock import HOURS_A_WEEK, Grain, Window, ceil, floor, index
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import Basis, SpendRow
from bot.facts.trouble import Trouble
from bot.jobs.answer_names import Chosen, Everybody
from bot.jobs.ports import SpendStore, Store
from bot.panel.folding import by_day
from bot.panel.leaves import NAMES, Leaves
from bot.panel.panel import Panel
from bot.questions.answers import Explanation

_LEAST_DAYS = 7
_LEARNT_FROM = timedelta(weeks=9)
"""What is usual is learnt from eight weeks; what is drawn begins up to a week before the window."""
_COMPARE = "name another period to compare with: `--against FROM TO`, in words `vs last week`"
_WEEK, _WEEKS = timedelta(weeks=1), 4


def spent(spend: SpendStore, subject: Subject) -> Spent:
    """The rows of a subject and of the weeks before it."""
    before, scope = weeks_before(subject.window), subject.scope
    whole, hours = spend.sums(before, scope), hours_of_week(subject.window)
    like = spend.sums(before, scope, hours) if len(hours) < HOURS_A_WEEK else whole
    hours_read = int(spend.coverage(before).known.sum())
    return Spent(spend.sums(subject.window, scope), like, whole, hours_read)


def explanation(
    store: Store, everybody: Everybody, scope: Scope, window: Window, against: Window | None
) -> Explanation:
    """Explain a window of whole hours. Raises Trouble where the history does not reach."""
    known = store.spend.coverage(window).known
    if not known.any():
        raise Trouble(f"nothing was read of {window}; pull it with `claude-spend backfill`")
    asked = _Asked(store, everybody, scope, window)
    subject, rows = asked.held_against(against) if against else asked.expected()
    cause = explain(subject, rows, everybody.directory, everybody.teams)
    basis = max((row.basis for row in rows.now), default=Basis.BILLED)
    return Explanation(subject, cause, basis, against, int((~known).sum()))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A scope and a window that somebody asks about."""

    store: Store
    everybody: Everybody
    scope: Scope
    window: Window

    @property
    def leaves(self) -> Chosen:
        """What lies in the scope."""
        return _inside(self.everybody.leaves, self.scope)

    def expected(self) -> tuple[Subject, Spent]:
        """Against what the weeks before let expect."""
        gates = Settings().gates(typical_day(by_day(self._panel(None))))
        found = measure(self._panel(self.leaves), ORGANISATION, self.window, gates)
        days = self._known(weeks_before(self.window)) // 24
        if days < _LEAST_DAYS:
            short = (
                f"only {days} days of history lie before {self.window}, fewer than the {_LEAST_DAYS} it takes"
            )
            raise Trouble(f"{short} to know what is usual; {_COMPARE}")
        if found is None:
            raise Trouble(f"what {self.window} cost is not known by the hour; {_COMPARE}")
        usual = (found.low, found.high)
        subject = Subject(
            self.scope, self.window, found.observed, found.expected, usual=usual, course=found.course
        )
        return subject, weighed(self.store, self.everybody.leaves, self.scope, self.window)

    def held_against(self, other: Window) -> tuple[Subject, Spent]:
        """Against another window; one of which more or fewer hours are known counts as if as many were."""
        now, before = (self.store.totals.rows([one], self.leaves) for one in (self.window, other))
        hours, hours_before = self._known(self.window), self._known(other)
        if not hours_before:
            raise Trouble(f"nothing was read of {other}; pull it with `claude-spend backfill`")
        subject = Subject(self.scope, self.window, _usd(now), Usd(_usd(before) * hours // hours_before))
        return subject, Spent(now, before, before, hours_before)

    def _panel(self, leaves: Chosen) -> Panel:
        """The hours of some leaves together as one, as far back as the usual is learnt from.

        Before the organisation's first spend nothing counts as known.
        """
        window = Window(floor(self.window.start - _LEARNT_FROM, Grain.DAY), ceil(self.window.end, Grain.DAY))
        coverage, totals = self.store.spend.coverage(window), self.store.totals
        begun = np.logical_or.accumulate(np.array(totals.by_hour(window)) != 0)
        known = coverage.known & coverage.hourly & begun
        usd = np.array([totals.by_hour(window, leaves)], np.int64)
        one = Leaves.of([("",) * len(NAMES)])
        return Panel(Grain.HOUR, index(window.start, Grain.HOUR), one, usd, known, coverage.complete & known)

    def _known(self, window: Window) -> int:
        """How many hours of it were read."""
        return int(self.store.spend.coverage(window).known.sum())


def weighed(store: Store, leaves: Leaves, scope: Scope, window: Window) -> Spent:
    """The rows of a scope in a window and in the weeks before it.

    Of all the hours before mostly no more is asked than who spent in them: all of their figures are only
    added up for a scope that rests in the hours of the window.
    """
    totals, before, inside = store.totals, weeks_before(window), _inside(leaves, scope)
    now, hours = totals.rows([window], inside), int(store.spend.coverage(before).known.sum())
    if len(hours_of_week(window)) == HOURS_A_WEEK:
        whole = totals.rows([before], inside)
        return Spent(now, whole, whole, hours)
    shifts = [_WEEK * number for number in range(1, _WEEKS + 1)]
    like = totals.rows([Window(window.start - shift, window.end - shift) for shift in shifts], inside)
    seen = [_spender(leaves, leaf, usd, before) for leaf, usd in totals.usd_by_leaf(before, inside).items()]
    rows = Spent(now, like, seen, hours)
    return rows if rows.before is like else replace(rows, whole=totals.rows([before], inside))


def _inside(leaves: Leaves, scope: Scope) -> Chosen:
    inside = tuple(leaves.inside(scope).tolist())
    return None if len(inside) == len(leaves.values) else inside


def _spender(leaves: Leaves, leaf: int, usd: Usd, window: Window) -> SpendRow:
    """Who spent how much, and nothing else."""
    workspace, key, model, actor, product = leaves.values[leaf]
    return SpendRow(window.start, workspace, key, model, actor, product, usd=usd)


def _usd(rows: list[SpendRow]) -> Usd:
    return Usd(sum(row.usd for row in rows))
