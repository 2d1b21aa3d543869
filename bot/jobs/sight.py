"""Notice when the bot itself can no longer see or tell, and say so."""

from datetime import datetime, timedelta

from bot.facts.incident import BLIND, Incident
from bot.facts.text import when
from bot.incidents.sight import Fault, look
from bot.jobs.cycle import Report
from bot.jobs.ports import Store
from bot.jobs.rulebook import BROKEN
from bot.jobs.telling import Telling, tell

_REMEMBERED = timedelta(days=90)
"""For so long a verdict may speak."""
JOBS = ("names", "collect", "detect", "deliver")
"""The jobs without which it cannot see or tell."""


def look_around(store: Store, telling: Telling, usual_lag: timedelta, now: datetime) -> Report:
    """Open, follow and resolve incidents of blindness, and queue what is to be told of them.

    `usual_lag` is how far the source's figures usually lie behind at most.
    """
    faults = {name: Fault(since, said) for name, (since, said) in store.runs.failing(JOBS).items()}
    if broken := store.runs.recall(BROKEN):
        since, _, said = broken.partition(" ")
        faults["rules"] = Fault(datetime.fromisoformat(since), said.partition("\n")[0])
    known = [one for one in store.incidents.recent(now - _REMEMBERED) if one.is_blind]
    late, told = _late(store, usual_lag, now), any(_is_fresh(one) for one in known)
    if late and (told or "collect" not in faults):
        faults["fresh"] = late
    changed = look(known, faults, now)
    with store.transaction():
        store.incidents.save(changed)
        tell(store, telling, changed, now)
    return Report()


def _is_fresh(incident: Incident) -> bool:
    return incident.kind == f"{BLIND}fresh" and not incident.state.is_over


def _late(store: Store, usual_lag: timedelta, now: datetime) -> Fault | None:
    read = store.spend.last_read()
    if read is None or now - read[1] <= usual_lag:
        return None
    hours = usual_lag // timedelta(hours=1)
    return Fault(
        read[1], f"the newest complete figures are of {when(read[1])}; {hours} h is the most that is usual"
    )
