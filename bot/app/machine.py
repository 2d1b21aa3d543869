"""The clock and the waiting of this machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from bot.facts.trouble import Stopping


@dataclass(frozen=True, slots=True)
class Machine:
    """The clock and the waiting of this machine; a demo brings its own."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


def real_machine(stop: Event, fixed_now: datetime | None = None) -> Machine:
    """This machine's clock, or one fixed by --now; waiting ends with Stopping as soon as `stop` is set."""

    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping

    return Machine(lambda: fixed_now or datetime.now(UTC), time.monotonic, sleep)  # noqa: TID251 here it is read
