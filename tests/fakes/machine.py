"""A machine whose time passes only while somebody waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.app import Machine
from bot.demo import DEMO_KEY
from bot.sources.http import Client
from bot.sources.pace import Pace
from tests.fakes.anthropic import FakeAnthropic


@dataclass
class FakeTime:
    """`seconds` since the test began; `waits` are those longer than nothing, in order."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.waits.append(seconds)
            self.seconds += seconds

    def pace(self, per_minute: float = 60.0) -> Pace:
        return Pace(per_minute, self.monotonic, self.sleep)

    def machine(self, now: datetime) -> Machine:
        return Machine(lambda: now, self.monotonic, self.sleep)


@contextmanager
def client_of(fake: FakeAnthropic, time: FakeTime) -> Iterator[Client]:
    """A client of `fake` that may ask once a second of `time`."""
    client = Client(fake.base_url, DEMO_KEY, time.pace())
    yield client
    client.close()
