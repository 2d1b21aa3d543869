"""The commands that only read: `summary`, `explain`, `incidents`, `incident`."""

import argparse
import json
from dataclasses import replace
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.app import telling_of
from bot.cli import drawing, drawing_answers
from bot.cli.answering import answer_in
from bot.cli.instants import window
from bot.cli.loading import machine_of, paper, settings_of, stored, user, usual_lag
from bot.config import Settings
from bot.facts.clock import Grain, ceil, floor
from bot.facts.incident import Incident
from bot.history.store import History
from bot.jobs.act import answer_to, the_one
from bot.jobs.answer import answer, names_known
from bot.jobs.answer_names import Everybody
from bot.jobs.explain import explanation
from bot.jobs.rulebook import last_good
from bot.jobs.scopes import read_scope
from bot.questions.answers import Answered, Explanation, OneIncident
from bot.questions.question import Question
from bot.questions.understand import understand
from bot.questions.words import quoted

_INCIDENT, _EXPLANATION = TypeAdapter(Incident), TypeAdapter(Explanation)


def summary(options: argparse.Namespace) -> int:
    """What `/claude-spend WORDS` answers."""
    now, settings = machine_of(options, Event()).now(), settings_of(options)
    with stored(options) as history:
        words = " ".join(map(_retyped, options.words))
        names = names_known(history, settings.teams)
        question = understand(words, now, ZoneInfo(settings.timezone), names)
        answered = _answered(question, history, settings, now)
    paper().print(drawing_answers.answer(answered))
    return 0


def _retyped(word: str) -> str:
    """A word with the quotes that the shell took from it: key:"my key"."""
    called, colon, name = word.partition(":")
    bare = colon and called.isalpha() and " " in name and not name.startswith('"')
    return f"{called}:{quoted(name)}" if bare else word


def _answered(question: Question, history: History, settings: Settings, now: datetime) -> Answered:
    """The answer; what a question says of an incident is done first."""
    if question.says is None:
        return answer(question, history, settings.teams, now, usual_lag(settings))
    rulebook, _ = last_good(history.runs)
    said = replace(question.says, actor=user())
    after = answer_to(history, telling_of(settings, rulebook), question.incident, said, now)
    return Answered(question, OneIncident(after, said=True), history.names.load(), now)


def explain(options: argparse.Namespace) -> int:
    """Why a scope cost what it did in a window."""
    now, teams = machine_of(options, Event()).now(), settings_of(options).teams
    asked = window(options.start or floor(now, Grain.DAY), options.end or ceil(now, Grain.HOUR))
    against = window(*options.against) if options.against else None
    with stored(options) as history:
        everybody = Everybody.of(history, teams)
        scope = read_scope(options.scope, everybody.leaves, everybody.directory)
        found = explanation(history, everybody, scope, asked, against)
    if options.json:
        print(json.dumps(_EXPLANATION.dump_python(found, mode="json") | {"unit": "nano-USD"}, indent=2))
    else:
        paper().print(drawing.explanation(found, everybody.directory))
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
