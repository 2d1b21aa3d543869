"""What an explanation needs of the store."""

from bot.explain.cause import Spent, hours_of_week, weeks_before
from bot.explain.evidence import Subject
from bot.facts.clock import HOURS_A_WEEK
from bot.jobs.ports import SpendStore


def spent(spend: SpendStore, subject: Subject) -> Spent:
    """The rows of a subject and of the weeks before it."""
    before, scope = weeks_before(subject.window), subject.scope
    whole, hours = spend.sums(before, scope), hours_of_week(subject.window)
    like = spend.sums(before, scope, hours) if len(hours) < HOURS_A_WEEK else whole
    return Spent(spend.sums(subject.window, scope), like, whole)
