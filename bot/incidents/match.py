"""Which incident a finding is about: each tells the same dollars once."""

from collections.abc import Iterable
from datetime import timedelta

from bot.detect.reduce import MOST
from bot.facts.finding import Finding
from bot.facts.incident import Incident
from bot.incidents.common import speaks_for, told_share
from bot.incidents.merge import share_inside
from bot.incidents.surroundings import Surroundings

QUIET_PERIOD = timedelta(hours=72)
"""What comes back within it is the same incident, reopened."""
_LATELY = timedelta(days=1)
"""What was over before has nothing to do with what is passed now."""
TOLD_AS = "told as incident"
"""What the reason begins with for which an incident is over that another one tells."""


def matching(finding: Finding, incidents: Iterable[Incident], around: Surroundings) -> Incident | None:
    """The incident a statistical finding is about, open ones first: it tells of the same dollars again."""
    alike = [i for i in incidents if not i.rule and i.fell == finding.fell and not is_told_elsewhere(i)]
    related = [i for i in alike if same_time(finding, i) and speaks_for(i, finding, around)]
    if told_share(finding, related, around) < MOST:
        related = [incident for incident in related if incident.scope == finding.scope]
    if not related:
        return None
    return max(related, key=lambda i: (not i.state.is_over, share_inside(finding.parts, [i.scope]), i.id))


def is_told_elsewhere(incident: Incident) -> bool:
    """Whether it is over because another one tells it: what sticks out of that one later is news."""
    return (
        incident.state.is_over
        and incident.history[-1:] != ()
        and incident.history[-1].reason.startswith(TOLD_AS)
    )


def own(finding: Finding, incidents: Iterable[Incident]) -> Incident | None:
    """The incident of the same rule and member, in the same period of its budget."""
    wanted = (finding.rule, finding.scope, finding.period, finding.kind)
    alike = (i for i in incidents if finding.rule and (i.rule, i.scope, i.period, i.kind) == wanted)
    return max(
        (i for i in alike if same_time(finding, i)), key=lambda i: (not i.state.is_over, i.id), default=None
    )


def telling(finding: Finding, incidents: Iterable[Incident]) -> list[Incident]:
    """The incidents that already speak of most of what breaks a rule, or spoke of it within a day.

    None of a budget: that it is spent is a matter of its own, whatever it was spent on. What is not about
    dollars is told by what happens inside its own scope, not by what everybody shares.
    """
    if finding.period:
        return []
    rose = [i for i in incidents if not i.fell and not i.is_blind and not i.period]
    begin, end = finding.window.start, finding.window.end
    late = [i for i in rose if not i.state.is_over or begin < i.last_hot >= end - _LATELY]
    near = [i for i in late if finding.excess > 0 or finding.scope.covers_scope(i.scope)]
    inside = [i for i in near if i.rule != finding.rule and share_inside(finding.parts, [i.scope])]
    return inside if share_inside(finding.parts, [i.scope for i in inside]) >= MOST else []


def was_acted_upon(finding: Finding, incidents: Iterable[Incident]) -> bool:
    """Whether what falls silent had just been told of as too much: somebody stopped it."""
    told = [i.scope for i in incidents if not i.fell and same_time(finding, i)]
    return share_inside(finding.parts, told) >= MOST


def same_time(finding: Finding, incident: Incident) -> bool:
    """Whether an incident goes on, or was over so lately that it may be back."""
    if not incident.state.is_over:
        return True
    return finding.window.start < incident.last_hot + QUIET_PERIOD and finding.window.end > incident.start
