"""The commands that only read: `summary`, `explain`, `incidents`, `incident`."""

import argparse
import json
from datetime import datetime
from threading import Event

from pydantic import TypeAdapter

from bot.app import telling_of
from bot.cli import drawing
from bot.cli.answering import answer_in
from bot.cli.instants import window
from bot.cli.loading import machine_of, paper, settings_of, stored
from bot.facts.clock import Grain, ceil, floor
from bot.facts.incident import Incident
from bot.facts.text import when
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.act import answer_to, the_one
from bot.jobs.explain import Explanation, explanation
from bot.jobs.rulebook import last_good
from bot.jobs.scopes import read_scope
from bot.jobs.summary import period_window, summarise, understand
from bot.jobs.teams import assign_teams

_INCIDENT, _EXPLANATION = TypeAdapter(Incident), TypeAdapter(Explanation)


def summary(options: argparse.Namespace) -> int:
    """What a period cost, by key or another dimension."""
    question = understand(options.words)
    now, teams = machine_of(options, Event()).now(), settings_of(options).teams
    with stored(options) as history:
        _refuse_unread(question.period, history, now)
        answer = summarise(question, history.totals, history.names.load(), now, teams)
    paper().print(drawing.summary(answer))
    return 0


def _refuse_unread(period: str, history: History, now: datetime) -> None:
    """What was never read is not $0. Raises Trouble that says how far the history reaches."""
    if history.spend.coverage(period_window(period, now)).known.any():
        return
    read = history.spend.last_read()
    reaches = f"reaches from {when(read[0].start)} to {when(read[0].end)}" if read else "is still empty"
    remedy = "pull with `claude-spend once`, or ask with --now"
    raise Trouble(f"no figures for {period}: the history {reaches}; {remedy}")


def explain(options: argparse.Namespace) -> int:
    """Why a scope cost what it did in a window."""
    now, teams = machine_of(options, Event()).now(), settings_of(options).teams
    asked = window(options.start or floor(now, Grain.DAY), options.end or ceil(now, Grain.HOUR))
    against = window(*options.against) if options.against else None
    with stored(options) as history:
        directory = history.names.load()
        assign_teams(history, directory, teams)
        scope = read_scope(options.scope, history.spend.leaves(), directory)
        found = explanation(history, scope, asked, against, teams)
    if options.json:
        print(json.dumps(_EXPLANATION.dump_python(found, mode="json") | {"unit": "nano-USD"}, indent=2))
    else:
        paper().print(drawing.explanation(found, directory))
    return 0


def incidents(options: argparse.Namespace) -> int:
    """All incidents, newest first."""
    with stored(options) as history:
        found, directory = history.incidents.latest(), history.names.load()
    if options.json:
        print(json.dumps([as_json(incident) for incident in found], indent=2))
    else:
        paper().print(drawing.incidents(found, directory))
    return 0


def incident(options: argparse.Namespace) -> int:
    """One incident with its cause and history, after what is said about it."""
    now = machine_of(options, Event()).now()
    answer, settings = answer_in(options, now), settings_of(options)
    with stored(options) as history:
        found, directory = the_one(history.incidents.find(options.id), options.id), history.names.load()
        if answer:
            rulebook, _ = last_good(history.runs)
            found = answer_to(history, telling_of(settings, rulebook), found.id, answer, now)
    if options.json:
        print(json.dumps(as_json(found), indent=2))
    else:
        paper().print(drawing.incident(found, directory))
    return 0


def as_json(found: Incident) -> dict[str, object]:
    """An incident as plain data; dollar amounts are integers of nano-USD."""
    body: dict[str, object] = _INCIDENT.dump_python(found, mode="json")
    return body | {"excess": found.excess, "unit": "nano-USD"}
