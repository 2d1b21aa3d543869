"""`doctor`: one line for each thing that was looked at, worst first."""

import json
from pathlib import Path

import pytest

from bot.history.store import History
from bot.jobs.cycle import Job, Report, run_jobs
from bot.jobs.rulebook import BROKEN
from tests.cli.conftest import Ask
from tests.fakes.incidents import START

NOW = ("--now", "2026-11-19T05:30:00Z")


@pytest.fixture
def rules(told: Path) -> Path:
    folder = told.parent / "rules"
    folder.mkdir()
    return folder


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", "sk-ant-admin-x")


@pytest.mark.usefixtures("keyed", "rules")
def test_all_is_well(told: Path, ask: Ask) -> None:
    code, out, err = ask("doctor", "--config", str(told), *NOW)
    assert (code, err) == (0, "")
    assert "✗" not in out
    for name in ("configuration", "rules", "disk", "history", "figures", "jobs", "deliveries"):
        assert name in out


def test_what_is_wrong_comes_first_with_its_remedy(rules: Path, told: Path, ask: Ask) -> None:
    (rules / "caps.yaml").write_text("rules: [{name: x}]")
    with History(told.parent / "history.db") as history:
        history.runs.remember(BROKEN, f"{START.isoformat()} rules/caps.yaml:1: it is broken")
        for _ in range(2):
            run_jobs([Job("collect", lambda: Report(("the key is refused",)))], history.runs, START)
    code, out, _ = ask("doctor", "--json", "--config", str(told), "--now", "2026-11-29T05:30:00Z")
    checks = json.loads(out)
    assert code == 1
    assert [check["well"] for check in checks] == sorted(check["well"] for check in checks)
    wrong = {check["name"]: check["said"] + ": " + check["remedy"] for check in checks if not check["well"]}
    assert set(wrong) == {"configuration", "rules", "rules in force", "figures", "job collect"}
    assert "set it in the environment" in wrong["configuration"]
    assert "3 mistakes in" in wrong["rules"]
    assert "the key is refused" in wrong["job collect"]
    assert "26 h is the most that is usual" in wrong["figures"]
    assert "`claude-spend rules check`" in wrong["rules in force"]


@pytest.mark.usefixtures("keyed", "rules")
def test_without_a_history_it_says_how_to_begin(told: Path, ask: Ask) -> None:
    (told.parent / "history.db").unlink()
    code, out, _ = ask("doctor", "--config", str(told), *NOW)
    assert code == 1
    assert "no history at" in out
    assert "run `claude-spend once`" in out


@pytest.mark.usefixtures("keyed", "rules")
def test_a_damaged_file_is_said(told: Path, ask: Ask) -> None:
    path = told.parent / "history.db"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = b"x" * 4096
    path.write_bytes(content)
    code, out, err = ask("doctor", "--config", str(told), *NOW)
    assert code == 1
    assert "✗" in out or "could not be opened" in err
