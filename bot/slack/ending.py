"""What is said when it is over: one line with the final cost, and who or what closed it."""

from datetime import timedelta

from bot.facts.clock import DAY, HOUR
from bot.facts.directory import Directory
from bot.facts.incident import Change, Incident, State
from bot.facts.money import Usd, show
from bot.slack.headline import RESOLVED_MARK, details, subject
from bot.slack.ink import Ink, full_stop
from bot.slack.wording import prose

ENDED = {
    State.RESOLVED: "Resolved",
    State.EXPECTED: "Expected",
    State.FALSE_ALARM: "False alarm",
}


def over(incident: Incident, directory: Directory, ink: Ink) -> str:
    """One line, with the final cost and who or what closed it."""
    length = lasted(max(incident.last_hot - incident.start, timedelta()))
    closing = _closing(incident)
    by = f" by {prose(closing.actor, 60)}" if closing and closing.actor else ""
    reason = prose(closing.reason, 300) if closing else ""
    sentences = (
        f"{RESOLVED_MARK} {ink.bold(f'{ENDED[incident.state]}:')} {subject(incident, directory, ink.name)}",
        f"{_cost(incident, ink)}in {length}.",
        full_stop(f"Closed{by}: {reason}") if reason else "",
        f"Details: {ink.name(details(incident))}",
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _cost(incident: Incident, ink: Ink) -> str:
    """What it cost in all; nothing where a rule was about something else."""
    if incident.period or (incident.rule and not incident.excess):
        return ""
    cost = f"{ink.bold(show(Usd(abs(incident.excess))))} {'more' if incident.excess >= 0 else 'less'}"
    held_against = "than allowed" if incident.rule else "than expected"
    return f"cost {cost} {held_against} ({incident.basis}) "


def _closing(incident: Incident) -> Change | None:
    """The change that ended it; the newest one where that is not on record."""
    ends = [change for change in incident.history if change.what.startswith(incident.state)]
    return next(reversed(ends or incident.history), None)


def lasted(length: timedelta) -> str:
    """How long, in the two units that matter: "40 min", "6 h", "3 d 4 h"."""
    days, hours, minutes = length // DAY, length % DAY // HOUR, length % HOUR // timedelta(minutes=1)
    named = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join([f"{number} {unit}" for number, unit in named if number > 0][:2]) or "0 min"
