"""The demo's own time: it stands still until somebody moves it."""

from datetime import datetime
from threading import Lock


class VirtualClock:
    """A clock that only moves forwards, and only when told to. Safe to share between threads."""

    def __init__(self, now: datetime) -> None:
        self._now = _aware(now)
        self._lock = Lock()

    def now(self) -> datetime:
        """The demo's present."""
        with self._lock:
            return self._now

    def advance(self, to: datetime) -> None:
        """Make it `to`. Raises ValueError for a time without a zone, or before the present."""
        to = _aware(to)
        with self._lock:
            if to < self._now:
                raise ValueError(f"the clock cannot go back from {self._now} to {to}")
            self._now = to


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at
