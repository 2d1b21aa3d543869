"""Whether patterns of rule files mean a value or a scope: by its name or its id, in any case of letters."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from bot.facts.directory import Directory
from bot.facts.scope import Scope

_NAMELESS = {"team", "service_tier"}
"""Where nothing is known nothing fits."""


def matches(dimension: str, value: str, patterns: Sequence[str], directory: Directory) -> bool:
    """Whether one of the patterns means this value. A name with brackets also matches itself."""
    if not value and dimension in _NAMELESS:
        return False
    wanted = [pattern.casefold() for pattern in patterns]
    names = {directory.name_of(dimension, value).casefold(), value.casefold()}
    return any(one in names or any(fnmatchcase(name, one) for name in names) for one in wanted)


def covers(patterns: Mapping[str, Sequence[str]], scope: Scope, directory: Directory) -> bool:
    """Whether all spend of a scope is meant: it pins every dimension that has a pattern, to a match."""
    pinned = scope.pinned()
    return all(
        dimension in pinned and matches(dimension, pinned[dimension], wanted, directory)
        for dimension, wanted in patterns.items()
    )
