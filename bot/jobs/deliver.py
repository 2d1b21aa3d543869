"""Tell people what stands in the outbox; what could not be told stays there."""

from datetime import datetime

from bot.facts.delivery import Delivery, NotSent, Role, Sent
from bot.jobs.cycle import Report
from bot.jobs.ports import Sender, Store

_FIRST_WAIT = 30.0
_LONGEST_WAIT = 3600.0
_MOST_DOUBLINGS = 7
_REFUSED_WAIT = 600.0
"""What everybody's channel refuses is tried again so often: somebody may invite the bot meanwhile."""
_NO_THREAD = NotSent("the message it belongs to was never posted, so there is no thread", retry=False)


def deliver(store: Store, sender: Sender, everybody: str, now: datetime) -> Report:
    """Send everything that is due, in order; says what went wrong.

    Each row is claimed before it is sent: after a crash we know which one may have arrived. When one fails,
    later ones of the same incident and channel wait, so that their order holds. What another channel refuses
    for good is told in `everybody`'s instead; what that one refuses is kept and tried again.
    """
    problems: list[str] = []
    stuck: set[tuple[str, str]] = set()
    for delivery in store.outbox.due(now):
        if (delivery.incident_id, delivery.channel) in stuck:
            continue
        outcome = _send(store, sender, delivery)
        keep = delivery.role is Role.MESSAGE and delivery.channel == everybody
        store.outbox.settle(delivery, outcome, now, _wait(delivery, outcome), keep=keep)
        if isinstance(outcome, NotSent) and outcome is not _NO_THREAD:
            stuck.add((delivery.incident_id, delivery.channel))
            problems.append(f"incident {delivery.incident_id} could not be told: {outcome.error}")
            if not outcome.retry and not keep and not delivery.is_reply:
                store.outbox.divert(delivery, everybody, now)
    return Report(tuple(problems))


def _send(store: Store, sender: Sender, delivery: Delivery) -> Sent | NotSent:
    if delivery.is_reply and not delivery.ts:
        return _NO_THREAD
    store.outbox.claim(delivery)
    return sender.send(delivery)


def _wait(delivery: Delivery, outcome: Sent | NotSent) -> float:
    """Seconds until the next try: what the channel asked for, else twice as long each time."""
    asked = outcome.after_seconds if isinstance(outcome, NotSent) else 0.0
    least = _REFUSED_WAIT if isinstance(outcome, NotSent) and not outcome.retry else asked
    return max(least, min(_FIRST_WAIT * 2.0 ** min(delivery.attempts, _MOST_DOUBLINGS), _LONGEST_WAIT))
