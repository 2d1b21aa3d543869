"""Whose spend it is: the person behind the key, and the team whose patterns cover it."""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from bot.facts.directory import Directory
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow

Teams = Mapping[str, Sequence[str]]
"""Team name -> glob patterns over names of keys, workspaces and people."""


def owner_of(scope: Scope, rows: Iterable[SpendRow], directory: Directory, teams: Teams) -> str:
    """Person and team, as far as they are known: "ada <ada@example.com>, team search"."""
    largest = _largest(rows)
    person = directory.name_of("actor", scope.actor) if scope.actor else ""
    key = scope.api_key_id or (largest.api_key_id if largest else "")
    team = team_of(Scope(scope.workspace_id, key, actor=scope.actor), directory, teams)
    return ", ".join(part for part in (person or directory.owner_of(key), team and f"team {team}") if part)


def team_of(scope: Scope, directory: Directory, teams: Teams) -> str:
    """The first team, in the order of the configuration, one of whose patterns fits; case does not matter."""
    pinned = scope.pinned()
    if key := directory.keys.get(scope.api_key_id or ""):
        pinned.setdefault("workspace_id", key.workspace_id)
    names = [directory.name_of(at, value).lower() for at, value in pinned.items() if value]
    fits = (
        team
        for team, patterns in teams.items()
        if any(fnmatchcase(name, pattern.lower()) for name in names for pattern in patterns)
    )
    return next(fits, "")


def _largest(rows: Iterable[SpendRow]) -> SpendRow | None:
    by_key: dict[str, int] = {}
    found: dict[str, SpendRow] = {}
    for row in rows:
        by_key[row.api_key_id] = by_key.get(row.api_key_id, 0) + row.usd
        found.setdefault(row.api_key_id, row)
    return found[max(sorted(by_key), key=by_key.__getitem__)] if found else None
