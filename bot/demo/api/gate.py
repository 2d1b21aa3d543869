"""Who may ask, in which version, and how often."""

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

from bot.demo.api.exchange import Problem, Request, bad_request

DEMO_KEY: Final = "sk-ant-admin01-demo-organisation"
"""The one key the demo organisation accepts."""
_VERSIONS: Final = ("2023-06-01", "2026-10-21")
_MINUTE: Final = 60.0


def check_identity(request: Request) -> None:
    """Raises Problem unless the demo's key and a known API version are given (reference 1.1, 1.2)."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if DEMO_KEY not in {request.headers.get("x-api-key"), bearer}:
        raise Problem(401, "authentication_error", "invalid x-api-key")
    version = request.headers.get("anthropic-version")
    if version is None:
        raise bad_request("anthropic-version: header is required")
    if version not in _VERSIONS:
        raise bad_request(f"anthropic-version: {version!r} is not a valid version")


class RateLimit:
    """At most `per_minute` requests in any minute of `monotonic` seconds; None never refuses."""

    def __init__(self, per_minute: int | None, monotonic: Callable[[], float]) -> None:
        self._most = per_minute
        self._monotonic = monotonic
        self._taken: deque[float] = deque()
        self._lock = Lock()

    def take(self) -> None:
        """Count a request, or raise a 429 Problem that names no time to wait (reference 8)."""
        if self._most is None:
            return
        with self._lock:
            now = self._monotonic()
            while self._taken and self._taken[0] <= now - _MINUTE:
                self._taken.popleft()
            if len(self._taken) >= self._most:
                raise Problem(429, "rate_limit_error", f"at most {self._most} requests a minute are allowed")
            self._taken.append(now)
