"""An open incident with the figures of now: it grows, steps up, or is over."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.detect.measure import Measure
from bot.facts.clock import Window
from bot.facts.incident import Change, Incident, State
from bot.facts.money import Usd, show
from bot.facts.severity import Severity
from bot.facts.text import when
from bot.incidents.answers import woken
from bot.incidents.match import QUIET_PERIOD
from bot.incidents.severity import SURE, severity_of, worse
from bot.incidents.surroundings import FAR_FUTURE, Surroundings

LEARNT_AFTER = timedelta(weeks=4)
"""By then half of what is compared with is the new level: it is no incident any more."""
_STILL = timedelta(hours=2)
"""A rule that was broken so lately is broken still."""
_SILENT_FOR_GOOD = timedelta(weeks=1)
"""What has been silent for so long has retired."""


def followed(incident: Incident, now: datetime, around: Surroundings) -> Incident:
    """The incident with today's figures, its severity stepped up or itself resolved where they say so."""
    if incident.rule:
        return _rule_followed(incident, now)
    latest = around.measure(incident.scope, Window(incident.start, now + FAR_FUTURE), incident.fell)
    if latest is None or latest.until - incident.start > LEARNT_AFTER:
        return resolved(incident, now, "it has lasted for four weeks: this is the usual now")
    if incident.fell and latest.until - incident.start > _SILENT_FOR_GOOD:
        return resolved(incident, now, "it has lasted for a week: taken for the usual now")
    last_hot = latest.last_hot
    so_far = replace(measured(incident, _until_calm(incident, latest, around), now), last_hot=last_hot)
    if latest.over:
        return resolved(so_far, now, f"back to usual since {when(last_hot)}")
    return woken(_stepped_up(so_far, now, around), now)


def _until_calm(incident: Incident, latest: Measure, around: Surroundings) -> Measure:
    """The figures up to the end of its newest hot stretch: quiet hours after it make nothing cheaper."""
    if not incident.start < latest.last_hot < latest.until:
        return latest
    hot = around.measure(incident.scope, Window(incident.start, latest.last_hot), incident.fell) or latest
    if latest.over:
        return hot
    return replace(hot, until=latest.until, course=latest.course, per_hour=latest.per_hour)


def _rule_followed(incident: Incident, now: datetime) -> Incident:
    """A rule's incident ends when it was not broken for as long as something that returns is the same."""
    if incident.period and now >= incident.period.end:
        return resolved(incident, now, "the period of the budget is over")
    if now - incident.last_hot < QUIET_PERIOD or incident.period:
        goes_on = now - incident.last_hot <= _STILL
        return woken(incident, now) if goes_on else incident
    return resolved(incident, now, f"not broken again since {when(incident.last_hot)}")


def measured(incident: Incident, latest: Measure, now: datetime) -> Incident:
    """The incident with the figures of a measure."""
    return replace(
        incident,
        measured_until=min(latest.until, now),
        observed=latest.observed,
        expected=latest.expected,
        low=latest.low,
        high=latest.high,
        per_hour=latest.per_hour,
        course=latest.course,
        dearest_hour=latest.dearest_hour,
    )


def _stepped_up(incident: Incident, now: datetime, around: Surroundings) -> Incident:
    severity = worse(incident.severity, urgency(incident, around))
    if severity is incident.severity:
        return incident
    reason = f"{show(incident.excess)} so far, {show(incident.per_hour)} an hour"
    change = Change(now, f"{incident.severity} to {severity}", reason)
    return replace(incident, severity=severity, history=(*incident.history, change))


def urgency(incident: Incident, around: Surroundings) -> Severity:
    """How urgent its dollars make it; a rule is never chance."""
    score = SURE if incident.rule else incident.score
    day = around.weighed_against(incident.scope)
    return severity_of(incident.excess, incident.per_hour, day, score)


def resolved(incident: Incident, now: datetime, reason: str) -> Incident:
    """The incident, over for this reason."""
    return replace(
        incident,
        state=State.RESOLVED,
        resolved_at=now,
        answer=None,
        per_hour=Usd(0),
        history=(*incident.history, Change(now, "resolved", reason)),
    )
