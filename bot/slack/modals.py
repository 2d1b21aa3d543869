"""The forms that ask before something is done, and the page that says why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.facts.answer import Expectation
from bot.facts.clock import DAY
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.facts.money import show
from bot.slack.buttons import DISABLE, EXPECT, SNOOZE
from bot.slack.desk import Matter
from bot.slack.details import details_blocks
from bot.slack.headline import headline
from bot.slack.ink import mrkdwn, plain_text, section
from bot.slack.wording import clean, code, plain, prose

View = dict[str, Any]

_HOW, _UNTIL, _NOTE, _TYPED = "how", "until", "note", "typed"
_TOLD = {
    Expectation.ONE_OFF: ("One-off", "It was meant, and ends by itself. Nothing of this size for 72 hours."),
    Expectation.NEW_LEVEL: ("New level", "From now on this is usual: it is learnt at once."),
    Expectation.PLANNED: ("Planned", "It was announced. Quiet until the day below."),
}
_LONGEST_NOTE = 500
_MOST_BLOCKS = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was opened: for which incident, and in which channel; a home has none."""

    incident_id: str
    channel: str = ""

    def packed(self) -> str:
        """As a view carries it along."""
        return json.dumps([self.incident_id, self.channel])

    @classmethod
    def unpacked(cls, metadata: str) -> "Origin":
        """The inverse of `packed`."""
        incident_id, channel = json.loads(metadata)
        return cls(incident_id, channel)


class Unfilled(Exception):
    """A form cannot be taken as it is; `errors` say why, by the name of the field."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.errors = {field: what}


def expect_form(matter: Matter, origin: Origin, now: datetime) -> View:
    """In which way it was expected, until when, and why."""
    options = [
        {
            "value": how.value,
            "text": plain_text(words),
            "description": plain_text(meaning),
        }
        for how, (words, meaning) in _TOLD.items()
    ]
    radio = {
        "type": "radio_buttons",
        "action_id": _HOW,
        "options": options,
        "initial_option": options[0],
    }
    until = {
        "type": "datepicker",
        "action_id": _UNTIL,
        "initial_date": f"{now + 7 * DAY:%Y-%m-%d}",
        "placeholder": plain_text("A day"),
    }
    blocks = (
        _about(matter),
        _input(_HOW, "How was it expected?", radio),
        _input(_UNTIL, "If planned: until the end of", until, optional=True),
        _note(),
    )
    return _form(EXPECT, "It was expected", "Save", origin, blocks)


def snooze_form(matter: Matter, origin: Origin, now: datetime) -> View:
    """Until when it is to be quiet."""
    picker = {
        "type": "datetimepicker",
        "action_id": _UNTIL,
        "initial_date_time": int((now + timedelta(hours=4)).timestamp()),
    }
    return _form(
        SNOOZE, "Snooze", "Snooze", origin, (_about(matter), _input(_UNTIL, "Until", picker), _note())
    )


def disable_form(matter: Matter, origin: Origin) -> View:
    """What would be switched off, and the name to type so that it is no accident."""
    key = matter.key
    name = key.name if key else ""
    words = (
        f"*Key:* {code(name, 500)}\n*Owner:* {prose(matter.owner, 120) or 'not on record'}\n"
        f"*Spent in the last hour read:* {show(matter.last_hour)}\n\n"
        "Whatever uses this key fails from now on, until it is enabled again. Traffic without a key goes on."
    )
    typed = {
        "type": "plain_text_input",
        "action_id": _TYPED,
        "placeholder": plain_text(plain(name, 140)),
    }
    blocks = (section(words), _input(_TYPED, "Type the key's name", typed), _note())
    return _form(DISABLE, "Disable key", "Disable key", origin, blocks)


def why_page(incident: Incident, directory: Directory) -> View:
    """Everything that is known of an incident."""
    blocks = details_blocks(incident, directory)[:_MOST_BLOCKS]
    return {
        "type": "modal",
        "title": plain_text("Why?"),
        "close": plain_text("Close"),
        "blocks": list(blocks),
    }


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in."""

    expectation: Expectation | None = None
    until: datetime | None = None
    note: str = ""
    typed: str = ""


def filled(view: Mapping[str, Any], now: datetime) -> Filled:
    """Read a form as Slack sends it. Raises Unfilled."""
    fields: dict[str, dict[str, Any]] = {
        name: next(iter(of.values()), {}) for name, of in view["state"]["values"].items()
    }
    how = (fields.get(_HOW, {}).get("selected_option") or {}).get("value")
    expectation = Expectation(how) if how else None
    until = _until(fields.get(_UNTIL, {}), now)
    if expectation is Expectation.PLANNED and until is None:
        raise Unfilled(_UNTIL, "Say until which day it was planned.")
    if (
        until is not None
        and (expectation in {None, Expectation.PLANNED})
        and not now < until <= now + 90 * DAY
    ):
        raise Unfilled(_UNTIL, "Choose a time from now to 90 days ahead.")
    note = clean(fields.get(_NOTE, {}).get("value") or "")
    typed = (fields.get(_TYPED, {}).get("value") or "").strip()
    return Filled(expectation, until if expectation in {None, Expectation.PLANNED} else None, note, typed)


def check_typed(given: Filled, matter: Matter) -> None:
    """Raises Unfilled unless the key's name was typed."""
    name = matter.key.name if matter.key else ""
    if not name or clean(given.typed) not in {clean(name), clean(name.replace("`", ""))}:
        raise Unfilled(_TYPED, "This is not the key's name. Nothing was done.")


def _until(field: Mapping[str, Any], now: datetime) -> datetime | None:
    """A day is over at its end, in UTC as all days here."""
    if field.get("selected_date_time"):
        return datetime.fromtimestamp(field["selected_date_time"], now.tzinfo)
    if field.get("selected_date"):
        return datetime.fromisoformat(field["selected_date"]).replace(tzinfo=now.tzinfo) + DAY
    return None


def _about(matter: Matter) -> dict[str, Any]:
    return {
        "type": "context",
        "elements": [mrkdwn(headline(matter.incident, matter.directory, prose))],
    }


def _note() -> dict[str, Any]:
    element = {
        "type": "plain_text_input",
        "action_id": _NOTE,
        "max_length": _LONGEST_NOTE,
        "placeholder": plain_text("For those who read it later"),
    }
    return _input(_NOTE, "Note", element, optional=True)


def _input(name: str, label: str, element: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(label),
        "element": element,
        "optional": optional,
    }


def _form(name: str, title: str, submit: str, origin: Origin, blocks: tuple[dict[str, Any], ...]) -> View:
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": origin.packed(),
        "title": plain_text(title),
        "submit": plain_text(submit),
        "close": plain_text("Cancel"),
        "blocks": list(blocks),
    }
