"""What Slack accepts of words and fields (S4, S7)."""

import re
from collections.abc import Iterator
from typing import Any

_DATE = r"<!date\^-?\d+\^[^|<>^]*\{\w+\}[^|<>^]*\|[^<>|]+>"
_KNOWN = r"<@U01ADALOVE>|<@U02GRACE>|<!subteam\^S01OPS>|<!subteam\^S99NOBODY>"
"""Who may be mentioned: the people of the fake workspace. Any other mention is a name left unescaped."""
_MARKUP = re.compile(f"{_DATE}|{_KNOWN}")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_FIELDS = {
    "header": "text!",
    "section": "text fields accessory expand",
    "context": "elements!",
    "actions": "elements!",
    "divider": "",
    "image": "alt_text! image_url slack_file title",
    "input": "label! element! optional dispatch_action hint",
    "table": "rows! column_settings",
    "column": "align is_wrapped",
    "data_visualization": "title! chart!",
    "button": "action_id! text! value url style confirm accessibility_label",
    "overflow": "action_id! options! confirm",
    "static_select": "action_id! options! placeholder initial_option confirm focus_on_load",
    "radio_buttons": "action_id! options! initial_option confirm focus_on_load",
    "datepicker": "action_id! initial_date placeholder confirm focus_on_load",
    "datetimepicker": "action_id! initial_date_time confirm focus_on_load",
    "plain_text_input": "action_id! placeholder initial_value multiline min_length max_length focus_on_load",
    "option": "text! value! description url",
    "confirm": "title! text! confirm! deny! style",
    "slack_file": "id!",
    "modal": "title! blocks! submit close callback_id private_metadata external_id",
    "home": "blocks! callback_id private_metadata external_id",
}
"""The fields of each piece, besides its type; those marked ! must be there. Slack refuses any other (S7)."""


def fields(kind: str, piece: dict[str, Any]) -> list[str]:
    """Fields that are missing or unknown."""
    known = {name.rstrip("!"): name.endswith("!") for name in _FIELDS[kind].split()}
    missing = [f"no {name}" for name, needed in known.items() if needed and name not in piece]
    return missing + [f"unknown field {name}" for name in piece if name not in {*known, "type"}]


def length(text: str, longest: int, form: str = r"(?s:.*)") -> Iterator[str]:
    """Text that is empty, too long, or not of the form that is asked for."""
    if not 1 <= len(text) <= longest:
        yield f"{len(text)} characters, not 1 to {longest}"
    elif not re.fullmatch(form, text):
        yield f"{text!r} does not look like {form}"


def markup(text: str, longest: int) -> Iterator[str]:
    """Mrkdwn that is too long, or has controls that we did not mean."""
    yield from length(text, longest)
    rest = _ENTITY.sub("", _MARKUP.sub("", text))
    if re.search("[<>&]", rest):
        yield f"unescaped markup in {rest!r}"


def plain_text(text: dict[str, Any], longest: int) -> Iterator[str]:
    """A text object that may not be mrkdwn."""
    match text:
        case {"type": "plain_text", "text": str(said)}:
            yield from length(said, longest)
        case _:
            yield f"{text!r} is not plain_text"


def words(text: dict[str, Any], longest: int) -> Iterator[str]:
    """A text object of either kind."""
    match text:
        case {"type": "mrkdwn", "text": str(said)}:
            yield from markup(said, longest)
        case _:
            yield from plain_text(text, longest)
