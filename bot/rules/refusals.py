"""What pydantic refuses in a rule file, in our words: what is wrong, what to write instead."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.rules.fields import Several
from bot.rules.language import RuleFile
from bot.rules.values import closest, not_one_of, quoted
from bot.rules.yaml_text import Document, Place, Problem

_TOP_LEVEL: Final = "rules:, events: or routes: with a list below"
_SHAPES: Final = {"tuple_type": "a list", "model_type": "fields with values"}


def refusals(error: ValidationError, document: Document) -> Iterator[Problem]:
    """One problem a mistake: a misspelt field is not also reported as missing."""
    details = error.errors(include_url=False)
    meant = {(*detail["loc"][:-1], _nearest(detail["loc"])) for detail in details if _is_unknown(detail)}
    for detail in details:
        if not (detail["type"] == "missing" and detail["loc"] in meant) and not _is_echo(detail, details):
            yield _problem(detail, document)


def _is_echo(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Whether a list only seems too short because what stands in it is refused."""
    at = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"][: len(at)] == at != other["loc"] for other in details
    )


def _is_unknown(detail: ErrorDetails) -> bool:
    return detail["type"] == "extra_forbidden"


def _problem(detail: ErrorDetails, document: Document) -> Problem:
    at = detail["loc"]
    if detail["type"] == "missing":
        what = f"{at[-1]} is missing; add a line such as {at[-1]}: {_example(at)}"
        return Problem(document.line_of(at[:-1]), at[:-1], what)
    return Problem(document.line_of(at), at, _unknown(at) if _is_unknown(detail) else _sentence(detail))


def _unknown(at: Place) -> str:
    if near := _nearest(at):
        return f"there is no such field; did you mean {near}?"
    if str(at[-1]).isdigit():
        return 'a comma parts fields inside {...}; put an amount with one in quotes: "$1,000"'
    return f"there is no such field; remove it, or use one of {', '.join(fields_at(at[:-1]))}"


def _nearest(at: Place) -> str:
    """The field that was meant, or an empty string."""
    return closest(str(at[-1]), fields_at(at[:-1]))


def _sentence(detail: ErrorDetails) -> str:
    given, context, example = detail["input"], detail.get("ctx", {}), _example(detail["loc"])
    if given is None or detail["type"] == "too_short":
        return f"is empty; write something such as {example}"
    if detail["type"] == "too_long":
        return f"has {context['actual_length']} entries; write at most {context['max_length']}"
    if detail["type"] == "value_error":
        return str(context["error"])
    if isinstance(given, str) and "expected" in context and "," in given:
        return f"{quoted(given)} is one word to YAML; write a list: [{given}]"
    if isinstance(given, str) and "expected" in context:
        return not_one_of(given, re.findall(r"'([^']+)'", context["expected"]))
    return f"should be {_shape(detail)}, such as {example}"


def _shape(detail: ErrorDetails) -> str:
    field = _field(detail["loc"])
    takes_one = field is not None and any(isinstance(one, Several) for one in field.metadata)
    if detail["type"] == "tuple_type" and takes_one:
        return "one value or a list"
    return _SHAPES.get(detail["type"], "one value")


def _example(at: Place) -> str:
    field = _field(at)
    return str(field.examples[0]) if field and field.examples else _TOP_LEVEL


def fields_at(at: Place) -> list[str]:
    """The fields there are in the entry at a place."""
    field = _field(at)
    model = _model_in(field.annotation) if field else RuleFile
    return list(_fields(model)) if model else []


def _field(at: Place) -> FieldInfo | None:
    """The declaration of the innermost field that leads to a place; None at the top level."""
    model: type[BaseModel] | None = RuleFile
    field: FieldInfo | None = None
    for name in at:
        if isinstance(name, str) and model is not None:
            field = _fields(model).get(name)
            model = _model_in(field.annotation) if field else None
    return field


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model that an annotation such as `tuple[Rule, ...]` or `Members | None` is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
