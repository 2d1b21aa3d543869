"""One worker a history file: a lock the operating system lets go of when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.history.errors import HistoryError, LeaseHeld


@contextmanager
def lease(path: Path, holder: str) -> Iterator[None]:
    """Hold the file `path` beside the history.

    Raises LeaseHeld naming who holds it already, HistoryError when there can be no such file.
    """
    handle = _opened(path)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = os.read(handle, 500).decode(errors="replace").strip() or "another process"
            raise LeaseHeld(
                f"this history is already being worked on by {other}; stop that one first"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{holder}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        remedy = "set history.path to a file in a folder that this user may write to"
        raise HistoryError(f"{path} could not be opened ({error.strerror}); {remedy}") from error
