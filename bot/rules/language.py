"""What rule files may say: the models here and in conditions.py are the only list of fields and values.

Examples stand on every field that must be given: they are what an error proposes for it.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from bot.facts.clock import DAY, HOUR, Window
from bot.facts.scope import CALLED
from bot.facts.severity import Severity
from bot.rules import amounts, values
from bot.rules.amounts import Quantity, Steps
from bot.rules.conditions import SEEN_BEFORE, Condition
from bot.rules.example_values import Course, Expected, course, expected, first_day
from bot.rules.fields import Entry, Globs, Instant, Name, NoneYet, OneOrMore, Read, Reason, Strict
from bot.rules.periods import HoursOfWeek, hours_of_week, length

Member = Literal["key", "workspace", "model", "user", "team", "product", "organisation"]
_Addressee = Annotated[str, Read(values.addressee)]
Addressees = Annotated[tuple[_Addressee, ...], *OneOrMore]
MEMORY = timedelta(days=3)
"""For so long after it was last broken a rule with `until`, or held through missing data, stays broken."""
DETECTION = "detection"
"""What `suppresses` calls the findings that need no rule."""


class Members(Entry):
    """Whose spend: all of the given dimensions must fit, each to one of its patterns. {} is everybody."""

    key: Globs = Field((), examples=["ci-*"])
    """Api keys, by name or id; *, ? and [abc] stand for other letters."""
    workspace: Globs = Field((), examples=["research"])
    """Workspaces, by name or id; *, ? and [abc] stand for other letters."""
    model: Globs = Field((), examples=["claude-opus-*"])
    """Models, by name or id; *, ? and [abc] stand for other letters."""
    user: Globs = Field((), examples=["ada"])
    """People, by name or id; *, ? and [abc] stand for other letters."""
    team: Globs = Field((), examples=["search"])
    """Teams of the configuration; *, ? and [abc] stand for other letters."""
    product: Globs = Field((), examples=["claude_code"])
    """Products, by name or id; *, ? and [abc] stand for other letters."""
    tier: Globs = Field((), examples=["batch"])
    """Service tiers, as far as the reports tell them; *, ? and [abc] stand for other letters."""

    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The given patterns by dimension (`api_key_id`, `workspace_id`, ...)."""
        given = {dimension: getattr(self, word) for word, dimension in FILTERS.items()}
        return {dimension: patterns for dimension, patterns in given.items() if patterns}


FILTERS = CALLED | {"tier": "service_tier"}
"""What people call the dimensions that patterns are about."""


class Example(Entry):
    """Spend that was made up, and what the rule should say of it."""

    series: Annotated[
        dict[str, Annotated[Course, Read(course, fields=True)]], Field(min_length=1, max_length=100)
    ] = Field(examples=["{ci-eval: 10x7 90}"])
    """Step by step, by names of members (parted by / where there are several dimensions): dollars, or what
    the rule watches, or several metrics: {ci-eval: {cost: 50x9, cache read share: 80x7 10x2}}."""
    every: Literal["1h", "1d"] = Field("1d", examples=["1h"])
    """How long a step is; the dollars of a day are spread over its hours."""
    begins: Annotated[date, Read(first_day)] = Field(date(2026, 6, 1), examples=["2026-06-01"])
    """The UTC day of the first step; without it a Monday that is the first of a month."""
    expect: Annotated[Expected, Read(expected)] = Field(examples=["fires at 8"])
    """quiet, fires, or fires at a step, counted from 1."""
    says: Annotated[str, Read(partial(values.sentence, longest=200))] | None = Field(
        None, examples=["$90.00 in 24 hours"]
    )
    """What stands in the alert."""


class Rule(Condition):
    """What should not be, for whom, how urgent it is, and who is told."""

    name: Name = Field(examples=["no key spends more than $500 in a day"])
    """One sentence, shown in the alert; no two rules share a name."""
    because: Reason = Field(examples=["Nobody plans to spend that much."])
    """Why the rule is there: whoever is woken by it will ask."""
    per: Annotated[tuple[Member, ...], *OneOrMore] = Field(examples=["key"])
    """Who counts as one member: a dimension, or several such as [key, model]."""
    where: Members = Field(Members(), examples=["{workspace: research}"])
    """Whose spend counts; everybody's without it."""
    exclude: Members | None = Field(None, alias="except", examples=["{key: prod-*}"])
    """Whose spend does not count although `where` means it."""
    for_: Annotated[timedelta, Read(partial(length, longest=DAY))] = Field(HOUR, alias="for", examples=["3h"])
    """For how many hours in a row it must hold before something is said; 1h without it."""
    until: Annotated[Quantity, Read(amounts.quantity)] | None = Field(None, examples=["$400"])
    """It is over only when it is back to this amount, not as soon as it is back to the limit."""
    missing: Literal["ignore", "hold", "alert"] = Field("ignore", examples=["hold"])
    """When figures are missing: what is missing counts for nothing (ignore), nothing changes until they come
    (hold), or that is worth an alert by itself (alert)."""
    severity: Annotated[Steps, Read(amounts.severity, fields=True, words=tuple(Severity))] | None = Field(
        None, examples=["warning"]
    )
    """How urgent: a word, or from which amount on: {notice: $50, critical: $500}. Else the money decides."""
    route: Addressees = Field((), examples=['"#ml"'])
    """Who is told instead of everybody: channels, Slack ids, e-mail addresses, the owner of the key."""
    mute: Annotated[tuple[Annotated[HoursOfWeek, Read(hours_of_week)], ...], *OneOrMore] = Field(
        (), examples=["Sat,Sun Europe/Berlin"]
    )
    """Hours of the week in which nothing is said; what still holds afterwards is said then."""
    suppresses: Annotated[tuple[Name, ...], *OneOrMore] = Field((), examples=[DETECTION])
    """Names of rules that say nothing of the same spend while this one speaks; `detection` means all that
    is found without rules."""
    examples: tuple[Example, ...] = Field((), examples=["- series: {ci-eval: 10x7 90}"])
    """`claude-spend rules test` runs them."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that tell one member from another; none for the organisation."""
        return tuple(CALLED[word] for word in self.per if word in CALLED)

    @property
    def patient_for(self) -> int:
        """For how many hours in a row it must hold."""
        return self.for_ // HOUR

    @property
    def remembers(self) -> int:
        """For how many hours what was broken may stay so without being broken again."""
        return MEMORY // HOUR * ((self.until is not None) + (self.missing == "hold"))

    @property
    def reach(self) -> int:
        """Of how many hours up to an hour its verdict depends."""
        seen = self.leading.within.hours + SEEN_BEFORE if self.missing == "alert" else 0
        return max(self.looks_back, SEEN_BEFORE, seen) + self.patient_for + self.remembers

    def severity_at(self, value: float) -> Severity | None:
        """How urgent an amount is (in the unit of its steps); None leaves it to the money."""
        falls = self.verb in {"below", "falls"}
        reached = [
            word
            for word, step in (self.severity or {}).items()
            if step is None or (value <= step.value if falls else value >= step.value)
        ]
        return max(reached, key=lambda word: word.rank, default=None)


class Event(Entry):
    """Spend that people announced: up to `expected` times the usual, any amount when that is None."""

    name: Name = Field(examples=["assistant launch"])
    """What it is called when people ask why it was quiet."""
    because: Reason = Field(examples=["Announced in the product calendar."])
    """Where it was announced, or who to ask."""
    scope: Members = Field(examples=["{key: product-assistant}"])
    """Whose spend it is; {} is the whole organisation."""
    start: Instant = Field(alias="from", examples=["2026-10-20T08:00Z"])
    """When it begins, with its time zone."""
    end: Instant = Field(alias="to", examples=["2026-10-22T20:00Z"])
    """When it is over."""
    expected: Annotated[Decimal | None, Read(values.multiple)] = Field(examples=["4x"])
    """Up to how many times the usual, such as 4x, or any."""

    @field_validator("end")
    @classmethod
    def _ends_later(cls, end: datetime, info: ValidationInfo) -> datetime:
        if "start" in info.data and end <= info.data["start"]:
            raise ValueError("is not later than from; write the end of the event")
        return end

    @property
    def window(self) -> Window:
        """When it is on, [from, to)."""
        return Window(self.start, self.end)


class Route(Entry):
    """Who is told of what: the first `to` that fits counts, before it a rule's own; every `also` besides."""

    name: Name = Field(examples=["the search team hears of its own keys"])
    """What it is for."""
    where: Members = Field(Members(), examples=["{team: search}"])
    """Whose incidents; everybody's without it."""
    severity: Annotated[Severity, Field(strict=False)] = Field(Severity.NOTICE, examples=["warning"])
    """The least urgency."""
    to: Addressees = Field((), examples=['"#search"'])
    """Who is told instead of everybody: channels, Slack ids, e-mail addresses, the owner of the key."""
    also: Addressees = Field((), examples=['"#on-call"'])
    """Who is told besides, whoever else is: channels, Slack ids, e-mail addresses, the owner of the key."""


class RuleFile(Strict):
    """One file: any number of rules, events and routes."""

    rules: Annotated[tuple[Rule, ...], NoneYet()] = Field((), examples=["- name: ..."])
    """What should not be, in any number."""
    events: Annotated[tuple[Event, ...], NoneYet()] = Field((), examples=["- name: ..."])
    """Planned events, in any number."""
    routes: Annotated[tuple[Route, ...], NoneYet()] = Field((), examples=["- name: ..."])
    """Who is told of what, in any number."""
