"""What each job did and when, and the few single values jobs remember between cycles."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise, takewhile


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
        """Those of the jobs that fail: since when, and what they said last.

        It takes two failures in a row to begin, and two successes in a row to end.
        """
        return {job: failure for job in jobs if (failure := self._failure(job))}

    def _failure(self, job: str) -> tuple[datetime, str] | None:
        query = """SELECT started_at, ok, said FROM job_run
            WHERE job = ? AND ended_at IS NOT NULL ORDER BY id DESC"""
        runs = self._db.execute(query, (job,))
        since_it_worked = list(takewhile(lambda pair: not (pair[0][1] and pair[1][1]), pairwise(runs)))
        failed = [run for pair in since_it_worked for run in pair if not run[1]]
        if not any(not newer[1] and not older[1] for newer, older in since_it_worked):
            return None
        return datetime.fromtimestamp(failed[-1][0], UTC), failed[0][2].partition("\n")[0]

    def recall(self, name: str) -> str:
        """A remembered value, or an empty string."""
        found = self._db.execute("SELECT value FROM memory WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def remember(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO memory (name, value) VALUES (?, ?)", (name, value))
