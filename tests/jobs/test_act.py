"""What people say about an incident in a real history, while the bot goes on looking."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.facts.answer import Answer, Expectation, Verb
from bot.facts.clock import HOUR
from bot.facts.delivery import Why
from bot.facts.incident import Incident, State
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs import detect as job
from bot.jobs.act import answer_to
from bot.jobs.panels import days_until
from bot.jobs.ports import Store
from bot.panel.panel import Panel
from tests.jobs.town import MIDNIGHT, TELLING, Spikes, Town

TWICE: Spikes = {("key-a", hour): 12 for hour in range(200)}


@pytest.fixture
def town(quiet: Path, tmp_path: Path) -> Town:
    """A key that costs six times as much since midnight, told four hours later."""
    shutil.copy(quiet, tmp_path / "history.db")
    town = Town(tmp_path / "history.db", dict(TWICE))
    town.live(range(4))
    town.tell()
    return town


def say(town: Town, verb: Verb, hours: int, until: int = 0, how: Expectation | None = None) -> Incident:
    at = MIDNIGHT + hours * HOUR + timedelta(minutes=30)
    answer = Answer(verb, "ada", at, at + until * HOUR if until else None, how)
    with History(town.path) as history:
        return answer_to(history, TELLING, town.incident().id, answer, at)


def test_an_answer_rewrites_the_message_and_rings_nobody(town: Town) -> None:
    say(town, Verb.ACKNOWLEDGE, 4)
    assert [why for why, _ in town.tell()] == [Why.EDIT]
    say(town, Verb.ACKNOWLEDGE, 4)
    assert town.tell() == []


def test_what_is_snoozed_rings_again_when_the_snooze_is_over(town: Town) -> None:
    say(town, Verb.SNOOZE, 4, until=5)
    heard = []
    for hour in range(4, 12):
        town.live(range(hour, hour + 1))
        heard += [(hour, why) for why, _ in town.tell() if why is not Why.EDIT]
    assert heard == [(9, Why.REOPENED)]


@pytest.mark.parametrize("how", [Expectation.ONE_OFF, Expectation.NEW_LEVEL])
def test_what_is_expected_is_not_told_again_until_it_is_much_more(how: Expectation, town: Town) -> None:
    say(town, Verb.EXPECT, 4, how=how)
    town.live(range(4, 40))
    assert town.incident().state is State.EXPECTED
    assert {why for why, _ in town.tell()} <= {Why.EDIT}
    town.spikes |= {("key-a", hour): 90 for hour in range(40, 44)}
    town.live(range(40, 44))
    assert town.incident().state is State.OPEN
    assert Why.REOPENED in [why for why, _ in town.tell()]


def test_a_new_level_is_learnt(town: Town) -> None:
    say(town, Verb.EXPECT, 4, how=Expectation.NEW_LEVEL)
    town.live(range(4, 10))
    other = town.copy("unlearnt.db")
    say(other, Verb.EXPECT, 10, how=Expectation.ONE_OFF)
    with History(town.path) as learnt, History(other.path) as unlearnt:
        (new_level,), (one_off,) = learnt.incidents.latest(), unlearnt.incidents.latest()
    assert list(job._told([new_level])) == []
    assert list(job._told([one_off])) != []


def test_what_is_said_while_the_bot_looks_is_not_lost(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(store: Store, now: object) -> Panel:
        say(town, Verb.ACKNOWLEDGE, 4)
        return days_until(store, now)  # type: ignore[arg-type]

    town.read(range(4, 5))
    monkeypatch.setattr(job, "days_until", interrupted)
    town.detect(5)
    after = town.incident()
    assert after.state is State.ACKNOWLEDGED
    assert after.measured_until == MIDNIGHT + 5 * HOUR


def test_an_unknown_incident_is_said(town: Town) -> None:
    with History(town.path) as history, pytest.raises(Trouble, match="no incident has the id 'nope'"):
        answer_to(history, TELLING, "nope", Answer(Verb.ACKNOWLEDGE, "ada", MIDNIGHT), MIDNIGHT)


def test_where_messages_cannot_be_rewritten_a_snooze_ends_aloud_too(town: Town) -> None:
    telling = replace(TELLING, edits=False)
    town.watch = replace(town.watch, telling=telling)
    at = MIDNIGHT + timedelta(hours=4, minutes=30)
    answer = Answer(Verb.SNOOZE, "ada", at, at + 5 * HOUR)
    with History(town.path) as history:
        answer_to(history, telling, town.incident().id, answer, at)
    heard = []
    for hour in range(4, 12):
        town.live(range(hour, hour + 1))
        heard += [(hour, why) for why, _ in town.tell()]
    assert heard == [(9, Why.REOPENED)]


def test_what_was_planned_is_not_learnt_for_as_long_as_it_was_planned(town: Town) -> None:
    say(town, Verb.EXPECT, 4, until=72, how=Expectation.PLANNED)
    with History(town.path) as history:
        (planned,) = history.incidents.latest()
    assert {told.window.end for told in job._told([planned])} == {MIDNIGHT + timedelta(hours=76, minutes=30)}
