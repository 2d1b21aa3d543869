"""Rules in the life of an organisation: budgets step by step, who is told, what is told once."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.facts.answer import Answer, Verb
from bot.facts.clock import HOUR
from bot.facts.delivery import Why
from bot.facts.directory import Directory
from bot.facts.incident import Incident, State
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.history.store import History
from bot.jobs.act import answer_to
from bot.rules.precedence import addressees
from bot.rules.rulebook import Rulebook, read
from tests.jobs.town import DAYS, MIDNIGHT, TELLING, WATCH, Spikes, Town

CALM_DAYS = range(DAYS)


def book(*rules: str) -> Rulebook:
    """Rules whose fields are given, separated by semicolons."""
    entries = [
        f"  - name: rule {number}\n    because: Agreed.\n"
        + "".join(f"    {field.strip()}\n" for field in rule.split(";"))
        for number, rule in enumerate(rules, 1)
    ]
    return read({"rules.yaml": "rules:\n" + "".join(entries)})


def town(quiet: Path, folder: Path, rulebook: Rulebook, spikes: Spikes | None = None) -> Town:
    """The quiet town under these rules, which say who is told."""

    def route(incident: Incident, directory: Directory) -> Sequence[str]:
        return addressees(incident, incident.scope, rulebook, directory, "#ai")

    shutil.copy(quiet, folder / "history.db")
    telling = replace(TELLING, route=route)
    watch = replace(WATCH, rulebook=rulebook, telling=telling, teams={"search": ["key-b*"]})
    return Town(folder / "history.db", spikes or {}, watch)


def test_each_share_of_a_budget_is_said_once_and_a_new_day_is_another_matter(
    quiet: Path, tmp_path: Path
) -> None:
    rules = book("per: organisation; budget: $144 a day; at: [50%, 80%, 100%]; severity: notice")
    place = town(quiet, tmp_path, rules)
    said = []
    for hour in range(30):
        place.live(range(hour, hour + 1))
        said += [(hour, why) for why, _ in place.tell() if why is not Why.EDIT]
    assert said == [(12, Why.FIRST), (19, Why.GREW), (23, Why.RESOLVED)]
    (incident,) = place.incidents()
    assert (incident.state, incident.step) == (State.RESOLVED, 2)
    assert incident.history[-1].reason == "the period of the budget is over"
    place.live(range(30, 40))
    assert len(place.incidents()) == 2


def test_a_budget_is_told_although_an_incident_tells_why_it_is_spent(quiet: Path, tmp_path: Path) -> None:
    rules = book("per: organisation; budget: $300 a day; at: 50%")
    place = town(quiet, tmp_path, rules, {("key-a", hour): 60 for hour in range(2, 6)})
    place.live(range(6))
    assert sorted(one.rule for one in place.incidents()) == ["", "rule 1"]


def test_who_asked_to_be_told_of_a_rule_is_told_of_the_incident_that_breaks_it(
    quiet: Path, tmp_path: Path
) -> None:
    rules = book("per: key; where: {key: key-a*}; above: $100; within: 3h; route: '#ml'")
    place = town(quiet, tmp_path, rules, {("key-a", hour): 60 for hour in range(2, 6)})
    place.live(range(6))
    (incident,) = [one for one in place.incidents() if not one.state.is_over]
    assert (incident.rule, incident.breaks) == ("", ("rule 1",))
    assert {delivery.channel for delivery in place.waiting()} == {"#ai", "#ml"}


def test_two_rules_on_the_same_spend_are_both_heard_by_those_who_asked(quiet: Path, tmp_path: Path) -> None:
    rules = book(
        "per: key; where: {key: key-a*}; above: $1; within: 1h; route: '#one'; severity: notice",
        "per: organisation; above: $5; within: 1h; route: '#cfo'; severity: critical",
        "per: key; where: {key: key-a*}; watch: requests; above: 150; within: 1h; route: '#two'",
    )
    place = town(quiet, tmp_path, rules)
    place.live(range(4))
    assert {delivery.channel for delivery in place.waiting()} == {"#one", "#cfo", "#two"}


def test_a_narrow_rule_takes_no_incident_away_from_everybody(quiet: Path, tmp_path: Path) -> None:
    rules = book("per: key; where: {key: key-a*}; above: $50; within: 3h; route: '#ml'")
    place = town(quiet, tmp_path, rules, {("key-a", hour): 60 for hour in range(2, 6)})
    place.live(range(6))
    assert {delivery.channel for delivery in place.waiting()} == {"#ai", "#ml"}


def test_what_was_said_of_half_a_budget_is_not_said_of_all_of_it(quiet: Path, tmp_path: Path) -> None:
    place = town(quiet, tmp_path, book("per: organisation; budget: $144 a day; at: [50%, 80%]"))
    place.live(range(14))
    assert answered(place, Verb.DISMISS, 14).state is State.FALSE_ALARM
    place.live(range(14, 19))
    assert place.incident().state is State.FALSE_ALARM
    place.live(range(19, 22))
    assert place.incident().state is State.OPEN
    place.live(range(22, 40))
    assert len(place.incidents()) == 2


def test_what_was_said_of_a_little_is_not_said_of_much(quiet: Path, tmp_path: Path) -> None:
    rules = book("per: key; where: {key: key-a*}; above: $2.5; within: 1h; suppresses: detection")
    place = town(quiet, tmp_path, rules, {("key-a", 2): 3, ("key-a", 5): 3, ("key-a", 8): 90})
    place.live(range(4))
    answered(place, Verb.DISMISS, 4)
    place.live(range(4, 8))
    assert [one.state for one in place.incidents() if one.rule] == [State.FALSE_ALARM]
    place.live(range(8, 10))
    told = [one for one in place.incidents() if one.state is State.OPEN]
    assert ["rule 1" in (one.rule, *one.breaks) for one in told] == [True]


def test_a_rule_broken_again_after_it_was_over_is_said_at_once(quiet: Path, tmp_path: Path) -> None:
    rules = book("per: key; where: {key: key-b*}; above: $340; within: 5d")
    place = town(quiet, tmp_path, rules, {})
    place.live(range(2))
    assert place.incident().state is State.OPEN
    with History(place.path) as history:
        over = replace(place.incident(), state=State.RESOLVED, resolved_at=MIDNIGHT)
        history.incidents.save([over])
    place.live(range(2, 3))
    assert place.incident().state is State.OPEN


def answered(place: Town, verb: Verb, hour: int) -> Incident:
    with History(place.path) as history:
        now = MIDNIGHT + hour * HOUR
        return answer_to(history, place.watch.telling, place.incident().id, Answer(verb, "ada", now), now)


def test_a_rule_on_a_share_is_told_in_its_words_and_claims_no_dollars(quiet: Path, tmp_path: Path) -> None:
    place = town(quiet, tmp_path, book("per: key; watch: share of total; above: 45%; within: 2h"))
    place.live(range(3))
    incident = place.incident()
    assert (incident.scope, incident.excess) == (Scope(api_key_id="key-b"), 0)
    assert incident.label == "Over its cap"
    assert "share of total of 50% in 2 hours, the cap is 45%" in incident.why


def test_a_rule_counts_per_team_of_the_configuration(quiet: Path, tmp_path: Path) -> None:
    place = town(quiet, tmp_path, book("per: team; above: $5; within: 2h"))
    place.live(range(3))
    assert place.incident().scope == Scope(team="search")


def test_what_a_rule_suppresses_is_silent_while_it_speaks(quiet: Path, tmp_path: Path) -> None:
    louder = "per: organisation; above: $11; within: 2h; suppresses: [rule 2, detection]"
    place = town(quiet, tmp_path, book(louder, "per: key; above: $5; within: 2h"))
    place.spikes = {("key-a", hour): 60 for hour in range(2, 6)}
    place.live(range(6))
    assert [one.rule for one in place.incidents()] == ["rule 1"]


def test_figures_of_tokens_are_there_for_rules_that_ask_for_them(quiet: Path, tmp_path: Path) -> None:
    place = town(quiet, tmp_path, book("per: key; watch: requests; above: 0; within: 2h; severity: warning"))
    place.live(range(3))
    assert {one.rule for one in place.incidents()} == {"rule 1"}
    assert "requests in 2 hours, nothing is allowed" in place.incidents()[0].why


@pytest.mark.parametrize(
    ("budget", "severity"),
    [
        pytest.param("$100,000 a month", Severity.WARNING, id="small beside a budget"),
        pytest.param("$90 a week", Severity.CRITICAL, id="most of a budget"),
    ],
)
def test_an_incident_is_as_urgent_as_the_budget_around_it_makes_it(
    budget: str, severity: Severity, quiet: Path, tmp_path: Path
) -> None:
    rules = book(f"per: organisation; budget: {budget}; on: forecast; at: 99999%")
    place = town(quiet, tmp_path, rules, {("key-a", hour): 4 for hour in (2, 3)})
    place.live(range(4))
    assert place.incident().severity is severity
