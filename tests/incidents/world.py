"""A world that costs what a script says: what the lifecycle asks of the other rooms, as plain functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.detect.measure import Measure
from bot.detect.spenders import Spender, place_of
from bot.facts.clock import HOUR, Window
from bot.facts.finding import Finding
from bot.facts.incident import Incident
from bot.facts.money import usd_from_dollars
from bot.facts.scope import Scope
from bot.incidents.lifecycle import step
from bot.incidents.surroundings import Surroundings
from tests.fakes.incidents import START, finding

KEY, OTHER = Scope(api_key_id="key-a"), Scope(api_key_id="key-b")
A = Scope("research", "key-a", "opus", "ada", "api")
B = Scope("research", "key-b", "opus", "bob", "api")
LEAVES = {A: 100}


@dataclass
class World:
    """Its typical day is $1,000; from the start key-a costs $110 an hour instead of $10."""

    hours: int = 1
    """How many hours have passed since the start."""
    hot: Sequence[range] = (range(10_000),)
    forgotten: bool = False
    """Whether the start lies outside what is stored."""
    rose: Mapping[Scope, float] = field(default_factory=dict)
    """By what multiple the leaves rose, as far as that is known."""
    incidents: dict[str, Incident] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return START + self.hours * HOUR

    def measure(self, _: Scope, window: Window, __: bool) -> Measure | None:
        first, last = (window.start - START) // HOUR, min((window.end - START) // HOUR, self.hours)
        if self.forgotten:
            return None
        hot = [hour for hour in range(first, last) if any(hour in stretch for stretch in self.hot)]
        last_hot = hot[-1] + 1 if hot else first
        dollars = 10 * (last - first) + 100 * len(hot)
        return Measure(
            until=START + last * HOUR,
            observed=usd_from_dollars(dollars),
            expected=usd_from_dollars(10 * (last - first)),
            low=usd_from_dollars(7 * (last - first)),
            high=usd_from_dollars(14 * (last - first)),
            per_hour=usd_from_dollars(100 if last_hot == last else 0),
            last_hot=START + last_hot * HOUR,
            over=last - last_hot >= 6,
            course=(),
        )

    def spenders(self, scope: Scope, _: datetime, __: Window) -> list[Spender]:
        """By what multiple each key rose, at $10 of usual spend."""
        rose = ((leaf, times) for leaf, times in self.rose.items() if scope.covers(leaf))
        return [Spender(place_of(leaf), 10.0 * times, 10.0) for leaf, times in rose]

    def around(self) -> Surroundings:
        return Surroundings(
            measure=self.measure,
            spenders=self.spenders,
            onset=lambda finding, _: finding.start,
            weighed_against=lambda _: 1000.0,
        )

    def step(self, *findings: Finding) -> list[Incident]:
        """One look at the world; returns what changed."""
        changed = step(list(self.incidents.values()), findings, self.now, self.around())
        self.incidents |= {one.id: one for one in changed}
        return changed

    def only(self) -> Incident:
        (one,) = self.incidents.values()
        return one


def whats(incident: Incident) -> list[str]:
    return [change.what for change in incident.history]


def live(world: World, until: int, odd: Callable[[int], bool] = lambda _: True) -> Incident:
    """Hour after hour, with a finding for every odd one."""
    for hour in range(world.hours, until + 1):
        world.hours = hour
        world.step(*([finding(KEY, LEAVES, hour - 1)] if odd(hour - 1) else []))
    return world.only()
