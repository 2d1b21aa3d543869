"""Commands and their options, each with an example."""

import argparse
import os
from pathlib import Path
from typing import TypeAlias

from bot import VERSION
from bot.cli import replaying, ruling
from bot.cli.answering import add_answers
from bot.cli.demonstration import demo
from bot.cli.doctoring import doctor
from bot.cli.instants import instant, moment
from bot.cli.manifesting import https, show_manifest
from bot.cli.reading import explain, incident, incidents, summary
from bot.cli.working import backfill, once, run

_ABOUT = "Tells a team in Slack, within the hour, that their Claude spend has gone wrong, and why."


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="claude-spend", description=_ABOUT)
    top.add_argument("--version", action="version", version=f"claude-spend {VERSION}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_working(commands)
    _add_reading(commands)
    _add_rules(commands)
    well = _command(
        commands, "doctor", doctor, "what is well and what is not, with the remedy", "claude-spend doctor"
    )
    well.add_argument("--json", action="store_true", help="as JSON")
    app = _command(
        commands,
        "manifest",
        show_manifest,
        "print the Slack app to paste where Slack asks for a manifest",
        "claude-spend manifest > manifest.json",
    )
    app.add_argument(
        "--url",
        type=https,
        default="",
        metavar="HTTPS",
        help='for slack.mode = "http": the public address that leads to slack.listen (default: Socket Mode)',
    )
    return top


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 it has no other name


def _add_working(commands: _Commands) -> None:
    _command(commands, "run", run, "pull, watch and tell, every hour until SIGTERM", "claude-spend run")
    _command(
        commands,
        "once",
        once,
        "one whole cycle: collect, detect, deliver",
        "claude-spend once --now 2026-11-20T14:00:00Z",
    )
    pull = _command(
        commands, "backfill", backfill, "pull history, resumable", "claude-spend backfill --days 90"
    )
    pull.add_argument("--days", type=_days, default=365, help="how far back (default: all there is)")
    show = _command(
        commands, "demo", demo, "watch incidents unfold in a built-in organisation", "claude-spend demo"
    )
    show.add_argument("--seed", type=int, default=7, help="another seed, another organisation (default: 7)")


def _add_reading(commands: _Commands) -> None:
    ask = _command(
        commands,
        "summary",
        summary,
        "what /claude-spend would answer: what was spent, against what is usual",
        "claude-spend summary yesterday by model",
    )
    words = "a period, by key|model|workspace|user|product|team, names; or: help (default: today by key)"
    ask.add_argument("words", nargs="*", metavar="WORD", help=words)
    why = _command(
        commands,
        "explain",
        explain,
        "why a scope cost what it did in any window, and where",
        "claude-spend explain --scope key:ci-eval --from 2026-11-19 --to 2026-11-20T06:00:00Z",
    )
    why.add_argument(
        "--scope",
        nargs="+",
        default=[],
        metavar="KIND:NAME",
        help="key:NAME, model:NAME, workspace:NAME, user:NAME, product:NAME or several (default: everything)",
    )
    why.add_argument(
        "--from", dest="start", type=moment, metavar="T", help="a day or an hour (default: today)"
    )
    why.add_argument("--to", dest="end", type=moment, metavar="T", help="the end, exclusive (default: now)")
    why.add_argument(
        "--against",
        nargs=2,
        type=moment,
        metavar=("FROM", "TO"),
        help="another window to compare with (default: what was to be expected)",
    )
    everything = _command(
        commands, "incidents", incidents, "list incidents, newest first", "claude-spend incidents --json"
    )
    one = _command(
        commands,
        "incident",
        incident,
        "one incident, whole; or say what you know about it",
        "claude-spend incident 261021-9f3c --snooze 4h",
    )
    one.add_argument("id", help="an incident's id, or its beginning")
    add_answers(one)
    for listing in (why, everything, one):
        listing.add_argument("--json", action="store_true", help="everything known, as JSON")


def _add_rules(commands: _Commands) -> None:
    about = "check, try and replay the rules that people edit"
    rules = commands.add_parser("rules", help=about, description=about)
    deeds = rules.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, deed, help_, example in (
        ("check", ruling.check, "errors with file and line, and warnings", "claude-spend rules check"),
        ("test", ruling.test, "run the examples in the rules", "claude-spend rules test"),
        (
            "schema",
            ruling.show_schema,
            "print the JSON Schema, for editors",
            "claude-spend rules schema > rules.schema.json",
        ),
    ):
        _command(deeds, name, deed, help_, example)
    _add_replay(deeds)


def _add_replay(deeds: _Commands) -> None:
    past = _command(
        deeds,
        "replay",
        replaying.replay,
        "what rules would have said of the stored history",
        "claude-spend rules replay --from 2026-10-01",
    )
    past.add_argument("--rule", metavar="NAME", help="only this one (default: all)")
    past.add_argument(
        "--against", metavar="DIR", type=Path, help="another folder of rules: show only what differs"
    )
    past.add_argument("--json", action="store_true", help="as JSON, dollars in nano-USD")
    better = _command(
        deeds,
        "suggest",
        replaying.suggest,
        "limits that would have spoken so often",
        "claude-spend rules suggest --alerts-per-month 2",
    )
    better.add_argument(
        "--alerts-per-month", type=_times, default=2.0, metavar="K", help="for each rule (default: 2)"
    )
    for command in (past, better):
        command.add_argument("--from", dest="start", type=moment, metavar="T", help="default: 30 days ago")
        command.add_argument("--to", dest="end", type=moment, metavar="T", help="default: now")


def _command(
    commands: _Commands, name: str, run_command: object, about: str, example: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=about, epilog=f"example: {example}")
    command.add_argument(
        "--config",
        default=os.environ.get("CLAUDE_SPEND_CONFIG"),
        metavar="PATH",
        help="configuration file (default: config.toml, or CLAUDE_SPEND_CONFIG)",
    )
    command.add_argument("--now", type=instant, metavar="T", help="fix the clock, RFC 3339")
    command.add_argument("--verbose", action="store_true", help="say everything, with tracebacks")
    command.set_defaults(run=run_command)
    return command


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 3650")
    return int(text)


def _times(text: str) -> float:
    try:
        times = float(text)
    except ValueError:
        times = 0.0
    if not 0 < times <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of alerts such as 2 or 0.5")
    return times
