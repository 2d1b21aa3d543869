"""How small an excess is worth saying, for the organisation and for those whom people named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.detect.reduce import NARROW_FIRST
from bot.facts.scope import Scope


class Sensitivity(StrEnum):
    """How small an excess is worth saying; medium suits most."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def factor(self) -> float:
        """What the dollars worth saying are multiplied by."""
        return {"low": 2.0, "medium": 1.0, "high": 0.5}[self]


def _the_id(_: str, value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Sensitivities of their own, by glob patterns over names and ids; case does not matter.

    `name_of` tells the name of a dimension's value. The narrowest dimension that has one counts, and of
    several patterns the first.
    """

    patterns: Mapping[str, Sensitivity] = field(default_factory=dict)
    name_of: Callable[[str, str], str] = _the_id

    def of(self, scope: Scope) -> Sensitivity | None:
        """The sensitivity that was set for a scope, if any."""
        pinned = scope.pinned() if self.patterns else {}
        for dimension in NARROW_FIRST:
            if value := pinned.get(dimension):
                names = {value.casefold(), self.name_of(dimension, value).casefold()}
                for pattern, sensitivity in self.patterns.items():
                    if any(fnmatchcase(name, pattern.casefold()) for name in names):
                        return sensitivity
        return None
