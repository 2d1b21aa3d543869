"""Names and owners as last seen; an id once named keeps its name after it is deleted upstream."""

import sqlite3
from collections.abc import Iterable
from typing import TypeVar

from pydantic import TypeAdapter

from bot.facts.directory import Directory, Key, Person, Workspace
from bot.history.connection import transaction

_Entry = TypeVar("_Entry", Key, Workspace, Person)
_KEY, _WORKSPACE, _PERSON = TypeAdapter(Key), TypeAdapter(Workspace), TypeAdapter(Person)
_UNNAMED = """SELECT count(*) FROM (
    SELECT DISTINCT 'key' AS kind, api_key_id AS id FROM series UNION
    SELECT DISTINCT 'workspace', workspace_id FROM series UNION
    SELECT DISTINCT 'person', actor FROM series WHERE actor LIKE 'user_%')
    WHERE id <> '' AND (kind, id) NOT IN (SELECT kind, id FROM name)"""


class DirectoryTable:
    """The directory of one history file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def remember(self, directory: Directory) -> None:
        """Add or refresh entries; what is no longer listed upstream stays."""
        with transaction(self._db):
            if directory.organisation:
                self._put("organisation", [("", directory.organisation, "{}")])
            self._put("key", _named(directory.keys.values(), _KEY))
            self._put("workspace", _named(directory.workspaces.values(), _WORKSPACE))
            self._put("person", _named(directory.people.values(), _PERSON))

    def remember_people(self, people: Iterable[Person]) -> None:
        """Add people named by the usage itself, unless the directory already knows them."""
        rows = _named(people, _PERSON)
        with transaction(self._db):
            self._db.executemany("INSERT OR IGNORE INTO name VALUES ('person', ?, ?, ?)", rows)

    def load(self) -> Directory:
        """Everything known by name."""
        found = self._db.execute("SELECT name FROM name WHERE kind = 'organisation'").fetchone()
        return Directory(
            organisation=found[0] if found else "",
            keys=self._all("key", _KEY),
            workspaces=self._all("workspace", _WORKSPACE),
            people=self._all("person", _PERSON),
        )

    def unnamed(self) -> int:
        """How many ids in the spend have no name yet."""
        return int(self._db.execute(_UNNAMED).fetchone()[0])

    def _put(self, kind: str, rows: Iterable[tuple[str, str, str]]) -> None:
        self._db.executemany(f"INSERT OR REPLACE INTO name VALUES ('{kind}', ?, ?, ?)", list(rows))

    def _all(self, kind: str, adapter: TypeAdapter[_Entry]) -> dict[str, _Entry]:
        found = self._db.execute("SELECT id, body FROM name WHERE kind = ?", (kind,))
        return {id_: adapter.validate_json(body) for id_, body in found}


def _named(entries: Iterable[_Entry], adapter: TypeAdapter[_Entry]) -> list[tuple[str, str, str]]:
    return [(entry.id, entry.name, adapter.dump_json(entry).decode()) for entry in entries]
