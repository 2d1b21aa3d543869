"""What rule files may say: the models below are the only list of fields and values there is.

Examples stand on every field that must be given: they are what an error proposes for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from bot.facts.clock import HOUR, Window
from bot.facts.money import Usd
from bot.facts.scope import CALLED
from bot.facts.severity import Severity
from bot.rules import values


@dataclass(frozen=True, slots=True)
class _Read:
    """Use `reader` for text; what is not text goes on to be refused for its type."""

    reader: Callable[[str], object]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        read = self.reader
        return no_info_before_validator_function(
            lambda raw: read(raw) if isinstance(raw, str) else raw, handler(source)
        )

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string"}


_Name = Annotated[str, _Read(partial(values.sentence, longest=120))]
_Reason = Annotated[str, _Read(partial(values.sentence, longest=1000))]
_Glob = Annotated[str, _Read(values.glob)]
Series = tuple[Usd | None, ...]
_Instant = Annotated[datetime, _Read(values.instant)]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True
    )


class _Entry(_Strict):
    @field_validator("*", mode="before")
    @classmethod
    def _says_something(cls, raw: object) -> object:
        """Refuse a field without a value: a forgotten pattern must not come to mean everybody."""
        if raw is None:
            raise ValueError("is empty")
        return raw


class Members(_Entry):
    """Whose spend: one pattern a dimension, all of which must match. No patterns match everything."""

    key: _Glob | None = Field(None, examples=["ci-*"])
    """Api keys, by name or id; *, ? and [abc] stand for other letters."""
    workspace: _Glob | None = Field(None, examples=["research"])
    """Workspaces, by name or id; *, ? and [abc] stand for other letters."""
    model: _Glob | None = Field(None, examples=["claude-opus-*"])
    """Models, by name or id; *, ? and [abc] stand for other letters."""
    user: _Glob | None = Field(None, examples=["ada"])
    """People, by name or id; *, ? and [abc] stand for other letters."""
    product: _Glob | None = Field(None, examples=["claude_code"])
    """Products, by name or id; *, ? and [abc] stand for other letters."""

    def patterns(self) -> dict[str, str]:
        """The given patterns by dimension of a scope (`api_key_id`, `workspace_id`, ...)."""
        given = {dimension: getattr(self, word) for word, dimension in CALLED.items()}
        return {dimension: pattern for dimension, pattern in given.items() if pattern is not None}


class Example(_Entry):
    """Spend that was made up, and what the rule should say of it."""

    series: Annotated[dict[str, Annotated[Series, _Read(values.series)]], Field(min_length=1)] = Field(
        examples=["{ci-eval: 10x7 90}"]
    )
    """Dollars step by step, by names of members. What `where` names besides fits."""
    every: Literal["1h", "1d"] = Field("1d", examples=["1h"])
    """How long a step is; the dollars of a day are spread over its hours."""
    expect: Annotated[values.Expected, _Read(values.expected)] = Field(examples=["fires at 8"])
    """quiet, fires, or fires at a step, counted from 1."""
    says: Annotated[str, _Read(partial(values.sentence, longest=200))] | None = Field(
        None, examples=["$90.00 in 24 hours"]
    )
    """What stands in the alert."""


class Rule(_Entry):
    """A cap: no member may spend more than `above` within a trailing window."""

    name: _Name = Field(examples=["no key spends more than $500 in a day"])
    """One sentence, shown in the alert; no two rules share a name."""
    because: _Reason = Field(examples=["Nobody plans to spend that much."])
    """Why the rule is there: whoever is woken by it will ask."""
    watch: Literal["cost"] = Field(examples=["cost"])
    """What is counted."""
    per: Literal["key", "workspace", "model", "user", "product", "organisation"] = Field(examples=["key"])
    """Who counts as one member."""
    where: Members = Field(Members(), examples=["{workspace: research}"])
    """Whose spend counts; everybody's without it."""
    above: Annotated[Usd, _Read(values.amount)] = Field(examples=["$500"])
    """The cap, in US dollars such as $200 or $0.50."""
    within: Annotated[timedelta, _Read(values.length)] = Field(examples=["24h"])
    """Over how long: whole hours or days from 1h to 7d, ending with the newest hour."""
    severity: Annotated[Severity, Field(strict=False)] | None = Field(None, examples=["warning"])
    """How urgent; without it the money decides."""
    examples: tuple[Example, ...] = Field((), examples=["- series: {ci-eval: 10x7 90}"])
    """`claude-spend rules test` runs them."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that tell one member from another; none for the organisation."""
        return (CALLED[self.per],) if self.per in CALLED else ()

    @property
    def hours(self) -> int:
        """The length of the window in hours."""
        return self.within // HOUR


class Event(_Entry):
    """Spend that people announced: up to `expected` times the usual, any amount when that is None."""

    name: _Name = Field(examples=["assistant launch"])
    """What it is called when people ask why it was quiet."""
    because: _Reason = Field(examples=["Announced in the product calendar."])
    """Where it was announced, or who to ask."""
    scope: Members = Field(examples=["{key: product-assistant} ({} is the whole organisation)"])
    """Whose spend it is; {} is the whole organisation."""
    start: _Instant = Field(alias="from", examples=["2026-10-20T08:00Z"])
    """When it begins, with its time zone."""
    end: _Instant = Field(alias="to", examples=["2026-10-22T20:00Z"])
    """When it is over."""
    expected: Annotated[Decimal | None, _Read(values.multiple)] = Field(examples=["4x"])
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


def _none_yet(raw: object) -> object:
    """A heading whose entries are all commented out."""
    return () if raw is None else raw


class RuleFile(_Strict):
    """One file: any number of rules and events."""

    rules: Annotated[tuple[Rule, ...], BeforeValidator(_none_yet)] = Field((), examples=["- name: ..."])
    """Caps, in any number."""
    events: Annotated[tuple[Event, ...], BeforeValidator(_none_yet)] = Field((), examples=["- name: ..."])
    """Planned events, in any number."""
