from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.facts.trouble import Stopping, Trouble
from bot.history.store import History
from bot.jobs.cycle import Job, Report, run_jobs

NOW = datetime(2026, 11, 19, 5, 0, tzinfo=UTC)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as history:
        yield history


def runs(history: History) -> list[tuple[Any, ...]]:
    return history._db.execute("SELECT job, ok, said, ended_at IS NULL FROM job_run ORDER BY id").fetchall()


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def do() -> NoReturn:
        raise error

    return do


def fine(*notices: str) -> Callable[[], Report]:
    return lambda: Report(notices=notices)


def test_every_job_runs_and_says_its_name(history: History) -> None:
    jobs = [
        Job("names", raising(Trouble("no names; look elsewhere"))),
        Job("collect", fine("a new kind of cost")),
        Job("detect", lambda: Report(("a broken rule", "another"), ())),
        Job("deliver", fine()),
    ]
    assert run_jobs(jobs, history.runs, NOW) == Report(
        ("names: no names; look elsewhere", "detect: a broken rule", "detect: another"),
        ("collect: a new kind of cost",),
    )
    assert runs(history) == [
        ("names", 0, "no names; look elsewhere", 0),
        ("collect", 1, "a new kind of cost", 0),
        ("detect", 0, "a broken rule\nanother", 0),
        ("deliver", 1, "", 0),
    ]


@pytest.mark.parametrize("error", [ValueError("x"), OverflowError("too large"), OSError(28, "disk full")])
def test_a_bug_in_one_job_stops_no_other_and_asks_to_be_reported(history: History, error: Exception) -> None:
    report = run_jobs([Job("detect", raising(error)), Job("deliver", fine())], history.runs, NOW)
    (said,) = report.problems
    assert said.startswith(f"detect: failed unexpectedly ({type(error).__name__}: {error})")
    assert said.endswith("report this as a bug")
    assert [row[:2] for row in runs(history)] == [("detect", 0), ("deliver", 1)]


@pytest.mark.parametrize("error", [Stopping(), KeyboardInterrupt(), SystemExit(1)], ids=repr)
def test_who_is_asked_to_stop_begins_nothing_more(history: History, error: BaseException) -> None:
    with pytest.raises(type(error)):
        run_jobs([Job("collect", raising(error)), Job("deliver", fine())], history.runs, NOW)
    assert runs(history) == [("collect", None, "", 1)]


def test_nothing_to_do_is_nothing_to_say(history: History) -> None:
    assert run_jobs([], history.runs, NOW) == Report()
