"""What else can be asked: why, incidents, rules, freshness, help; and the names that questions may use."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.facts.answer import Answer, Verb
from bot.facts.clock import DAY, HOUR, Window
from bot.facts.incident import State
from bot.facts.scope import Scope
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.answer import answer, names_known
from bot.jobs.rulebook import take_up
from bot.questions.answers import (
    Explanation,
    Freshness,
    Help,
    Incidents,
    OneIncident,
    RuleLine,
    Rules,
)
from bot.questions.question import Kind, Period, Question
from tests.fakes.incidents import runaway
from tests.jobs import town
from tests.jobs.asked import MIDNIGHT, NOW, TODAY, ask, keep
from tests.jobs.town import DIRECTORY, KEYS, Town, dollars

START = MIDNIGHT - 3 * DAY
RULES = b"""rules:
  - {name: one, because: Agreed., per: key, above: $5, within: 1h}
  - {name: two, because: Asked for., per: organisation, budget: $5 a month}
"""


@pytest.fixture
def troubled(history: History) -> History:
    """Four incidents, of which two go on."""
    keep(history, TODAY)
    history.incidents.save(
        [
            runaway(id="261116-aa01", opened_at=START, scope=Scope(api_key_id="k1"), rule="one"),
            runaway(id="261117-aa02", opened_at=START + DAY, state=State.RESOLVED, rule="one"),
            runaway(id="261118-aa03", opened_at=START + 2 * DAY, scope=Scope(api_key_id="k1", model="m")),
            runaway(id="261118-aa04", opened_at=START + 3 * DAY, state=State.EXPECTED),
        ]
    )
    return history


@pytest.mark.parametrize(
    ("words", "found", "still_open"),
    [
        pytest.param(
            "incidents",
            ["261118-aa03", "261116-aa01", "261118-aa04", "261117-aa02"],
            2,
            id="those that go on first",
        ),
        pytest.param("incidents top 1", ["261118-aa03"], 2, id="the newest, and how many are open"),
        pytest.param("incidents key:ci-eval", ["261118-aa03", "261116-aa01"], 2, id="of a key"),
        pytest.param("incidents key:k2", [], 0, id="of a key that had none"),
    ],
)
def test_incidents(troubled: History, words: str, found: list[str], still_open: int) -> None:
    reply = ask(troubled, words).reply
    assert isinstance(reply, Incidents)
    assert ([one.id for one in reply.found], reply.open) == (found, still_open)


def test_one_incident_by_the_beginning_of_its_id(troubled: History) -> None:
    reply = ask(troubled, "incident 261116-aa01").reply
    assert reply == OneIncident(troubled.incidents.find("261116-aa01")[0])
    with pytest.raises(Trouble, match="no incident has the id"):
        ask(troubled, "incident 261201-0000")


def test_the_rules_in_force_and_how_often_each_spoke(troubled: History) -> None:
    take_up(troubled.runs, lambda: {"rules/r.yaml": RULES}, NOW)
    in_force = (
        RuleLine("one", "Agreed.", "rules/r.yaml:2", 2),
        RuleLine("two", "Asked for.", "rules/r.yaml:3", 0),
    )
    assert ask(troubled, "rules").reply == Rules(in_force)
    take_up(troubled.runs, lambda: {"rules/r.yaml": b"rules: [{nam: one}]"}, NOW)
    reply = ask(troubled, "rules").reply
    assert isinstance(reply, Rules)
    assert reply.lines == in_force
    assert reply.broken.startswith("rules/r.yaml:1: rules[1]")


def test_freshness_with_the_worst_first(troubled: History) -> None:
    reply = ask(troubled, "freshness", NOW + 3 * DAY).reply
    assert isinstance(reply, Freshness)
    assert reply.complete_until == reply.read_until == MIDNIGHT + DAY
    assert reply.checks[0][:2] == ("figures", False)
    assert "50 h ago; 26 h is the most that is usual; see that" in reply.checks[0][2]
    assert all(well for _, well, _ in reply.checks[1:])


def test_freshness_is_judged_by_what_is_usual_of_the_source(troubled: History) -> None:
    question = Question(Period("today", Window(MIDNIGHT, MIDNIGHT + DAY)), Kind.FRESHNESS)
    later = MIDNIGHT + DAY + 5 * HOUR
    for lag, well in ((timedelta(hours=4), False), (timedelta(hours=6), True)):
        reply = answer(question, troubled, {}, later, lag).reply
        assert isinstance(reply, Freshness)
        assert ("figures", well) in [check[:2] for check in reply.checks]


def test_an_empty_history_is_not_fresh(history: History) -> None:
    reply = ask(history, "freshness").reply
    assert isinstance(reply, Freshness)
    assert (reply.complete_until, reply.read_until) == (None, None)


def test_what_people_say_is_no_question(troubled: History) -> None:
    said = Answer(Verb.ACKNOWLEDGE, "ada", NOW)
    question = Question(Period("today", Window(MIDNIGHT, MIDNIGHT + DAY)), Kind.SAY, says=said)
    with pytest.raises(ValueError, match="is answered elsewhere"):
        answer(question, troubled, {}, NOW)


@pytest.fixture(scope="module")
def spike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hours in which a key spent $50 instead of $2."""
    path = tmp_path_factory.mktemp("town") / "history.db"
    town.found(path)
    there = Town(path, {("key-a", hour): 50 for hour in range(1, 4)})
    there.read(range(6))
    return path


def test_every_example_of_the_help_is_answered(spike: Path) -> None:
    with History(spike) as history:
        reply = ask(history, "help").reply
        assert isinstance(reply, Help)
        for words, _ in reply.examples:
            if not words.startswith("snooze"):
                assert ask(history, words, MIDNIGHT + 5 * HOUR).reply


@pytest.mark.parametrize(
    ("words", "scope", "expected", "headline"),
    [
        pytest.param(
            "why today key:key-a-name", Scope(api_key_id="key-a"), 12, "Runaway loop", id="a key by name"
        ),
        pytest.param(
            "why today key:key-a*",
            Scope(api_key_id="key-a"),
            12,
            "Runaway loop",
            id="a pattern that one fits",
        ),
        pytest.param(
            "why today key:apikey_0000000", None, 0, "no key that spent is called", id="an id that nobody has"
        ),
        pytest.param("why today team:a", Scope(team="a"), 12, "Runaway loop", id="a team"),
        pytest.param(
            "why today key:key-a-name key:key-b-name",
            None,
            0,
            "2 keys fit 'key-a-name' or 'key-b-name': key-a-name, key-b-name; ask",
            id="two keys",
        ),
        pytest.param("why august", None, 0, "nothing was read", id="what was never read"),
    ],
)
def test_why(spike: Path, words: str, scope: Scope | None, expected: int, headline: str) -> None:
    now = MIDNIGHT + 5 * HOUR + timedelta(minutes=50)
    with History(spike) as history:
        if scope is None:
            with pytest.raises(Trouble, match=headline):
                ask(history, words, now)
            return
        reply = ask(history, words, now, {"a": ["key-a*"]}).reply
    assert isinstance(reply, Explanation)
    assert (reply.subject.scope, reply.subject.observed) == (scope, dollars(156))
    assert (reply.subject.expected, reply.cause.headline) == (dollars(expected), headline)
    assert reply.cause.owner == "ada <ada@example.com>, team a"


def test_why_against_another_period(spike: Path) -> None:
    with History(spike) as history:
        reply = ask(history, "why today key:key-a-name vs yesterday", MIDNIGHT + 5 * HOUR).reply
    assert isinstance(reply, Explanation)
    assert reply.against == Window(MIDNIGHT - DAY, MIDNIGHT)
    assert reply.subject.observed - reply.subject.expected == dollars(3 * 48)


def test_names_are_those_of_all_who_spent_and_all_on_record(history: History) -> None:
    keep(history, TODAY)
    keys = {**DIRECTORY.keys, "k9": replace(DIRECTORY.keys["key-a"], id="k9", name="")}
    history.names.remember(replace(DIRECTORY, keys=keys))
    known = names_known(history, {"search": ["x"], "data": ["y"]})
    assert set(known["api_key_id"]) == {"ci-eval", "k2", "k9"} | {f"{key}-name" for key in KEYS}
    assert set(known["workspace_id"]) == {"research"}
    assert set(known["actor"]) == {"ada"}
    assert set(known["team"]) == {"search", "data"}
    assert set(known["product"]) == {"api"}
    assert all("" not in names for names in known.values())
