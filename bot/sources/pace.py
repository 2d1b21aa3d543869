"""How fast we ask, and how long we wait when asked to."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LADDER = (5.0, 15.0, 45.0, 90.0, 90.0)
"""Seconds to wait after a rate limit that names no time: longer than a minute in sum (reference 8)."""
IMPATIENT_LADDER = (1.0, 2.0, 5.0, 15.0, 45.0)
"""Seconds to wait after server errors and broken connections, which often pass at once."""
LONGEST_WAIT = 300.0


class Pace:
    """One request in flight, at most `per_minute` of them: waits before each request as needed.

    `monotonic` and `sleep` are the machine's, or a demo's faster ones.
    """

    def __init__(
        self, per_minute: float, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._spacing = 60.0 / per_minute
        self.monotonic = monotonic
        self._next = float("-inf")
        self.sleep = sleep

    def wait_for_turn(self) -> None:
        """Return when the next request may start. Always passes through `sleep`, which may raise Stopping."""
        self.sleep(max(self._next - self.monotonic(), 0.0))
        self._next = self.monotonic() + self._spacing


def wait_after(status: int, headers: Mapping[str, str], attempt: int) -> float:
    """Seconds to wait before attempt `attempt + 1` (from 0); status 0 stands for no answer at all.

    In the order of reference 8: retry-after-ms, retry-after (seconds or date), the limit's reset after a 429
    if it lies ahead, else a ladder with jitter. Dates are measured against the answer's own Date header.
    """
    told = (
        _number(headers.get("retry-after-ms"), 0.001)
        or _number(headers.get("retry-after"), 1.0)
        or _until(headers.get("retry-after"), headers.get("date"))
    )
    if status != 429:
        return told or _jittered(IMPATIENT_LADDER, attempt)
    reset = _until(headers.get("anthropic-ratelimit-requests-reset"), headers.get("date"))
    return told or reset or _jittered(LADDER, attempt)


def _jittered(ladder: tuple[float, ...], attempt: int) -> float:
    return ladder[min(attempt, len(ladder) - 1)] * random.uniform(0.9, 1.1)  # noqa: S311


def _number(text: str | None, scale: float) -> float | None:
    try:
        seconds = float(text or "") * scale
    except ValueError:
        return None
    return seconds if 0 < seconds < float("inf") else None


def _until(text: str | None, date_header: str | None) -> float | None:
    then, sent = _instant(text), _instant(date_header)
    if then is None or sent is None:
        return None
    return max((then - sent).total_seconds(), 0.0) or None


def _instant(text: str | None) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(text or "")
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None
