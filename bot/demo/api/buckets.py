"""What reports A and B share: whole buckets, oldest first, paged by bucket (reference 1.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.demo.api.cursor import Cursor, read_cursor
from bot.demo.api.exchange import Answer, Problem, bad_request, ok, stamp
from bot.demo.api.params import Params
from bot.facts.clock import Grain, ceil, floor

_LONGEST = timedelta(days=31)
_EMPTY_RANGE = "Invalid date range: ending date must be after starting date"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole buckets of one width in [start, end)."""

    start: datetime
    end: datetime
    grain: Grain

    def __len__(self) -> int:
        return (self.end - self.start) // self.grain.width

    def at(self, number: int) -> datetime:
        """Where bucket `number` starts."""
        return self.start + number * self.grain.width


def read_span(params: Params, grain: Grain, now: datetime, *, to_the_present: bool) -> Span:
    """The buckets asked for: those that start at or after `starting_at` and end by `ending_at`.

    Without an end they reach to `now`, and into the bucket in progress if `to_the_present`. No bucket lies in
    the future. Raises a 400 Problem that says not to try again for a range that ends before it starts.
    """
    start = floor(params.required_instant("starting_at"), grain)
    present = ceil(now, grain)
    end = floor(params.instant("ending_at") or (present if to_the_present else now), grain)
    if end <= start:
        raise Problem(400, "invalid_request_error", _EMPTY_RANGE, {"x-should-retry": "false"})
    if end - start > _LONGEST:
        raise bad_request("ending_at: the range may span at most 31 days")
    return Span(start, max(min(end, present), start), grain)


def bucket_page(
    params: Params,
    span: Span,
    limit: int,
    now: datetime,
    results: Callable[[datetime, datetime, datetime], list[list[dict[str, Any]]]],
) -> Answer:
    """One page of buckets, empty ones included.

    `results` gives the rows of every bucket in [first, last) as of a time.
    """
    cursor = read_cursor(params, now)
    begin, end = cursor.offset, min(cursor.offset + limit, len(span))
    filled = results(span.at(begin), span.at(end), cursor.as_of)
    data = [
        {"starting_at": stamp(span.at(n)), "ending_at": stamp(span.at(n + 1)), "results": filled[n - begin]}
        for n in range(begin, end)
    ]
    more = end < len(span)
    return ok(
        {
            "data": data,
            "has_more": more,
            "next_page": Cursor(end, cursor.as_of).issue(params) if more else None,
        }
    )
