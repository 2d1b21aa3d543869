"""What each job did and when, and the few single values jobs remember between cycles."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import takewhile

_LASTING = 2
"""Runs in a row: once may be a hiccup."""


class RunTable:
    """Job runs and memory of one history file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def start(self, job: str, now: datetime) -> int:
        """Note that a job begins; returns the run's number."""
        query = "INSERT INTO job_run (job, started_at) VALUES (?, ?)"
        return self._db.execute(query, (job, int(now.timestamp()))).lastrowid or 0

    def finish(self, run: int, now: datetime, *, ok: bool, said: str) -> None:
        """Note how it ended, and what it had to say."""
        self._db.execute(
            "UPDATE job_run SET ended_at = ?, ok = ?, said = ? WHERE id = ?",
            (int(now.timestamp()), int(ok), said, run),
        )

    def failing(self, jobs: Iterable[str]) -> dict[str, tuple[datetime, str]]:
        """Those of the jobs whose last two runs failed: since when, and what the last one said first."""
        return {job: failure for job in jobs if (failure := self._failure(job))}

    def _failure(self, job: str) -> tuple[datetime, str] | None:
        query = """SELECT started_at, ok, said FROM job_run
            WHERE job = ? AND ended_at IS NOT NULL ORDER BY id DESC"""
        failed = list(takewhile(lambda run: not run[1], self._db.execute(query, (job,))))
        if len(failed) < _LASTING:
            return None
        return datetime.fromtimestamp(failed[-1][0], UTC), failed[0][2].partition("\n")[0]

    def recall(self, name: str) -> str:
        """A remembered value, or an empty string."""
        found = self._db.execute("SELECT value FROM memory WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def remember(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO memory (name, value) VALUES (?, ?)", (name, value))
