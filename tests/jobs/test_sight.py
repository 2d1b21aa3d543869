"""The bot notices that it is blind: from failing jobs and from figures that stay away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.facts.clock import HOUR, Grain, Window
from bot.facts.delivery import Why
from bot.facts.incident import State
from bot.facts.spend import Slice
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.cycle import Job, Report, run_jobs
from bot.jobs.sight import look_around
from tests.fakes.incidents import START
from tests.jobs.town import TELLING


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


def read_until(history: History, hours: int) -> None:
    window = Window(START, START + hours * HOUR)
    history.spend.replace(Slice("analytics", window, Grain.HOUR, window.end, []), window.end)


def cycle(history: History, hour: int, error: str = "", job: str = "collect") -> list[str]:
    """One cycle in which a job may fail; what is wrong by then."""

    def work() -> Report:
        if error:
            raise Trouble(error)
        read_until(history, hour)
        return Report()

    now = START + hour * HOUR
    jobs = [Job(job, work), Job("sight", lambda: look_around(history, TELLING, timedelta(hours=4), now))]
    run_jobs(jobs, history.runs, now)
    return [f"{one.kind} {one.state}" for one in history.incidents.latest()]


def test_one_failure_is_a_hiccup_and_two_are_blindness(history: History) -> None:
    read_until(history, 1)
    assert cycle(history, 2, "the key is wrong") == []
    assert cycle(history, 3, "the key is wrong") == ["blind: collect open"]
    assert cycle(history, 4, "the key is wrong") == ["blind: collect open"]
    (incident,) = history.incidents.latest()
    assert (incident.start, incident.why) == (START + 2 * HOUR, "the key is wrong")
    assert cycle(history, 5) == ["blind: collect open"]
    assert cycle(history, 6) == ["blind: collect resolved"]
    assert [one.why for one in history.outbox.due(START + 9 * HOUR)] == [Why.FIRST]


@pytest.mark.parametrize("job", ["names", "detect", "deliver"])
def test_each_job_that_matters_is_watched(job: str, history: History) -> None:
    read_until(history, 2)
    for hour in (2, 3):
        found = cycle(history, hour, "no", job)
    assert found == [f"blind: {job} open"]


def test_what_fails_every_other_time_is_one_incident(history: History) -> None:
    read_until(history, 1)
    for hour, error in enumerate(("no", "no", "", "no", "", "no", "no", ""), 2):
        found = cycle(history, hour, error)
    assert found == ["blind: collect open"]
    for hour in (10, 11):
        found = cycle(history, hour)
    assert found == ["blind: collect resolved"]


def test_a_pull_by_hand_that_failed_is_not(history: History) -> None:
    read_until(history, 3)
    for hour in (2, 3, 4):
        assert cycle(history, hour, "no", "backfill") == []


def test_figures_that_stay_away_are_blindness_though_nothing_fails(history: History) -> None:
    read_until(history, 2)
    for hour, found in ((3, []), (6, []), (7, ["blind: fresh open"]), (8, ["blind: fresh open"])):
        look_around(history, TELLING, timedelta(hours=4), START + hour * HOUR)
        assert [f"{one.kind} {one.state}" for one in history.incidents.latest()] == found
    assert history.incidents.latest()[0].start == START + 2 * HOUR
    read_until(history, 8)
    look_around(history, TELLING, timedelta(hours=4), START + 9 * HOUR)
    assert history.incidents.latest()[0].state is State.RESOLVED
