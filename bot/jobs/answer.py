"""Answer a question from the history: what `/claude-spend` says, and `claude-spend summary`."""

from datetime import datetime, timedelta

from bot.explain.owner import Teams
from bot.facts.directory import Directory
from bot.facts.scope import CALLED
from bot.jobs.act import the_one
from bot.jobs.answer_compare import compare
from bot.jobs.answer_lists import freshness, incidents, rules
from bot.jobs.answer_names import Everybody
from bot.jobs.answer_spend import spend
from bot.jobs.explain import explanation
from bot.jobs.ports import Store
from bot.questions.answers import Answered, Explanation, Help, OneIncident, Reply
from bot.questions.examples import EXAMPLES
from bot.questions.known import Names
from bot.questions.question import Kind, Period, Question

UNATTRIBUTED = Directory().name_of("team", "")
"""What the patterns of no team cover is called."""
LONGEST_LAG = timedelta(hours=26)
"""No source's figures usually lie further behind."""


def answer(
    question: Question, store: Store, teams: Teams, now: datetime, usual_lag: timedelta = LONGEST_LAG
) -> Answered:
    """The answer as of `now`; nothing is written. Raises Trouble where the history has none.

    `teams` are those of the configuration; `usual_lag` is how far figures usually lie behind at most, by
    which freshness is judged. What people say of an incident is no question: `act` does it.
    """
    everybody = Everybody.of(store, teams)
    match question:
        case Question(kind=Kind.FRESHNESS):
            reply: Reply = freshness(store, usual_lag, now)
        case Question(kind=Kind.COMPARE, against=Period() as against):
            reply = compare(question, against, store, everybody)
        case Question(kind=Kind.EXPLAIN):
            reply = _explained(question, store, everybody)
        case Question(kind=Kind.INCIDENTS):
            reply = incidents(question, store, everybody)
        case Question(kind=Kind.INCIDENT, incident=prefix):
            reply = OneIncident(the_one(store.incidents.find(prefix), prefix))
        case Question(kind=Kind.RULES):
            reply = rules(store)
        case Question(kind=Kind.HELP):
            reply = Help(EXAMPLES)
        case Question(kind=Kind.SPEND):
            reply = spend(question, store, everybody, now)
        case _:
            raise ValueError(f"{question} is answered elsewhere")
    return Answered(question, reply, everybody.directory, now)


def _explained(question: Question, store: Store, everybody: Everybody) -> Explanation:
    scope = everybody.scope(question.where)
    against = question.against.window if question.against else None
    return explanation(store, everybody, scope, question.period.window, against)


def names_known(store: Store, teams: Teams) -> Names:
    """What people may call the values of each dimension: whoever spent, and whoever is on record."""
    leaves, directory = store.spend.leaves(), store.names.load()
    on_record = {
        "api_key_id": directory.keys,
        "workspace_id": directory.workspaces,
        "actor": directory.people,
    }
    known = {
        dimension: {*leaves.named(dimension), *on_record.get(dimension, ())} - {""}
        for dimension in CALLED.values()
    }
    named = {at: {directory.name_of(at, value) for value in values} for at, values in known.items()}
    return named | {"team": set(teams)}
