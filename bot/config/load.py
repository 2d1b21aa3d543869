"""All sources of settings, read once and checked together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.entries import Entry, dotted, in_environment, in_file
from bot.config.errors import ConfigError
from bot.config.refusal import refusal
from bot.config.secret_variables import read_secrets
from bot.config.settings import Key, Settings

_OUR_WORDS = {
    "a valid string": "text in quotes",
    "a valid integer": "a whole number",
    "a valid tuple": "a list",
    " after validation, not 0": "",
}
_TABLES = {
    "teams": '{search = ["ci-*"]} (in the environment {"search": ["ci-*"]})',
    "sensitivity_of": '{"ci-*" = "low"} (in the environment {"ci-*": "low"})',
}
"""What a table looks like, by its key."""


def load(path: Path | None, environ: Mapping[str, str], *, required: bool = True) -> Settings:
    """Read the settings: defaults, then the file, then `environ`; nothing else is looked at.

    Without a path, or when the file is missing and not `required`, there is no file. Relative paths count
    from the file's folder. Raises ConfigError with every problem found.
    """
    problems: list[str] = []
    entries = _entries(path, environ, problems, required=required)
    settings = _checked(entries, problems)
    folder = path.parent if path else Path()
    secrets = read_secrets(environ, folder, problems)
    if problems:
        raise ConfigError(problems)
    history = settings.history.model_copy(update={"path": folder / settings.history.path})
    rules = settings.rules.model_copy(update={"path": folder / settings.rules.path})
    return settings.model_copy(update={"history": history, "rules": rules, "secrets": secrets})


def _entries(
    path: Path | None, environ: Mapping[str, str], problems: list[str], *, required: bool
) -> dict[Key, Entry]:
    """What is set and may be, by key: the environment's word over the file's."""
    found: list[Entry] = []
    try:
        found += in_file(path, required=required) if path else []
    except ConfigError as error:
        problems += error.problems
    found += in_environment(environ)
    refusals = [refusal(entry) for entry in found]
    problems += filter(None, refusals)
    return {entry.key: entry for entry, refused in zip(found, refusals, strict=True) if not refused}


def _checked(entries: Mapping[Key, Entry], problems: list[str]) -> Settings:
    tree: dict[str, Any] = {}
    for key, entry in entries.items():
        table = tree.setdefault(key[0], {}) if len(key) > 1 else tree
        table[key[-1]] = entry.value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        problems += [_sentence(entries, problem["loc"], problem["msg"]) for problem in error.errors()]
        return Settings()


def _sentence(entries: Mapping[Key, Entry], at: tuple[str | int, ...], said: str) -> str:
    """Pydantic's finding in our words. Values are not repeated: any may have been meant as a secret."""
    key = tuple(map(str, at))
    entry = entries.get(key[:2]) or entries[key[:1]]
    inside = "".join(_inner(part) for part in at[len(entry.key) :] if part != "[key]")
    for theirs, ours in _OUR_WORDS.items():
        said = said.replace(theirs, ours)
    said = said.replace("a valid dictionary", f"a table such as {_TABLES.get(key[-1], '{}')}")
    return f"{entry.place}{inside} should{said.partition('should')[2]}."


def _inner(part: str | int) -> str:
    return f" item {part + 1}" if isinstance(part, int) else f".{dotted((part,))}"
