"""Keys and tokens from the environment, or from files it names."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from bot.config.errors import ConfigError
from bot.config.settings import SECRETS, Secrets


def read_secrets(environ: Mapping[str, str], folder: Path, problems: list[str]) -> Secrets:
    """The secrets that are given; an empty variable counts as none. Adds what is wrong to `problems`."""
    given: dict[str, SecretStr] = {}
    for variable in SECRETS:
        try:
            if text := _secret(variable, environ, folder):
                given[variable.lower()] = SecretStr(text)
        except ConfigError as error:
            problems += error.problems
    return Secrets(**given)


def _secret(variable: str, environ: Mapping[str, str], folder: Path) -> str:
    text, file = (environ.get(name, "").strip() for name in (variable, f"{variable}_FILE"))
    if text and file:
        raise ConfigError([f"{variable} and {variable}_FILE are both set; unset one of them."])
    source = f"{variable}_FILE" if file else variable
    if file:
        text = _file_text(source, folder / file)
    # An HTTP client would repeat the secret when it complains about such a header.
    if not re.fullmatch(r"[!-~]*", text):
        raise ConfigError(
            [f"{source} holds a space, a line break or a foreign letter; copy the secret anew."]
        )
    return text


def _file_text(variable: str, path: Path) -> str:
    """The file's text. Its path is not repeated: the secret itself may have been put there by mistake."""
    try:
        text = path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(
            [f"{variable} names a file that cannot be read ({reason}); name one that holds the secret."]
        ) from None
    if not text:
        raise ConfigError([f"{variable} names an empty file; write the secret into it."])
    return text
