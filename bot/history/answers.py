"""What people said about incidents, in the order in which they said it; never changed, never deleted."""

import sqlite3

from pydantic import TypeAdapter

from bot.facts.answer import Answer
from bot.history.connection import transaction

_ANSWER = TypeAdapter(Answer)


class AnswerTable:
    """The answers of one history file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, incident_id: str, answer: Answer) -> None:
        """Note what somebody said."""
        with transaction(self._db):
            query = "INSERT INTO answer (incident_id, body) VALUES (?, ?)"
            self._db.execute(query, (incident_id, _ANSWER.dump_json(answer).decode()))

    def newest(self) -> int:
        """The number of the newest one, 0 for none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM answer").fetchone()[0])

    def after(self, number: int) -> list[tuple[str, Answer]]:
        """(incident id, answer) of all that came after the one of a number, in their order."""
        found = self._db.execute("SELECT incident_id, body FROM answer WHERE id > ? ORDER BY id", (number,))
        return [(incident_id, _ANSWER.validate_json(body)) for incident_id, body in found]
