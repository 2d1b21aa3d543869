"""Why a scope cost what it did in any window: the question of an incident, and of a person."""

from dataclasses import dataclass

from bot.detect.gates import Settings, typical_day
from bot.detect.measure import measure
from bot.explain.cause import Spent, explain, hours_of_week, weeks_before
from bot.explain.evidence import Subject
from bot.explain.owner import Teams
from bot.facts.clock import HOURS_A_WEEK, Window
from bot.facts.incident import Cause
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import Basis, SpendRow
from bot.facts.trouble import Trouble
from bot.jobs.panels import days_until, hours_until
from bot.jobs.ports import SpendStore, Store

_LEAST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer: what was asked, why it cost what it did, and what it was held against.

    `against` is a window that was named, None for what was to be expected. `unread` hours are missing.
    """

    subject: Subject
    cause: Cause
    basis: Basis
    against: Window | None
    unread: int


def spent(spend: SpendStore, subject: Subject) -> Spent:
    """The rows of a subject and of the weeks before it."""
    before, scope = weeks_before(subject.window), subject.scope
    whole, hours = spend.sums(before, scope), hours_of_week(subject.window)
    like = spend.sums(before, scope, hours) if len(hours) < HOURS_A_WEEK else whole
    hours_read = int(spend.coverage(before).known.sum())
    return Spent(spend.sums(subject.window, scope), like, whole, hours_read)


def explanation(
    store: Store, scope: Scope, window: Window, against: Window | None, teams: Teams
) -> Explanation:
    """Explain a window of whole hours. Raises Trouble where the history does not reach."""
    known = store.spend.coverage(window).known
    if not known.any():
        raise Trouble(f"nothing was read of {window}; pull it with `claude-spend backfill`")
    subject, rows = _against(store, scope, window, against) if against else _expected(store, scope, window)
    cause = explain(subject, rows, store.names.load(), teams)
    basis = max((row.basis for row in rows.now), default=Basis.BILLED)
    return Explanation(subject, cause, basis, against, int((~known).sum()))


def _expected(store: Store, scope: Scope, window: Window) -> tuple[Subject, Spent]:
    """Against what the weeks before let expect."""
    gates = Settings().gates(typical_day(days_until(store, window.end)))
    found = measure(hours_until(store, window.end), scope, window, gates)
    days = int(store.spend.coverage(weeks_before(window)).known.sum()) // 24
    if found is None or days < _LEAST_DAYS:
        short = f"only {days} days of history lie before {window}, fewer than the {_LEAST_DAYS} it takes"
        raise Trouble(f"{short} to know what is usual; name a window with --against")
    usual = (found.low, found.high)
    subject = Subject(scope, window, found.observed, found.expected, usual=usual, course=found.course)
    return subject, spent(store.spend, subject)


def _against(store: Store, scope: Scope, window: Window, against: Window) -> tuple[Subject, Spent]:
    """Against another window; one of which more or fewer hours are known counts as if as many were."""
    now, before = (store.spend.sums(one, scope) for one in (window, against))
    hours, hours_before = (int(store.spend.coverage(one).known.sum()) for one in (window, against))
    if not hours_before:
        raise Trouble(f"nothing was read of {against}; pull it with `claude-spend backfill`")
    subject = Subject(scope, window, _usd(now), Usd(_usd(before) * hours // hours_before))
    return subject, Spent(now, before, before, hours_before)


def _usd(rows: list[SpendRow]) -> Usd:
    return Usd(sum(row.usd for row in rows))
