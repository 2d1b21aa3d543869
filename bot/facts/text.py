"""Words about figures, said the same way in every room."""

from datetime import UTC, datetime

from bot.facts.directory import Directory
from bot.facts.scope import WORDS, Scope

_NAMED = ("api_key_id", "actor", "team", "product", "workspace_id", "model")
"""The dimensions in the order in which people name them."""


def scope_name(scope: Scope, directory: Directory) -> str:
    """What people call a scope: "key ci-eval on claude-opus-5", "workspace research", "the organisation"."""
    pinned = scope.pinned()
    named = [_named(at, pinned[at], directory) for at in _NAMED if at in pinned]
    if "model" in pinned and len(named) > 1:
        return f"{', '.join(named[:-1])} on {directory.name_of('model', pinned['model'])}"
    return ", ".join(named) or "the organisation"


def _named(dimension: str, value: str, directory: Directory) -> str:
    name = directory.name_of(dimension, value)
    return f"{WORDS[dimension]} {name}" if value else name


def multiple(times: float) -> str:
    """How many times the usual: "9x", "1.7x", or "from nothing"."""
    if times == float("inf"):
        return "from nothing"
    return f"{times:.0f}x" if times >= 9.5 else f"{times:.1f}x"


def when(at: datetime) -> str:
    """An instant with its zone: "19 Nov 16:00 UTC"."""
    return f"{at.astimezone(UTC):%-d %b %H:%M} UTC"
