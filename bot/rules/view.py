"""A panel as one rule sees it: whose spend counts, who its members are, and what they add up to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from bot.detect.robust import Floats
from bot.facts.directory import Directory
from bot.facts.money import Usd
from bot.panel.coverage import Mask
from bot.panel.leaves import Groups, Leaves
from bot.panel.panel import Matrix, Panel
from bot.rules.language import Members, Rule
from bot.rules.matching import matches
from bot.rules.metrics import Metric
from bot.rules.periods import HoursOfWeek
from bot.rules.windows import Windows, inside
from bot.rules.windows import running as running_sums

_CELLS = 1_000_000
"""Members x hours that are judged at a time."""
Values = Matrix | Floats
"""Amounts by member and hour: whole ones, or fractions with NaN where there is none."""


@dataclass(frozen=True, slots=True)
class View:
    """An hourly panel and the members of a rule: leaves that its patterns leave out belong to none."""

    panel: Panel
    groups: Groups
    _sums: dict[object, Matrix] = field(default_factory=dict, compare=False, repr=False)
    _part_of: tuple["View", slice] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, rule: Rule, panel: Panel, directory: Directory) -> "View":
        """What a rule looks at. Hours that are not known count for nothing."""
        groups = panel.leaves.by(*rule.dimensions)
        meant = selected(rule, panel.leaves, directory)
        of_leaf = np.where(meant, groups.of_leaf, -1)
        has_leaf = np.bincount(of_leaf[of_leaf >= 0], minlength=len(groups)) > 0
        return cls(panel, replace(groups, of_leaf=of_leaf).only(has_leaf))

    def blocks(self) -> Iterator["View"]:
        """The same a few members at a time: what is worked out in between stays in the processor's reach."""
        size = max(1, _CELLS // max(self.panel.columns, 1))
        for start in range(0, len(self.groups), size):
            rows = slice(start, start + size)
            kept = np.zeros(len(self.groups), np.bool_)
            kept[rows] = True
            yield View(self.panel, self.groups.only(kept), self._sums, (self, rows))

    def values(self, metric: Metric, windows: Windows, outside: tuple[HoursOfWeek, ...] = ()) -> Values:
        """The metric by member and hour, over the window that belongs to the hour; NaN where it has none.

        Nano-dollars, whole things, or a fraction of one. Sums stay integers.
        """
        if metric.distinct:
            return self._distinct(metric.distinct, windows)
        amount = windows.sums(self.running(metric.of, outside))
        if metric.is_sum:
            return amount
        return _ratio(amount, self._divisor(metric, windows))

    def spent(self, member: int, hours: range) -> Usd:
        """What a member spent in the hours of some columns."""
        dollars = self.running(("usd",))[member]
        return Usd(int(dollars[hours.stop] - dollars[hours.start]))

    def _divisor(self, metric: Metric, windows: Windows) -> Matrix:
        if metric.of_total:
            return windows.sums(self._running(self.panel.leaves.by(), metric.of, ()))
        return windows.sums(self.running(metric.over))

    def running(self, names: tuple[str, ...], outside: tuple[HoursOfWeek, ...] = ()) -> Matrix:
        """Running sums of the members."""
        if self._part_of:
            whole, rows = self._part_of
            return whole.running(names, outside)[rows]
        return self._running(self.groups, names, outside)

    def _running(self, groups: Groups, names: tuple[str, ...], outside: tuple[HoursOfWeek, ...]) -> Matrix:
        place = (groups.dimensions, groups is self.groups, names, outside)
        if place not in self._sums:
            counted = self.panel.known & ~inside(self.panel, outside) if outside else self.panel.known
            sums = self.panel.grouped(groups, self._field(names))
            self._sums[place] = running_sums(sums if counted.all() else np.where(counted, sums, 0))
        return self._sums[place]

    def _field(self, names: tuple[str, ...]) -> Matrix:
        fields: Mapping[str, Matrix] = {"usd": self.panel.usd, **self.panel.counts}
        first, *others = (fields[name] for name in names)
        return sum(others, start=first)

    def _distinct(self, dimension: str, windows: Windows) -> Matrix:
        """How many values of a dimension each member spent on."""
        pairs = self.panel.leaves.by(*self.groups.dimensions, dimension)
        of_leaf = np.where(self.groups.of_leaf >= 0, pairs.of_leaf, -1)
        spent = self.panel.grouped(
            replace(pairs, of_leaf=of_leaf), (self.panel.usd > 0).astype(np.int64) * self.panel.known
        )
        used = windows.sums(running_sums(spent)) > 0
        counts = np.zeros((len(self.groups), self.panel.columns), np.int64)
        meant = np.flatnonzero(of_leaf >= 0)
        pair, leaf = np.unique(of_leaf[meant], return_index=True)
        np.add.at(counts, self.groups.of_leaf[meant[leaf]], used[pair].astype(np.int64))
        return counts


def _ratio(amount: Matrix, divisor: Matrix) -> Floats:
    nothing = np.full(amount.shape, np.nan)
    there = np.broadcast_to(divisor > 0, amount.shape)
    return np.asarray(np.divide(amount, divisor, out=nothing, where=there))


def selected(rule: Rule, leaves: Leaves, directory: Directory) -> Mask:
    """Whose spend counts, by leaf."""
    meant = _fitting(rule.where, leaves, directory)
    return meant & ~_fitting(rule.exclude, leaves, directory) if rule.exclude else meant


def _fitting(members: Members, leaves: Leaves, directory: Directory) -> Mask:
    fitting = np.ones(len(leaves.values), np.bool_)
    for dimension, patterns in members.patterns().items():
        column = leaves.named(dimension)
        meant = {value for value in set(column) if matches(dimension, value, patterns, directory)}
        fitting &= np.array([value in meant for value in column], np.bool_)
    return fitting
