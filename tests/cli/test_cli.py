"""The face of every command: help with an example, exit codes, errors in sentences."""

import argparse
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.parser import parser
from tests.cli.conftest import Ask

COMMANDS = ["run", "once", "backfill", "demo", "summary", "incidents", "incident"]
READING = [["summary"], ["incidents"], ["incident", "1119-ab12"]]


def example(help_text: str) -> list[str]:
    return shlex.split(" ".join(help_text.partition("example: claude-spend ")[2].split()))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_that_works(command: str, ask: Ask) -> None:
    code, out, err = ask(command, "--help")
    assert (code, err) == (0, "")
    words = example(out)
    assert words[0] == command
    assert callable(parser().parse_args(words).run)
    assert {"--config", "--now", "--verbose"} <= set(out.replace(",", " ").split())


def test_help_lists_every_command(ask: Ask) -> None:
    code, out, _ = ask("--help")
    assert code == 0
    (commands,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    assert set(COMMANDS) <= set(commands.choices) <= set(out.split())


def test_the_version_is_said(ask: Ask) -> None:
    assert ask("--version")[:2] == (0, "claude-spend 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "the following arguments are required: COMMAND", id="no command"),
        pytest.param(["sumary"], "invalid choice: 'sumary'", id="a misspelt command"),
        pytest.param(["summary", "--nw", "x"], "unrecognized arguments", id="an unknown option"),
        pytest.param(["incident"], "required: id", id="no id"),
        pytest.param(["backfill", "--days", "0"], "'0' is not a number of days from 1 to 3650", id="no days"),
        pytest.param(["backfill", "--days", "ten"], "'ten' is not a number of days", id="days in words"),
        pytest.param(["backfill", "--days", "²"], "'²' is not a number of days", id="days squared"),
        pytest.param(["backfill", "--days", "99999"], "'99999' is not a number of days", id="centuries"),
        pytest.param(
            ["once", "--now", "2026-11-20T14:00:00"], "is not an instant such as", id="no time zone"
        ),
        pytest.param(["once", "--now", "2026-11-20"], "is not an instant such as", id="a day is no instant"),
        pytest.param(["once", "--now", "noon"], "is not an instant such as", id="a word is no instant"),
        pytest.param(
            ["once", "--now", "0001-01-01T00:00:00+14:00"], "is not an instant such as", id="before all time"
        ),
    ],
)
def test_what_is_not_understood_exits_with_2(arguments: list[str], said: str, ask: Ask) -> None:
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_any_zone_will_do_for_now(told: Path, ask: Ask) -> None:
    answers = {
        ask("summary", "--config", str(told), "--now", now)
        for now in ("2026-11-19T05:30:00Z", "2026-11-19T11:15:00+05:45", "2026-11-19T00:30:00-05:00")
    }
    assert len(answers) == 1


@pytest.mark.parametrize("command", READING, ids=lambda words: words[0])
def test_a_wrong_configuration_exits_with_2_and_a_sentence_for_each_mistake(
    command: list[str], config: Path, ask: Ask
) -> None:
    config.write_text('timezne = "UTC"\n[slack]\nmode = "pigeon"\n[historie]\npath = "x"\n')
    code, out, err = ask(*command, "--config", str(config))
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"claude-spend: {config}") and line.endswith((".", "?")) for line in lines)


def test_a_configuration_that_is_not_there_is_wrong(tmp_path: Path, ask: Ask) -> None:
    code, _, err = ask("incidents", "--config", str(tmp_path / "none.toml"))
    assert code == 2
    assert "there is no such file" in err


@pytest.mark.parametrize("command", READING, ids=lambda words: words[0])
def test_without_a_history_the_remedy_is_said(command: list[str], config: Path, ask: Ask) -> None:
    code, out, err = ask(*command, "--config", str(config))
    assert (code, out) == (1, "")
    missing = config.with_name("history.db")
    run_first = "run `claude-spend once` first, or name another file in CLAUDE_SPEND__HISTORY__PATH"
    assert err == f"claude-spend: there is no history at {missing} yet; {run_first}\n"
    assert not missing.exists()


@pytest.mark.parametrize("command", READING, ids=lambda words: words[0])
def test_a_history_that_is_none_is_said_in_a_sentence(command: list[str], config: Path, ask: Ask) -> None:
    config.with_name("history.db").write_text("These are not the bytes of a database, " * 50)
    code, out, err = ask(*command, "--config", str(config))
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "is it a claude-spend history file" in err


def break_incidents(config: Path) -> None:
    with closing(sqlite3.connect(config.with_name("history.db"))) as db, db:
        db.execute("UPDATE incident SET body = json_set(body, '$.state', 'sleeping')")


def test_the_unexpected_is_a_sentence_too(told: Path, ask: Ask) -> None:
    break_incidents(told)
    code, out, err = ask("incidents", "--config", str(told))
    assert (code, out) == (1, "")
    assert err.startswith("claude-spend: failed unexpectedly (ValidationError: ")
    assert err.endswith("; run with --verbose and report this as a bug\n")
    assert err.count("\n") == 1


def test_only_verbose_shows_where_it_happened(told: Path, ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    break_incidents(told)
    assert ask("incidents", "--config", str(told))[0] == 1
    assert caplog.records == []
    assert ask("incidents", "--config", str(told), "--verbose")[0] == 1
    assert [bool(record.exc_info) for record in caplog.records] == [True]


def claude_spend(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["as a table", "as JSON"])
def test_a_reader_that_goes_away_is_no_error_worth_words(told: Path, options: list[str]) -> None:
    with claude_spend("incidents", *options, CLAUDE_SPEND_CONFIG=str(told)) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(30) == 1


def test_without_a_key_nothing_is_pulled_and_the_variable_is_named(config: Path) -> None:
    with claude_spend("once", CLAUDE_SPEND_CONFIG=str(config)) as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, b"")
    assert err.decode().count("claude-spend: ") == 1
    assert b"ANTHROPIC_ADMIN_KEY" in err
    assert not config.with_name("history.db").exists()
