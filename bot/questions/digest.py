"""What a digest holds, and whether a day is worth one."""

from dataclasses import dataclass
from datetime import date

from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.facts.money import ZERO, Usd
from bot.questions.answers import Line, Spend

_NOTABLE = 0.25
"""A day that strays so far from the usual is worth a word, incident or not."""
_MOVED = 0.05
"""Of the usual total: by so much somebody must differ to be named as a mover."""
_MOVERS = 3


@dataclass(frozen=True, slots=True)
class Digest:
    """A day or a week in short. `cache` are the shares of input read from the cache, then and before."""

    day: date
    """The UTC day on which it is told: the day after those it is about."""
    is_weekly: bool
    spend: Spend
    incidents: tuple[Incident, ...]
    """Those that began, went on or ended in the period, the dearest first."""
    directory: Directory
    held: int = 0
    """How many incidents the day's alert budget had no room for."""
    month: Spend | None = None
    unattributed: Usd | None = None
    """What no team's patterns cover; None where there are no teams."""
    cache: tuple[float, float] | None = None

    @property
    def movers(self) -> tuple[Line, ...]:
        """Who differs most from their usual, the furthest first."""
        least = _MOVED * max(self.spend.usual or ZERO, self.spend.total)
        apart = [(abs(line.usd - line.usual), line) for line in self.spend.lines if line.usual is not None]
        far = sorted(
            (one for one in apart if one[0] >= max(least, 1)), key=lambda one: (-one[0], one[1].name)
        )
        return tuple(line for _, line in far[:_MOVERS])

    @property
    def ending(self) -> bool:
        """Whether a budget of this month ends before the month does, or has."""
        budgets = self.month.budgets if self.month else ()
        return any(one.ends_on is not None or one.spent >= one.budget for one in budgets)

    @property
    def is_worth_saying(self) -> bool:
        """Whether it says anything that "a day like any other" does not; a week is always summed up."""
        usual, total = self.spend.usual, self.spend.total
        strayed = usual is not None and abs(total - usual) >= _NOTABLE * max(usual, 1)
        return self.is_weekly or bool(self.incidents or self.held or self.ending or strayed)
