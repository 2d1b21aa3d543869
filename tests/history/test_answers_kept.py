"""What people said stays on record: rows are added, never changed, never deleted."""

import sqlite3

import pytest

from bot.facts.answer import Answer, Verb
from bot.history.store import History
from tests.fakes.incidents import START, runaway


@pytest.mark.parametrize("change", ["UPDATE answer SET body = '{}'", "DELETE FROM answer"])
def test_what_was_said_stays_on_record(history: History, change: str) -> None:
    history.incidents.save([runaway(id="one")])
    said = Answer(Verb.DISABLE_KEY, "ada", START, note="it loops")
    history.answers.add("one", said)
    with pytest.raises(sqlite3.IntegrityError, match="stays on record"):
        history._db.execute(change)
    assert history.answers.after(0) == [("one", said)]


def test_everybody_may_read_it(history: History) -> None:
    history.incidents.save([runaway(id="one")])
    history.answers.add("one", Answer(Verb.SNOOZE, "ada", START, START))
    (row,) = history._db.execute("SELECT incident_id, verb, actor, until FROM answers").fetchall()
    assert row == ("one", "snooze", "ada", "2026-11-19T02:00:00Z")
