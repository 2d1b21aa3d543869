"""Page cursors: opaque to clients, bound to the query that made them."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.demo.api.exchange import bad_request
from bot.demo.api.params import Params

_PREFIX = "page_"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins, and as of when the query is answered: all pages show the same moment."""

    offset: int
    as_of: datetime

    def issue(self, params: Params) -> str:
        """The cursor as text."""
        content = json.dumps([self.offset, self.as_of.isoformat(), _digest(params)])
        return _PREFIX + base64.urlsafe_b64encode(content.encode()).decode()


def read_cursor(params: Params, now: datetime) -> Cursor:
    """The cursor a request carries, or its beginning. Raises a 400 Problem for one of another query."""
    text = params.one("page")
    if text is None:
        return Cursor(0, now)
    try:
        offset, as_of, digest = json.loads(base64.urlsafe_b64decode(text.removeprefix(_PREFIX)))
        cursor = Cursor(max(int(offset), 0), datetime.fromisoformat(as_of).astimezone(UTC))
    except (ValueError, TypeError, binascii.Error) as error:
        raise bad_request("page: Invalid cursor") from error
    if digest != _digest(params):
        raise bad_request("page: Cursor does not match the query: repeat all other parameters unchanged")
    return cursor


def _digest(params: Params) -> str:
    others = sorted(pair for pair in params.pairs if pair[0] != "page")
    return hashlib.sha256(json.dumps(others).encode()).hexdigest()[:16]
