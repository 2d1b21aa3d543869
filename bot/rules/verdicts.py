"""What a rule says of every member in every hour: the same verdicts live and in a replay."""

from dataclasses import dataclass

import numpy as np

from bot.facts.clock import HOUR
from bot.panel.coverage import Mask
from bot.panel.leaves import Groups
from bot.panel.panel import Matrix, Panel
from bot.rules.conditions import SEEN_BEFORE
from bot.rules.judge import judge
from bot.rules.judged import Judged
from bot.rules.language import MEMORY, Rule
from bot.rules.view import View
from bot.rules.windows import Windows, inside, running, trailing

_NEVER = np.int32(-(10**9))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """By member (row) and hour (column) of a panel: what was judged, and whether the rule speaks.

    `unseen`, by hour: that figures are missing, where the rule asks to be told of that.
    """

    rule: Rule
    view: View
    judged: Judged
    speaks: Mask
    unseen: Mask

    @property
    def groups(self) -> Groups:
        """The members."""
        return self.view.groups


def verdicts(rule: Rule, view: View) -> Verdicts:
    """Judge every hour of an hourly panel. Each verdict depends on the `rule.reach` hours up to it alone."""
    panel = view.panel
    judged = judge(rule, view)
    broken = _ended(rule, judged, _lasting_for(_held(rule, judged), rule.patient_for))
    muted = inside(panel, rule.mute) if rule.mute else np.zeros(panel.columns, np.bool_)
    return Verdicts(rule, view, judged, broken & ~muted, _unseen(rule, panel) & ~muted)


def _held(rule: Rule, judged: Judged) -> Mask:
    """Whether the condition holds; where figures are missing and the rule waits, whether it held before."""
    if rule.missing != "hold":
        return judged.holds
    sure = judged.able & ~judged.gap
    return _since(judged.holds & sure, sure & ~judged.holds)


def _lasting_for(holds: Mask, hours: int) -> Mask:
    """Whether it has held for so many hours in a row."""
    if hours == 1:
        return holds
    end = np.arange(1, holds.shape[1] + 1)
    return np.asarray(Windows(end - hours, end).sums(running(holds.astype(np.int64))) == hours)


def _ended(rule: Rule, judged: Judged, broken: Mask) -> Mask:
    """What was broken once stays so until the amount is back to `until`."""
    if rule.until is None:
        return broken
    value, limit = judged.value, rule.until.value
    calm = value <= limit if rule.above is not None else value >= limit
    return _since(broken, judged.able & calm & ~broken)


def _since(begins: Mask, ends: Mask) -> Mask:
    """Whether it began and has not ended since; what began too long ago is forgotten."""
    hours = np.arange(begins.shape[1], dtype=np.int32)
    begun = np.maximum.accumulate(np.where(begins, hours, _NEVER), axis=1)
    ended = np.maximum.accumulate(np.where(ends, hours, _NEVER), axis=1)
    return np.asarray((begun > ended) & (hours - begun <= MEMORY // HOUR))


def _unseen(rule: Rule, panel: Panel) -> Mask:
    """Hours whose window, or the hour before it, has no figures, though there were some in a week."""
    if rule.missing != "alert":
        return np.zeros(panel.columns, np.bool_)
    windows = trailing(panel, rule.leading.within)
    begun = windows.before(SEEN_BEFORE).read(panel.known) > 0
    return np.asarray(windows.also(1).gaps(panel.known) & begun & panel.known)


def news(found: Verdicts) -> set[int]:
    """The hours in which a rule says something new of any member, or that figures are missing."""
    unseen = found.unseen & ~np.append(False, found.unseen[:-1])
    said = np.flatnonzero((_begins(found)).any(axis=0) | unseen)
    return set(said.tolist())


def _begins(found: Verdicts) -> Mask:
    """Where it begins to speak of a member, and where it passes the next share of a budget."""
    step = found.speaks.astype(np.int64)
    if found.judged.step is not None:
        step *= found.judged.step
    return np.asarray(step > _before(step))


def _before(values: Matrix) -> Matrix:
    """What stood in the column before."""
    before = np.zeros_like(values)
    before[:, 1:] = values[:, :-1]
    return before
