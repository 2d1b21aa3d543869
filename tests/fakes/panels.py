"""Panels written as a few numbers: dollars by the hour for leaves with names."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from bot.detect.robust import Floats
from bot.facts.clock import Grain, index
from bot.facts.scope import Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday, so that column 0 is Monday 00:00 and columns 120 to 167 are the first weekend."""
WEEK = 168
NANO = 1e9


def panel_of(
    hourly: Mapping[Scope, Floats], complete_until: int | None = None, unknown: slice | None = None
) -> Panel:
    """Hourly dollars by leaf as a panel; columns from `complete_until` on may still fill."""
    usd = np.array([np.round(values * NANO) for values in hourly.values()]).astype(np.int64)
    known = np.ones(usd.shape[1], np.bool_)
    known[unknown or slice(0)] = False
    complete = known.copy()
    complete[usd.shape[1] if complete_until is None else complete_until :] = False
    return Panel(Grain.HOUR, index(START, Grain.HOUR), leaves_of(hourly), usd, known, complete)


def days_of(panel: Panel) -> Panel:
    """The same dollars by day; a last part-day is dropped."""
    days = panel.columns // 24
    usd = panel.usd[:, : days * 24].reshape(len(panel.usd), days, 24).sum(axis=2)
    known = np.logical_or.reduce(panel.known[: days * 24].reshape(days, 24), axis=1)
    complete = np.logical_and.reduce(panel.complete[: days * 24].reshape(days, 24), axis=1)
    return Panel(Grain.DAY, index(START, Grain.DAY), panel.leaves, usd, known, complete)


def leaves_of(hourly: Mapping[Scope, Floats]) -> Leaves:
    """The scopes as leaves; what is not pinned is empty."""
    names = ("workspace_id", "api_key_id", "model", "actor", "product")
    return Leaves.of(tuple(getattr(scope, name) or "" for name in names) for scope in hourly)


def leaf(key: str, model: str = "sonnet", workspace: str = "prod") -> Scope:
    """A leaf with a key."""
    return Scope(workspace_id=workspace, api_key_id=key, model=model)


def steady(dollars: float, hours: int, seed: int = 1, sigma: float = 0.1) -> Floats:
    """So many dollars an hour, day and night, with log-normal noise."""
    noise = np.random.default_rng(seed).normal(0.0, sigma, hours)
    return np.asarray(dollars * np.exp(noise))


def office(dollars: float, hours: int, seed: int = 2) -> Floats:
    """So many dollars an hour from nine to six on weekdays, next to nothing else."""
    return steady(dollars, hours, seed) * np.where(_working(hours), 1.0, 0.01)


def weekend_batch(dollars: float, hours: int, seed: int = 3) -> Floats:
    """So many dollars an hour on Saturdays and Sundays only."""
    return steady(dollars, hours, seed) * (np.arange(hours) % WEEK >= 120)


def _working(hours: int) -> NDArray[np.bool_]:
    at = np.arange(hours)
    return np.asarray((at % WEEK < 120) & (at % 24 >= 9) & (at % 24 < 18))
