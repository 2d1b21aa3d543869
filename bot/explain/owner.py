"""Whose spend it is: the person behind the key, and the team whose patterns cover it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from types import MappingProxyType

from bot.facts.directory import Directory
from bot.facts.finding import Part
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow

Teams = Mapping[str, Sequence[str]]
"""Team name -> glob patterns over names of keys, workspaces and people."""
NO_TEAMS: Teams = MappingProxyType({})


def owner_of(scope: Scope, rows: Iterable[SpendRow], directory: Directory, teams: Teams) -> str:
    """Person and team, as far as they are known: "ada <ada@example.com>, team search"."""
    person = directory.name_of("actor", scope.actor) if scope.actor else ""
    key = scope.api_key_id or ("" if person else _dearest_key(rows))
    team = team_of(replace(scope, api_key_id=key), directory, teams)
    return ", ".join(part for part in (person or directory.owner_of(key), team and f"team {team}") if part)


def owned(scope: Scope, directory: Directory, teams: Teams, parts: Iterable[Part] = ()) -> Scope:
    """The scope with the workspace of its key, or of all its parts, and the team whose it is."""
    if scope.workspace_id is None:
        key = directory.keys.get(scope.api_key_id or "")
        of_parts = {part.scope.workspace_id for part in parts}
        workspaces = {key.workspace_id} if key and key.workspace_id else of_parts
        scope = replace(scope, workspace_id=workspaces.pop() if len(workspaces) == 1 else None)
    return replace(scope, team=team_of(scope, directory, teams) or None)


def team_of(scope: Scope, directory: Directory, teams: Teams) -> str:
    """The first team, in the order of the configuration, one of whose patterns fits; case does not matter."""
    if scope.team is not None:
        return scope.team
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


def _dearest_key(rows: Iterable[SpendRow]) -> str:
    by_key: dict[str, int] = {}
    for row in rows:
        by_key[row.api_key_id] = by_key.get(row.api_key_id, 0) + row.usd
    return max(sorted(by_key), key=by_key.__getitem__, default="")
