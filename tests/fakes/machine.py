"""A machine whose time passes only while somebody waits."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.app import Machine
from bot.sources.pace import Pace


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
