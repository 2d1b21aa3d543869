"""The values of fields, about as people write them."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import singledispatch

from pydantic import BaseModel

from bot.facts.clock import HOUR
from bot.rules.amounts import Quantity, written
from bot.rules.periods import Span


@singledispatch
def as_written(value: object) -> str:
    """The value in a few words; "nothing" for none."""
    return "nothing" if value is None else str(value)


@as_written.register
def _(value: Quantity) -> str:
    return written(value.value, value.unit) if value.unit else f"{value.value:,}"


@as_written.register
def _(value: timedelta) -> str:
    return str(Span(value // HOUR))


@as_written.register
def _(value: Decimal) -> str:
    return f"{value}x"


@as_written.register
def _(value: float) -> str:
    return f"{value:.0%}"


@as_written.register
def _(value: tuple) -> str:  # type: ignore[type-arg]  # dispatch wants the bare class
    return ", ".join(map(as_written, value)) or "nothing"


@as_written.register(Mapping)
def _(value: Mapping[str, object]) -> str:
    steps = (f"{name} {as_written(step)}" if step is not None else name for name, step in value.items())
    return ", ".join(steps)


@as_written.register
def _(value: BaseModel) -> str:
    given = (f"{name}: {as_written(getattr(value, name))}" for name in sorted(value.model_fields_set))
    return f"{{{', '.join(given)}}}"
