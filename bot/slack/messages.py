"""The alert: what a tired person needs at 3 am, in the order in which it is needed.

A headline with scope, excess and multiple; what was spent against what was expected, since when, and how
fast; whose, which model, why, what to do; where the difference lies; how sure the figures are.
When it is over the message shrinks to one line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.facts.clock import DAY, HOUR
from bot.facts.delivery import Message, Why
from bot.facts.directory import Directory
from bot.facts.incident import Change, Incident, State
from bot.facts.money import Usd, show
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.spend import Basis
from bot.facts.text import multiple, scope_name, when
from bot.slack.charts import chart_block, incident_chart
from bot.slack.drivers import shares, signed
from bot.slack.wording import bare, clean, code, instant, plain, prose

MARKS = {Severity.CRITICAL: "🔴", Severity.WARNING: "🟠", Severity.NOTICE: "🔵"}
"""The sign before the headline; the word stands in the first sentence."""
RESOLVED_MARK = "✅"

_TEXT_LIMIT = 3900
"""chat.update refuses a `text` of more than 4,000 characters (S3)."""
_ENDED = {
    State.RESOLVED: "Resolved",
    State.EXPECTED: "Expected",
    State.FALSE_ALARM: "False alarm",
}
_SLICES = 3
_PROGRESS = {Why.GREW: ", still growing", Why.REOPENED: ", back again"}
_BASIS = {Basis.BILLED: "Billed figures", Basis.ESTIMATED: "Estimated figures (the bill may differ)"}
_IN_SHORT = ("api_key_id", "actor", "product", "workspace_id", "model")


@dataclass(frozen=True, slots=True)
class _Ink:
    """How names, instants and emphasis are written: once as mrkdwn, once for the plain `text`."""

    name: Callable[[str], str]
    instant: Callable[[datetime], str]
    bold: Callable[[str], str]


_MRKDWN = _Ink(name=code, instant=instant, bold=lambda words: f"*{words}*")
_TEXT = _Ink(name=bare, instant=when, bold=str)


def incident_message(incident: Incident, directory: Directory, why: Why) -> Message:
    """What Slack shows of an incident now, whether posted or written over an earlier state of it.

    Its course is drawn while it is open. Whatever the names and amounts, the message keeps within Slack's
    limits (S7).
    """
    if incident.is_blind:
        return _blind_message(incident)
    if incident.state.is_over:
        blocks = (_section(_over(incident, directory, _MRKDWN)),)
        return Message(text=_over(incident, directory, _TEXT), blocks=blocks)
    return Message(text=_text(incident, directory, why), blocks=_blocks(incident, directory, why))


def _blind_message(incident: Incident) -> Message:
    """What is said when the bot itself can no longer see or tell."""
    blocks = (_section(_blind(incident, _MRKDWN)),)
    return Message(text=_blind(incident, _TEXT), blocks=blocks)


def _blind(incident: Incident, ink: _Ink) -> str:
    what = ink.bold(_what(incident, bare))
    if incident.state.is_over:
        lasted = _lasted(max(incident.last_hot - incident.start, timedelta()))
        return f"{RESOLVED_MARK} {_ENDED[incident.state]} after {lasted}: {what}."
    status = _status(incident, ink)
    sentences = (
        f"{MARKS[incident.severity]} {what} since {ink.instant(incident.start)}.",
        _full_stop(prose(incident.cause.evidence)),
        _full_stop(prose(incident.cause.next_step.capitalize())),
        _full_stop(f"Status: {status}") if status else "",
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _blocks(incident: Incident, directory: Directory, why: Why) -> tuple[dict[str, Any], ...]:
    chart = incident_chart(incident)
    paragraphs = (
        _opening(incident, directory, why, _MRKDWN),
        "\n".join(f"*{name}:* {words}" for name, words in _particulars(incident, directory, _MRKDWN)),
        _drivers_list(incident),
    )
    return (
        {"type": "header", "text": _plain_text(_headline(incident, directory, plain))},
        *(_section(paragraph) for paragraph in paragraphs if paragraph),
        *([chart_block(chart)] if chart else []),
        {"type": "context", "elements": [_mrkdwn(_footing(incident, _MRKDWN))]},
    )


def _text(incident: Incident, directory: Directory, why: Why) -> str:
    sentences = (
        _headline(incident, directory, bare),
        _opening(incident, directory, why, _TEXT),
        *(f"{name}: {words}" for name, words in _particulars(incident, directory, _TEXT)),
        _drivers_sentence(incident),
    )
    return _fitting(
        [*(_full_stop(sentence) for sentence in sentences if sentence), _footing(incident, _TEXT)]
    )


def _headline(incident: Incident, directory: Directory, write: Callable[[str, int], str]) -> str:
    """`🔴 Runaway spend on key ci-eval: +$412.00, 9.0x`: the narrowest name only, within 150 characters."""
    pinned = incident.scope.pinned()
    lead = next((dimension for dimension in _IN_SHORT if dimension in pinned), None)
    short = Scope.of({lead: pinned[lead]} if lead else {})
    where = _named(short, directory, lambda name: write(name, 40))
    times = f", {_times(incident)}" if incident.observed > 0 and not incident.fell else ""
    return f"{MARKS[incident.severity]} {_what(incident, write)} on {where}: {signed(incident.excess)}{times}"


def _what(incident: Incident, write: Callable[[str, int], str]) -> str:
    return write(clean(incident.cause.headline) or "Unusual spend", 56)


def _times(incident: Incident) -> str:
    return "over 1000x" if 1000 < incident.multiple < float("inf") else multiple(incident.multiple)


def _named(scope: Scope, directory: Directory, name: Callable[[str], str]) -> str:
    """The scope as people call it, each name in it written by `name`."""
    pinned = scope.pinned().items()
    written = {at: name(directory.name_of(at, value)) if value else "" for at, value in pinned}
    return scope_name(Scope.of(written), Directory())


def _opening(incident: Incident, directory: Directory, why: Why, ink: _Ink) -> str:
    """What was spent against what was expected, since when, and at what pace it goes on."""
    progress = ", still missing" if incident.fell and why is Why.GREW else _PROGRESS.get(why, "")
    urgency = ink.bold(f"{incident.severity.capitalize()}{progress}:")
    scope = _named(incident.scope, directory, ink.name)
    expected = ink.bold(_range(incident.low, incident.high))
    spent = f"{scope} spent {ink.bold(show(incident.observed))} since {_since(incident, ink)}"
    return f"{urgency} {spent}, expected {expected}. {_pace(incident, ink)}".rstrip()


def _since(incident: Incident, ink: _Ink) -> str:
    return ink.instant(incident.start)


def _range(low: Usd, high: Usd) -> str:
    if high <= 0:
        return "nothing"
    if low <= 0:
        return f"up to {show(high)}"
    return show(high) if show(low) == show(high) else f"{show(low)} to {show(high)}"


def _pace(incident: Incident, ink: _Ink) -> str:
    if incident.per_hour <= 0:
        return ""
    pace = f"{ink.bold(f'{show(incident.per_hour)}/h')} above normal"
    if incident.last_hot < incident.measured_until:
        return f"Calm since {ink.instant(incident.last_hot)}, before that {pace}."
    ahead = incident.by_month_end
    left = f", {show(ahead)} more by the end of the month if left" if ahead > 0 else ""
    return f"Running at {pace}{left}."


def _particulars(incident: Incident, directory: Directory, ink: _Ink) -> list[tuple[str, str]]:
    """Owner, model, reason and next step, as far as they are known."""
    cause, scope = incident.cause, incident.scope
    known = cause.owner or directory.owner_of(scope.api_key_id or "")
    owner = prose(known, 120) or ("not on record" if scope.api_key_id else "")
    model = cause.model if cause.model != scope.model else ""
    reason = prose(cause.evidence) or prose(incident.why)
    rows = {
        "Status": _status(incident, ink),
        "Mostly": _mostly(incident, directory, ink),
        "Owner": owner,
        "Model": ink.name(model) if model else "",
        "Why": reason,
        "Next step": prose(cause.next_step),
    }
    return [(name, words) for name, words in rows.items() if words]


def _status(incident: Incident, ink: _Ink) -> str:
    """Who looks after it, or until when it is quiet."""
    answer = incident.answer
    if answer is None or incident.state is State.OPEN:
        return ""
    by = f"by {prose(answer.actor, 60)}" if answer.actor else ""
    until = f"until {ink.instant(answer.until)}" if answer.until else ""
    note = f"({prose(answer.note, 200)})" if answer.note else ""
    return " ".join(part for part in (incident.state, until, by, note) if part)


def _mostly(incident: Incident, directory: Directory, ink: _Ink) -> str:
    """Where in a broad scope it lies."""
    if incident.scope.api_key_id is not None or incident.scope.actor is not None:
        return ""
    return ", ".join(
        f"{_named(part.scope, directory, ink.name)} {signed(part.excess)}"
        for part in incident.cause.where[:_SLICES]
    )


def _drivers_list(incident: Incident) -> str:
    if not incident.cause.drivers:
        return ""
    total, lines = shares(incident)
    points = (f"• *{amount}* {_label(label)}" for amount, label in lines)
    return "\n".join((f"*What makes up the {total}:*", *points))


def _drivers_sentence(incident: Incident) -> str:
    if not incident.cause.drivers:
        return ""
    total, lines = shares(incident)
    return f"What makes up the {total}: {'; '.join(f'{amount} {_label(label)}' for amount, label in lines)}"


def _label(name: str) -> str:
    """A driver may be a model, and some spend has none."""
    return prose(name, 80) or "no name"


def _footing(incident: Incident, ink: _Ink) -> str:
    basis = f"{_BASIS[incident.basis]} up to {ink.instant(incident.measured_until)}"
    rule = f" · rule {ink.name(incident.rule)}" if incident.rule else ""
    return f"{basis}{rule} · details: {ink.name(_details(incident))}"


def _details(incident: Incident) -> str:
    return f"claude-spend incident {incident.id}"


def subject(incident: Incident, directory: Directory, name: Callable[[str], str]) -> str:
    """What it is and where: "Runaway loop on key ci-eval", each name written by `name`."""
    return f"{_what(incident, bare)} on {_named(incident.scope, directory, name)}"


def _over(incident: Incident, directory: Directory, ink: _Ink) -> str:
    """One line, with the final cost and who or what closed it."""
    cost = f"{ink.bold(show(Usd(abs(incident.excess))))} {'more' if incident.excess >= 0 else 'less'}"
    lasted = _lasted(max(incident.last_hot - incident.start, timedelta()))
    closing = _closing(incident)
    by = f" by {prose(closing.actor, 60)}" if closing and closing.actor else ""
    reason = prose(closing.reason, 300) if closing else ""
    sentences = (
        f"{RESOLVED_MARK} {ink.bold(f'{_ENDED[incident.state]}:')} {subject(incident, directory, ink.name)}",
        f"cost {cost} than expected ({incident.basis}) in {lasted}.",
        _full_stop(f"Closed{by}: {reason}") if reason else "",
        f"Details: {ink.name(_details(incident))}",
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _closing(incident: Incident) -> Change | None:
    """The change that ended it; the newest one where that is not on record."""
    ends = [change for change in incident.history if change.what.startswith(incident.state)]
    return next(reversed(ends or incident.history), None)


def _lasted(length: timedelta) -> str:
    """How long, in the two units that matter: "40 min", "6 h", "3 d 4 h"."""
    days, hours, minutes = length // DAY, length % DAY // HOUR, length % HOUR // timedelta(minutes=1)
    named = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join([f"{number} {unit}" for number, unit in named if number > 0][:2]) or "0 min"


def _full_stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _fitting(sentences: Sequence[str]) -> str:
    """As many sentences as fit; the first ones matter most."""
    kept = ""
    for sentence in sentences:
        longer = f"{kept} {sentence}".lstrip()
        if len(longer.encode("utf-16-le")) // 2 <= _TEXT_LIMIT:
            kept = longer
    return kept


def _section(words: str) -> dict[str, Any]:
    return {"type": "section", "expand": True, "text": _mrkdwn(words)}


def _mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def _plain_text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "emoji": False, "text": words}
