"""Whose spend a question is about: the leaves that its patterns mean, by today's names and teams."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Self

import numpy as np

from bot.explain.owner import Teams
from bot.facts.directory import Directory
from bot.facts.scope import WORDS, Scope
from bot.facts.trouble import Trouble
from bot.jobs.ports import Store
from bot.panel.coverage import Mask
from bot.panel.leaves import NAMES, Leaves
from bot.questions.question import Where
from bot.rules.matching import matches

_SHOWN = 5
Chosen = tuple[int, ...] | None
"""Leaves by number; None is all of them."""


@dataclass(frozen=True, slots=True)
class Everybody:
    """All leaves, tagged with the teams of the configuration in force, and what they are called."""

    leaves: Leaves
    directory: Directory
    teams: Teams

    @classmethod
    def of(cls, store: Store, teams: Teams) -> Self:
        """As stored, but the teams: names and patterns may have changed since a cycle noted them."""
        leaves, directory = store.spend.leaves(), store.names.load()
        tags = {**leaves.tags, "team": _teams_of(leaves, directory, teams)}
        return cls(Leaves(leaves.values, tags), directory, teams)

    def meant(self, where: Where) -> Chosen:
        """The leaves that fit a pattern of every dimension."""
        fitting = np.ones(len(self.leaves.values), np.bool_)
        for dimension, patterns in where.items():
            values = self._values(dimension, patterns)
            fitting &= np.array([value in values for value in self.leaves.named(dimension)], np.bool_)
        return chosen(fitting)

    def scope(self, where: Where) -> Scope:
        """The one value of every dimension that fits. Raises Trouble where several do, or none."""
        return Scope.of({at: self._only(at, patterns) for at, patterns in where.items()})

    def _only(self, dimension: str, patterns: Sequence[str]) -> str:
        values, word = sorted(self._values(dimension, patterns)), WORDS[dimension]
        if len(values) == 1:
            return values[0]
        asked = " or ".join(map(repr, patterns))
        if not values:
            raise Trouble(f"no {word} that spent is called {asked}; ask `month by {word}` for those that did")
        names = sorted(self.directory.name_of(dimension, value) for value in values)
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise Trouble(f"{len(values)} {word}s fit {asked}: {', '.join(names[:_SHOWN])}{more}; ask about one")

    def _values(self, dimension: str, patterns: Sequence[str]) -> set[str]:
        """The values that fit. Unlike in rules, what is nobody's can be asked about by name: "no team"."""
        nameless = {""} if self.directory.name_of(dimension, "") in patterns else set[str]()
        values = set(self.leaves.named(dimension))
        return {one for one in values if one in nameless or matches(dimension, one, patterns, self.directory)}


def chosen(leaves: Mask) -> Chosen:
    """The leaves that are marked."""
    return None if leaves.all() else tuple(np.flatnonzero(leaves).tolist())


def _teams_of(leaves: Leaves, directory: Directory, teams: Teams) -> list[str]:
    """The team of each leaf: the first in their order that one of its names fits.

    As `team_of` tells it leaf by leaf; but there are far fewer names than leaves, and one look at a name
    finds the first team that it fits.
    """
    named = [team for team, patterns in teams.items() if patterns]
    fits = ("|".join(translate(pattern.lower()) for pattern in teams[team]) for team in named)
    look = re.compile("|".join(f"({fit})" for fit in fits) or "(?!)").match
    first = np.full(len(leaves.values), len(named))
    for dimension in NAMES:
        column, ranks = leaves.named(dimension), {"": len(named)}
        for value in set(column) - {""}:
            found = look(directory.name_of(dimension, value).lower())
            ranks[value] = found.lastindex - 1 if found and found.lastindex else len(named)
        first = np.minimum(first, [ranks[value] for value in column])
    of_rank = (*named, "")
    return [of_rank[rank] for rank in first.tolist()]
