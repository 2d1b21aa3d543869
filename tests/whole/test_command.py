"""The command as a process of its own: exit codes, who holds the history, and how it stops."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.whole.house import REPOSITORY, House

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)
SOON = 15.0


@contextmanager
def service(house: House) -> Iterator[subprocess.Popen[str]]:
    """`claude-spend run`, which a test that fails does not leave behind."""
    command = house.command("run", "--now", NOW.isoformat())
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=house.environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until_told(house: House) -> None:
    deadline = time.monotonic() + SOON
    while not house.told():
        assert time.monotonic() < deadline, "nothing was told"
        time.sleep(0.02)


@pytest.fixture
def ready(house: House) -> House:
    house.at(NOW)
    house.furnish()
    return house


def test_the_service_tells_keeps_its_history_to_itself_and_stops_when_asked(ready: House) -> None:
    with service(ready) as process:
        until_told(ready)
        second = ready.run("once", "--now", NOW.isoformat())
        assert second.code == 1
        (said,) = second.said
        assert f"being worked on by `claude-spend run` (process {process.pid} on " in said
        assert said.endswith("; stop that one first")
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=SOON)
    assert process.returncode == 0
    assert time.monotonic() - asked < 5
    assert "Traceback" not in err
    assert [line for line in err.splitlines() if "stopping" in line]
    assert ready.told() == dict.fromkeys(ready.incidents(), 1)
    assert ready.once(NOW).code == 0


@pytest.mark.parametrize("held", [1, 4])
def test_the_service_stops_though_anthropic_is_slow(ready: House, held: int) -> None:
    """The request in hand is finished; the next one is not begun."""
    ready.anthropic.hold_at(held)
    with service(ready) as process:
        assert ready.anthropic.held.wait(SOON)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        ready.anthropic.release()
        process.communicate(timeout=SOON)
    assert process.returncode == 0
    assert len(ready.anthropic.asked) == held
    assert ready.once(NOW).code == 0
    assert ready.told() == dict.fromkeys(ready.incidents(), 1)


def test_a_holder_that_was_killed_holds_nothing(ready: House) -> None:
    with service(ready) as process:
        until_told(ready)
        process.kill()
        process.wait(SOON)
    assert ready.once(NOW).code == 0


def run(house: House, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        house.command(*arguments),
        cwd=REPOSITORY,
        env={**house.environment(), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_once_as_a_process_of_its_own(ready: House) -> None:
    done = run(ready, "once", "--now", NOW.isoformat())
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert ready.told() == dict.fromkeys(ready.incidents(), 1)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        pytest.param({"ANTHROPIC_ADMIN_KEY": ""}, "needs ANTHROPIC_ADMIN_KEY", id="no key"),
        pytest.param({"CLAUDE_SPEND__SLACK__MODE": "fax"}, "CLAUDE_SPEND__SLACK__MODE", id="no such mode"),
        pytest.param({"CLAUDE_SPEND__SLACK__CHANNEL": ""}, "slack.channel", id="no channel"),
        pytest.param({"ANTHROPIC_ADMIN_KEY": "sk-ant-\u00e9"}, "foreign letter", id="a key with an accent"),
        pytest.param({"CLAUDE_SPEND__ANTHROPIC__BASE_URL": "ftp://x"}, "BASE_URL", id="another protocol"),
        pytest.param(
            {"CLAUDE_SPEND_CONFIG": "/nowhere/config.toml"}, "/nowhere/config.toml", id="no such file"
        ),
    ],
)
def test_a_wrong_configuration_is_2(new_house: House, environment: dict[str, str], said: str) -> None:
    new_house.more |= environment
    ended = new_house.run("once")
    assert ended.code == 2
    (sentence,) = ended.said
    assert said in sentence
    assert "sk-ant" not in sentence
    assert new_house.anthropic.asked == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("config.toml/history.db", "could not be opened", id="a folder that is a file"),
        pytest.param(".", "could not be opened", id="a file that is a folder"),
        pytest.param("noise.db", "file is not a database", id="a file of another kind"),
    ],
)
def test_a_history_that_cannot_be_kept_is_1(new_house: House, path: str, said: str) -> None:
    Path(new_house.folder / "noise.db").write_bytes(b"certainly no database" * 100)
    new_house.more["CLAUDE_SPEND__HISTORY__PATH"] = path
    ended = new_house.run("once", "--now", NOW.isoformat())
    assert ended.code == 1
    (sentence,) = ended.said
    assert said in sentence
    assert Path(new_house.folder / "noise.db").read_bytes() == b"certainly no database" * 100


@pytest.mark.parametrize("arguments", [("once", "--now", "yesterday"), ("once", "--nwo", "x"), ()])
def test_a_wrong_command_line_is_2(new_house: House, arguments: tuple[str, ...]) -> None:
    assert new_house.run(*arguments).code == 2
