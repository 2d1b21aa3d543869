"""What a rule says of every member in every hour: the same sums that are judged live, all at once."""

from dataclasses import dataclass

import numpy as np

from bot.facts.directory import Directory
from bot.panel.coverage import Mask
from bot.panel.leaves import Groups
from bot.panel.panel import Matrix, Panel
from bot.rules.evaluate import members
from bot.rules.language import Rule


@dataclass(frozen=True, slots=True)
class Verdicts:
    """By member and hour of a panel: nano-dollars of the window that ends then, and if that is too much."""

    rule: Rule
    groups: Groups
    spent: Matrix
    above: Mask


def verdicts(rule: Rule, panel: Panel, directory: Directory) -> Verdicts:
    """Judge every hour of an hourly panel. Hours that are not known add nothing."""
    groups = members(rule, panel.leaves, directory)
    running = np.cumsum(panel.grouped(groups, np.where(panel.known, panel.usd, 0)), axis=1)
    before = np.zeros_like(running)
    before[:, rule.hours :] = running[:, : -rule.hours]
    spent = running - before
    return Verdicts(rule, groups, spent, (spent > rule.above) & panel.known)
