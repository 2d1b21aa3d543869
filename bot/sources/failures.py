"""What an answer other than 200 means (reference 8), in words that are safe to show."""

import re
from collections.abc import Callable

from pydantic import BaseModel, ValidationError

from bot.sources.errors import CursorExpired, Refused, SourceError, TimedOut, Unreachable

_SECRET = re.compile(r"sk-ant-\S+")
_SHORTEST_SECRET = 8
_LONGEST_QUOTE = 300
_SPEND_LIMIT_CODES = {"enforced_spend_limit_reached", "contract_spend_limit_reached"}
_REMEDY = {
    400: "the request does not suit this organisation",
    401: "the key is wrong, expired or revoked: check the key in the environment",
    402: "the organisation has a billing problem: see the Console",
    403: "the key may not read this: an Admin key or the read:analytics scope is needed",
    404: "this organisation is not offered this endpoint",
}


class _Details(BaseModel):
    error_code: str | None = None


class _Error(BaseModel):
    message: str | None = None
    details: _Details | None = None


class _Body(BaseModel):
    error: _Error = _Error()
    request_id: str | None = None


def cleaner(key: str) -> Callable[[str], str]:
    """How to quote an upstream: on one line, of letters that can be seen, without `key` or any other key."""

    def clean(text: str) -> str:
        text = text.replace(key, "[key]") if len(key) >= _SHORTEST_SECRET else text
        seen = "".join(letter if letter.isprintable() else " " for letter in _SECRET.sub("[key]", text))
        return " ".join(seen.split())

    return clean


def failure(
    path: str, status: int, request_id: str | None, body: bytes, clean: Callable[[str], str]
) -> SourceError:
    """The error an answer stands for: by status first, since a proxy may answer with HTML.

    `request_id` is the header of that name; `clean` makes what the upstream said safe to show.
    """
    said = _read(body)
    words = clean(said.error.message or "")[:_LONGEST_QUOTE]
    number = clean(request_id or said.request_id or "")[:100]
    text = f"GET {path} answered {status}" + (f": {words}" if words else "")
    text += f" (request {number})" if number else ""
    code = said.error.details.error_code if said.error.details else None
    if 300 <= status < 400:
        return Refused(f"{text}; redirects are not followed: check anthropic.base_url", status)
    if status == 410 or (status == 400 and "cursor" in words.lower()):
        return CursorExpired(f"{text}; the next cycle tries again")
    if status == 504:
        return TimedOut(f"{text}; the next cycle tries again")
    if (status == 429 and code not in _SPEND_LIMIT_CODES) or status in {408, 409} or status >= 500:
        return Unreachable(f"{text}; the next cycle tries again")
    return Refused(f"{text}; {_REMEDY.get(status, 'this will not pass by itself')}", status)


def _read(body: bytes) -> _Body:
    try:
        return _Body.model_validate_json(body[:100_000])
    except ValidationError:
        return _Body()
