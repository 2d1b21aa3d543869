"""One worker a history: the second is told who the first is, and a dead one holds nothing."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.history.errors import HistoryError, LeaseHeld
from bot.history.lease import lease

HOLD = """
import sys
from pathlib import Path
from bot.history.lease import lease
with lease(Path(sys.argv[1]), "`claude-spend run` (process 4711)"):
    print("held", flush=True)
    sys.stdin.read()
"""


def take(path: Path, holder: str = "me") -> None:
    with lease(path, holder):
        pass


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "history.db.lock"
    with lease(path, "`claude-spend backfill`"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(LeaseHeld) as caught:
            take(path)
    expected = "this history is already being worked on by `claude-spend backfill`; stop that one first"
    assert str(caught.value) == expected


def test_it_is_free_after_the_work_however_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    take(path, "a name that is longer than the next")
    with pytest.raises(ZeroDivisionError), lease(path, "me"):
        raise ZeroDivisionError
    take(path, "you")
    assert path.read_text() == "you\n"


def test_other_histories_have_other_leases(tmp_path: Path) -> None:
    with lease(tmp_path / "a.lock", "one"), lease(tmp_path / "b.lock", "other"):
        pass


@pytest.mark.parametrize("end", [subprocess.Popen.kill, subprocess.Popen.terminate])
def test_a_killed_holder_lets_go(tmp_path: Path, end: object) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(LeaseHeld, match="process 4711"):
            take(path)
        assert callable(end)
        end(other)
        other.wait(10)
    take(path)


def test_a_place_where_no_file_can_be_is_said_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match=r"could not be opened \(.*\); set history.path"):
        take(tmp_path / "file" / "history.db.lock")
