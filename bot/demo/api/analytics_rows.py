"""The rows of reports C and D, in order, before they are cut into pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.demo.api.analytics_query import Query
from bot.demo.api.columns import Columns
from bot.demo.api.grouping import Groups, Label, add_up, group_lines
from bot.demo.facts import Facts
from bot.demo.prices import OUTPUT, UNCACHED
from bot.demo.quantities import Ints
from bot.facts.clock import DAY, HOUR, Grain, floor


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of one answer: row r is group `group[r]` in bucket `bucket[r]`, values by (group, bucket)."""

    query: Query
    labels: Sequence[Label]
    bounds: Sequence[tuple[datetime, datetime]]
    group: NDArray[np.intp]
    bucket: NDArray[np.intp]
    values: Mapping[str, Ints]


def compute_rows(
    query: Query, facts: Facts, columns: Columns, deleted: frozenset[str], known: datetime
) -> Rows:
    """Answer `query` with the watermark at `known`: combinations with usage or cost, ordered as asked."""
    seen = facts.seen(known, query.start, query.end)
    starts, bounds = _buckets(query, seen.first, seen.hours)
    groups = group_lines([columns[name] for name in query.group_by], _chosen(query, columns, deleted))
    values = {
        "tokens": add_up(seen.tokens, groups, starts),
        "requests": add_up(seen.requests, groups, starts),
        "searches": add_up(seen.searches, groups, starts),
        "list_nano": add_up(seen.list_nano, groups, starts),
        "nano": add_up(seen.nano, groups, starts),
    }
    return _ordered(query, groups, bounds, values)


def _chosen(query: Query, columns: Columns, deleted: frozenset[str]) -> list[bool]:
    lines = range(len(columns["actor"]))
    chosen = [all(columns[name][line] in allowed for name, allowed in query.filters) for line in lines]
    if query.without_deleted:
        chosen = [chosen[line] and columns["actor"][line] not in deleted for line in lines]
    return chosen


def _buckets(
    query: Query, first: datetime, hours: int
) -> tuple[NDArray[np.intp], list[tuple[datetime, datetime]]]:
    """The first hour of each bucket, counted from `first`, and the bounds rows name."""
    if query.width is None:
        return np.zeros(min(hours, 1), np.intp), [(query.start, query.end)]
    grain = Grain.DAY if query.width == DAY else Grain.HOUR
    into = (first - floor(first, grain)) // HOUR
    number = (np.arange(hours) + into) // (query.width // HOUR)
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    return starts, _bounds(floor(first, grain), query.width, len(starts))


def _bounds(first: datetime, width: timedelta, count: int) -> list[tuple[datetime, datetime]]:
    return [(first + i * width, first + (i + 1) * width) for i in range(count)]


def _ordered(
    query: Query, groups: Groups, bounds: Sequence[tuple[datetime, datetime]], values: Mapping[str, Ints]
) -> Rows:
    group, bucket = np.nonzero(_size(query, values) > 0)
    rank = _metric(query, values)[group, bucket]
    if query.order_by == "time" and query.width is not None:
        first = -bucket if query.descending else bucket
        order = np.lexsort((group, -rank, first))
    else:
        order = np.lexsort((group, bucket, -rank if query.descending else rank))
    return Rows(query, groups.labels, bounds, group[order], bucket[order], values)


def _size(query: Query, values: Mapping[str, Ints]) -> Ints:
    """Zero where the report has nothing to say: combinations without rows."""
    if query.report == "cost":
        return np.asarray(values["list_nano"].sum(axis=2))
    return np.asarray(values["tokens"].sum(axis=2) + values["requests"])


def _metric(query: Query, values: Mapping[str, Ints]) -> Ints:
    """What rows are ranked by: the first order of the report stands in for `time` (reference 4.1)."""
    tokens = values["tokens"]
    if query.order_by == "requests":
        return values["requests"]
    if query.order_by in {"output_tokens", "uncached_input_tokens"}:
        return tokens[..., OUTPUT if query.order_by == "output_tokens" else UNCACHED]
    if query.report == "cost":
        money = values["list_nano" if query.order_by == "list_amount" else "nano"]
        return np.asarray(money.sum(axis=2))
    return np.asarray(tokens.sum(axis=2))
