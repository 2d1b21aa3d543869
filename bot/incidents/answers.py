"""What people say about an incident: how it changes it, and what it keeps from being told again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.detect.reduce import MOST
from bot.facts.answer import KEY_SWITCHES, Answer, Expectation, Verb
from bot.facts.clock import DAY, HOUR, Window
from bot.facts.finding import Finding
from bot.facts.incident import KEY_DONE, Change, Incident, State
from bot.facts.money import Usd
from bot.facts.text import when
from bot.facts.trouble import Trouble
from bot.incidents.merge import knows, share_inside

_HOURS_A_DAY = 24
ROOM = 1.5
"""A verdict speaks for so many times the excess that there was: less is chance, more is news."""
_ACKNOWLEDGED_FOR = timedelta(hours=4)
_STILL_GROWS = 1.25
"""An acknowledged incident that has cost so many times as much since is told again."""
_SPEAKS_FOR = {
    Expectation.ONE_OFF: timedelta(hours=72),
    Expectation.NEW_LEVEL: timedelta(weeks=4),
    None: timedelta(days=90),
}
_LONGEST = timedelta(days=90)


class Refused(Trouble):
    """What somebody asked for cannot be done to this incident."""


def act(incident: Incident, answer: Answer) -> Incident:
    """The incident after somebody's answer; the same answer again changes nothing. Raises Refused."""
    if answer.verb is Verb.ATTEMPT:
        return incident
    if answer.verb in KEY_SWITCHES:
        change = Change(answer.at, KEY_DONE[answer.verb], answer.note, answer.actor)
        return replace(incident, history=(*incident.history, change))
    if _is_said(incident, answer):
        return incident
    state = _state_after(incident, answer)
    until = _until(answer)
    most_an_hour, most_a_day = _accepted(incident)
    said = replace(
        answer,
        until=until,
        excess=Usd(abs(incident.excess)),
        most_an_hour=most_an_hour,
        most_a_day=most_a_day,
    )
    change = Change(answer.at, _what(said), answer.note or _meaning(said), answer.actor)
    return replace(
        incident,
        state=state,
        resolved_at=(incident.resolved_at or answer.at) if state.is_over else None,
        answer=None if answer.verb is Verb.REOPEN else said,
        history=(*incident.history, change),
    )


def _is_said(incident: Incident, answer: Answer) -> bool:
    """Whether it stands as the answer says already, whoever said so."""
    known = incident.answer
    if known is None or answer.verb is Verb.REOPEN:
        return answer.verb is Verb.REOPEN and incident.state is State.OPEN
    again = (known.verb, known.expectation) == (answer.verb, answer.expectation)
    return again and (answer.until is None or _about(answer.until, known.until))


def _about(until: datetime, known: datetime | None) -> bool:
    """Whether two ends are the same choice, made a moment apart."""
    return known is not None and abs(until - known) < timedelta(minutes=1)


def _state_after(incident: Incident, answer: Answer) -> State:
    match answer.verb:
        case Verb.EXPECT:
            return State.EXPECTED
        case Verb.DISMISS:
            return State.FALSE_ALARM
        case Verb.REOPEN:
            return State.OPEN
    if incident.state.is_over:
        raise Refused(f"incident {incident.id} is over ({incident.state}): there is nothing to {answer.verb}")
    return State.ACKNOWLEDGED if answer.verb is Verb.ACKNOWLEDGE else State.SNOOZED


def _until(answer: Answer) -> datetime | None:
    if answer.verb in {Verb.ACKNOWLEDGE, Verb.REOPEN}:
        return None
    if answer.verb is Verb.SNOOZE or answer.expectation is Expectation.PLANNED:
        if answer.until is None or not answer.at < answer.until <= answer.at + _LONGEST:
            raise Refused(f"say until when to {answer.verb}: at most {_LONGEST.days} days from now")
        return answer.until
    return answer.at + _SPEAKS_FOR[answer.expectation]


def _accepted(incident: Incident) -> tuple[Usd, Usd]:
    """The excess of its dearest hour, and of a day at its mean pace."""
    until = min(incident.measured_until, incident.last_hot)
    hours = max((until - incident.start) / HOUR, 1.0)
    pace = abs(incident.excess) / hours
    return Usd(round(max(incident.dearest_hour, pace))), Usd(round(pace * _HOURS_A_DAY))


def _what(answer: Answer) -> str:
    match answer.verb:
        case Verb.ACKNOWLEDGE:
            return "acknowledged"
        case Verb.SNOOZE if answer.until:
            return f"snoozed until {when(answer.until)}"
        case Verb.EXPECT:
            return f"expected ({answer.expectation})"
        case Verb.DISMISS:
            return "false alarm"
    return "reopened"


def _meaning(answer: Answer) -> str:
    if answer.verb is Verb.ACKNOWLEDGE:
        hours = _ACKNOWLEDGED_FOR // HOUR
        return f"told again if it still grows after {hours} hours"
    if answer.until is None or answer.verb is Verb.SNOOZE:
        return "told again if it still goes on then" if answer.until else "somebody changed their mind"
    return f"nothing of this size is told again until {when(answer.until)}"


def spoken_for(finding: Finding, incidents: Iterable[Incident]) -> Incident | None:
    """The incident whose verdict says that a finding is expected or a false alarm, or None.

    It speaks for its own dollars, as long as its verdict counts, up to half as much again.
    """
    return next((one for one in incidents if one.answer and _speaks(one, one.answer, finding)), None)


def _speaks(incident: Incident, answer: Answer, finding: Finding) -> bool:
    if incident.state not in {State.EXPECTED, State.FALSE_ALARM} or answer.until is None:
        return False
    if incident.rule:
        return (incident.rule, incident.scope) == (finding.rule, finding.scope) and _is_in_order(
            incident, answer, finding
        )
    in_time = finding.window.start < answer.until and finding.window.end > incident.start
    alike = (incident.fell, incident.rule) == (finding.fell, finding.rule)
    inside = finding.scope == incident.scope or share_inside(finding.parts, [incident.scope]) >= MOST
    known = inside and knows(incident, finding)
    return in_time and alike and known and abs(finding.excess) <= ROOM * _most(answer, finding)


def _is_in_order(incident: Incident, answer: Answer, finding: Finding) -> bool:
    """Whether a rule may be broken so: up to half as much again; a budget in its period up to its share."""
    in_time = answer.until is not None and finding.window.end <= answer.until + HOUR
    if incident.period or finding.period:
        return in_time and incident.period == finding.period and finding.step <= incident.step
    if incident.excess > 0:
        return in_time and abs(finding.excess) <= ROOM * _most(answer, finding)
    return in_time and incident.value / ROOM <= finding.value <= incident.value * ROOM


def _most(answer: Answer, finding: Finding) -> float:
    """The excess that is accepted in the finding's window."""
    if finding.fell:
        return float("inf")
    days = finding.window.length / DAY
    return max(answer.most_an_hour, answer.most_a_day * days)


def is_learnt(incident: Incident) -> bool:
    """Whether its dollars may be learnt as usual: a new level, or nothing that was wrong at all."""
    new_level = incident.answer is not None and incident.answer.expectation is Expectation.NEW_LEVEL
    return incident.state is State.FALSE_ALARM or (incident.state is State.EXPECTED and new_level)


def kept_out(incident: Incident) -> Window | None:
    """When its dollars are not to be learnt as usual: while it was hot, or as long as it was expected."""
    if incident.rule or is_learnt(incident):
        return None
    end = max(incident.last_hot, incident.start + HOUR)
    expected = incident.state is State.EXPECTED and incident.answer and incident.answer.until
    return Window(incident.start, max(end, expected) if expected else end)


def woken(incident: Incident, now: datetime) -> Incident:
    """The incident open again where what people said no longer counts: it goes on all the same."""
    answer, reason = incident.answer, ""
    if answer and incident.state is State.SNOOZED and answer.until and now >= answer.until:
        reason = "the snooze is over, and it goes on"
    if answer and incident.state is State.ACKNOWLEDGED and now >= answer.at + _ACKNOWLEDGED_FOR:
        grown = abs(incident.excess) >= _STILL_GROWS * max(answer.excess, 1)
        reason = "it was acknowledged, and still grows" if grown else ""
    if not reason:
        return incident
    change = Change(now, "reopened", reason)
    return replace(incident, state=State.OPEN, answer=None, history=(*incident.history, change))
