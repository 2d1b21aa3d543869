"""Where a period is heading, and what that does to the budgets around what was asked about."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from bot.detect.robust import Floats
from bot.facts.clock import Grain, Window, ceil, floor
from bot.facts.money import Usd
from bot.jobs.answer_figures import Figures
from bot.jobs.answer_names import Chosen, Everybody, chosen
from bot.jobs.rulebook import last_good
from bot.panel.coverage import Mask
from bot.questions.answers import Allowance
from bot.questions.forecast import Forecast, forecast, runs_out
from bot.rules.amounts import Budget
from bot.rules.language import Rule
from bot.rules.periods import Period
from bot.rules.view import selected

_HISTORY = timedelta(weeks=26)
_NANO = 1e9


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the periods that hold `now` will cost, as far as the figures `until` then tell."""

    everybody: Everybody
    figures: Figures
    now: datetime
    until: datetime

    def forecast(self, period: Period) -> Forecast | None:
        """Of a day, week or month; None where nothing of it is known, or too little before it."""
        window = period.around(self.now)
        if self.until <= window.start:
            return None
        return forecast(self._days(), self._spent(window), self.until, window)

    def budgets(self) -> Iterator[Allowance]:
        """The budgets that all of this spend counts for, each once, as far as they are known."""
        store, asked = self.figures.store, self.figures.leaves
        stated: dict[tuple[Budget, Chosen], str] = {}
        for rule in last_good(store.runs)[0].rules:
            if rule.budget and (member := _member(rule, self.everybody, asked)) is not None:
                stated.setdefault((rule.budget, chosen(member)), rule.name)
        for (budget, leaves), name in stated.items():
            of_all = self if leaves == asked else replace(self, figures=Figures(store, leaves))
            yield from of_all.allowance(name, budget)

    def allowance(self, name: str, budget: Budget) -> Iterator[Allowance]:
        """What is left of a budget of all of this spend; nothing while none of its period is known."""
        window = budget.period.around(self.now)
        if window.start < self.until:
            expected = self.forecast(budget.period)
            ends_on = runs_out(expected, budget.usd, self.until.date()) if expected else None
            yield Allowance(name, budget.usd, self._spent(window), ends_on)

    def _spent(self, window: Window) -> Usd:
        """Since a period began."""
        return self.figures.total(Window(window.start, ceil(self.until, Grain.HOUR)))

    def _days(self) -> Floats:
        """Dollars of the days before, NaN where they are not complete, or before the first spend of all."""
        midnight = floor(self.until, Grain.DAY)
        window = Window(midnight - _HISTORY, midnight)
        coverage = self.figures.store.spend.coverage(window)
        complete = (coverage.known & coverage.complete).reshape(-1, 24).all(axis=1)
        begun = np.logical_or.accumulate(np.array(self.figures.store.totals.by_day(window)) > 0)
        return np.where(complete & begun, np.array(self.figures.days(window)) / _NANO, np.nan)


def _member(rule: Rule, everybody: Everybody, leaves: Chosen) -> Mask | None:
    """All that counts for one member of a rule, where these leaves do and for no other; else None."""
    of_leaf = everybody.leaves.by(*rule.dimensions).of_leaf
    counted = np.where(selected(rule, everybody.leaves, everybody.directory), of_leaf, -1)
    members = set((counted if leaves is None else counted[list(leaves)]).tolist())
    member = members.pop() if len(members) == 1 else -1
    return np.asarray(counted == member) if member >= 0 else None
