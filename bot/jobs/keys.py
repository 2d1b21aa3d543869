"""Switch the key of an incident off, and on again."""

from dataclasses import replace

from bot.facts.answer import Answer, Verb
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.facts.trouble import Trouble
from bot.jobs.act import answer_to, the_one
from bot.jobs.ports import KeySwitch, Store
from bot.jobs.telling import Telling


def switch_key(store: Store, keys: KeySwitch, telling: Telling, incident_id: str, answer: Answer) -> Incident:
    """The incident after its key was switched, put on record with who did it; its message is rewritten.

    What is about to be done is on record before it is done, and what became of it after: whatever happens in
    between, somebody can look. A key that is so already is switched all the same, for what is known of it may
    be an hour old. Raises Trouble where there is no such key, or it cannot be done.
    """
    incident = the_one(store.incidents.find(incident_id), incident_id)
    key = store.names.load().keys.get(incident.scope.api_key_id or "")
    if key is None:
        raise Trouble(f"incident {incident.id} is not about a key that is on record")
    if key.status not in {"active", "inactive"}:
        raise Trouble(f"the key is {key.status}; only the Console can change that")
    _note(store, incident, answer, f"to be switched: {answer.verb}")
    try:
        switched = keys.set_status(key.id, active=answer.verb is Verb.ENABLE_KEY)
    except Trouble as trouble:
        _note(store, incident, answer, f"not switched: {trouble}")
        raise
    store.names.remember(Directory(keys={key.id: replace(key, status=switched.status)}))
    return answer_to(store, telling, incident.id, answer, answer.at)


def _note(store: Store, incident: Incident, answer: Answer, what: str) -> None:
    store.answers.add(incident.id, replace(answer, verb=Verb.ATTEMPT, note=what))
