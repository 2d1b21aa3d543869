"""Whose spend it is by the teams of the configuration: worked out anew in every cycle."""

from bot.explain.owner import Teams, team_of
from bot.facts.directory import Directory
from bot.jobs.ports import Store


def assign_teams(store: Store, directory: Directory, teams: Teams) -> None:
    """Note the team of every leaf: names and patterns may have changed."""
    leaves = store.spend.leaves()
    store.spend.assign([team_of(leaves.scope(leaf), directory, teams) for leaf in range(len(leaves.values))])
