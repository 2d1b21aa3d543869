"""Spend in, incidents and messages out: once each, however often and however late one looks."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.facts.clock import HOUR
from bot.facts.delivery import Message, Why
from bot.facts.directory import Directory
from bot.facts.incident import Incident, State
from bot.facts.scope import ORGANISATION, Scope
from bot.history.store import History
from bot.rules.rulebook import Rulebook, read
from tests.jobs.town import MIDNIGHT, Spikes, Town, dollars, found
from tests.jobs.town import read as read_hours

KEY_A = Scope(api_key_id="key-a", model="claude-opus-5")
SPIKE: Spikes = {("key-a", hour): 50 for hour in range(1, 4)}


@pytest.fixture
def town(quiet: Path, tmp_path: Path) -> Town:
    shutil.copy(quiet, tmp_path / "history.db")
    return Town(tmp_path / "history.db")


def test_usual_hours_are_no_incident(town: Town) -> None:
    town.live(range(4))
    assert town.incidents() == []
    assert town.waiting() == []
    with History(town.path) as history:
        assert history.runs.recall("judged_until") == (MIDNIGHT + 4 * HOUR).isoformat()


def test_a_spike_is_an_incident_with_exact_dollars_and_one_message(town: Town) -> None:
    town.spikes = SPIKE
    town.live(range(2))
    incident = town.incident()
    assert (incident.scope, incident.start, incident.state) == (KEY_A, MIDNIGHT + HOUR, State.OPEN)
    assert (incident.observed, incident.expected) == (dollars(50), dollars(2))
    assert incident.opened_at == MIDNIGHT + 2 * HOUR
    (delivery,) = town.waiting()
    assert (delivery.id, delivery.why, delivery.channel) == (f"{incident.id}-1", Why.FIRST, "#ai")
    assert delivery.message.text == f"first {incident.id} open $48.00 48000000000"


def test_it_is_explained_by_its_rows(town: Town) -> None:
    town.spikes = SPIKE
    town.live(range(4))
    cause = town.incident().cause
    assert cause.headline == "Runaway loop"
    assert cause.evidence.startswith("25x the usual requests")
    assert cause.owner == "ada <ada@example.com>"
    assert sum(usd for _, usd in cause.drivers) == town.incident().excess == dollars(3 * 48)


def test_looking_again_at_the_same_time_changes_nothing(town: Town) -> None:
    town.spikes = SPIKE
    town.live(range(3))
    before = (town.incidents(), town.waiting())
    town.detect(3)
    assert (town.incidents(), town.waiting()) == before
    town.tell()
    town.detect(3)
    assert town.incidents() == before[0]
    assert town.waiting() == []


@pytest.mark.parametrize(
    "spikes",
    [
        pytest.param(SPIKE | {("key-b", 7): 90, ("key-b", 8): 95}, id="two keys one after the other"),
        pytest.param(
            {("key-a", 1): 60, ("key-a", 9): 70}, id="a key that came back after it had calmed down"
        ),
        pytest.param({(key, 2): 40 for key in ("key-a", "key-b", "key-c")}, id="all keys at once"),
    ],
)
def test_catching_up_ten_missed_hours_is_the_same_as_ten_hourly_looks(spikes: Spikes, town: Town) -> None:
    town.spikes = spikes
    live, late = town.copy("live.db"), town.copy("late.db")
    live.live(range(10))
    late.read(range(10))
    late.detect(10)
    assert late.incidents() == live.incidents()
    assert live.incidents()
    assert len(late.waiting()) == len(late.incidents())
    assert late.waiting() == [
        replace(one, created_at=MIDNIGHT + 10 * HOUR + HOUR / 12) for one in late.waiting()
    ]


def test_people_are_told_each_thing_once(town: Town) -> None:
    town.spikes = SPIKE
    heard = []
    for hour in range(11):
        town.live(range(hour, hour + 1))
        heard += [(hour, why) for why, _ in town.tell()]
    assert town.incident().state is State.RESOLVED
    assert [why for _, why in heard].count(Why.FIRST) == 1
    assert [why for _, why in heard].count(Why.RESOLVED) == 1
    assert heard[0] == (1, Why.FIRST)
    assert heard[-1][1] is Why.RESOLVED
    assert town.incident().excess == dollars(3 * 48)


def test_where_messages_cannot_be_edited_only_what_matters_is_said(town: Town) -> None:
    town.spikes = {("key-a", hour): 50 for hour in range(6)}
    town.watch = replace(town.watch, telling=replace(town.watch.telling, edits=False))
    heard = []
    for hour in range(6):
        town.live(range(hour, hour + 1))
        heard += [why for why, _ in town.tell()]
    assert heard == [Why.FIRST, Why.GREW, Why.GREW]


def test_a_part_filled_hour_can_already_be_too_much_and_is_not_told_again_when_full(town: Town) -> None:
    town.spikes = {("key-a", 1): 50}
    town.live(range(1))
    town.read(range(1, 2), complete=1)
    town.detect(1, minutes=30)
    early = town.incident()
    assert early.opened_at == MIDNIGHT + 1.5 * HOUR
    town.spikes = {("key-a", 1): 80}
    town.live(range(1, 2))
    assert town.incident().id == early.id
    assert town.incident().observed == dollars(80)
    assert len(town.waiting()) == 1


def test_restated_hours_amend_the_incident(town: Town) -> None:
    town.spikes = SPIKE
    town.live(range(3))
    first = town.incident()
    town.spikes = SPIKE | {("key-a", 1): 45}
    town.read(range(1, 3))
    town.live(range(3, 4))
    assert town.incident().id == first.id
    assert town.incident().observed == dollars(45 + 50 + 50)


def test_a_failure_on_the_way_stores_nothing(town: Town) -> None:
    def broken(*_: object) -> Message:
        raise ZeroDivisionError

    town.spikes = SPIKE
    whole, town.watch = town.watch, replace(town.watch, telling=replace(town.watch.telling, render=broken))
    town.read(range(2))
    with pytest.raises(ZeroDivisionError):
        town.detect(2)
    assert town.incidents() == []
    town.watch = whole
    town.detect(2)
    assert len(town.incidents()) == len(town.waiting()) == 1


def test_a_new_installation_judges_the_last_day(town: Town) -> None:
    town.spikes = {("key-a", 10): 60, ("key-b", 40): 90}
    for hours in (range(9, 12), range(39, 42), range(46, 48)):
        town.read(hours)
    with History(town.path) as history:
        history.runs.remember("judged_until", "")
    town.detect(48)
    assert town.incident().start == MIDNIGHT + 40 * HOUR


def test_after_a_long_sleep_a_week_is_caught_up(town: Town) -> None:
    town.spikes = {("key-a", 10): 60, ("key-b", 30): 90}
    for hours in (range(9, 12), range(29, 44), range(190, 192)):
        town.read(hours)
    town.detect(192)
    assert town.incident().start == MIDNIGHT + 30 * HOUR
    assert town.waiting() == []


def test_without_any_spend_there_is_nothing_to_say(tmp_path: Path) -> None:
    town = Town(tmp_path / "history.db")
    town.detect(0)
    assert town.incidents() == []


def test_with_a_few_days_of_history_it_is_too_early_to_judge(tmp_path: Path) -> None:
    found(tmp_path / "history.db", days=3)
    town = Town(tmp_path / "history.db", SPIKE)
    town.live(range(3))
    assert town.incidents() == []


LAUNCH = """
events:
  - name: launch
    because: Announced.
    scope: {key: key-a-name}
    from: 2026-11-19T00:00Z
    to: 2026-11-20T00:00Z
    expected: EXPECTED
"""
CAP = """
rules:
  - name: no key spends more than $100 in 3 hours
    because: Agreed.
    watch: cost
    per: key
    above: $100
    within: 3h
"""


def launch(expected: str) -> Rulebook:
    return read({"calendar.yaml": LAUNCH.replace("EXPECTED", expected)})


@pytest.mark.parametrize(
    ("expected", "incidents"),
    [
        pytest.param("any", 0, id="whatever it costs"),
        pytest.param("30x", 0, id="up to more than it came to"),
        pytest.param("5x", 1, id="up to less than it came to"),
    ],
)
def test_what_was_announced_is_no_incident(expected: str, incidents: int, town: Town) -> None:
    town.spikes = SPIKE
    town.watch = replace(town.watch, rulebook=launch(expected))
    town.live(range(4))
    assert len(town.incidents()) == incidents


def test_what_was_announced_for_one_key_does_not_hide_another(town: Town) -> None:
    town.spikes = SPIKE | {("key-b", 2): 90}
    town.watch = replace(town.watch, rulebook=launch("any"))
    town.live(range(3))
    assert town.incident().scope.api_key_id == "key-b"


def test_a_rule_is_broken_by_what_statistics_call_usual(tmp_path: Path, quiet: Path) -> None:
    shutil.copy(quiet, tmp_path / "history.db")
    rulebook = read({"caps.yaml": CAP.replace("$100", "$8")})
    town = Town(tmp_path / "history.db", {})
    town.watch = replace(town.watch, rulebook=rulebook)
    town.live(range(2))
    incident = town.incident()
    assert (incident.scope, incident.rule) == (Scope(api_key_id="key-b"), rulebook.rules[0].name)
    assert (incident.observed, incident.expected) == (dollars(9), dollars(8))
    town.live(range(2, 4))
    assert town.incident().id == incident.id


def test_a_cap_broken_by_a_spike_is_one_incident(town: Town) -> None:
    town.spikes = SPIKE
    town.watch = replace(town.watch, rulebook=read({"caps.yaml": CAP}))
    town.live(range(5))
    assert town.incident().scope == KEY_A


def test_messages_are_written_with_names(town: Town) -> None:
    seen: list[Directory] = []

    def noting(incident: Incident, directory: Directory, why: Why) -> Message:
        seen.append(directory)
        return Message(f"{why} {incident.id}")

    town.spikes = SPIKE
    town.watch = replace(town.watch, telling=replace(town.watch.telling, render=noting))
    town.live(range(2))
    assert {directory.name_of("api_key_id", "key-a") for directory in seen} == {"key-a-name"}


def test_the_organisation_is_judged_too(town: Town) -> None:
    town.spikes = {(key, hour): 5 for key in ("key-a", "key-b", "key-c") for hour in range(2)}
    town.live(range(2))
    assert ORGANISATION.covers(town.incidents()[0].scope)


def test_what_makes_up_a_resolved_incident_still_adds_up_to_its_cost(town: Town) -> None:
    town.spikes = {("key-a", hour): 80 for hour in (3, 4)}
    town.live(range(14))
    incident = town.incident()
    assert incident.state is State.RESOLVED
    assert sum(usd for _, usd in incident.cause.drivers) == incident.excess


SILENT: Spikes = {("key-a", hour): 0 for hour in range(24, 72)}


def test_a_key_that_falls_silent_is_told_when_its_day_is_over_and_resolved_once_it_is_back(
    town: Town,
) -> None:
    town.spikes = SILENT
    town.live(range(47))
    assert town.incidents() == []
    town.live(range(47, 48))
    stopped = town.incident()
    assert (stopped.kind, stopped.scope.api_key_id, stopped.state) == ("drop", "key-a", State.OPEN)
    assert (stopped.start, stopped.observed, stopped.expected) == (MIDNIGHT + 24 * HOUR, 0, dollars(48))
    assert stopped.cause.headline == "Spend stopped"
    assert stopped.cause.owner == "ada <ada@example.com>"
    assert sum(usd for _, usd in stopped.cause.drivers) == stopped.excess == -dollars(48)
    town.live(range(48, 120))
    assert [one.state for one in town.incidents()] == [State.RESOLVED]
    assert town.incident().excess <= -dollars(90)


def test_a_key_that_was_stopped_for_spending_too_much_is_not_told_as_a_drop(town: Town) -> None:
    town.spikes = SPIKE | {("key-a", hour): 0 for hour in range(4, 72)}
    town.live(range(50))
    assert {one.kind for one in town.incidents()} == {"spike"}


def test_a_key_that_stays_silent_has_retired_after_a_week(town: Town) -> None:
    town.spikes = {("key-a", hour): 0 for hour in range(24, 24 * 14)}
    for day in range(14):
        town.read(range(24 * day, 24 * day + 24))
        town.detect(24 * day + 24)
    (retired,) = town.incidents()
    assert retired.state is State.RESOLVED
    assert retired.history[-1].reason == "it has lasted for a week: taken for the usual now"


def test_a_key_that_slept_for_half_a_year_is_dormant_not_new(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    found(path, days=230)
    with History(path) as history:
        for day in range(-220, -190):
            hours = range(day * 24, (day + 1) * 24)
            read_hours(history, hours, {("key-d", hour): 1 for hour in hours[8:12]})
    town = Town(path, {("key-d", hour): 30 for hour in (2, 3)})
    town.live(range(4))
    assert (town.incident().kind, town.incident().scope.api_key_id) == ("dormant", "key-d")
