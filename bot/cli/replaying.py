"""What rules would have said of the past: `rules replay` and `rules suggest`."""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import TypeVar

from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import track

from bot.cli import drawing_rules as drawing
from bot.cli.instants import window
from bot.cli.loading import machine_of, paper, settings_of, stored
from bot.cli.ruling import rulebook_of
from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.facts.trouble import Trouble
from bot.jobs.rules import Difference, Past, difference, replay_rule, suggestions
from bot.rules.replay import Episode
from bot.rules.rulebook import Rulebook

_REPLAYED = 30 * DAY
_T = TypeVar("_T")
_EPISODES = TypeAdapter(list[Episode])


def replay(options: argparse.Namespace) -> int:
    """What rules would have said of the stored history; beside other rules, only what differs."""
    settings, asked = settings_of(options), _window(options)
    chosen = _chosen(rulebook_of(settings.rules.path), options.rule)
    other = _chosen(_other(options.against), options.rule) if options.against else None
    with stored(options) as history:
        past = Past.of(history, chosen, asked, settings.teams)
        if other is not None:
            there = Past.of(history, other, asked, settings.teams)
            differences = list(_differences(chosen, past, other, there))
            paper().print(drawing.compared(differences, f"{options.against}", asked, past.directory))
            return 0
        found = [one for rule in _progress(chosen.rules) for one in replay_rule(rule, past)]
    if options.json:
        found_episodes, left_out = [one.episode for one in found], {"__all__": {"leaves"}}
        episodes = _EPISODES.dump_python(found_episodes, mode="json", exclude=left_out)
        print(json.dumps({"unit": "nano-USD", "episodes": episodes}, indent=2))
    else:
        paper().print(drawing.replayed(chosen.rules, found, asked, past.directory))
    return 0


def suggest(options: argparse.Namespace) -> int:
    """Limits that would have spoken as often as people want to be told."""
    settings = settings_of(options)
    rulebook, asked = rulebook_of(settings.rules.path), _window(options)
    with stored(options) as history:
        past = Past.of(history, rulebook, asked, settings.teams)
        found = list(suggestions(rulebook, past, options.alerts_per_month))
    paper().print(drawing.suggested(found, len(rulebook.rules) - len(found), asked))
    return 0


def _other(folder: Path) -> Rulebook:
    if not folder.is_dir():
        raise Trouble(f"there is no folder {folder}; name one with rule files")
    if not (rulebook := rulebook_of(folder)).rules:
        raise Trouble(f"no rule stands in {folder}; name a folder of rule files")
    return rulebook


def _chosen(rulebook: Rulebook, name: str | None) -> Rulebook:
    """All rules, or the only one that is called so or has it in its name. Raises Trouble."""
    if name is None:
        return rulebook
    exact = [rule for rule in rulebook.rules if rule.name == name]
    found = exact or [rule for rule in rulebook.rules if name.casefold() in rule.name.casefold()]
    if len(found) != 1:
        names = "".join(f"\n  {rule.name}" for rule in found or rulebook.rules) or " there are none"
        what = f"{len(found)} rules are called" if found else "no rule is called"
        raise Trouble(f"{what} {name!r}:{names}")
    return Rulebook(tuple(found), rulebook.events, rulebook.routes, rulebook.places)


def _differences(here: Rulebook, past: Past, there: Rulebook, past_there: Past) -> Iterator[Difference]:
    """Rule by rule, in the order in which they stand here, then there."""
    ours, theirs = ({rule.name: rule for rule in book.rules} for book in (here, there))
    for name in _progress(dict.fromkeys((*ours, *theirs))):
        both = ((theirs.get(name), past_there), (ours.get(name), past))
        before, after = ([one.episode for one in replay_rule(rule, of)] if rule else [] for rule, of in both)
        yield difference(name, (theirs.get(name), ours.get(name)), after, before)


def _progress(steps: Iterable[_T]) -> Iterable[_T]:
    talk = Console(stderr=True)
    return track(list(steps), "Replaying rules", console=talk, transient=True, disable=not talk.is_terminal)


def _window(options: argparse.Namespace) -> Window:
    last = options.end or ceil(machine_of(options, Event()).now(), Grain.HOUR)
    return window(options.start or floor(last - _REPLAYED, Grain.DAY), last)
