"""What a rule may ask: one verb with what belongs to it, or several conditions put together."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from bot.facts.clock import DAY, HOUR, HOURS_A_WEEK
from bot.rules import amounts
from bot.rules.amounts import Budget, Quantity
from bot.rules.fields import Entry, OneOrMore, Read
from bot.rules.metrics import METRICS, Metric, Watched
from bot.rules.periods import HoursOfWeek, Span, hours_of_week, length, span

Against = Literal["previous window", "same weekday", "expected"]
_A_DAY = Span(24)
WEEKS = 4
"""How many weeks `same weekday`, `expected` and forecasts look back."""
_REFERENCE = WEEKS * HOURS_A_WEEK
_LONGEST_SILENCE = 60 * DAY
SEEN_BEFORE = HOURS_A_WEEK
"""Too little is only said of those that spent in so many hours before: others are gone."""
EXPECTED_FROM = 8 * HOURS_A_WEEK
"""From so many hours detection learns what is usual."""
HOURS_A_DAY = 24
VERBS = ("above", "below", "rises", "falls", "appears", "disappears", "budget", "all", "any", "not_")


class Condition(Entry):
    """One verb (above, below, rises, falls, appears, disappears, budget), or all, any or not."""

    watch: Watched = Field("cost", examples=["cost"])
    """What is counted; cost without it, in billed dollars."""
    above: Annotated[Quantity, Read(amounts.quantity)] | None = Field(None, examples=["$500"])
    """More than this, with its unit: $200, 5M tokens, 40%."""
    below: Annotated[Quantity, Read(amounts.quantity)] | None = Field(None, examples=["40%"])
    """Less than this, with its unit: $200, 5M tokens, 40%."""
    rises: Annotated[Decimal, Read(amounts.change)] | None = Field(None, examples=["50%"])
    """So much more than before: 50% or 3x; see against."""
    falls: Annotated[Decimal, Read(amounts.fall)] | None = Field(None, examples=["50%"])
    """So much less than before: 50%; see against."""
    against: Against = Field("previous window", examples=["same weekday"])
    """What rises and falls are measured from: the window before, the middle of the same window in the
    last four weeks, or what is usual for these hours of the week."""
    appears: Annotated[timedelta, Read(partial(length, longest=_LONGEST_SILENCE, shortest=DAY))] | None = (
        Field(None, examples=["30d"])
    )
    """Spends for the first time after so many silent days."""
    disappears: Annotated[timedelta, Read(partial(length, longest=_LONGEST_SILENCE))] | None = Field(
        None, examples=["3d"]
    )
    """Has spent nothing for so long, and did in the week before."""
    budget: Annotated[Budget, Read(amounts.budget)] | None = Field(None, examples=["$5,000 a month"])
    """What may be spent in a day, a week or a month of the UTC calendar."""
    at: Annotated[tuple[Annotated[float, Read(amounts.share)], ...], *OneOrMore] = Field(
        (1.0,), examples=["[50%, 80%, 100%]"]
    )
    """The shares of the budget at which something is said, each once a period; 100% without it."""
    on: Literal["spend", "forecast"] = Field("spend", examples=["forecast"])
    """Whether the shares are of what was spent, or of what will have been spent when the period ends."""
    burns: Annotated[Decimal, Read(amounts.times)] | None = Field(None, examples=["10x"])
    """So many times too fast for the budget, over the whole of within and over its last twelfth."""
    within: Annotated[Span, Read(span)] = Field(_A_DAY, examples=["24h"])
    """Over how long, ending with the newest hour: 1h to 31d, or month to date."""
    outside: Annotated[tuple[Annotated[HoursOfWeek, Read(hours_of_week)], ...], *OneOrMore] = Field(
        (), examples=["Mon-Fri 07:00-20:00 Europe/Berlin"]
    )
    """Only what falls outside of these hours of the week counts."""
    all: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=20)] = Field(
        (), examples=["- above: $50"]
    )
    """Every one of these conditions holds."""
    any: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=20)] = Field(
        (), examples=["- above: $50"]
    )
    """At least one of these conditions holds."""
    not_: "Condition | None" = Field(None, alias="not", examples=["{rises: 50%, within: 7d}"])
    """This condition could be judged, and does not hold."""

    @property
    def verb(self) -> str:
        """The name of the one verb that is given."""
        return next(name for name in VERBS if getattr(self, name) not in {None, ()})

    @property
    def metric(self) -> Metric:
        """What is counted."""
        return METRICS[self.watch]

    @property
    def parts(self) -> tuple["Condition", ...]:
        """The conditions inside it."""
        return (*self.all, *self.any, *((self.not_,) if self.not_ else ()))

    @property
    def leading(self) -> "Condition":
        """The condition whose figures are told: the first of several."""
        return self.parts[0].leading if self.parts else self

    @property
    def looks_back(self) -> int:
        """Of how many hours up to an hour what is said of it depends."""
        return max((self._own_reach(), *(part.looks_back for part in self.parts)))

    def _own_reach(self) -> int:
        match self:
            case Condition(appears=timedelta() as silence):
                return silence // HOUR + self.within.hours
            case Condition(disappears=timedelta() as silence):
                return silence // HOUR + SEEN_BEFORE
            case Condition(budget=Budget() as budget, burns=None):
                return budget.period.hours + (_REFERENCE if self.on == "forecast" else 0)
        return self.within.hours + (self._reference() if self.verb in {"rises", "falls"} else 0)

    def _reference(self) -> int:
        if self.against == "expected":
            return EXPECTED_FROM + HOURS_A_DAY
        return self.within.hours if self.against == "previous window" else _REFERENCE

    @property
    def compares(self) -> bool:
        """Whether it asks what came before, or for too little: then nothing may be taken for nothing."""
        own = self.verb in {"below", "rises", "falls", "appears", "disappears"} or self.on == "forecast"
        return own or any(part.compares for part in self.parts)

    @property
    def counts(self) -> set[str]:
        """The fields that a panel must hold beside the dollars."""
        return self.metric.counts.union(*(part.counts for part in self.parts))
