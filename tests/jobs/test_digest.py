"""A digest comes once a day and channel, at its local hour, if there is something to say."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.facts.clock import HOUR
from bot.facts.delivery import Delivery, Message, Sent
from bot.history.store import History
from bot.jobs.digest import Plan, send_digests
from bot.questions.digest import Digest
from tests.fakes.incidents import runaway
from tests.jobs.town import DAYS, MIDNIGHT, Spikes, read

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
PLAN = Plan({"#ai": BERLIN}, hour=9, daily=True, weekday=0, teams={})
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
TWICE: Spikes = {("key-a", hour): 6 for hour in range(24)}
"""Thursday costs two thirds more than the Thursdays before."""


@pytest.fixture
def history(quiet: Path, tmp_path: Path) -> Iterator[History]:
    """Quiet weeks until Thursday's midnight."""
    shutil.copy(quiet, tmp_path / "history.db")
    with History(tmp_path / "history.db") as history:
        yield history


def render(digest: Digest) -> Message:
    movers = ", ".join(line.name for line in digest.movers)
    incidents = ", ".join(one.id for one in digest.incidents)
    return Message(f"{'week' if digest.is_weekly else 'day'} {digest.day}: {movers} | {incidents}")


def told(history: History, plan: Plan, *moments: datetime) -> list[tuple[str, str]]:
    """What is told at these moments: channel and words."""
    said: list[Delivery] = []
    for now in moments:
        send_digests(history, plan, render, now)
        for delivery in history.outbox.due(now):
            history.outbox.settle(delivery, Sent("1.1"), now, 0)
            said.append(delivery)
    return [(one.channel, one.message.text) for one in said]


def hours(start: datetime, count: int) -> list[datetime]:
    return [start + number * HOUR + timedelta(minutes=5) for number in range(count)]


def test_a_day_like_any_other_is_not_worth_a_word(history: History) -> None:
    assert told(history, PLAN, *hours(MIDNIGHT, 24)) == []


def test_a_day_that_strays_is_told_once_at_nine_local_time(history: History) -> None:
    read(history, range(24), TWICE)
    friday = MIDNIGHT + 24 * HOUR
    assert told(history, PLAN, *hours(friday, 8)) == []
    assert told(history, PLAN, *hours(friday + 8 * HOUR, 16)) == [("#ai", "day 2026-11-20: key-a-name | ")]


def test_what_nobody_was_there_to_tell_at_nine_is_told_later_that_day(history: History) -> None:
    read(history, range(24), TWICE)
    assert len(told(history, PLAN, MIDNIGHT + 40 * HOUR)) == 1


def test_a_restart_tells_nothing_twice(history: History, tmp_path: Path) -> None:
    read(history, range(24), TWICE)
    assert len(told(history, PLAN, MIDNIGHT + 34 * HOUR)) == 1
    with History(tmp_path / "history.db") as again:
        assert told(again, PLAN, MIDNIGHT + 34 * HOUR, MIDNIGHT + 35 * HOUR) == []


def test_clocks_that_are_put_back_tell_nothing_twice(history: History) -> None:
    """On 1 November 2026 New York has the hour from 1 to 2 twice."""
    plan = replace(PLAN, channels={"#ny": NEW_YORK}, hour=1)
    history.incidents.save([runaway(opened_at=datetime(2026, 10, 31, 12, tzinfo=UTC))])
    read(history, range(-DAYS * 24, -17 * 24), {})
    said = told(history, plan, *hours(datetime(2026, 11, 1, 4, tzinfo=UTC), 6))
    assert len(said) == 1


def test_each_channel_hears_at_its_own_hour(history: History) -> None:
    read(history, range(24), TWICE)
    plan = replace(PLAN, channels={"#berlin": BERLIN, "#ny": NEW_YORK})
    friday = MIDNIGHT + 24 * HOUR
    heard = [(channel, now.hour) for now in hours(friday, 24) for channel, _ in told(history, plan, now)]
    assert heard == [("#berlin", 8), ("#ny", 14)]


def test_late_figures_are_waited_for(history: History) -> None:
    read(history, range(24), TWICE, complete=20)
    friday = MIDNIGHT + 24 * HOUR
    assert told(history, PLAN, *hours(friday + 8 * HOUR, 3)) == []
    read(history, range(24), TWICE)
    assert len(told(history, PLAN, friday + 12 * HOUR)) == 1


def test_an_incident_is_worth_a_digest(history: History) -> None:
    history.incidents.save([runaway(id="one", opened_at=MIDNIGHT - 3 * HOUR)])
    assert told(history, PLAN, MIDNIGHT + 9 * HOUR) == [("#ai", "day 2026-11-19:  | one")]


def test_what_the_alert_budget_held_back_is_worth_a_digest(history: History) -> None:
    history.runs.remember("digest-261118 #ai", "a b c")
    assert len(told(history, PLAN, MIDNIGHT + 9 * HOUR)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, ["week 2026-11-23:  | "], id="a quiet week is summed up all the same"),
        pytest.param({"daily": False}, ["week 2026-11-23:  | "], id="also without a daily one"),
        pytest.param({"weekday": None}, [], id="not where nobody wants it"),
        pytest.param({"weekday": 2}, [], id="not on another day"),
    ],
)
def test_the_week_is_summed_up_on_its_day(
    history: History, changes: dict[str, object], said: list[str]
) -> None:
    read(history, range(96), {})
    plan = replace(PLAN, **changes)  # type: ignore[arg-type]
    assert [words for _, words in told(history, plan, MONDAY + 9 * HOUR)] == said


def test_too_little_history_is_not_summed_up(tmp_path: Path) -> None:
    with History(tmp_path / "new.db") as new:
        read(new, range(72, 96), {})
        assert told(new, PLAN, MONDAY + 9 * HOUR) == []
        assert new.runs.recall("digest #ai") == "2026-11-23"


def test_an_empty_history_waits(tmp_path: Path) -> None:
    with History(tmp_path / "new.db") as new:
        assert told(new, PLAN, MONDAY + 9 * HOUR) == []
        assert new.runs.recall("digest #ai") == ""
