"""What people can press on an incident: which buttons there are in which state, and what each one says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.facts.answer import Verb
from bot.facts.directory import Directory
from bot.facts.incident import Incident, State
from bot.slack.headline import subject
from bot.slack.ink import plain_text
from bot.slack.wording import plain

Block = dict[str, Any]

ACKNOWLEDGE, REOPEN, DISMISS = str(Verb.ACKNOWLEDGE), str(Verb.REOPEN), str(Verb.DISMISS)
SNOOZE, EXPECT = str(Verb.SNOOZE), str(Verb.EXPECT)
WHY, CONSOLE, DISABLE, ENABLE, MORE = "why", "console", "disable key", "enable key", "more"
PICK = "pick"
"""The choice of a snooze that asks until when."""
SNOOZES = (
    ("1h", "For 1 hour"),
    ("tomorrow", "Until tomorrow, 9:00"),
    ("week", "For a week"),
    (PICK, "Until…"),
)
_CONSOLE_URL = "https://platform.claude.com/usage"
_GAP = "|"
_LABEL = 75


@dataclass(frozen=True, slots=True)
class Controls:
    """What can be pressed: nothing where Slack cannot call back; keys only where that is switched on."""

    listens: bool = False
    switches_keys: bool = False


NO_CONTROLS = Controls()


def controls(incident: Incident, directory: Directory, can: Controls) -> tuple[Block, ...]:
    """The row of buttons below an incident that goes on, for a message or a home."""
    if not can.listens or incident.state.is_over:
        return ()
    elements = list(_elements(incident, directory, can))
    # A new name when the buttons change: Slack keeps what was chosen by the name of a block (S4).
    return ({"type": "actions", "block_id": f"{incident.id}{_GAP}{incident.state}", "elements": elements},)


def _elements(incident: Incident, directory: Directory, can: Controls) -> Iterator[Block]:
    about = subject(incident, directory, lambda name: plain(name, 40))
    if incident.state is State.OPEN:
        yield _button(incident, ACKNOWLEDGE, "Acknowledge", about) | {"style": "primary"}
    else:
        yield _button(incident, REOPEN, "Reopen", about)
    if incident.state is not State.SNOOZED:
        yield _snoozes(incident)
    if not incident.is_blind:
        yield _button(incident, EXPECT, "Expected…", about)
        yield _button(incident, DISMISS, "False alarm", about)
        yield _button(incident, WHY, "Why?", about)
        yield _button(incident, CONSOLE, "Open in Console", about) | {"url": _CONSOLE_URL}
        yield from _key_switch(incident, directory, can, about)


def _key_switch(incident: Incident, directory: Directory, can: Controls, about: str) -> Iterator[Block]:
    key = directory.keys.get(incident.scope.api_key_id or "")
    if can.switches_keys and key:
        if key.status == "active":
            yield _button(incident, DISABLE, "Disable key…", about) | {"style": "danger"}
        elif key.status == "inactive":
            yield _button(incident, ENABLE, "Enable key again", about)


def more(incident: Incident, directory: Directory, can: Controls) -> dict[str, Block]:
    """The menu beside the one line of an incident that is over; nothing where nobody listens."""
    if not can.listens or incident.is_blind:
        return {}
    choices: tuple[tuple[str, str], ...] = (
        (WHY, "Why?"),
        (EXPECT, "It was expected…"),
        (DISMISS, "It was a false alarm"),
        (REOPEN, "Reopen"),
    )
    key = directory.keys.get(incident.scope.api_key_id or "")
    if can.switches_keys and key and key.status == "inactive":
        choices = (*choices, (ENABLE, "Enable key again"))
    said = {State.EXPECTED: EXPECT, State.FALSE_ALARM: DISMISS}.get(incident.state)
    options = [_option(incident, deed, words) for deed, words in choices if deed != said]
    return {"accessory": {"type": "overflow", "action_id": MORE, "options": options}}


def _snoozes(incident: Incident) -> Block:
    options = [_option(incident, value, words) for value, words in SNOOZES]
    return {
        "type": "static_select",
        "action_id": SNOOZE,
        "placeholder": plain_text("Snooze…"),
        "options": options,
    }


def _option(incident: Incident, value: str, words: str) -> Block:
    return {"text": plain_text(words), "value": f"{incident.id}{_GAP}{value}"}


def _button(incident: Incident, deed: str, words: str, about: str) -> Block:
    return {
        "type": "button",
        "action_id": deed,
        "text": plain_text(words),
        "value": incident.id,
        "accessibility_label": plain(f"{words.rstrip('…')}: {about}", _LABEL),
    }


@dataclass(frozen=True, slots=True)
class Pressed:
    """What somebody pressed on which incident, with what they chose."""

    deed: str
    incident_id: str
    choice: str = ""


def pressed(action: dict[str, Any]) -> Pressed:
    """Read an action as Slack sends it (S12c)."""
    chosen = action.get("selected_option")
    if not chosen:
        return Pressed(str(action["action_id"]), str(action.get("value", "")))
    incident_id, _, choice = str(chosen["value"]).partition(_GAP)
    if action["action_id"] == MORE:
        return Pressed(choice, incident_id)
    return Pressed(str(action["action_id"]), incident_id, choice)
