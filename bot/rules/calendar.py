"""Planned events: whether what was announced explains what was found."""

from collections.abc import Iterable

from bot.facts.clock import Grain
from bot.facts.directory import Directory
from bot.facts.finding import Finding
from bot.facts.money import Usd
from bot.rules.language import Event
from bot.rules.matching import covers

_ENOUGH_PERCENT = 60


def planned(events: Iterable[Event], finding: Finding, directory: Directory) -> Event | None:
    """The first event that explains a finding, or None. Time, scope and amount must fit.

    - Time: the window lies in [from, to). One that only overlaps it will do when all that was observed is
      within the event's multiple of the expected: a day, or a cap's window, may begin before the launch.
    - Scope: the event covers the finding's scope, or (for a broader scope, such as the organisation) the
      finding's parts inside the event carry at least 60 % of its excess.
    - Amount: the excess inside the event is at most what its multiple adds to the expected. Parts do not say
      what was expected of them, so for a broader scope that is the multiple of the whole scope's expected
      dollars; a finding of the event's own scope has the exact bound. Single hours flicker: they may reach
      the multiple of the upper end of their usual range, while their day so far is held to the exact one.
      For a rule's finding the expected is its cap, which the event thereby raises. Where nothing was
      expected, only `expected: any` will do. What falls short too.
    """
    return next((event for event in events if _explains(event, finding, directory)), None)


def _explains(event: Event, finding: Finding, directory: Directory) -> bool:
    if not finding.excess or not _in_time(event, finding):
        return False
    inside = _excess_inside(event, finding, directory)
    most = abs(inside) * 100 >= abs(finding.excess) * _ENOUGH_PERCENT
    return most and _is_allowed(event, finding, inside)


def _in_time(event: Event, finding: Finding) -> bool:
    begins, ends = max(event.start, finding.window.start), min(event.end, finding.window.end)
    within = begins == finding.window.start and ends == finding.window.end
    return within or (begins < ends and _is_allowed(event, finding, finding.excess))


def _excess_inside(event: Event, finding: Finding, directory: Directory) -> Usd:
    patterns = event.scope.patterns()
    if covers(patterns, finding.scope, directory):
        return finding.excess
    return Usd(sum(part.excess for part in finding.parts if covers(patterns, part.scope, directory)))


def _is_allowed(event: Event, finding: Finding, excess: Usd) -> bool:
    """Whether the excess is at most what the event's multiple adds to the expected."""
    if event.expected is None or finding.fell:
        return event.expected is None
    usual = finding.high if finding.grain is Grain.HOUR else finding.expected
    return excess <= event.expected * usual - finding.expected
