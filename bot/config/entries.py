"""Single values as people set them, in the file or the environment, before anybody asks what they mean."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.config.errors import ConfigError
from bot.config.settings import DEFAULTS, SECTIONS, Key

PREFIX = "CLAUDE_SPEND__"
"""`CLAUDE_SPEND__SECTION__KEY` in the environment overrides `section.key` of the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value somebody set: in `file`, or in the environment when that is empty."""

    key: Key
    value: object
    file: str = ""

    def name(self, key: Key) -> str:
        """How `key` is spelled where this entry stands."""
        return dotted(key) if self.file else PREFIX + "__".join(key).upper()

    @property
    def place(self) -> str:
        """Where to look."""
        return f"{self.file}: {self.name(self.key)}" if self.file else self.name(self.key)


def dotted(key: Key) -> str:
    """The key as TOML spells it on one line."""
    return ".".join(part if re.fullmatch(r"[\w-]+", part) else json.dumps(part) for part in key)


def in_file(path: Path, *, required: bool) -> list[Entry]:
    """What the file sets; nothing when it is missing and not `required`. Raises ConfigError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if not required:
            return []
        raise _wrong(path, "there is no such file; copy config.example.toml there and edit it") from None
    except OSError as error:
        raise _wrong(path, f"it cannot be read ({error.strerror}); name a readable TOML file") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _wrong(path, f"line {line} is not UTF-8 text; save the file as UTF-8") from None
    return [Entry(key, value, str(path)) for key, value in _leaves(_parsed(path, text))]


def _wrong(path: Path, what: str) -> ConfigError:
    return ConfigError([f"{path}: {what}."])


def _parsed(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        lines = text.split("\n")
        end = f"line {len(lines)}, column {len(lines[-1]) + 1}"
        said = str(error).replace("end of document", end)
        raise _wrong(path, f"this is not TOML: {said}; correct that line") from None


def _leaves(table: Mapping[str, object], above: Key = ()) -> Iterator[tuple[Key, object]]:
    for name, value in table.items():
        key = (*above, name)
        if isinstance(value, dict) and key not in DEFAULTS and (value or name in SECTIONS):
            yield from _leaves(value, key)
        else:
            yield key, value


def in_environment(environ: Mapping[str, str]) -> list[Entry]:
    """What variables with our prefix set."""
    ours = [name for name in sorted(environ) if name.upper().startswith(PREFIX)]
    keys = [tuple(name[len(PREFIX) :].lower().split("__")) for name in ours]
    return [Entry(key, _decoded(key, environ[name])) for key, name in zip(keys, ours, strict=True)]


def _decoded(key: Key, raw: str) -> object:
    """Text stays text; numbers and tables are JSON. What is not is left for the check to name."""
    if isinstance(DEFAULTS.get(key, ""), str | Path):
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        return raw
