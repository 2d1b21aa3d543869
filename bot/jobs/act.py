"""Do what somebody said about an incident, and show it."""

from datetime import datetime

from bot.facts.answer import Answer
from bot.facts.incident import Incident
from bot.facts.trouble import Trouble
from bot.incidents.answers import act
from bot.jobs.ports import Store
from bot.jobs.telling import Telling, tell


def answer_to(store: Store, telling: Telling, prefix: str, answer: Answer, now: datetime) -> Incident:
    """The incident whose id begins with `prefix`, after the answer; its message is rewritten.

    The same answer again changes nothing. Raises Trouble where there is no such incident, and Refused where
    the answer does not fit it.
    """
    with store.transaction():
        incident = the_one(store.incidents.find(prefix), prefix)
        after = act(incident, answer)
        if after != incident:
            store.incidents.save([after])
            store.answers.add(after.id, answer)
            tell(store, telling, [after], now)
    return after


def the_one(found: list[Incident], prefix: str) -> Incident:
    """The only one of those found by the beginning of an id. Raises Trouble."""
    if len(found) != 1:
        which = f"{len(found)} incidents begin with" if found else "no incident has the id"
        raise Trouble(f"{which} {prefix!r}; `claude-spend incidents` lists them")
    return found[0]
