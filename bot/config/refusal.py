"""Values that may not stand where they stand: unknown keys, and secrets in the open."""

import difflib
import re
from collections.abc import Iterator

from bot.config.entries import Entry
from bot.config.settings import DEFAULTS, SECRETS, SECTIONS

_NAME_OF_A_SECRET = re.compile(r"(KEY|TOKEN|SECRET|WEBHOOK|WEBHOOK_URL|PASSWORD)(_FILE)?$")
_START_OF_A_SECRET = {
    "sk-ant-admin": "ANTHROPIC_ADMIN_KEY",
    "sk-ant-": "ANTHROPIC_ADMIN_KEY or ANTHROPIC_ANALYTICS_KEY",
    "xoxb-": "SLACK_BOT_TOKEN",
    "xapp-": "SLACK_APP_TOKEN",
    "https://hooks.slack.com/": "SLACK_WEBHOOK_URL",
}


def refusal(entry: Entry) -> str:
    """Why an entry may not be there at all, in a sentence without its value; empty when it may."""
    if variable := _held_in(list(entry.key)):
        where = entry.file or "environment"
        return f"{where}: a secret is used as a name; remove it and set {variable} in the environment."
    if variable := _held_in(entry.value) or _named_by(entry):
        return f"{entry.place} holds a secret; remove it and set {variable} in the environment."
    return "" if entry.key in DEFAULTS else _unknown(entry)


def _held_in(value: object) -> str:
    """The variable for a secret found anywhere in a value, or an empty string."""
    for text in _texts(value):
        for start, variable in _START_OF_A_SECRET.items():
            if text.strip().lower().startswith(start):
                return variable
    return ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _named_by(entry: Entry) -> str:
    """The variable for a key that is named like a secret, or an empty string."""
    name = "_".join(entry.key).upper().replace("-", "_")
    if entry.key in DEFAULTS or not _NAME_OF_A_SECRET.search(name):
        return ""
    return difflib.get_close_matches(name, SECRETS, 1, cutoff=0)[0]


def _unknown(entry: Entry) -> str:
    if entry.file and len(entry.key) == 1 and entry.key[0] in SECTIONS:
        return f"{entry.place} should be a section; write [{entry.key[0]}] with its keys on the lines below."
    names = {".".join(key): key for key in DEFAULTS}
    near = difflib.get_close_matches(".".join(entry.key).lower(), names, 1, cutoff=0)[0]
    return (
        f"{entry.place} is unknown; rename it to {entry.name(names[near])}, the nearest known, or remove it."
    )
