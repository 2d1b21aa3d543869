"""Why it cost more: a diagnosis, where it lies, and parts in dollars that add up to the excess exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from bot.detect.reduce import MOST
from bot.explain.diagnosis import diagnose
from bot.explain.evidence import Evidence, Subject
from bot.explain.localise import localise
from bot.explain.owner import NO_TEAMS, Teams, owner_of
from bot.explain.totals import Totals, share
from bot.explain.usage import Spender, spender
from bot.explain.waterfall import Costs, Factor, waterfall
from bot.facts.clock import HOUR, HOURS_A_WEEK, Window, hour_of_week
from bot.facts.directory import Directory
from bot.facts.finding import Part
from bot.facts.incident import Cause, Incident
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import SpendRow
from bot.facts.text import scope_name
from bot.panel.leaves import NAMES

_REFERENCE = timedelta(weeks=4)
_AT_REST = 0.001
"""Of all that was spent in the weeks before: who spends less in these hours rests in them."""
_SOME = 0.1

_UP_AND_DOWN: Mapping[Factor, tuple[str, str]] = {
    Factor.TRAFFIC: ("more requests", "fewer requests"),
    Factor.INPUT: ("longer prompts", "shorter prompts"),
    Factor.OUTPUT: ("longer answers", "shorter answers"),
    Factor.BALANCE: ("more output for its input", "less output for its input"),
    Factor.CACHE: ("less from the cache", "more from the cache"),
    Factor.MIX: ("dearer models", "cheaper models"),
    Factor.PRICE: ("dearer tokens (price or mode)", "cheaper tokens (price or mode)"),
    Factor.NEW: ("new keys or people", "credits of new keys or people"),
    Factor.GONE: ("credits that ended", "keys or people that stopped"),
    Factor.SEARCH: ("more web searches", "fewer web searches"),
    Factor.CODE: ("more code execution", "less code execution"),
    Factor.SESSION: ("more agent sessions", "fewer agent sessions"),
    Factor.OTHER: ("more of other kinds of cost", "less of other kinds of cost"),
    Factor.UNCOUNTED: ("more cost without counted tokens", "less cost without counted tokens"),
    Factor.MISSING: ("data that is missing", "data that is missing"),
}
_OF_ONE = {Factor.NEW: "spend from nothing", Factor.GONE: "spend that stopped"}
"""The same of a single key or person."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Rows of one scope, in sums: of the window, and of the weeks before it.

    `like` are the weeks before in the window's own hours of the week, so that like is compared with like;
    `whole` are all of their hours, of which `hours` were read.
    """

    now: Sequence[SpendRow]
    like: Sequence[SpendRow]
    whole: Sequence[SpendRow]
    hours: int

    @property
    def before(self) -> Sequence[SpendRow]:
        """The usual mix; of a scope that rests in these hours that of all its hours."""
        spent, whole = (sum(row.usd for row in rows) for rows in (self.like, self.whole))
        return self.like if spent > _AT_REST * whole else self.whole

    @property
    def resting(self) -> set[Spender]:
        """Who is known but usually at rest in these hours."""
        return {spender(row) for row in self.whole} - {spender(row) for row in self.before}


def hours_of_week(window: Window) -> set[int]:
    """The hours of the week (0 is Monday 00:00 UTC) that begin in a window."""
    hours = min(-(-window.length // HOUR), HOURS_A_WEEK)
    return {hour_of_week(window.start + number * HOUR) for number in range(hours)}


def explain(subject: Subject, spent: Spent, directory: Directory, teams: Teams = NO_TEAMS) -> Cause:
    """The cause of an excess, from the rows of its scope.

    What was usual in dollars is the subject's own expectation, in the proportions of the weeks before.
    """
    parts = waterfall(
        Costs(spent.now, subject.observed), Costs(spent.before, subject.expected), spent.resting
    )
    where = _slices(subject, spent)
    evidence = _evidence(subject, spent, parts, where, directory)
    diagnosis = diagnose(evidence)
    fell = subject.excess < 0
    return Cause(
        headline=diagnosis.headline,
        evidence=diagnosis.evidence,
        drivers=_drivers(evidence),
        where=where,
        model=_largest((evidence.before if fell else evidence.now).usd_by_model),
        owner=owner_of(subject.scope, spent.before if fell else spent.now, directory, teams),
        next_step=diagnosis.next_step,
    )


def breach(
    incident: Incident, now: Sequence[SpendRow], directory: Directory, teams: Teams = NO_TEAMS
) -> Cause:
    """The cause of a rule's incident: the rule itself, and whose spend broke it."""
    somebodys = incident.scope.pinned().keys() & {"api_key_id", "actor"}
    owner = owner_of(incident.scope, now, directory, teams) if somebodys else ""
    first = "ask the owner" if owner else "see what it was spent on with `claude-spend explain`"
    return Cause(
        headline=incident.label or "Over its cap",
        evidence=incident.why.removeprefix(f"{incident.rule}: "),
        model=_largest(Totals.of(now).usd_by_model),
        owner=owner,
        next_step=f"{first}, or change the rule",
    )


def _evidence(
    subject: Subject,
    spent: Spent,
    parts: Mapping[Factor, Usd],
    where: Sequence[Part],
    directory: Directory,
) -> Evidence:
    now, before = Totals.of(spent.now), Totals.of(spent.before)
    return Evidence(
        subject=subject,
        now=now,
        before=before,
        usual_share=share(subject.expected, before.usd) or share(subject.window.length / HOUR, spent.hours),
        parts=parts,
        where=scope_name(_carrier(subject, where), directory),
        fresh=_fresh(spent),
    )


def _fresh(spent: Spent) -> int:
    """How many spenders were not seen before, without those that hardly spend."""
    seen, new = {spender(row) for row in spent.whole}, dict[Spender, int]()
    for row in spent.now:
        if spender(row) not in seen:
            new[spender(row)] = new.get(spender(row), 0) + row.usd
    return sum(usd >= _SOME * sum(new.values()) for usd in new.values())


def _carrier(subject: Subject, where: Sequence[Part]) -> Scope:
    """The scope, or of a broad one the slice that carries most of the excess."""
    if not where or not subject.is_of_many or not subject.excess:
        return subject.scope
    return where[0].scope if where[0].excess / subject.excess >= MOST else subject.scope


def _slices(subject: Subject, spent: Spent) -> tuple[Part, ...]:
    """Where the excess lies inside the scope; nothing where all of it moved alike."""
    usual = share(subject.expected, sum(row.usd for row in spent.before))
    amounts: dict[tuple[str, ...], list[float]] = {}
    for side, rows, scale in ((0, spent.now, 1.0), (1, spent.before, usual)):
        for row in rows:
            place = tuple(getattr(row, name) for name in NAMES)
            amounts.setdefault(place, [0.0, 0.0])[side] += row.usd * scale
    if not amounts:
        return ()
    now, before = np.array(list(amounts.values())).T
    found = localise(list(amounts), now, before)
    if [part.scope for part in found] == [ORGANISATION]:
        return ()
    pinned = subject.scope.pinned()
    return tuple(Part(Scope.of(pinned | part.scope.pinned()), part.excess) for part in found)


def _drivers(evidence: Evidence) -> tuple[tuple[str, Usd], ...]:
    """The parts in words, what moved most towards the excess first."""
    sign = -1 if evidence.subject.excess < 0 else 1
    ordered = sorted(evidence.parts.items(), key=lambda part: -sign * part[1])
    return tuple((_label(factor, usd, evidence), usd) for factor, usd in ordered)


def _label(factor: Factor, usd: Usd, evidence: Evidence) -> str:
    if factor in _OF_ONE and not evidence.subject.is_of_many:
        return _OF_ONE[factor]
    label = _UP_AND_DOWN[factor][usd < 0]
    return label if evidence.counted else label.replace("requests", "tokens")


def _largest(amounts: Mapping[str, int]) -> str:
    return max(sorted(amounts), key=lambda name: amounts[name], default="")


def weeks_before(window: Window) -> Window:
    """The weeks that a window is compared with."""
    return Window(window.start - _REFERENCE, window.start)
