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

    A key that is so already is left alone. Raises Trouble where there is no such key, or it cannot be done.
    """
    incident = the_one(store.incidents.find(incident_id), incident_id)
    key = store.names.load().keys.get(incident.scope.api_key_id or "")
    if key is None:
        raise Trouble(f"incident {incident.id} is not about a key that is on record")
    active = answer.verb is Verb.ENABLE_KEY
    if (key.status == "active") is active:
        return incident
    if key.status not in {"active", "inactive"}:
        raise Trouble(f"the key is {key.status}; only the Console can change that")
    switched = replace(key, status=keys.set_status(key.id, active=active).status)
    store.names.remember(Directory(keys={key.id: switched}))
    return answer_to(store, telling, incident.id, answer, answer.at)
