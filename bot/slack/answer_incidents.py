"""The incidents of late: which are open, what each costs, and how it stands."""

from bot.facts.delivery import Message
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.questions.answers import Incidents
from bot.slack.answer_fitting import list_message
from bot.slack.drivers import signed
from bot.slack.headline import MARKS, RESOLVED_MARK, subject, what
from bot.slack.ink import Ink
from bot.slack.wording import bare, prose


def incidents_message(found: Incidents, directory: Directory) -> Message:
    """How many are open, and the newest: those that go on first."""
    return list_message(
        lambda ink: [_how_many(found, ink)],
        found.found,
        lambda one, ink: _incident(one, directory, ink),
        "older ones",
    )


def _how_many(found: Incidents, ink: Ink) -> str:
    if found.open:
        return ink.bold(f"{found.open} incident{'s are' if found.open > 1 else ' is'} open")
    quiet = f"{RESOLVED_MARK} {ink.bold('Nothing is open')}"
    if not found.found:
        return f"{quiet}, and nothing ever was"
    last = max(found.found, key=lambda one: one.resolved_at or one.last_hot)
    return f"{quiet}. The last one was over {ink.instant(last.resolved_at or last.last_hot)}"


def _incident(one: Incident, directory: Directory, ink: Ink) -> str:
    """What it is and costs; how it stands, since when, and its id."""
    mark = RESOLVED_MARK if one.state.is_over else MARKS[one.severity]
    name = ink.bold(what(one, bare)) if one.is_blind else subject(one, directory, ink.name)
    no_dollars = one.is_blind or one.period or (one.rule and not one.excess)
    amount = "" if no_dollars else f"{ink.bold(signed(one.excess))} "
    return f"{mark} {amount}{name}\n{_standing(one, ink)} · {ink.name(one.id)}"


def _standing(one: Incident, ink: Ink) -> str:
    by = f" by {prose(one.answer.actor, 60)}" if one.answer and one.answer.actor else ""
    since = f"since {ink.instant(one.start)}"
    if one.state.is_over:
        return f"{one.state}{by} {ink.instant(one.resolved_at or one.last_hot)}, {since}"
    until = f" until {ink.instant(one.answer.until)}" if one.answer and one.answer.until else ""
    return f"{one.severity}, {one.state}{until}{by}, {since}"
