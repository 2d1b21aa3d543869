"""How fields of rule files are read: text by its own reader, one value or a list, nothing left empty."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from bot.rules import values


@dataclass(frozen=True, slots=True)
class Read:
    """Use `reader` for text, and for fields too where it reads them; the rest is refused for its type."""

    reader: Callable[[Any], object]
    fields: bool = False
    words: tuple[str, ...] = ()
    """The only text there is, where editors can offer it; with fields these are their names."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        read, readable = self.reader, (str, dict, tuple) if self.fields else str
        return no_info_before_validator_function(
            lambda raw: read(raw) if isinstance(raw, readable) else raw, handler(source)
        )

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        text: JsonSchemaValue = {"type": ["string", "number"]}
        if not self.fields:
            return text
        if not self.words:
            return {"anyOf": [text, {"type": "object", "additionalProperties": text}]}
        named = {
            "type": "object",
            "properties": dict.fromkeys(self.words, text),
            "additionalProperties": False,
        }
        return {"anyOf": [{"enum": list(self.words)}, named]}


@dataclass(frozen=True, slots=True)
class Several:
    """A single value stands for a list of one."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(
            lambda raw: (raw,) if isinstance(raw, str) else raw, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        listed = handler(core)
        return {"anyOf": [listed["items"], listed]}


OneOrMore = (Field(min_length=1, max_length=100), Several())
"""Metadata of a tuple for which a single value will do."""
Name = Annotated[str, Read(partial(values.sentence, longest=120))]
Reason = Annotated[str, Read(partial(values.sentence, longest=1000))]
Glob = Annotated[str, Read(values.glob)]
Globs = Annotated[tuple[Glob, ...], *OneOrMore]
Instant = Annotated[datetime, Read(values.instant)]


class Strict(BaseModel):
    """Nothing is guessed at: no unknown fields, no numbers from text."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        use_attribute_docstrings=True,
        arbitrary_types_allowed=True,
        populate_by_name=False,
    )


class Entry(Strict):
    """Fields of which none may be left empty."""

    @field_validator("*", mode="before")
    @classmethod
    def _says_something(cls, raw: object) -> object:
        """Refuse a field without a value: a forgotten pattern must not come to mean everybody."""
        if raw is None:
            raise ValueError("is empty")
        return raw


@dataclass(frozen=True, slots=True)
class NoneYet:
    """A heading whose entries are all commented out is an empty list."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(lambda raw: () if raw is None else raw, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(core) | {"type": ["array", "null"]}
