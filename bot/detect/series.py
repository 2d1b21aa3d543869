"""The series that are judged: each way of grouping the organisation, its dollars and its mix, side by side.

All of them are stacked into one matrix, so that a look is a handful of array operations however many
series there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.detect.robust import Floats, Ints, median
from bot.facts.spend import TOKENS
from bot.panel.coverage import Mask
from bot.panel.leaves import Groups
from bot.panel.panel import Panel

COUNTS = ("requests", *TOKENS)
"""What a panel must hold beside the dollars for the mix to be judged."""
NARROW = (("api_key_id", "model"), ("api_key_id",))
BROAD: tuple[tuple[str, ...], ...] = ((), ("workspace_id",), ("model",), ("product",), ("actor",))
DOLLARS, BROAD_DOLLARS, PRICE, REPLY, PROMPT = range(5)
"""Channels: dollars of narrow and broad groupings; dollars a token, output and input tokens a request."""
NANO = 1e9
RESTING = 0.02
"""A series rests in a bucket with less than this share of its typical busy one."""
_FEW = 0.03
"""A ratio says nothing in a bucket with less than this share of the typical denominator."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group the leaves: dollars, and whether each cell was told as an incident."""

    groups: Groups
    narrow: bool
    dollars: Floats
    told: Mask


@dataclass(frozen=True, slots=True)
class Rows:
    """Some series of one grouping and channel: logs count where `seen`; `size` undoes the log's scale.

    `share` is how much of a typical bucket's traffic the newest one has, at most 1: what its ratios rest on.
    """

    grouping: int
    channel: int
    logs: Floats
    seen: Mask
    told: Mask
    size: Floats
    share: Floats


def groupings(panel: Panel, told: Mask, least: float = 0.0) -> list[Grouping]:
    """Every way to group the organisation that differs from those before it, narrow ones first.

    A series that never spent `least` dollars in a bucket is left out: it cannot be worth saying.
    """
    found: list[Grouping] = []
    partitions: set[bytes] = set()
    for dimensions in (*NARROW, *BROAD):
        groups = panel.leaves.by(*dimensions)
        partition = groups.of_leaf.tobytes()
        if partition not in partitions:
            partitions.add(partition)
            found.append(_grouping(panel, groups, told, least, narrow=dimensions in NARROW))
    return [grouping for grouping in found if len(grouping.groups)]


def _grouping(panel: Panel, groups: Groups, told: Mask, least: float, *, narrow: bool) -> Grouping:
    usd = panel.grouped(groups)
    dear = usd.max(axis=1, initial=0) >= least * NANO
    groups, usd = groups.only(dear), usd[dear]
    if not told.any():
        return Grouping(groups, narrow, usd / NANO, np.zeros(usd.shape, np.bool_))
    marked = panel.grouped(groups, np.where(told, panel.usd, 0))
    all_marked = panel.grouped(groups, told.astype(np.int64)) >= _members(groups)[:, None]
    return Grouping(groups, narrow, usd / NANO, (marked > usd // 5) | all_marked)


def _members(groups: Groups) -> Ints:
    return np.bincount(groups.of_leaf[groups.of_leaf >= 0], minlength=len(groups))


def stacked(panel: Panel, found: list[Grouping]) -> list[Rows]:
    """The rows of every grouping and channel; the mix only where a key is pinned and tokens are known."""
    rows = dollar_rows(panel, found)
    if all(name in panel.counts for name in COUNTS):
        for number, grouping in enumerate(found):
            if grouping.narrow:
                rows += _mix(panel, number, grouping)
    return rows


def dollar_rows(panel: Panel, found: list[Grouping]) -> list[Rows]:
    """The dollars of every grouping."""
    return [_dollars(panel, number, grouping) for number, grouping in enumerate(found)]


def _past(panel: Panel) -> Mask:
    past = panel.known.copy()
    past[-1] = False
    return past


def _dollars(panel: Panel, number: int, grouping: Grouping) -> Rows:
    dollars = grouping.dollars
    size = np.nan_to_num(median(dollars, (dollars > 0) & _past(panel)), nan=1.0)
    share = dollars / size[:, None]
    seen = (share > RESTING) & panel.known
    channel = DOLLARS if grouping.narrow else BROAD_DOLLARS
    logs, whole = np.log(np.maximum(share, RESTING)), np.ones(len(size))
    return Rows(number, channel, logs, seen, grouping.told, size, whole)


def _mix(panel: Panel, number: int, grouping: Grouping) -> Iterator[Rows]:
    requests, *kinds = (panel.grouped(grouping.groups, panel.counts[name]).astype(float) for name in COUNTS)
    prompt, output = np.sum(kinds[:-1], axis=0), kinds[-1]
    for channel, above, below in (
        (PRICE, grouping.dollars, prompt + output),
        (REPLY, output, requests),
        (PROMPT, prompt, requests),
    ):
        typical = np.nan_to_num(median(below, (below > 0) & _past(panel)), nan=np.inf)
        seen = (below > _FEW * typical[:, None]) & (above > 0) & panel.known
        logs = np.zeros_like(above)
        np.log(np.divide(above, below, where=seen, out=np.ones_like(above)), where=seen, out=logs)
        share = np.minimum(below[:, -1] / np.maximum(typical, 1.0), 1.0)
        yield Rows(number, channel, logs, seen, grouping.told, np.ones(len(above)), share)
