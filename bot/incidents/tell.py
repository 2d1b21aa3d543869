"""Whether we speak now, and why: decided from what was last told."""

from datetime import datetime, timedelta

from bot.facts.delivery import Message, Told, Why
from bot.facts.incident import Incident, State
from bot.facts.money import Usd
from bot.facts.severity import Severity

_SAID_ALOUD = {State.OPEN: Why.REOPENED, State.RESOLVED: Why.RESOLVED}
"""What somebody did themselves needs no ringing: it shows in the message."""
_STALE = timedelta(hours=24)
_STALE_BUDGET = timedelta(days=7)
"""That a budget was overspent is still worth saying when its period is over."""
_WORTH_SAYING = 2


def decide(told: Told | None, incident: Incident, message: Message, now: datetime) -> Why:
    """Why we speak about `incident` now, or Why.QUIET. Pure: tonight's question can be replayed tomorrow.

    `message` is how it would be told; one that reads the same as what people see is not sent again.
    """
    if told is None:
        return _first(incident, now)
    if told.state is not incident.state and incident.state in _SAID_ALOUD:
        return _SAID_ALOUD[incident.state]
    if incident.state is State.OPEN and _grew(told, incident):
        return Why.GREW
    return Why.EDIT if told.message != message else Why.QUIET


def rings(why: Why, told: Told | None) -> bool:
    """Whether somebody is called who did not know: that is what an alert budget counts."""
    return why in {Why.FIRST, Why.REOPENED} or (why is Why.RESOLVED and told is None)


def is_news(why: Why) -> bool:
    """Whether people who saw the message should hear of it again, though it is only rewritten."""
    return why in {Why.GREW, Why.REOPENED, Why.RESOLVED}


def is_loud(why: Why, before: Told, told: Told) -> bool:
    """Whether it calls those who do not follow the thread: it is back, or it has become critical."""
    became_critical = before.severity is not Severity.CRITICAL and told.severity is Severity.CRITICAL
    return why is Why.REOPENED or (why is Why.GREW and became_critical)


def _first(incident: Incident, now: datetime) -> Why:
    """An incident that came and went unseen is told once, unless it is old news or somebody knows it."""
    if incident.state is State.OPEN:
        return Why.FIRST
    stale = _STALE_BUDGET if incident.period else _STALE
    recent = incident.resolved_at is not None and now - incident.resolved_at <= stale
    return Why.RESOLVED if recent and incident.state is State.RESOLVED else Why.QUIET


def _grew(told: Told, incident: Incident) -> bool:
    stepped_up = incident.severity.rank > told.severity.rank or incident.step > told.step
    if incident.period:
        return stepped_up
    return stepped_up or incident.excess >= _WORTH_SAYING * max(told.excess, 1)


def remembered(told: Told | None, why: Why, incident: Incident, message: Message) -> Told:
    """What will have been told: an edit is silent, so it changes the words but not what was said aloud."""
    if told is not None and why is Why.EDIT:
        return Told(incident.state, told.severity, told.excess, message, told.step)
    return Told(incident.state, incident.severity, Usd(incident.excess), message, incident.step)
