"""Being blind is an incident of its own: opened once, told, and resolved when sight returns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.facts.clock import Grain
from bot.facts.incident import BLIND, Cause, Change, Incident, State
from bot.facts.money import ZERO
from bot.facts.scope import ORGANISATION
from bot.facts.severity import Severity
from bot.incidents.answers import woken
from bot.incidents.opening import incident_id

_CRITICAL_AFTER = timedelta(hours=24)

_MEANS = {
    "collect": ("Blind: figures cannot be read", "nothing that is spent now is seen until this is mended"),
    "names": ("Half blind: names cannot be read", "keys and owners may be shown by id until this is mended"),
    "detect": ("Half blind: not all is judged", "alerts may be missing until this is mended"),
    "rules": (
        "Half blind: rules are broken",
        "`claude-spend rules check` names every mistake and its remedy",
    ),
    "deliver": ("Dumb: alerts could not be sent", "look at `claude-spend incidents` for what was not told"),
    "fresh": ("Blind: no fresh figures", "nothing can be done here: see Anthropic's status page"),
}
"""By what fails: the headline, and what it means for those who rely on the bot."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps the bot from seeing or telling, since when, and what it says of itself."""

    since: datetime
    said: str


def look(incidents: Sequence[Incident], faults: Mapping[str, Fault], now: datetime) -> list[Incident]:
    """The incidents of blindness that changed, given those of late and what fails now by name."""
    known = {incident.kind.removeprefix(BLIND): incident for incident in _by_age(incidents)}
    changed = [_after(known.get(name), faults.get(name), name, now) for name in sorted({*known, *faults})]
    before = {incident.id: incident for incident in incidents}
    return [incident for incident in changed if incident and before.get(incident.id) != incident]


def _by_age(incidents: Sequence[Incident]) -> Iterator[Incident]:
    yield from sorted((one for one in incidents if one.is_blind), key=lambda one: (one.opened_at, one.id))


def _after(known: Incident | None, fault: Fault | None, name: str, now: datetime) -> Incident | None:
    if known is None or known.state.is_over:
        return _opened(name, fault, now) if fault and not _is_excused(known, now) else known
    if fault is None:
        return _over(known, now)
    return woken(_stepped_up(replace(known, measured_until=now, last_hot=now), now), now)


def _is_excused(known: Incident | None, now: datetime) -> bool:
    """Whether somebody said that this is expected."""
    return bool(known and known.answer and known.answer.until and now < known.answer.until)


def _opened(name: str, fault: Fault, now: datetime) -> Incident:
    headline, meaning = _MEANS.get(name, (f"Blind: {name} fails", "alerts may be missing until it is mended"))
    return Incident(
        id=incident_id(ORGANISATION, now, f"{BLIND}{name}"),
        scope=ORGANISATION,
        kind=f"{BLIND}{name}",
        grain=Grain.HOUR,
        state=State.OPEN,
        severity=Severity.WARNING,
        start=fault.since,
        opened_at=now,
        measured_until=now,
        last_hot=now,
        observed=ZERO,
        expected=ZERO,
        low=ZERO,
        high=ZERO,
        why=fault.said,
        cause=Cause(headline, evidence=fault.said, next_step=meaning),
        history=(Change(now, "opened", fault.said),),
    )


def _stepped_up(incident: Incident, now: datetime) -> Incident:
    if incident.severity is Severity.CRITICAL or now - incident.start < _CRITICAL_AFTER:
        return incident
    change = Change(now, f"{incident.severity} to {Severity.CRITICAL}", "it has lasted for a day")
    return replace(incident, severity=Severity.CRITICAL, history=(*incident.history, change))


def _over(incident: Incident, now: datetime) -> Incident:
    change = Change(now, "resolved", "it works again")
    history = (*incident.history, change)
    return replace(
        incident, state=State.RESOLVED, resolved_at=now, last_hot=now, answer=None, history=history
    )
