"""What rules would have said of the past: `rules replay` and `rules suggest`."""

import argparse
from collections.abc import Iterable
from threading import Event

from rich.console import Console
from rich.progress import track

from bot.cli import drawing_rules as drawing
from bot.cli.instants import window
from bot.cli.loading import machine_of, settings_of, stored
from bot.cli.ruling import rulebook_of
from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.facts.trouble import Trouble
from bot.jobs.rules import Past, difference, replay_rule, suggestions
from bot.rules.language import Rule
from bot.rules.replay import Episode
from bot.rules.rulebook import Rulebook

_REPLAYED = 30 * DAY


def replay(options: argparse.Namespace) -> int:
    """What rules would have said of the stored history; beside other rules, only what differs."""
    settings = settings_of(options)
    chosen = _chosen(rulebook_of(settings.rules.path), options.rule)
    other = _chosen(rulebook_of(options.against), options.rule) if options.against else None
    asked, console = _window(options), Console()
    with stored(options) as history:
        past = Past.of(history, chosen, asked, settings.teams)
        if other is None:
            found = [one for rule in _progress(chosen.rules) for one in replay_rule(rule, past)]
            console.print(drawing.replayed(chosen.rules, found, asked, past.directory))
            return 0
        here = _episodes(chosen, past)
        there = _episodes(other, Past.of(history, other, asked, settings.teams))
    console.print(drawing.compared(difference(here, there), f"{options.against}", asked, past.directory))
    return 0


def suggest(options: argparse.Namespace) -> int:
    """Limits that would have spoken as often as people want to be told."""
    settings = settings_of(options)
    rulebook, asked = rulebook_of(settings.rules.path), _window(options)
    with stored(options) as history:
        past = Past.of(history, rulebook, asked, settings.teams)
        found = list(suggestions(rulebook, past, options.alerts_per_month))
    Console().print(drawing.suggested(found, asked))
    return 0


def _chosen(rulebook: Rulebook, name: str | None) -> Rulebook:
    rules = tuple(rule for rule in rulebook.rules if name in {None, rule.name})
    if not rules and name is not None:
        names = "; ".join(rule.name for rule in rulebook.rules) or "there are none"
        raise Trouble(f"no rule is called {name!r}: {names}")
    return Rulebook(rules, rulebook.events, rulebook.routes, rulebook.places)


def _episodes(rulebook: Rulebook, past: Past) -> list[Episode]:
    return [one.episode for rule in _progress(rulebook.rules) for one in replay_rule(rule, past)]


def _progress(rules: Iterable[Rule]) -> Iterable[Rule]:
    talk = Console(stderr=True)
    return track(list(rules), "Replaying rules", console=talk, transient=True, disable=not talk.is_terminal)


def _window(options: argparse.Namespace) -> Window:
    last = options.end or ceil(machine_of(options, Event()).now(), Grain.HOUR)
    return window(options.start or floor(last - _REPLAYED, Grain.DAY), last)
