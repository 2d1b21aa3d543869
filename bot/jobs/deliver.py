"""Tell people what stands in the outbox; what could not be told stays there."""

from datetime import datetime

from bot.facts.delivery import Delivery, NotSent, Sent
from bot.jobs.cycle import Report
from bot.jobs.ports import Sender, Store

_FIRST_WAIT = 30.0
_LONGEST_WAIT = 3600.0
_MOST_DOUBLINGS = 7


def deliver(store: Store, sender: Sender, now: datetime) -> Report:
    """Send everything that is due, in order; says what went wrong.

    Each row is claimed before it is sent: after a crash we know which one may have arrived. When one fails,
    later ones of the same incident and channel wait, so that their order holds.
    """
    problems: list[str] = []
    stuck: set[tuple[str, str]] = set()
    for delivery in store.outbox.due(now):
        if (delivery.incident_id, delivery.channel) in stuck:
            continue
        store.outbox.claim(delivery)
        outcome = sender.send(delivery)
        store.outbox.settle(delivery, outcome, now, _wait(delivery, outcome))
        if isinstance(outcome, NotSent):
            stuck.add((delivery.incident_id, delivery.channel))
            problems.append(f"incident {delivery.incident_id} could not be told: {outcome.error}")
    return Report(tuple(problems))


def _wait(delivery: Delivery, outcome: Sent | NotSent) -> float:
    """Seconds until the next try: what the channel asked for, else twice as long each time."""
    asked = outcome.after_seconds if isinstance(outcome, NotSent) else 0.0
    return max(asked, min(_FIRST_WAIT * 2.0 ** min(delivery.attempts, _MOST_DOUBLINGS), _LONGEST_WAIT))
