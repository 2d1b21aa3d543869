"""Whose spend a statement is about."""

from dataclasses import dataclass, fields
from typing import Self

from bot.facts.spend import SpendRow


@dataclass(frozen=True, slots=True)
class Scope:
    """A slice of the organisation: None leaves a dimension open, all None is the whole organisation.

    An empty string is a value of its own: "the spend that has no key".
    """

    workspace_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None
    actor: str | None = None
    product: str | None = None
    team: str | None = None
    """A team of the configuration: whose it is today, not a part of what was reported."""

    def pinned(self) -> dict[str, str]:
        """The dimensions that are fixed, in field order, with their values."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if value is not None}

    def covers(self, other: "Scope | SpendRow") -> bool:
        """Whether everything in `other` also lies in this scope."""
        return all(getattr(other, name) == value for name, value in self.pinned().items())

    def covers_scope(self, other: "Scope") -> bool:
        """Whether another scope pins everything that this one pins, to the same values."""
        return self.pinned().items() <= other.pinned().items()

    @classmethod
    def of(cls, pinned: dict[str, str]) -> Self:
        """The inverse of `pinned`."""
        return cls(**pinned)


ORGANISATION = Scope()
CALLED = {
    "key": "api_key_id",
    "model": "model",
    "workspace": "workspace_id",
    "user": "actor",
    "team": "team",
    "product": "product",
}
"""What people call the dimensions of a scope."""
WORDS = {dimension: word for word, dimension in CALLED.items()}
"""The inverse of `CALLED`."""
