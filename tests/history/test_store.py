"""The file: who may read it, what it takes to be used, and that nothing half done stays in it."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.history.errors import HistoryError
from bot.history.store import History
from tests.fakes.incidents import runaway


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with History(tmp_path / "deep" / "down" / "history.db") as history:
            history.runs.remember("a", "b")
            files = sorted((tmp_path / "deep" / "down").iterdir())
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    finally:
        os.umask(old)
    assert modes == {"history.db": 0o600, "history.db-shm": 0o600, "history.db-wal": 0o600}


def test_the_mode_people_gave_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.touch()
    path.chmod(0o640)
    History(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def nonsense(folder: Path) -> Path:
    path = folder / "history.db"
    path.write_bytes(b"<html>502 Bad Gateway</html>" * 100)
    return path


def cut_off(folder: Path) -> Path:
    path = folder / "history.db"
    History(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    return path


def below_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "history.db"


def somebody_elses(folder: Path) -> Path:
    path = folder / "locked" / "history.db"
    path.parent.mkdir(mode=0o500)
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    return path


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(nonsense, id="a file that is not SQLite"),
        pytest.param(cut_off, id="a file that was cut off"),
        pytest.param(lambda folder: folder, id="a folder"),
        pytest.param(below_a_file, id="a path through a file"),
        pytest.param(lambda _: Path("/proc/claude-spend/history.db"), id="a place where there are no files"),
        pytest.param(somebody_elses, id="a folder that may not be written to"),
    ],
)
def test_what_cannot_be_used_is_said_with_the_remedy_and_left_alone(
    place: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = place(tmp_path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(HistoryError) as caught:
        History(path)
    said = str(caught.value)
    assert said.startswith(f"{path} could not be opened (")
    assert said.endswith("is it a claude-spend history file that this user may write?")
    assert "\n" not in said
    assert (path.read_bytes() if path.is_file() else None) == before


def test_another_programs_file_is_refused_keeps_its_data_and_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE series (title TEXT)")
        db.execute("INSERT INTO series VALUES ('theirs')")
    with pytest.raises(HistoryError, match="table series already exists"):
        History(path)
    assert path.resolve() not in {link.resolve() for link in Path("/proc/self/fd").iterdir()}
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT * FROM series").fetchall() == [("theirs",)]


def remember(history: History, value: str) -> None:
    with history.transaction():
        history.incidents.save([runaway()])
        with history.transaction():
            history.runs.remember("judged_until", value)
        if value == "broken":
            raise ZeroDivisionError


def test_a_transaction_is_all_or_nothing_with_those_inside_it(history: History) -> None:
    with pytest.raises(ZeroDivisionError):
        remember(history, "broken")
    assert history.incidents.latest() == []
    assert not history.runs.recall("judged_until")
    remember(history, "whole")
    assert history.incidents.latest() == [runaway()]
    assert history.runs.recall("judged_until") == "whole"


def test_what_is_not_finished_is_not_seen_elsewhere(history: History, tmp_path: Path) -> None:
    with History(tmp_path / "history.db") as other:
        with history.transaction():
            history.runs.remember("a", "b")
            assert not other.runs.recall("a")
        assert other.runs.recall("a") == "b"
