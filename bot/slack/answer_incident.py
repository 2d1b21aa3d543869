"""One incident: the alert as it stands, and below it all that is known."""

from bot.facts.delivery import Message, Why
from bot.facts.directory import Directory
from bot.questions.answers import OneIncident
from bot.slack.answer_fitting import Block, fitted
from bot.slack.details import sections, sentences
from bot.slack.ink import full_stop, section
from bot.slack.messages import incident_message
from bot.slack.paragraphs import drivers_list
from bot.slack.wording import prose


def one_incident_message(reply: OneIncident, directory: Directory) -> Message:
    """The answer; what was just said of it comes first."""
    incident, alone = reply.incident, reply.incident.state.is_over
    alert = incident_message(incident, directory, Why.EDIT)
    noted = _noted(reply)

    def spoken(most: int) -> list[str]:
        return [noted, alert.text, *sentences(incident, directory, most, alone=alone)]

    def blocks(most: int) -> list[Block]:
        details = sections(incident, directory, most, alone=alone)
        drawn = [*([section(noted)] if noted else []), *_without_drivers(reply, alert), *details]
        # The small print of the alert comes last here, too.
        return sorted(drawn, key=lambda block: block["type"] == "context")

    return fitted(spoken, blocks)


def _noted(reply: OneIncident) -> str:
    history = reply.incident.history
    if not reply.said or not history:
        return ""
    by = f" by {prose(history[-1].actor, 60)}" if history[-1].actor else ""
    return full_stop(f"Noted: {prose(history[-1].what, 80)}{by}")


def _without_drivers(reply: OneIncident, alert: Message) -> list[Block]:
    """The details say all of them."""
    drivers = drivers_list(reply.incident)
    return [block for block in alert.blocks if block.get("text", {}).get("text") != drivers]
