"""The file grows by named steps: each once, and whole or not at all."""

import copy
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.history.migrations import migrations
from bot.history.store import History
from tests.fakes.incidents import runaway


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def applied(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]


def test_the_steps_have_names_and_an_order(tmp_path: Path) -> None:
    History(tmp_path / "history.db").close()
    names = applied(tmp_path / "history.db")
    assert names[:3] == ["m001_spend", "m002_incidents", "m003_public_views"]
    assert names == sorted(names)
    assert [name[:4] for name in names] == [f"m{number:03}" for number in range(1, len(names) + 1)]


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with History(path) as history:
        history.incidents.save([runaway()])
    first = schema(path)
    for _ in range(2):
        with History(path) as history:
            assert history.incidents.latest() == [runaway()]
    assert schema(path) == first


def test_a_file_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    History(new).close()
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        migrations.apply(Database(db, execute_plugins=False), stop_before="m003_public_views")
    assert applied(old) == ["m001_spend", "m002_incidents"]
    History(old).close()
    assert schema(old) == schema(new)
    assert applied(old) == applied(new)


def half_a_table(db: Database) -> None:
    db.execute("CREATE TABLE budget (name TEXT)")
    db.execute("UPDATE incident SET state = 'lost'")
    db.execute("INSERT INTO no_such_table VALUES (1)")


def no_disk_left(db: Database) -> None:
    db.execute("DROP VIEW incidents")
    db.execute("DELETE FROM incident")
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", [half_a_table, no_disk_left])
def test_a_step_that_fails_leaves_the_file_usable(step: Callable[[Database], None], tmp_path: Path) -> None:
    path, attempt = tmp_path / "history.db", tmp_path / "copy.db"
    with History(path) as history:
        history.incidents.save([runaway()])
    shutil.copy(path, attempt)
    with closing(sqlite3.connect(attempt, isolation_level=None)) as db:
        with pytest.raises((sqlite3.Error, OSError)):
            with_another_step(step).apply(Database(db, execute_plugins=False))
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert schema(attempt) == schema(path)
    with History(attempt) as history:
        assert history.incidents.open() == [runaway()]


def test_after_the_fault_is_gone_the_step_is_done(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    History(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        with pytest.raises(sqlite3.Error):
            with_another_step(half_a_table).apply(Database(db, execute_plugins=False))
        mended = with_another_step(lambda found: found.execute("CREATE TABLE budget (name TEXT)"))
        mended.apply(Database(db, execute_plugins=False))
    assert "budget" in dict(schema(path))


def with_another_step(step: Callable[[Database], object]) -> Migrations:
    longer = copy.deepcopy(migrations)

    @longer(name="m999_broken")
    def _(db: Database) -> None:
        step(db)

    return longer
