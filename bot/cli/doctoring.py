"""`doctor`: what is well and what is not, worst first, with the remedy."""

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from threading import Event

from rich.table import Table

from bot.cli.drawing import text
from bot.cli.drawing_rules import counted
from bot.cli.loading import machine_of, paper, settings_of, usual_lag
from bot.cli.ruling import rulebook_of
from bot.config import Settings, missing_for_service
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.doctor import Check, examine

_LEAST_FREE = 1_000_000_000
"""Bytes: a year of a large organisation."""


def doctor(options: argparse.Namespace) -> int:
    """Look at everything; 1 where something is not well."""
    settings, now = settings_of(options), machine_of(options, Event()).now()
    checks = [*_configuration(settings), _rules(settings), *_disk(settings.history.path)]
    if settings.history.path.exists():
        lag = usual_lag(settings)
        with History(settings.history.path) as history:
            checks += [_integrity(history), *examine(history, lag, now)]
    worst_first = sorted(checks, key=lambda check: check.well)
    if options.json:
        print(json.dumps([asdict(check) for check in worst_first], indent=2))
    else:
        paper().print(_drawn(worst_first))
    return 0 if all(check.well for check in checks) else 1


def _configuration(settings: Settings) -> Iterator[Check]:
    missing = missing_for_service(settings)
    for sentence in missing:
        what, _, remedy = sentence.partition("; ")
        yield Check("configuration", well=False, said=what, remedy=remedy)
    if not missing:
        yield Check("configuration", well=True, said="everything the service needs is given")


def _rules(settings: Settings) -> Check:
    folder = settings.rules.path
    try:
        rulebook = rulebook_of(folder)
    except Trouble as trouble:
        problems = str(trouble).splitlines()
        said = f"{counted(len(problems), 'mistake')} in {folder}: {problems[0]}"
        return Check("rules", well=False, said=said, remedy="`claude-spend rules check` names all of them")
    return Check("rules", well=True, said=f"{counted(len(rulebook.rules), 'rule')} in {folder}")


def _disk(path: Path) -> Iterator[Check]:
    folder = path.resolve().parent
    if not folder.exists():
        said = f"the folder of {path} does not exist"
        yield Check("history", well=False, said=said, remedy="make it, or set history.path")
        return
    if not path.exists():
        yield Check("history", well=False, said=f"no history at {path} yet", remedy="run `claude-spend once`")
    free = shutil.disk_usage(folder).free
    remedy = "" if free >= _LEAST_FREE else "free some, or move history.path"
    yield Check("disk", not remedy, f"{free / 1e9:,.1f} GB free beside {path}", remedy)


def _integrity(history: History) -> Check:
    found = history.damage()
    remedy = "stop the service and restore the file from a copy" if found else ""
    return Check("history", not found, found or "the file is sound", remedy)


def _drawn(checks: list[Check]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        mark, style = ("✓", "green") if check.well else ("✗", "red")
        said = f"{check.said}: {check.remedy}" if check.remedy else check.said
        table.add_row(text(mark, style), text(check.name), text(said))
    return table
