"""Lists that page by id (reference 1.5), and one entry of them by its path."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from bot.demo.api.exchange import Answer, bad_request, not_found, ok
from bot.demo.api.params import Params

_DEFAULT_ENTRIES, _MOST_ENTRIES = 20, 1000
Entry = dict[str, Any]
_T = TypeVar("_T")


def find(entries: Mapping[str, _T], path: str) -> _T:
    """The entry whose id ends the path. Raises a 404 Problem."""
    identity = path.rsplit("/", 1)[-1]
    if identity not in entries:
        raise not_found(f"{identity} was not found")
    return entries[identity]


def page(params: Params, entries: Sequence[Entry]) -> Answer:
    """The page of `entries` that is asked for by `limit` and `after_id` or `before_id`."""
    limit = params.integer("limit", _DEFAULT_ENTRIES, _MOST_ENTRIES)
    after, before = params.one("after_id"), params.one("before_id")
    if after and before:
        raise bad_request("after_id and before_id cannot be given together")
    if before:
        end = _position(entries, before, "before_id")
        shown, more = entries[max(end - limit, 0) : end], end > limit
    else:
        begin = _position(entries, after, "after_id") + 1 if after else 0
        shown, more = entries[begin : begin + limit], begin + limit < len(entries)
    first, last = (shown[0]["id"], shown[-1]["id"]) if shown else (None, None)
    return ok({"data": list(shown), "has_more": more, "first_id": first, "last_id": last})


def _position(entries: Sequence[Entry], identity: str, name: str) -> int:
    for position, entry in enumerate(entries):
        if entry["id"] == identity:
            return position
    raise bad_request(f"{name}: {identity} is not in this list")
