"""The usage report, folded: tokens by hour, workspace, key, model and tier, and what modifies their price."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from bot.facts.spend import TOKENS
from bot.sources.admin_wire import UsageRow
from bot.sources.prices import LONG_PROMPT

SEARCHES = len(TOKENS)
"""Where web searches stand in Counts, behind the five token counts."""
Counts = list[int]
KeyT = TypeVar("KeyT")

PRIORITY = "priority"
"""The tier that is paid by commitment and never appears in the cost report (reference 3.2)."""
_KNOWN = {
    "service_tier": {None, "standard", "batch", PRIORITY, "priority_on_demand", "flex", "flex_discount"},
    "context_window": {None, "0-200k", LONG_PROMPT},
    "inference_geo": {None, "global", "us", "not_available"},
    "speed": {None, "standard", "fast"},
}
_PLAIN_GEOS = {None, "global", "not_available"}
_PLAIN_SPEEDS = {None, "standard"}


class CellKey(NamedTuple):
    """One row of spend: bucket start and dimensions."""

    hour: datetime
    workspace_id: str
    api_key_id: str
    model: str
    service_tier: str

    def group(self) -> "GroupKey":
        """The group whose place and speed are known together."""
        return GroupKey(self.hour, self.workspace_id, self.api_key_id, self.model)


class GroupKey(NamedTuple):
    """What place and speed are known for: the tier is not, since one query has room for five dimensions."""

    hour: datetime
    workspace_id: str
    api_key_id: str
    model: str


class Mode(NamedTuple):
    """Where and how fast requests ran, when that was not the plain way."""

    geo: str
    speed: str


class Unknown(NamedTuple):
    """A value this version does not know."""

    report: str
    field: str
    value: str


@dataclass(slots=True)
class Usage:
    """What was used. `long` and `modes` are parts of `cells`, never to be added to them."""

    cells: dict[CellKey, Counts] = field(default_factory=dict)
    long: dict[CellKey, Counts] = field(default_factory=dict)
    """The part in prompts of more than 200,000 tokens."""
    modes: dict[GroupKey, dict[Mode, Counts]] = field(default_factory=dict)
    """The part that ran in the US or in fast mode."""
    unknown: set[Unknown] = field(default_factory=set)

    def add_tokens(self, hour: datetime, rows: Iterable[UsageRow], default_workspace: str) -> None:
        """Count rows grouped by key, workspace, model, tier and context window (reference 2.4, pass 1)."""
        for row in rows:
            key = CellKey(
                hour,
                row.workspace_id or default_workspace,
                row.api_key_id or "",
                row.model or "",
                row.service_tier or "",
            )
            _add(self.cells, key, row.counts())
            if row.context_window == LONG_PROMPT:
                _add(self.long, key, row.counts())
            self._check(row, "service_tier", "context_window")

    def add_modes(self, hour: datetime, rows: Iterable[UsageRow], default_workspace: str) -> None:
        """Note place and speed of rows grouped by key, workspace, model, geo and speed (pass 2)."""
        for row in rows:
            if row.inference_geo in _PLAIN_GEOS and row.speed in _PLAIN_SPEEDS:
                continue
            key = GroupKey(hour, row.workspace_id or default_workspace, row.api_key_id or "", row.model or "")
            mode = Mode(row.inference_geo or "", row.speed or "")
            _add(self.modes.setdefault(key, {}), mode, row.counts())
            self._check(row, "inference_geo", "speed")

    def _check(self, row: UsageRow, *fields: str) -> None:
        for name in fields:
            value = getattr(row, name)
            if value not in _KNOWN[name]:
                self.unknown.add(Unknown("usage", name, value))


def _add(cells: dict[KeyT, Counts], key: KeyT, counts: Counts) -> None:
    known = cells.get(key)
    if known is None:
        cells[key] = counts
    else:
        cells[key] = [a + b for a, b in zip(known, counts, strict=True)]
