"""Reading query parameters strictly: what is unknown, repeated, unreadable or out of range is refused."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import parse_qsl

from bot.demo.api.exchange import bad_request

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one request, in the order they came. Every method raises a 400 Problem."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, query: str) -> Self:
        """Read a query string."""
        return cls(tuple(parse_qsl(query, keep_blank_values=True)))

    def only(self, known: Collection[str]) -> None:
        """Refuse parameters that are not `known`."""
        for name, _ in self.pairs:
            if name not in known:
                raise bad_request(f"{name}: Extra inputs are not permitted")

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a list parameter, whose name ends in brackets."""
        return tuple(value for key, value in self.pairs if key == name)

    def one(self, name: str) -> str | None:
        """The value of a parameter that may be given once."""
        values = self.many(name)
        if len(values) > 1:
            raise bad_request(f"{name}: given {len(values)} times")
        return values[0] if values else None

    def choices(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """All values of a list parameter, each one of `allowed`."""
        values = self.many(name)
        for value in values:
            if value not in allowed:
                raise bad_request(f"{name}: Input should be one of {', '.join(allowed)} (got {value!r})")
        return values

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """One of `allowed`."""
        self.one(name)
        return (self.choices(name, allowed) or (default,))[0]

    def integer(self, name: str, default: int, high: int) -> int:
        """A whole number from 1 to `high`."""
        text = self.one(name)
        if text is None:
            return default
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not 1 <= int(text) <= high:
            raise bad_request(f"{name}: Input should be a whole number from 1 to {high} (got {text!r})")
        return int(text)

    def flag(self, name: str) -> bool:
        """A boolean, false unless given."""
        return self.choice(name, ("true", "false"), "false") == "true"

    def instant(self, name: str) -> datetime | None:
        """A time with its zone, in UTC."""
        text = self.one(name)
        if text is None:
            return None
        try:
            if _RFC3339.fullmatch(text):
                return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise bad_request(f"{name}: Input should be an RFC 3339 time with a time zone (got {text!r})")

    def required_instant(self, name: str) -> datetime:
        """A time that must be given."""
        at = self.instant(name)
        if at is None:
            raise bad_request(f"{name}: Field required")
        return at
