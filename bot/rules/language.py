"""What rule files may say: the models below are the only list of fields and values there is.

Examples stand on every field that must be given: they are what an error proposes for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from bot.facts.clock import HOUR, Window
from bot.facts.money import Usd
from bot.facts.severity import Severity
from bot.rules import values

DIMENSIONS = {
    "key": "api_key_id",
    "workspace": "workspace_id",
    "model": "model",
    "user": "actor",
    "product": "product",
}
"""The words of rule files for the dimensions of a scope."""


def _read(reader: Callable[[str], object]) -> BeforeValidator:
    """Use `reader` for text; what is not text goes on to be refused for its type."""
    return BeforeValidator(lambda raw: reader(raw) if isinstance(raw, str) else raw)


_Name = Annotated[str, _read(partial(values.sentence, longest=120))]
_Reason = Annotated[str, _read(partial(values.sentence, longest=1000))]
_Glob = Annotated[str, _read(values.glob)]
_Instant = Annotated[datetime, _read(values.instant)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


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
    workspace: _Glob | None = Field(None, examples=["research"])
    model: _Glob | None = Field(None, examples=["claude-opus-*"])
    user: _Glob | None = Field(None, examples=["ada"])
    product: _Glob | None = Field(None, examples=["claude_code"])

    def patterns(self) -> dict[str, str]:
        """The given patterns by dimension of a scope (`api_key_id`, `workspace_id`, ...)."""
        given = {dimension: getattr(self, word) for word, dimension in DIMENSIONS.items()}
        return {dimension: pattern for dimension, pattern in given.items() if pattern is not None}


class Rule(_Entry):
    """A cap: no member may spend more than `above` within a trailing window."""

    name: _Name = Field(examples=["no key spends more than $500 in a day"])
    because: _Reason = Field(examples=["Nobody plans to spend that much."])
    watch: Literal["cost"] = Field(examples=["cost"])
    per: Literal["key", "workspace", "model", "user", "product", "organisation"] = Field(examples=["key"])
    """Who counts as one member."""
    where: Members = Field(Members(), examples=["{workspace: research}"])
    above: Annotated[Usd, _read(values.amount)] = Field(examples=["$500"])
    within: Annotated[timedelta, _read(values.length)] = Field(examples=["24h"])
    severity: Annotated[Severity, Field(strict=False)] | None = Field(None, examples=["warning"])
    """None leaves the severity to the money."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that tell one member from another; none for the organisation."""
        return (DIMENSIONS[self.per],) if self.per in DIMENSIONS else ()

    @property
    def hours(self) -> int:
        """The length of the window in hours."""
        return self.within // HOUR


class Event(_Entry):
    """Spend that people announced: up to `expected` times the usual, any amount when that is None."""

    name: _Name = Field(examples=["assistant launch"])
    because: _Reason = Field(examples=["Announced in the product calendar."])
    scope: Members = Field(examples=["{key: product-assistant} ({} is the whole organisation)"])
    start: _Instant = Field(alias="from", examples=["2026-10-20T08:00Z"])
    end: _Instant = Field(alias="to", examples=["2026-10-22T20:00Z"])
    expected: Annotated[Decimal | None, _read(values.multiple)] = Field(examples=["4x"])

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
    events: Annotated[tuple[Event, ...], BeforeValidator(_none_yet)] = Field((), examples=["- name: ..."])
