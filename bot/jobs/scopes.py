"""Scopes as people write them: "key:ci-eval model:opus"."""

import difflib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from bot.facts.directory import Directory
from bot.facts.scope import CALLED, Scope
from bot.facts.trouble import Trouble
from bot.panel.leaves import Leaves

_SHOWN = 5


def read_scope(words: Sequence[str], leaves: Leaves, directory: Directory) -> Scope:
    """The scope that words such as "key:ci-eval" name; no words are the whole organisation.

    A name is an id, a name, a pattern with *, or a part of a name, as long as only one fits. Case does not
    matter. Raises Trouble that says which do.
    """
    pinned = [_pinned(word, leaves, directory) for word in words]
    if len({dimension for dimension, _ in pinned}) < len(pinned):
        raise Trouble(f"{' '.join(words)!r} names one kind twice; ask for one at a time")
    return Scope.of(dict(pinned))


def _pinned(word: str, leaves: Leaves, directory: Directory) -> tuple[str, str]:
    called, colon, name = word.partition(":")
    if not colon or called.lower() not in CALLED:
        near = difflib.get_close_matches(called.lower(), CALLED, 1) or ["key"]
        raise Trouble(f"{word!r} names no scope; write {near[0]}:NAME (there are {', '.join(CALLED)})")
    dimension = CALLED[called.lower()]
    known = {value for value in leaves.named(dimension) if value}
    named = {value: directory.name_of(dimension, value) for value in sorted(known)}
    return dimension, _only(called.lower(), name, named)


def _only(called: str, name: str, named: dict[str, str]) -> str:
    found = _fitting(name.lower(), named)
    if len(found) == 1:
        return found[0]
    if found:
        raise Trouble(
            f"{len(found)} {called}s fit {name!r}: {_listed(named[one] for one in found)}; name one"
        )
    near = difflib.get_close_matches(name, list(named.values()), 1)
    meant = f"did you mean {near[0]!r}?" if near else f"there are {_listed(named.values())}"
    raise Trouble(f"no {called} that spent is called {name!r}; {meant}")


def _fitting(name: str, named: dict[str, str]) -> list[str]:
    """By id or name, else by pattern, else by a part of the name."""
    exact = [id_ for id_, shown in named.items() if name in {id_.lower(), shown.lower()}]
    pattern = name if "*" in name else f"*{name}*"
    return exact or [id_ for id_, shown in named.items() if name and fnmatchcase(shown.lower(), pattern)]


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
    return f"{', '.join(ordered[:_SHOWN])}{more}" if ordered else "none"
