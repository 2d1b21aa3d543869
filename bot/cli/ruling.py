"""The commands for those who edit rules: `rules check`, `test` and `schema`."""

import argparse
import json
import logging
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Event

from bot.app import rule_texts
from bot.cli.drawing_rules import counted, examples
from bot.cli.loading import machine_of, paper, settings_of, stored
from bot.explain.owner import Teams
from bot.jobs.rules import lint
from bot.rules.examples import Outcome, run
from bot.rules.rulebook import Rulebook, read
from bot.rules.schema import schema

FAILED = 1
log = logging.getLogger(__name__)


def check(options: argparse.Namespace) -> int:
    """Errors with file and line, then what is probably not meant; 1 for errors."""
    settings = settings_of(options)
    rulebook = rulebook_of(settings.rules.path)
    if settings.history.path.exists():
        with stored(options) as history:
            for warning in lint(history, rulebook, settings.teams, machine_of(options, Event()).now()):
                print(f"warning: {warning}")
    else:
        print(f"warning: no history at {settings.history.path} yet: names and how often are not checked")
    for warning in _unknown_teams(rulebook, settings.teams):
        print(f"warning: {warning}")
    parts = (("rule", rulebook.rules), ("event", rulebook.events), ("route", rulebook.routes))
    print(f"{', '.join(counted(len(entries), what) for what, entries in parts)}: no errors")
    return 0


def _unknown_teams(rulebook: Rulebook, teams: Teams) -> Iterator[str]:
    """Rules per team, and patterns of teams that the configuration does not know."""
    for rule in rulebook.rules:
        if "team" in rule.per and not teams:
            yield f"{rule.name}: counts per team, but [teams] in config.toml is empty"
    named = [(rule.name, rule.where) for rule in rulebook.rules]
    named += [(route.name, route.where) for route in rulebook.routes]
    for name, pattern in ((name, pattern) for name, where in named for pattern in where.team):
        if not any(fnmatchcase(team.casefold(), pattern.casefold()) for team in teams):
            yield f"{name}: no team in config.toml is called {pattern!r}; check [teams]"


def test(options: argparse.Namespace) -> int:
    """Run the examples that stand in the rules; 1 when one comes out otherwise."""
    rulebook = rulebook_of(settings_of(options).rules.path)
    outcomes: list[Outcome] = []
    crashed: list[str] = []
    for rule in rulebook.rules:
        try:
            outcomes += run(rule)
        except Exception as error:
            log.debug("an example failed", exc_info=True)
            place, what = rulebook.places[rule.name], f"{type(error).__name__}: {error}"
            crashed.append(f"{place}: the examples cannot be run ({what}); please report this as a bug")
    paper().print(examples(rulebook, outcomes))
    for sentence in crashed:
        print(sentence)
    return FAILED if crashed or any(outcome.problem for outcome in outcomes) else 0


def show_schema(options: argparse.Namespace) -> int:
    """The JSON Schema of rule files, for editors."""
    del options
    print(json.dumps(schema(), indent=2))
    return 0


def rulebook_of(folder: Path) -> Rulebook:
    """The rules of a folder. Raises RulesError with every problem, and Trouble where it cannot be read."""
    return read(rule_texts(folder))
