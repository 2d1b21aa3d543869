"""How fast Slack may be spoken to: one message a second and channel, and no sooner than it asks (S3)."""

from collections.abc import Callable
from threading import Lock

_BETWEEN = 1.0
"""Seconds between two messages in one channel."""


class Pacing:
    """Remembers when each channel was last written to, and which methods Slack asked to leave alone.

    For all threads: alerts and answers share the channels.
    """

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, channel: str) -> None:
        """Wait until a channel may be written to, and count that it is."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._next.get(channel, now))
            self._next[channel] = turn + _BETWEEN
        if turn > now:
            self._sleep(turn - now)

    def hold(self, method: str, seconds: float) -> None:
        """Leave a method alone for so long: a 429 is about all of its calls."""
        self._held[method] = self._monotonic() + seconds

    def held(self, method: str) -> float:
        """The seconds for which a method is still to be left alone."""
        return max(self._held.get(method, 0.0) - self._monotonic(), 0.0)
