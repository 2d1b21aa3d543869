"""From findings to incidents: open, grow, calm, resolve, reopen; every change with its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.finding import Finding
from bot.facts.incident import Incident
from bot.incidents.common import placed
from bot.incidents.follow import followed
from bot.incidents.match import is_told_elsewhere, matching, own, telling, was_acted_upon
from bot.incidents.merge import merge
from bot.incidents.opening import breaking, opened, told_again
from bot.incidents.surroundings import Surroundings
from bot.incidents.widen import gathered, of_the_same_cause, of_the_same_key, taken_over, whole_of, widened


def step(
    incidents: Sequence[Incident], findings: Iterable[Finding], now: datetime, around: Surroundings
) -> list[Incident]:
    """The incidents that changed at `now`, given all open and recently resolved ones and the new findings."""
    before = {incident.id: incident for incident in incidents}
    look = _Look(dict(before), now, around)
    said = list(findings)
    look.take_statistics(merge(finding for finding in said if not finding.rule))
    look.take_rules([finding for finding in said if finding.rule])
    look.follow()
    changed = [incident for id_, incident in look.after.items() if before.get(id_) != incident]
    return [one for one in changed if one.id in before or not is_told_elsewhere(one)]


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the world: `after` are the incidents by id as they stand by now."""

    after: dict[str, Incident]
    now: datetime
    around: Surroundings

    def take_statistics(self, findings: Iterable[Finding]) -> None:
        """What detectors say, except that what somebody stopped fell silent."""
        for finding in (placed(one, self.around) for one in findings):
            if not (finding.fell and was_acted_upon(finding, self.after.values())):
                self._take(finding, matching(finding, list(self.after.values()), self.around))

    def take_rules(self, findings: Sequence[Finding]) -> None:
        """What rules say: first of their own incidents, then what no other incident speaks of.

        What is told as another's incident breaks that rule too: who asked to hear of it hears of that.
        """
        fresh = [finding for finding in findings if not self._take_own(finding)]
        dollars = [finding for finding in fresh if finding.excess > 0 and not finding.period]
        alone = [finding for finding in fresh if finding.excess <= 0 or finding.period]
        first = merge(dollars)
        merged = {(one.rule, one.scope) for one in first}
        rest = [one for one in dollars if (one.rule, one.scope) not in merged]
        for finding in (*first, *alone, *rest):
            if told := telling(finding, self.after.values()):
                self._put(breaking(one, finding) for one in told)
            else:
                self._take(finding, None)
        self._put(taken_over(self.after.values(), self.now))

    def _take_own(self, finding: Finding) -> bool:
        """Whether it is told as its rule's own incident; not one that is over, where another tells it now."""
        known = own(finding, self.after.values())
        if known is None or (known.state.is_over and telling(finding, self.after.values())):
            return False
        self._take(finding, known)
        return True

    def follow(self) -> None:
        """Every open incident, with the figures of now; those of one cause as one."""
        self._put(gathered(list(self.after.values()), self.now, self.around))
        going_on = [one for one in self.after.values() if not one.state.is_over]
        self._put(followed(one, self.now, self.around) for one in going_on)

    def _take(self, finding: Finding, match: Incident | None) -> None:
        """Tell a finding as a part of the incident it is about, or as a new one."""
        if parts := self._parts(finding, match):
            self._put(widened(parts, finding, self.now))
        elif match:
            self._put([self._told_again(match, finding)])
        else:
            fresh = opened(finding, self.now, self.around)
            known = self._whole_of(fresh) or self.after.get(fresh.id)
            self._put([self._told_again(known, finding) if known else fresh])

    def _parts(self, finding: Finding, match: Incident | None) -> list[Incident]:
        """The incidents of which it now turns out that they are parts of what a finding tells."""
        if match and (finding.rule or match.scope.covers_scope(finding.scope)):
            return []
        narrower = [] if match else of_the_same_key(finding, self.after.values())
        return narrower or of_the_same_cause(finding, list(self.after.values()), self.now, self.around)

    def _whole_of(self, fresh: Incident) -> Incident | None:
        """The open incident of which a new one would be no more than a part, all in all since it began."""
        return whole_of(fresh, self.after.values(), self.now, self.around)

    def _told_again(self, incident: Incident, finding: Finding) -> Incident:
        return told_again(incident, finding, self.now, self.around)

    def _put(self, incidents: Iterable[Incident]) -> None:
        self.after.update({one.id: one for one in incidents})
