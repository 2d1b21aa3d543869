"""`rules check`, `test`, `schema` and `replay`, as those who edit rules use them."""

import json
from pathlib import Path

import pytest

from bot.facts.delivery import Delivery, Message, NotSent, Told, Why
from bot.facts.incident import State
from bot.facts.money import Usd
from bot.facts.severity import Severity
from bot.history.store import History
from tests.cli.conftest import Ask
from tests.fakes.incidents import START

CAP = """rules:
  - name: no key spends more than $4 in a day
    because: Agreed.
    watch: cost
    per: key
    above: $4
    within: 24h
    examples:
      - {series: {ci-eval: 1x3 9}, expect: fires at STEP}
"""
NOW = ("--now", "2026-11-19T05:30:00Z")


@pytest.fixture
def rules(told: Path) -> Path:
    (told.parent / "rules").mkdir()
    return told.parent / "rules" / "caps.yaml"


def test_what_is_fine_is_said(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4"))
    code, out, err = ask("rules", "check", "--config", str(told), *NOW)
    assert (code, out, err) == (0, "1 rule, no events, no routes: no errors\n", "")


def test_errors_name_file_and_line(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("$4\n", "4\n"))
    code, out, err = ask("rules", "check", "--config", str(told))
    assert (code, out) == (1, "")
    assert "rules/caps.yaml:6: rules[1].above: '4' should be in dollars, for cost; write it like $200" in err


@pytest.mark.parametrize(("step", "code"), [("4", 0), ("2", 1)])
def test_examples_are_run(step: str, code: int, rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", step))
    found, out, _ = ask("rules", "test", "--config", str(told))
    assert found == code
    assert ("✗" in out, "should have fired at 2, but fired at 4" in out) == (bool(code), bool(code))
    assert f"1 example, {code} failed" in out


def test_the_past_is_replayed(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4"))
    code, out, err = ask("rules", "replay", "--config", str(told), "--from", "2026-11-19", *NOW)
    assert (code, err) == (0, "")
    assert "no key spends more than $4 in a day: 1 time" in out
    assert "$6.67" in out
    assert "ci-eval" in out


def test_two_folders_of_rules_are_compared(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4"))
    stricter = told.parent / "stricter"
    stricter.mkdir()
    (stricter / "caps.yaml").write_text(CAP.replace("above: $4", "above: $1").replace("STEP", "2"))
    asked = ("rules", "replay", "--against", str(stricter), "--config", str(told), "--from", "2026-11-10")
    code, out, _ = ask(*asked, *NOW)
    assert code == 0
    assert f"against {stricter}" in out.replace("\n", "")
    assert "above: $1.00 → $4.00" in out
    assert ("  - " in out, "rules the same" in out) == (True, True)
    code, out, _ = ask(*asked[:3], str(rules.parent), *asked[4:], *NOW)
    assert "1 rule the same" in out


def test_a_folder_without_rules_is_no_folder_to_compare_with(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4"))
    for folder, said in ((rules.parent / "nope", "there is no folder"), (told.parent, "no rule stands in")):
        code, _, err = ask("rules", "replay", "--against", str(folder), "--config", str(told))
        assert (code, said in err) == (1, True)


def test_a_replay_is_json_too(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4"))
    asked = (
        "rules",
        "replay",
        "--json",
        "--rule",
        "MORE THAN",
        "--config",
        str(told),
        "--from",
        "2026-11-19",
    )
    code, out, _ = ask(*asked, *NOW)
    assert code == 0
    assert json.loads(out)["episodes"][0]["rule"] == "no key spends more than $4 in a day"


def test_limits_are_suggested(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4"))
    asked = ("rules", "suggest", "--alerts-per-month", "30", "--config", str(told), "--from", "2026-11-10")
    code, out, err = ask(*asked, *NOW)
    assert (code, err) == (0, "")
    assert "$4.00" in out
    assert "1 time" in out


def test_an_unknown_rule_is_said(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4"))
    code, _, err = ask("rules", "replay", "--rule", "nope", "--config", str(told))
    assert code == 1
    assert "no rule is called 'nope':" in err
    assert "no key spends more than $4 in a day" in err


def test_rules_that_cannot_be_read_are_said(told: Path, ask: Ask) -> None:
    code, _, err = ask("rules", "check", "--config", str(told))
    assert code == 1
    assert "set rules.path" in err


def test_the_schema_is_json(told: Path, ask: Ask) -> None:
    code, out, _ = ask("rules", "schema", "--config", str(told))
    assert code == 0
    assert json.loads(out)["title"] == "Rules of claude-spend"


def test_a_channel_that_slack_refused_is_said(rules: Path, told: Path, ask: Ask) -> None:
    rules.write_text(CAP.replace("STEP", "4").replace("within: 24h", "within: 24h\n    route: '#gone'"))
    with History(told.parent / "history.db") as history:
        message = Message("x")
        first = Delivery("i-1", "i", Why.FIRST, "#gone", message, START)
        history.outbox.add(first, Told(State.OPEN, Severity.NOTICE, Usd(1), message))
        history.outbox.settle(first, NotSent("Slack refused it (channel_not_found)", retry=False), START, 0)
    code, out, _ = ask("rules", "check", "--config", str(told), *NOW)
    assert code == 0
    assert "#gone was refused lately: Slack refused it (channel_not_found)" in out
