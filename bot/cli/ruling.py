"""The commands for those who edit rules: `rules check`, `test` and `schema`."""

import argparse
import json
from pathlib import Path
from threading import Event

from rich.console import Console

from bot.app import rule_texts
from bot.cli.drawing_rules import counted, examples
from bot.cli.loading import machine_of, settings_of, stored
from bot.jobs.rules import lint
from bot.rules.examples import run
from bot.rules.rulebook import Rulebook, read
from bot.rules.schema import schema

FAILED = 1


def check(options: argparse.Namespace) -> int:
    """Errors with file and line, then what is probably not meant; 1 for errors."""
    settings = settings_of(options)
    rulebook = rulebook_of(settings.rules.path)
    if settings.history.path.exists():
        with stored(options) as history:
            for warning in lint(history, rulebook, settings.teams, machine_of(options, Event()).now()):
                print(f"warning: {warning}")
    parts = (("rule", rulebook.rules), ("event", rulebook.events), ("route", rulebook.routes))
    print(f"{', '.join(counted(len(entries), what) for what, entries in parts)}: no errors")
    return 0


def test(options: argparse.Namespace) -> int:
    """Run the examples that stand in the rules; 1 when one comes out otherwise."""
    rulebook = rulebook_of(settings_of(options).rules.path)
    outcomes = [outcome for rule in rulebook.rules for outcome in run(rule)]
    Console().print(examples(rulebook, outcomes))
    return FAILED if any(outcome.problem for outcome in outcomes) else 0


def show_schema(options: argparse.Namespace) -> int:
    """The JSON Schema of rule files, for editors."""
    del options
    print(json.dumps(schema(), indent=2))
    return 0


def rulebook_of(folder: Path) -> Rulebook:
    """The rules of a folder. Raises RulesError with every problem, and Trouble where it cannot be read."""
    return read(rule_texts(folder))
