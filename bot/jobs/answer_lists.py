"""What is not about one period: incidents, the rules in force, how fresh the figures are."""

from collections import Counter
from datetime import datetime, timedelta

from bot.explain.owner import owned
from bot.facts.incident import Incident
from bot.jobs.answer_names import Everybody
from bot.jobs.doctor import examine
from bot.jobs.ports import Store
from bot.jobs.rulebook import BROKEN, last_good
from bot.questions.answers import Freshness, Incidents, RuleLine, Rules
from bot.questions.question import Question
from bot.rules.matching import covers

_ALL = 1_000_000


def incidents(question: Question, store: Store, everybody: Everybody) -> Incidents:
    """The newest of those that lie in what was asked about."""

    def is_meant(one: Incident) -> bool:
        scope = owned(one.scope, everybody.directory, everybody.teams, one.parts)
        return covers(question.where, scope, everybody.directory)

    going_on = [one for one in reversed(store.incidents.open()) if is_meant(one)]
    over = [one for one in store.incidents.latest() if one.state.is_over and is_meant(one)]
    return Incidents(tuple([*going_on, *over][: question.top]), len(going_on))


def rules(store: Store) -> Rules:
    """The rules in force, and what is wrong with the files."""
    rulebook, _ = last_good(store.runs)
    opened = Counter(one.rule for one in store.incidents.latest(_ALL))
    lines = (
        RuleLine(rule.name, rule.because, rulebook.places.get(rule.name, ""), opened[rule.name])
        for rule in rulebook.rules
    )
    return Rules(tuple(lines), store.runs.recall(BROKEN).partition(" ")[2])


def freshness(store: Store, usual_lag: timedelta, now: datetime) -> Freshness:
    """How far the figures reach, and what the doctor says of the history, the worst first."""
    read = store.spend.last_read()
    checks = sorted(examine(store, usual_lag, now), key=lambda check: check.well)
    return Freshness(
        complete_until=read[1] if read else None,
        read_until=read[0].end if read else None,
        checks=tuple(
            (check.name, check.well, f"{check.said}; {check.remedy}" if check.remedy else check.said)
            for check in checks
        ),
    )
