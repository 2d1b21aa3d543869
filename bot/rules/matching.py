"""Whether patterns of rule files mean a value or a scope: by its name or its id, in any case of letters."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from bot.facts.directory import Directory
from bot.facts.scope import Scope


def matches(dimension: str, value: str, pattern: str, directory: Directory) -> bool:
    """Whether a pattern means this value of a dimension. A name with brackets also matches itself."""
    wanted = pattern.casefold()
    names = {directory.name_of(dimension, value).casefold(), value.casefold()}
    return wanted in names or any(fnmatchcase(name, wanted) for name in names)


def covers(patterns: Mapping[str, str], scope: Scope, directory: Directory) -> bool:
    """Whether all spend of a scope is meant: it pins every dimension that has a pattern, to a match."""
    pinned = scope.pinned()
    return all(
        dimension in pinned and matches(dimension, pinned[dimension], pattern, directory)
        for dimension, pattern in patterns.items()
    )
