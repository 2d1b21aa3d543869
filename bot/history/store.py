"""The history: one SQLite file, opened here and brought up to date by named migrations."""

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from bot.history.answers import AnswerTable
from bot.history.connection import connect, transaction
from bot.history.directory import DirectoryTable
from bot.history.errors import HistoryError
from bot.history.incidents import IncidentTable
from bot.history.migrations import migrations
from bot.history.outbox import OutboxTable
from bot.history.runs import RunTable
from bot.history.spend import SpendTable
from bot.history.totals import TotalsTable


class History:
    """One connection to the history, used by one thread; close it, or use it in a `with`.

    `spend`, `names`, `incidents`, `outbox`, `answers`, `runs` and `totals` each look after one subject.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises HistoryError when it is not usable, and leaves it as it was."""
        try:
            self._db = _up_to_date(connect(path))
        except (sqlite3.Error, OSError) as error:
            remedy = "is it a claude-spend history file that this user may write?"
            raise HistoryError(f"{path} could not be opened ({error}); {remedy}") from error
        self.spend = SpendTable(self._db)
        self.names = DirectoryTable(self._db)
        self.incidents = IncidentTable(self._db)
        self.outbox = OutboxTable(self._db)
        self.answers = AnswerTable(self._db)
        self.runs = RunTable(self._db)
        self.totals = TotalsTable(self._db)

    def transaction(self) -> AbstractContextManager[None]:
        """All of it or nothing of it."""
        return transaction(self._db)

    def damage(self) -> str:
        """What SQLite finds wrong with the file; an empty string when it is sound."""
        try:
            found = [row[0] for row in self._db.execute("PRAGMA quick_check(1)")]
        except sqlite3.DatabaseError as error:
            found = [str(error)]
        return "" if found == ["ok"] else "; ".join(found)

    def close(self) -> None:
        """Give the connection back."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _up_to_date(db: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, after all migrations; closed when one fails."""
    try:
        migrations.apply(Database(db, execute_plugins=False))
    except BaseException:
        db.close()
        raise
    return db
