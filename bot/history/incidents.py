"""Incidents as they stand, each whole in one row."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import TypeAdapter

from bot.facts.incident import OVER, Incident
from bot.history.connection import transaction

_INCIDENT = TypeAdapter(Incident)
_GOES_ON = f"state NOT IN ({', '.join(repr(state.value) for state in OVER)})"


class IncidentTable:
    """The incidents of one history file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def save(self, incidents: Iterable[Incident]) -> None:
        """Write each as it now stands."""
        rows = [(i.id, i.state, i.opened_at.isoformat(), _INCIDENT.dump_json(i).decode()) for i in incidents]
        with transaction(self._db):
            self._db.executemany(
                """INSERT INTO incident (id, state, opened_at, body) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body""",
                rows,
            )

    def open(self) -> list[Incident]:
        """Those that go on, oldest first."""
        return self._where(_GOES_ON)

    def recent(self, since: datetime) -> list[Incident]:
        """Those that go on, and those that were over at `since` or later, to the second."""
        at = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return self._where(f"{_GOES_ON} OR json_extract(body, '$.resolved_at') >= ?", at)

    def latest(self, limit: int = 1000) -> list[Incident]:
        """The newest, newest first."""
        found = self._db.execute("SELECT body FROM incident ORDER BY opened_at DESC, id LIMIT ?", (limit,))
        return [_INCIDENT.validate_json(body) for (body,) in found]

    def find(self, prefix: str) -> list[Incident]:
        """Those whose id begins with `prefix`."""
        return self._where("substr(id, 1, length(?1)) = ?1", prefix)

    def _where(self, condition: str, *values: str) -> list[Incident]:
        found = self._db.execute(
            f"SELECT body FROM incident WHERE {condition} ORDER BY opened_at, id", values
        )
        return [_INCIDENT.validate_json(body) for (body,) in found]
