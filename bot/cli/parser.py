"""Commands and their options, each with an example."""

import argparse
import os
from datetime import UTC, datetime
from typing import TypeAlias

from bot import VERSION
from bot.cli import ruling
from bot.cli.answering import add_answers
from bot.cli.demonstration import demo
from bot.cli.reading import explain, incident, incidents, summary
from bot.cli.working import backfill, once, run
from bot.facts.clock import Grain, floor

_ABOUT = "Tells a team in Slack, within the hour, that their Claude spend has gone wrong, and why."


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="claude-spend", description=_ABOUT)
    top.add_argument("--version", action="version", version=f"claude-spend {VERSION}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_working(commands)
    _add_reading(commands)
    _add_rules(commands)
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
        "what was spent, against what is usual",
        "claude-spend summary yesterday by model",
    )
    words = "today|yesterday|week|month, by key|model|workspace|user|product|team"
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
        "--from", dest="start", type=_moment, metavar="T", help="a day or an hour (default: today)"
    )
    why.add_argument("--to", dest="end", type=_moment, metavar="T", help="the end, exclusive (default: now)")
    why.add_argument(
        "--against",
        nargs=2,
        type=_moment,
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
    about = "lint rules, run their examples, show what they would have said"
    rules = commands.add_parser("rules", help=about, description=about)
    deeds = rules.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _command(
        deeds, "check", ruling.check, "errors with file and line, and warnings", "claude-spend rules check"
    )
    _command(deeds, "test", ruling.test, "run the examples in the rules", "claude-spend rules test")
    _command(
        deeds,
        "schema",
        ruling.show_schema,
        "print the JSON Schema, for editors",
        "claude-spend rules schema > rules.schema.json",
    )
    past = _command(
        deeds,
        "replay",
        ruling.replay,
        "what rules would have said of the stored history",
        "claude-spend rules replay --from 2026-10-01",
    )
    past.add_argument("--rule", metavar="NAME", help="only this one (default: all)")
    past.add_argument("--from", dest="start", type=_moment, metavar="T", help="default: 30 days ago")
    past.add_argument("--to", dest="end", type=_moment, metavar="T", help="default: now")


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
    command.add_argument("--now", type=_instant, metavar="T", help="fix the clock, RFC 3339")
    command.add_argument("--verbose", action="store_true", help="say everything, with tracebacks")
    command.set_defaults(run=run_command)
    return command


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not an instant such as 2026-11-20T14:00:00Z")


def _moment(text: str) -> datetime:
    """A day or an instant in UTC, cut to its hour."""
    try:
        at = datetime.fromisoformat(text)
        return floor(at if at.tzinfo else at.replace(tzinfo=UTC), Grain.HOUR)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a day such as 2026-11-20 nor an instant such as 2026-11-20T14:00:00Z"
        ) from None


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 3650")
    return int(text)
