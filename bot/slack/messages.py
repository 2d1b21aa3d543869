"""The alert: what a tired person needs at 3 am, in the order in which it is needed.

A headline with scope, excess and multiple; what was spent against what was expected, since when, and how
fast; whose, which model, why, what to do; where the difference lies; how sure the figures are.
When it is over the message shrinks to one line.
"""

from datetime import timedelta
from typing import Any

from bot.facts.delivery import Message, Why
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.slack.answer_fitting import paragraphs
from bot.slack.answer_words import figures
from bot.slack.buttons import NO_CONTROLS, Controls, controls, more
from bot.slack.charts import chart_block, incident_chart
from bot.slack.ending import ENDED, lasted, over
from bot.slack.headline import MARKS, RESOLVED_MARK, details, headline, what
from bot.slack.ink import MRKDWN, TEXT, Ink, fitting, full_stop, mrkdwn, plain_text, section
from bot.slack.paragraphs import drivers_list, drivers_sentence, opening, particulars, status
from bot.slack.wording import bare, plain, prose

_BREAKS = 3


def incident_message(
    incident: Incident, directory: Directory, why: Why, can: Controls = NO_CONTROLS
) -> Message:
    """What Slack shows of an incident now, whether posted or written over an earlier state of it.

    Its course is drawn while it is open, and it has buttons where they can be pressed. Whatever the names and
    amounts, the message keeps within Slack's limits (S7).
    """
    buttons = controls(incident, directory, can)
    if incident.is_blind:
        return Message(_blind(incident, TEXT), (section(_blind(incident, MRKDWN)), *buttons))
    if incident.state.is_over:
        line = section(over(incident, directory, MRKDWN)) | more(incident, directory, can)
        return Message(over(incident, directory, TEXT), (line,))
    blocks = _blocks(incident, directory, why)
    return Message(_text(incident, directory, why), (*blocks, *buttons))


def _blind(incident: Incident, ink: Ink) -> str:
    fault = ink.bold(what(incident, bare))
    if incident.state.is_over:
        length = lasted(max(incident.last_hot - incident.start, timedelta()))
        return f"{RESOLVED_MARK} {ENDED[incident.state]} after {length}: {fault}."
    answered = status(incident, ink)
    sentences = (
        f"{MARKS[incident.severity]} {fault} since {ink.instant(incident.start)}.",
        full_stop(prose(incident.cause.evidence)),
        full_stop(prose(incident.cause.next_step.capitalize())),
        full_stop(f"Status: {answered}") if answered else "",
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _blocks(incident: Incident, directory: Directory, why: Why) -> tuple[dict[str, Any], ...]:
    chart = incident_chart(incident)
    lines = [f"*{name}:* {words}" for name, words in particulars(incident, directory, MRKDWN)]
    said = (opening(incident, directory, why, MRKDWN), *paragraphs(lines), drivers_list(incident))
    return (
        {"type": "header", "text": plain_text(headline(incident, directory, plain))},
        *(section(words) for words in said if words),
        *([chart_block(chart)] if chart else []),
        {"type": "context", "elements": [mrkdwn(_footing(incident, MRKDWN))]},
    )


def _text(incident: Incident, directory: Directory, why: Why) -> str:
    sentences = (
        headline(incident, directory, bare),
        opening(incident, directory, why, TEXT),
        *(f"{name}: {words}" for name, words in particulars(incident, directory, TEXT)),
        drivers_sentence(incident),
    )
    return fitting([*(full_stop(sentence) for sentence in sentences if sentence), _footing(incident, TEXT)])


def _footing(incident: Incident, ink: Ink) -> str:
    basis = figures(incident.basis, incident.measured_until, ink)
    breaks = "".join(f" · breaks rule {ink.name(rule)}" for rule in incident.breaks[:_BREAKS])
    return f"{basis}{breaks} · details: {ink.name(details(incident))}"
