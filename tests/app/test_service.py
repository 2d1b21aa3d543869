"""The composition root: the clock, the rules in force, and one worker a history."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Event, Timer

import pytest
from pydantic import SecretStr
from rich.console import Console

from bot.app import Service, real_machine, working_on
from bot.cli.progress import Bar
from bot.config import Settings
from bot.config.settings import History as HistorySettings
from bot.config.settings import Rules, Secrets, Slack
from bot.facts.trouble import Stopping
from bot.history.errors import LeaseHeld
from tests.jobs.town import MIDNIGHT, found

NOW = datetime(2026, 11, 19, 2, tzinfo=UTC)


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


CAP = """\
rules:
  - name: nobody spends over $1 in an hour
    because: Agreed.
    per: [key, model]
    above: $1
    within: 1h
    route: "#{channel}"
"""


def test_a_saved_rule_is_judged_by_at_once_and_told_where_it_says(tmp_path: Path) -> None:
    found(tmp_path / "history.db")
    paper = StringIO()
    console = Console(file=paper, width=100)
    rules = tmp_path / "rules"
    rules.mkdir()
    ours = settings(tmp_path).model_copy(update={"rules": Rules(path=rules)})
    now = MIDNIGHT + timedelta(minutes=20)
    service = Service(ours, real_machine(Event(), now), Bar(console, 60), console)

    def said() -> str:
        problems = service.refresh_rules().problems
        text = paper.getvalue()
        paper.truncate(0)
        paper.seek(0)
        return "\n".join((*problems, text))

    assert said() == ""
    (rules / "caps.yaml").write_text(CAP.format(channel="ml"))
    told = said()
    assert told.count("#ml · new") == 2
    assert "$3.00 in 1 hour, the cap is $1.00" in told
    assert said() == ""
    (rules / "caps.yaml").write_text("rules: [")
    assert "the last good rules stay in force" in said()
    assert said() == ""
    service.close()
