"""What lies beside the history: the rule files, and the lock that keeps two workers apart."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.config import Settings
from bot.facts.trouble import Trouble
from bot.history.lease import lease
from bot.rules.yaml_text import MAX_BYTES


def rule_texts(folder: Path) -> dict[str, bytes]:
    """Name to content of every rule file; an empty folder has none. Raises Trouble for an unreadable one."""
    try:
        files = [path for path in sorted(folder.iterdir()) if _is_rules(path)]
        return {f"{folder.name}/{path.name}": _content(path) for path in files}
    except OSError as error:
        what = f"{error.filename} cannot be read ({error.strerror})"
        raise Trouble(f"{what}: set rules.path to a folder of rule files, or make an empty one") from None


def _is_rules(path: Path) -> bool:
    """Not what editors leave behind, nor anything that would block."""
    return path.suffix.lower() in {".yaml", ".yml"} and not path.name.startswith(".") and path.is_file()


def _content(path: Path) -> bytes:
    """As much as a rule file may have, and a byte more."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


@contextmanager
def working_on(settings: Settings, command: str, now: datetime) -> Iterator[None]:
    """Be the only one that works on this history. Raises LeaseHeld naming the other one."""
    history = settings.history.path
    process = f"process {os.getpid()} on {platform.node()}, since {now:%Y-%m-%d %H:%M} UTC"
    with lease(history.with_name(f"{history.name}.lock"), f"`claude-spend {command}` ({process})"):
        yield
