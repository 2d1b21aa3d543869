"""Which rules are in force: a broken file keeps the last good ones, and a saved change is noticed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import rule_texts
from bot.facts.incident import State
from bot.history.store import History
from bot.jobs.rulebook import InForce, have_changed, take_up
from bot.jobs.sight import look_around
from bot.rules.rulebook import Rulebook
from tests.fakes.incidents import START
from tests.jobs.town import TELLING

CAP = """\
rules:
  - name: no key spends more than $100 in 3 hours
    because: Agreed.
    watch: cost
    per: key
    above: $100
    within: 3h
"""
Save = Callable[[str], None]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "caps.yaml").write_text(CAP, "utf-8")
    return tmp_path / "rules"


def taken_up(history: History, rules: Path) -> InForce:
    return take_up(history.runs, lambda: rule_texts(rules), START)


def test_good_rules_are_in_force_without_a_word(history: History, rules: Path) -> None:
    found = taken_up(history, rules)
    assert [rule.name for rule in found.rulebook.rules] == ["no key spends more than $100 in 3 hours"]
    assert (found.problems, found.changed) == ((), True)
    assert not taken_up(history, rules).changed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(CAP.replace("$100\n", "$-1\n").encode(), "rules/caps.yaml:6: ", id="an impossible cap"),
        pytest.param(b"rules: [", "rules/caps.yaml:1: ", id="half a file"),
        pytest.param(CAP.encode("utf-16"), "rules/caps.yaml:1: this is no UTF-8 text", id="no text"),
        pytest.param(b"#" * 2_000_000, "larger than 250 kB", id="a huge file"),
    ],
)
def test_broken_rules_leave_the_last_good_ones_in_force(
    content: bytes, said: str, history: History, rules: Path
) -> None:
    good = taken_up(history, rules).rulebook
    (rules / "caps.yaml").write_bytes(content)
    kept = taken_up(history, rules)
    assert kept.rulebook == good
    assert said in kept.problems[0]
    assert kept.problems[0].endswith("the last good rules stay in force")
    (rules / "caps.yaml").write_text(CAP, "utf-8")
    assert taken_up(history, rules) == InForce(good, (), changed=True)


def test_a_folder_that_is_gone_leaves_them_in_force_too(history: History, rules: Path) -> None:
    good = taken_up(history, rules).rulebook
    rules.rename(rules.with_name("elsewhere"))
    kept = taken_up(history, rules)
    assert kept.rulebook == good
    assert "set rules.path to a folder of rule files" in kept.problems[0]


def test_rules_that_were_never_good_are_not_in_force(history: History, rules: Path) -> None:
    (rules / "caps.yaml").write_text("rules: 7")
    found = taken_up(history, rules)
    assert found.rulebook == Rulebook()
    assert found.problems[0].endswith("no rules are in force")


def test_a_byte_order_mark_is_no_mistake(history: History, rules: Path) -> None:
    (rules / "caps.yaml").write_text(CAP, "utf-8-sig")
    assert len(taken_up(history, rules).rulebook.rules) == 1


def test_any_saved_change_is_noticed_once(history: History, rules: Path) -> None:
    taken_up(history, rules)
    for change in (
        lambda: (rules / "caps.yaml").write_text(CAP.replace("$100\n", "$90\n")),
        lambda: (rules / "more.yaml").write_text("rules: ["),
        (rules / "more.yaml").unlink,
        lambda: (rules / "caps.yaml").rename(rules / "limits.yaml"),
    ):
        assert not have_changed(history.runs, lambda: rule_texts(rules))
        change()
        assert have_changed(history.runs, lambda: rule_texts(rules))
        taken_up(history, rules)


def test_broken_rules_are_said_once_and_that_they_are_mended(history: History, rules: Path) -> None:
    def seen(hour: int) -> list[State]:
        taken_up(history, rules)
        look_around(history, TELLING, timedelta(days=1), START + timedelta(hours=hour))
        return [one.state for one in history.incidents.latest()]

    assert seen(0) == []
    (rules / "caps.yaml").write_text(CAP.replace("$100\n", "$-1\n"))
    assert [seen(1), seen(2), seen(3)] == [[State.OPEN]] * 3
    (incident,) = history.incidents.latest()
    assert incident.cause.headline == "Half blind: rules are broken"
    assert incident.why.startswith("rules/caps.yaml:6: rules[1].above: ")
    (rules / "caps.yaml").write_text(CAP)
    assert seen(4) == [State.RESOLVED]
    assert len(list(history.outbox.due(START + timedelta(hours=5)))) == 1
