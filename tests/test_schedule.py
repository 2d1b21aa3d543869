"""Which job runs when: told by the triggers, and tried for once with real threads."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Event, Lock

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from bot.schedule import Tasks, scheduler

START = datetime(2026, 11, 19, 2, 3, 4, tzinfo=UTC)
PATIENCE = 10.0


def nothing() -> None:
    """Do nothing."""


IDLE = Tasks(nothing, nothing, nothing, nothing)


def times(job: str, count: int) -> Iterator[datetime]:
    """When a job runs after the start, as its trigger says."""
    trigger = {found.id: found.trigger for found in scheduler(IDLE, START).get_jobs()}[job]
    last: datetime | None = None
    for _ in range(count):
        last = trigger.get_next_fire_time(last, last or START)
        assert last is not None
        yield last


def test_the_cycle_runs_five_minutes_past_every_hour() -> None:
    found = list(times("cycle", 30))
    assert found[0] == START.replace(minute=5, second=0)
    assert all(later - earlier == timedelta(hours=1) for earlier, later in pairwise(found))


def test_failed_deliveries_are_tried_every_minute_off_the_cycle() -> None:
    found = list(times("retry", 70))
    assert found[0] == START.replace(second=30)
    assert all(later - earlier == timedelta(minutes=1) for earlier, later in pairwise(found))


def test_saved_rules_are_taken_up_within_a_minute() -> None:
    found = list(times("rules", 10))
    assert all(later - earlier <= timedelta(minutes=1) for earlier, later in pairwise(found))


def test_the_first_cycle_runs_at_once() -> None:
    jobs = {job.id: job for job in scheduler(IDLE, START).get_jobs()}
    assert jobs["cycle"].next_run_time == START
    assert set(jobs) == {"cycle", "retry", "rules", "line"}


@pytest.fixture
def started() -> Iterator[Callable[[Callable[[], None]], BackgroundScheduler]]:
    """Start a scheduler whose cycle is due now; it is shut down after the test."""
    running: list[BackgroundScheduler] = []

    def start(cycle: Callable[[], None]) -> BackgroundScheduler:
        running.append(scheduler(replace(IDLE, cycle=cycle), START))
        running[0].start()
        return running[0]

    yield start
    for one in running:
        if one.running:
            one.shutdown(wait=True)


def test_a_cycle_that_was_slept_through_runs_once_and_the_step_in_hand_is_finished(
    started: Callable[[Callable[[], None]], BackgroundScheduler],
) -> None:
    begun, finish, lock, ends = Event(), Event(), Lock(), []

    def cycle() -> None:
        begun.set()
        assert finish.wait(PATIENCE)
        with lock:
            ends.append("done")

    clockwork = started(cycle)
    assert begun.wait(PATIENCE)
    finish.set()
    clockwork.shutdown(wait=True)
    assert ends == ["done"]


def test_the_line_is_looked_after_while_a_long_cycle_runs(
    started: Callable[[Callable[[], None]], BackgroundScheduler],
) -> None:
    release, looked = Event(), Event()

    def long_cycle() -> None:
        release.wait(PATIENCE)

    clockwork = started(long_cycle)
    clockwork.add_job(looked.set, id="now", executor="line")
    assert looked.wait(PATIENCE)
    release.set()
