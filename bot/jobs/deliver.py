"""Tell people what stands in the outbox; what could not be told stays there."""

import logging
from datetime import datetime

from bot.facts.delivery import Delivery, NotSent, Role, Sent
from bot.facts.trouble import Stopping
from bot.jobs.cycle import Report
from bot.jobs.ports import Sender, Store

_FIRST_WAIT = 30.0
_LONGEST_WAIT = 3600.0
_MOST_DOUBLINGS = 7
_REFUSED_WAIT = 600.0
"""What everybody's channel refuses is tried again so often: somebody may invite the bot meanwhile."""
_NO_THREAD = NotSent("", retry=False)
"""The message it belongs to was never posted, which is told of that message."""
log = logging.getLogger(__name__)


def deliver(store: Store, sender: Sender, everybody: str, now: datetime) -> Report:
    """Send everything that is due, in order; says what went wrong.

    Each row is claimed before it is sent: after a crash we know which one may have arrived. When one fails,
    later ones of the same incident and channel wait, so that their order holds. What another channel refuses
    for good is told in `everybody`'s instead; what that one refuses is kept and tried again.
    """
    problems: list[str] = []
    stuck: set[tuple[str, str]] = set()
    for listed in store.outbox.due(now):
        if (listed.incident_id, listed.channel) in stuck:
            continue
        outcome = _sent(store, sender, listed)
        keep = listed.role is Role.MESSAGE and listed.channel == everybody
        with store.transaction():
            store.outbox.settle(listed, outcome, now, _wait(listed, outcome), keep=keep)
            if isinstance(outcome, NotSent) and not (outcome.retry or keep or listed.is_reply):
                store.outbox.divert(listed, everybody, now)
        if isinstance(outcome, NotSent) and outcome is not _NO_THREAD:
            stuck.add((listed.incident_id, listed.channel))
            problems.append(f"incident {listed.incident_id} could not be told: {outcome.error}")
    return Report(tuple(problems))


def still_waiting(store: Store) -> Report:
    """What could not be told so far, whether or not its next try has come: a quiet hour is no success."""
    waiting = dict(store.outbox.undelivered())
    return Report(tuple(f"incident {id_} could not be told: {error}" for id_, error in waiting.items()))


def _sent(store: Store, sender: Sender, listed: Delivery) -> Sent | NotSent:
    if listed.is_reply and not listed.ts:
        return _NO_THREAD
    delivery = store.outbox.claim(listed)
    if delivery is None:
        return Sent(listed.ts)
    try:
        return sender.send(delivery)
    except Stopping:
        raise
    except Exception as error:
        # One message that cannot be sent must not hold up all others.
        log.exception("delivery %s failed unexpectedly", delivery.id)
        return NotSent(f"failed unexpectedly ({type(error).__name__}); see the log", retry=True, unsure=True)


def _wait(delivery: Delivery, outcome: Sent | NotSent) -> float:
    """Seconds until the next try: what the channel asked for, else twice as long each time."""
    asked = outcome.after_seconds if isinstance(outcome, NotSent) else 0.0
    least = _REFUSED_WAIT if isinstance(outcome, NotSent) and not outcome.retry else asked
    return max(least, min(_FIRST_WAIT * 2.0 ** min(delivery.attempts, _MOST_DOUBLINGS), _LONGEST_WAIT))
