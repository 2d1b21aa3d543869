"""What an incident's thread is told when its message was only rewritten: an edit rings nobody."""

from bot.facts.delivery import Message, Why
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.facts.money import show
from bot.slack.drivers import signed
from bot.slack.ending import over
from bot.slack.headline import MARKS, subject, times
from bot.slack.ink import MRKDWN, TEXT, Ink, section

_OPENINGS = {Why.GREW: "Still growing", Why.REOPENED: "Back again"}


def news_message(incident: Incident, directory: Directory, why: Why) -> Message:
    """A sentence or two: how urgent, how much by now, at what pace; or that it is over, with the cost."""
    return Message(_news(incident, directory, why, TEXT), (section(_news(incident, directory, why, MRKDWN)),))


def _news(incident: Incident, directory: Directory, why: Why, ink: Ink) -> str:
    if incident.state.is_over:
        return over(incident, directory, ink)
    opening = ink.bold(f"{incident.severity.capitalize()}, {_OPENINGS.get(why, 'news').lower()}:")
    where = subject(incident, directory, ink.name)
    return f"{MARKS[incident.severity]} {opening} {where}{_amount(incident, ink)}.{_pace(incident, ink)}"


def _amount(incident: Incident, ink: Ink) -> str:
    if incident.period or (incident.rule and not incident.excess):
        return ""
    return f" is at {ink.bold(signed(incident.excess))}{times(incident)} by now"


def _pace(incident: Incident, ink: Ink) -> str:
    if incident.per_hour <= 0 or incident.last_hot < incident.measured_until:
        return ""
    ahead = incident.by_month_end
    left = f", {show(ahead)} more by the end of the month if left" if ahead > 0 else ""
    return f" It runs at {ink.bold(f'{show(incident.per_hour)}/h')} above normal{left}."
