"""The paragraphs of an alert: what was spent, since when, how fast; whose, why, what to do; its parts."""

from bot.facts.delivery import Why
from bot.facts.directory import Directory
from bot.facts.incident import KEY_DONE, Incident, State
from bot.facts.money import Usd, show
from bot.slack.drivers import shares, signed
from bot.slack.headline import named
from bot.slack.ink import Ink
from bot.slack.wording import prose

_SLICES = 3
_PROGRESS = {Why.GREW: ", still growing", Why.REOPENED: ", back again"}


def opening(incident: Incident, directory: Directory, why: Why, ink: Ink) -> str:
    """What was spent against what was expected, since when, and at what pace it goes on."""
    progress = ", still missing" if incident.fell and why is Why.GREW else _PROGRESS.get(why, "")
    urgency = ink.bold(f"{incident.severity.capitalize()}{progress}:")
    scope = named(incident.scope, directory, ink.name)
    if incident.rule:
        return f"{urgency} rule “{prose(incident.rule, 120)}” ({scope}, since {_since(incident, ink)})."
    expected = ink.bold(_range(incident.low, incident.high))
    spent = f"{scope} spent {ink.bold(show(incident.observed))} since {_since(incident, ink)}"
    return f"{urgency} {spent}, expected {expected}. {_pace(incident, ink)}".rstrip()


def _since(incident: Incident, ink: Ink) -> str:
    return ink.instant(incident.start)


def _range(low: Usd, high: Usd) -> str:
    if high <= 0:
        return "nothing"
    if low <= 0:
        return f"up to {show(high)}"
    return show(high) if show(low) == show(high) else f"{show(low)} to {show(high)}"


def _pace(incident: Incident, ink: Ink) -> str:
    if incident.per_hour <= 0:
        return ""
    pace = f"{ink.bold(f'{show(incident.per_hour)}/h')} above normal"
    if incident.last_hot < incident.measured_until:
        return f"Calm since {ink.instant(incident.last_hot)}, before that {pace}."
    ahead = incident.by_month_end
    left = f", {show(ahead)} more by the end of the month if left" if ahead > 0 else ""
    return f"Running at {pace}{left}."


def particulars(incident: Incident, directory: Directory, ink: Ink) -> list[tuple[str, str]]:
    """Owner, model, reason and next step, as far as they are known."""
    cause, scope = incident.cause, incident.scope
    known = cause.owner or directory.owner_of(scope.api_key_id or "")
    owner = prose(known, 120) or ("not on record" if scope.api_key_id else "")
    model = cause.model if cause.model != scope.model else ""
    reason = prose(cause.evidence) or prose(incident.why)
    rows = {
        "Status": status(incident, ink),
        "Key": _key(incident, ink),
        "Mostly": _mostly(incident, directory, ink),
        "Owner": owner,
        "Model": ink.name(model) if model else "",
        "Why": reason,
        "Next step": prose(cause.next_step),
    }
    return [(name, words) for name, words in rows.items() if words]


def status(incident: Incident, ink: Ink) -> str:
    """Who looks after it, or until when it is quiet."""
    answer = incident.answer
    if answer is None or incident.state is State.OPEN:
        return ""
    by = f"by {prose(answer.actor, 60)}" if answer.actor else ""
    until = f"until {ink.instant(answer.until)}" if answer.until else ""
    note = f"({prose(answer.note, 200)})" if answer.note else ""
    return " ".join(part for part in (incident.state, until, by, note) if part)


def _key(incident: Incident, ink: Ink) -> str:
    """Who switched the key off or on, and when, if anybody did."""
    done = [change for change in incident.history if change.what in KEY_DONE.values()]
    if not done:
        return ""
    last = done[-1]
    return f"{last.what.removeprefix('key ')} by {prose(last.actor, 60)}, {ink.instant(last.at)}"


def _mostly(incident: Incident, directory: Directory, ink: Ink) -> str:
    """Where in a broad scope it lies."""
    if incident.scope.api_key_id is not None or incident.scope.actor is not None:
        return ""
    return ", ".join(
        f"{named(part.scope, directory, ink.name)} {signed(part.excess)}"
        for part in incident.cause.where[:_SLICES]
    )


def drivers_list(incident: Incident) -> str:
    """What makes up the excess, a line each."""
    if not incident.cause.drivers:
        return ""
    total, lines = shares(incident)
    points = (f"• *{amount}* {_label(label)}" for amount, label in lines)
    return "\n".join((f"*What makes up the {total}:*", *points))


def drivers_sentence(incident: Incident) -> str:
    """The same in one sentence."""
    if not incident.cause.drivers:
        return ""
    total, lines = shares(incident)
    return f"What makes up the {total}: {'; '.join(f'{amount} {_label(label)}' for amount, label in lines)}"


def _label(name: str) -> str:
    """A driver may be a model, and some spend has none."""
    return prose(name, 80) or "no name"
