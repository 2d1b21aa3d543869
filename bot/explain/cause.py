"""Why it cost more: a diagnosis, and drivers in dollars that add up to the excess exactly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.explain.diagnosis import Evidence, diagnose
from bot.explain.owner import Teams, owner_of
from bot.explain.totals import Totals
from bot.facts.clock import HOUR
from bot.facts.directory import Directory
from bot.facts.incident import Cause, Incident
from bot.facts.money import Usd, allocate
from bot.facts.spend import SpendRow

REFERENCE_WEEKS = 4
_HOURS_A_WEEK = 168

_LABELS = {
    "usd_uncached_input": "uncached input",
    "usd_cache_read": "cache reads",
    "usd_cache_write_5m": "cache writes (5 min)",
    "usd_cache_write_1h": "cache writes (1 h)",
    "usd_output": "output",
    "usd_web_search": "web search",
    "usd_code_execution": "code execution",
    "usd_session": "agent sessions",
    "usd_other": "other",
}


def explain(
    incident: Incident,
    now: Sequence[SpendRow],
    before: Sequence[SpendRow],
    directory: Directory,
    teams: Teams = MappingProxyType({}),
) -> Cause:
    """The cause of an incident from its rows and those of its scope in the four weeks before.

    Rows before count as often as their hour of the week occurs in the incident, so that like is compared
    with like; a scope younger than that is compared with the weeks it has, and one that usually rests in
    these hours with its average hour. What was usual in dollars is the incident's own expectation, split in
    the usual proportions.
    """
    evidence = _evidence(incident, now, before)
    diagnosis = diagnose(evidence)
    return Cause(
        headline=diagnosis.headline,
        evidence=diagnosis.evidence,
        drivers=_drivers(incident, evidence, by_model=diagnosis.by_model),
        model=_largest((evidence.before if incident.fell else evidence.now).usd_by_model),
        owner=owner_of(incident.scope, before if incident.fell else now, directory, teams),
        next_step=diagnosis.next_step,
    )


def breach(
    incident: Incident, now: Sequence[SpendRow], directory: Directory, teams: Teams = MappingProxyType({})
) -> Cause:
    """The cause of a rule's incident: the rule itself, and whose spend broke it."""
    return Cause(
        headline="Over its cap",
        evidence=incident.why,
        model=_largest(Totals.of((row, 1) for row in now).usd_by_model),
        owner=owner_of(incident.scope, now, directory, teams),
        next_step=f"ask the owner, or change the rule {incident.rule!r}",
    )


def _evidence(incident: Incident, now: Sequence[SpendRow], before: Sequence[SpendRow]) -> Evidence:
    occurs = _hours_of_week(incident.start, incident.measured_until)
    first = min((row.hour for row in before), default=incident.start)
    seen = _hours_of_week(first, incident.start)
    awake = any(_hour_of_week(row.hour) in occurs for row in before)
    weights = occurs if awake else Counter(range(_HOURS_A_WEEK))
    weighted = ((row, weights[_hour_of_week(row.hour)]) for row in before)
    return Evidence(
        kind=incident.kind,
        grain=incident.grain,
        now=Totals.of((row, 1) for row in now),
        before=Totals.of(pair for pair in weighted if pair[1]),
        times_seen=sum(weights[hour] * seen[hour] for hour in seen) / occurs.total(),
        whole_key=incident.scope.api_key_id is not None,
    )


def _drivers(incident: Incident, evidence: Evidence, *, by_model: bool) -> tuple[tuple[str, Usd], ...]:
    now, before = evidence.now, evidence.before
    if by_model:
        return _differences(now.usd_by_model, before.usd_by_model, incident)
    return tuple(
        (_LABELS[name], usd) for name, usd in _differences(now.components, before.components, incident)
    )


def _differences(
    now: Mapping[str, int], before: Mapping[str, int], incident: Incident
) -> tuple[tuple[str, Usd], ...]:
    """By entry: dollars now less its share of the expected; largest first; sums to the excess."""
    names = sorted({*now, *before})
    spent, usual = ([max(amounts.get(name, 0), 0) for name in names] for amounts in (now, before))
    observed = allocate(incident.observed, spent if any(spent) else usual)
    expected = allocate(incident.expected, usual if any(usual) else spent)
    changes = ((name, Usd(o - e)) for name, o, e in zip(names, observed, expected, strict=True))
    sign = 1 if incident.fell else -1
    return tuple(sorted((change for change in changes if change[1]), key=lambda change: sign * change[1]))


def _largest(amounts: Mapping[str, int]) -> str:
    return max(sorted(amounts), key=lambda name: amounts[name], default="")


def _hour_of_week(at: datetime) -> int:
    return at.weekday() * 24 + at.hour


def _hours_of_week(start: datetime, end: datetime) -> Counter[int]:
    """How often each hour of the week begins in [start, end)."""
    hours = -(-(end - start) // HOUR)
    return Counter(_hour_of_week(start + number * HOUR) for number in range(hours))
