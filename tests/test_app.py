"""The composition root: the clock, the rules in force, and one worker a history."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Timer

import pytest
from pydantic import SecretStr
from rich.console import Console

from bot.app import Service, read_rules, real_machine, working_on
from bot.cli.progress import Bar
from bot.config import Settings
from bot.config.settings import History as HistorySettings
from bot.config.settings import Secrets, Slack
from bot.facts.trouble import Stopping
from bot.history.errors import LeaseHeld
from bot.history.store import History
from bot.rules.rulebook import Rulebook

NOW = datetime(2026, 11, 19, 2, tzinfo=UTC)
CAP = """
rules:
  - name: no key spends more than $100 in 3 hours
    because: Agreed.
    watch: cost
    per: key
    above: $100
    within: 3h
"""


def rules_folder(folder: Path, text: str) -> Path:
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "caps.yaml").write_text(text, "utf-8")
    return rules


def test_good_rules_are_in_force_without_a_word(tmp_path: Path) -> None:
    with History(tmp_path / "history.db") as history:
        rulebook, problems = read_rules(rules_folder(tmp_path, CAP), history)
    assert [rule.name for rule in rulebook.rules] == ["no key spends more than $100 in 3 hours"]
    assert problems == ()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(CAP.replace("$100\n", "$-1\n"), id="an impossible cap"),
        pytest.param("rules: [", id="half a file"),
    ],
)
def test_broken_rules_leave_the_last_good_ones_in_force(broken: str, tmp_path: Path) -> None:
    with History(tmp_path / "history.db") as history:
        good, _ = read_rules(rules_folder(tmp_path, CAP), history)
        kept, problems = read_rules(rules_folder(tmp_path, broken), history)
        assert kept == good
        assert "rules/caps.yaml" in problems[0]
        assert problems[0].endswith("the last good rules stay in force")
        assert read_rules(rules_folder(tmp_path, CAP), history) == (good, ())


def test_rules_that_were_never_good_are_not_in_force(tmp_path: Path) -> None:
    with History(tmp_path / "history.db") as history:
        rulebook, problems = read_rules(rules_folder(tmp_path, "rules: 7"), history)
    assert rulebook == Rulebook()
    assert problems[0].endswith("no rules are in force")


def test_rules_that_are_not_text_are_broken(tmp_path: Path) -> None:
    rules = rules_folder(tmp_path, CAP)
    (rules / "caps.yaml").write_bytes(b"\xff\xfe\x00")
    with History(tmp_path / "history.db") as history:
        assert read_rules(rules, history)[1]


def test_a_fixed_clock_stands_still() -> None:
    machine = real_machine(Event(), NOW)
    assert machine.now() == machine.now() == NOW


def test_the_machines_clock_is_in_utc_and_goes_on() -> None:
    machine = real_machine(Event())
    first, ticks = machine.now(), machine.monotonic()
    machine.sleep(0.01)
    assert timedelta(0) < machine.now() - first < timedelta(minutes=1)
    assert machine.monotonic() > ticks
    assert first.utcoffset() == timedelta(0)


def test_waiting_ends_when_the_service_is_asked_to_stop() -> None:
    stop = Event()
    machine = real_machine(stop)
    timer = Timer(0.05, stop.set)
    timer.start()
    with pytest.raises(Stopping):
        machine.sleep(60)
    timer.join()
    with pytest.raises(Stopping):
        machine.sleep(0)


def settings(folder: Path, mode: str = "console") -> Settings:
    secrets = Secrets(
        anthropic_admin_key=SecretStr("sk-ant-admin-x"),
        slack_bot_token=SecretStr("xoxb-x"),
        slack_webhook_url=SecretStr("https://hooks.example.com/x"),
    )
    history = HistorySettings(path=folder / "history.db")
    return Settings(
        history=history, slack=Slack.model_validate({"mode": mode, "channel": "#ai"}), secrets=secrets
    )


def test_one_works_on_a_history_at_a_time(tmp_path: Path) -> None:
    ours = settings(tmp_path)
    with working_on(ours, "backfill", NOW):
        with pytest.raises(
            LeaseHeld, match=r"`claude-spend backfill` \(process \d+ on .*, since 2026-11-19 02:00 UTC\)"
        ):
            work(ours)
        work(settings(tmp_path / "elsewhere"))
    work(ours)


def work(ours: Settings) -> None:
    with working_on(ours, "once", NOW):
        pass


@pytest.mark.parametrize(
    ("mode", "edits"),
    [
        pytest.param("console", False, id="what a console printed stays"),
        pytest.param("webhook", False, id="a webhook only posts"),
        pytest.param("socket", True, id="a bot token edits"),
        pytest.param("http", True, id="the same with a public address"),
    ],
)
def test_the_sender_is_the_one_that_was_chosen(mode: str, edits: bool, tmp_path: Path) -> None:
    console = Console(quiet=True)
    service = Service(settings(tmp_path, mode), real_machine(Event(), NOW), Bar(console, 60), console)
    assert service._sender.edits is edits
    service.close()
