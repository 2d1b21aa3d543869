"""What jobs did, and what they remember."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.history.store import History
from tests.fakes.incidents import HOUR, START


def test_what_is_remembered_is_recalled_until_it_is_replaced(history: History) -> None:
    assert not history.runs.recall("judged_until")
    history.runs.remember("judged_until", "noon")
    history.runs.remember("good_rules", "")
    history.runs.remember("judged_until", "one")
    assert history.runs.recall("judged_until") == "one"
    assert not history.runs.recall("good_rules")


def test_runs_are_numbered_and_told_apart(history: History, tmp_path: Path) -> None:
    first, second = history.runs.start("collect", START), history.runs.start("detect", START)
    history.runs.finish(second, START + HOUR, ok=True, said="")
    with closing(sqlite3.connect(tmp_path / "history.db")) as db:
        found = db.execute("SELECT id, job, ended_at IS NULL, ok, said FROM job_runs ORDER BY id").fetchall()
    assert found == [(first, "collect", 1, None, ""), (second, "detect", 0, 1, "")]
