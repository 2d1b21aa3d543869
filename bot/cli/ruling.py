"""The commands for those who edit rules: `rules check`, `test`, `schema` and `replay`."""

import argparse
import json
from datetime import datetime
from threading import Event

from rich.console import Console

from bot.app import rule_texts
from bot.cli import drawing
from bot.cli.loading import machine_of, settings_of, stored
from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.facts.trouble import Trouble
from bot.jobs.rules import lint, replay_all
from bot.rules.examples import run
from bot.rules.rulebook import Rulebook, read
from bot.rules.schema import schema

_REPLAYED = 30 * DAY
_FAILED = 1


def check(options: argparse.Namespace) -> int:
    """Errors with file and line, then what is probably not meant; 1 for errors."""
    rulebook = _rulebook(options)
    if settings_of(options).history.path.exists():
        with stored(options) as history:
            for warning in lint(history, rulebook, machine_of(options, Event()).now()):
                print(f"warning: {warning}")
    print(f"{len(rulebook.rules)} rules and {len(rulebook.events)} events: no errors")
    return 0


def test(options: argparse.Namespace) -> int:
    """Run the examples that stand in the rules; 1 when one comes out otherwise."""
    rulebook = _rulebook(options)
    outcomes = [outcome for rule in rulebook.rules for outcome in run(rule)]
    Console().print(drawing.examples(rulebook, outcomes))
    return _FAILED if any(outcome.problem for outcome in outcomes) else 0


def show_schema(options: argparse.Namespace) -> int:
    """The JSON Schema of rule files, for editors."""
    del options
    print(json.dumps(schema(), indent=2))
    return 0


def replay(options: argparse.Namespace) -> int:
    """What rules would have said of the stored history."""
    rulebook, now = _rulebook(options), machine_of(options, Event()).now()
    window = _window(options.start, options.end, now)
    chosen = tuple(rule for rule in rulebook.rules if options.rule in {None, rule.name})
    if not chosen:
        names = "; ".join(rule.name for rule in rulebook.rules) or "there are none"
        raise Trouble(f"no rule is called {options.rule!r}: {names}")
    with stored(options) as history:
        found = replay_all(history, Rulebook(chosen, rulebook.events, rulebook.places), window)
        directory = history.names.load()
    Console().print(drawing.replayed(chosen, found, window, directory))
    return 0


def _window(start: datetime | None, end: datetime | None, now: datetime) -> Window:
    last = end or ceil(now, Grain.HOUR)
    first = start or floor(last - _REPLAYED, Grain.DAY)
    if last <= first:
        raise Trouble("--to must lie after --from")
    return Window(first, last)


def _rulebook(options: argparse.Namespace) -> Rulebook:
    """The rules of the folder. Raises RulesError with every problem, and Trouble where it cannot be read."""
    folder = settings_of(options).rules.path
    try:
        return read(rule_texts(folder))
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"the rules in {folder} cannot be read ({error}); set rules.path") from error
