"""The `demo` command: the real pipeline over real HTTP, in a built-in organisation whose clock runs fast."""

import argparse
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from rich.status import Status

from bot.app import Machine, Service
from bot.cli.progress import Bar
from bot.config import Settings
from bot.config.settings import Anthropic, Digest, History, Rules, Secrets
from bot.demo import DEMO_KEY, Chapter, Demo, VirtualClock, build_demo, calendar_yaml, serve
from bot.facts.clock import HOUR
from bot.facts.money import show
from bot.facts.text import when
from bot.history.store import History as HistoryFile

_REQUESTS_PER_MINUTE = 100_000
_PAST_THE_HOUR = timedelta(minutes=35)
_EVENTFUL, _UNEVENTFUL = HOUR, 6 * HOUR
_EVENTFUL_FOR = timedelta(hours=9)

_CONNECT = """
[bold]Connect your own organisation[/bold]
  1. cp config.example.toml config.toml
  2. export ANTHROPIC_ADMIN_KEY=sk-ant-admin01-...   (Console > Settings > Admin keys)
  3. make run
"""


def demo(options: argparse.Namespace) -> int:
    """Pull the demo organisation, then live through its three weeks hour by hour."""
    console = Console()
    world = build_demo(options.seed)
    folder = Path(tempfile.mkdtemp(prefix="claude-spend-demo-"))
    clock = VirtualClock(world.story_start)
    with serve(world, clock) as base_url:
        settings = _settings(base_url, folder, world)
        machine = Machine(clock.now, lambda: clock.now().timestamp(), lambda _: None)
        service = Service(settings, machine, Bar(console, _REQUESTS_PER_MINUTE), console)
        console.print(_welcome(world), highlight=False)
        problems = _live(service, world, clock, console)
        service.close()
    for problem in problems:
        print(f"claude-spend: {problem}", file=sys.stderr)
    _farewell(settings, clock.now(), console)
    return 1 if problems else 0


def _settings(base_url: str, folder: Path, world: Demo) -> Settings:
    rules = folder / "rules"
    rules.mkdir()
    (rules / "calendar.yaml").write_text(calendar_yaml(world.story), "utf-8")
    return Settings(
        anthropic=Anthropic(base_url=base_url, requests_per_minute=_REQUESTS_PER_MINUTE),
        history=History(path=folder / "history.db"),
        rules=Rules(path=rules),
        digest=Digest(daily=False),
        secrets=Secrets(anthropic_admin_key=SecretStr(DEMO_KEY)),
    )


def _welcome(world: Demo) -> str:
    return (
        f"[bold]The demo organisation[/bold]: {len(world.organisation.keys)} keys, Anthropic's API on a "
        f"local socket, and three weeks of trouble from {when(world.story_start)}. Every hour is pulled over "
        "HTTP, stored, judged and told as it would be on yours."
    )


def _live(service: Service, world: Demo, clock: VirtualClock, console: Console) -> tuple[str, ...]:
    """Hour after hour until the story ends, or something fails; each chapter is announced as it begins."""
    problems = service.cycle().problems
    chapters = sorted(world.story, key=lambda chapter: chapter.window.start)
    with console.status("") as status:
        at = world.story_start + _PAST_THE_HOUR
        while at < world.story_end and not problems:
            clock.advance(at)
            _announce(chapters, at, console)
            _show_time(status, at)
            problems = service.cycle().problems
            at = _next(world, at)
    return problems


def _next(world: Demo, at: datetime) -> datetime:
    """Soon after a chapter begins the clock goes hour by hour, else faster: missed hours are caught up."""
    begun = [chapter.window.start + _PAST_THE_HOUR for chapter in world.story]
    if any(start <= at < start + _EVENTFUL_FOR for start in begun):
        return at + _EVENTFUL
    return min(start for start in (*begun, at + _UNEVENTFUL) if start > at)


def _announce(chapters: list[Chapter], at: datetime, console: Console) -> None:
    while chapters and chapters[0].window.start <= at:
        console.print(f"[dim]{when(chapters[0].window.start)}  {chapters.pop(0).told}[/dim]")


def _show_time(status: Status, at: datetime) -> None:
    status.update(f"{at:%A %-d %B, %H:00} UTC")


def _farewell(settings: Settings, last: datetime, console: Console) -> None:
    path = settings.history.path
    with HistoryFile(path) as history:
        told = history.incidents.latest()
    still_open = sum(not incident.state.is_over for incident in told)
    total = show(type(told[0].excess)(sum(incident.excess for incident in told))) if told else "$0.00"
    console.print(
        f"\n{len(told)} incidents, {still_open} still open, {total} beyond the usual.\n"
        "In Slack each is one message that is rewritten as it goes on.\n"
        "Look around:\n"
        f"  export CLAUDE_SPEND__HISTORY__PATH={path}\n"
        "  .venv/bin/claude-spend incidents\n"
        f"  .venv/bin/claude-spend summary yesterday by model --now {last:%Y-%m-%dT%H:%M:%SZ}",
        highlight=False,
        soft_wrap=True,
    )
    console.print(_CONNECT, highlight=False)
