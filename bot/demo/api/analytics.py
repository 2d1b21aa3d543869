"""Reports C and D: `GET /v1/organizations/analytics/usage` and `/cost` (reference 4)."""

import json
from datetime import datetime
from functools import lru_cache

from bot.demo.api.analytics_items import Report, write_report
from bot.demo.api.analytics_query import Query, read_query
from bot.demo.api.analytics_rows import compute_rows
from bot.demo.api.columns import analytics_columns, render_actor
from bot.demo.api.cursor import Cursor, read_cursor
from bot.demo.api.exchange import Answer, Request, stamp
from bot.demo.api.grouping import Label
from bot.demo.api.params import Params
from bot.demo.api.words import DIMENSIONS
from bot.demo.facts import watermark
from bot.demo.scene import Demo

_DEFAULT_ROWS, _MOST_ROWS = 20, 1000
_REMEMBERED = 4
"""Answers that are kept, so that later pages cost little."""


class Analytics:
    """Answers both reports from one demo."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._columns = analytics_columns(demo.facts.lines)
        self._actors = {
            line.actor.id: render_actor(line.actor, demo.organisation) for line in demo.facts.lines
        }
        members = demo.organisation.members.values()
        self._deleted = frozenset(member.id for member in members if member.removed)
        self._report = lru_cache(_REMEMBERED)(self._write)

    def answer(self, report: str, request: Request, now: datetime) -> Answer:
        """One page of `cost` or `usage`. Raises Problem."""
        params = Params.parse(request.query)
        cursor = read_cursor(params, now)
        query = read_query(report, request, params, cursor.as_of)
        limit = params.integer("limit", _DEFAULT_ROWS, _MOST_ROWS)
        known = watermark(cursor.as_of)
        written = self._report(query, known)
        end = cursor.offset + limit
        more = end < len(written.rows.group)
        envelope = {
            "has_more": more,
            "next_page": Cursor(end, cursor.as_of).issue(params) if more else None,
            "data_refreshed_at": stamp(known),
        }
        data = ",".join(written.items(cursor.offset, end))
        return Answer(200, f'{{"data":[{data}],{json.dumps(envelope)[1:]}')

    def _write(self, query: Query, known: datetime) -> Report:
        rows = compute_rows(query, self._demo.facts, self._columns, self._deleted, known)
        return write_report(rows, [self._group(query, label) for label in rows.labels])

    def _group(self, query: Query, label: Label) -> dict[str, object]:
        group: dict[str, object] = dict.fromkeys(DIMENSIONS)
        group |= dict(zip(query.group_by, label, strict=True))
        if "actor" in query.group_by:
            group["actor"] = self._actors[str(group["actor"])]
        return group
