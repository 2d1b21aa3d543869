"""What an answer other than 200 means (reference 8), in words that are safe to show, and how often to ask."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ValidationError

from bot.sources.errors import CursorExpired, Refused, SourceError, TimedOut, Unreachable

_SECRET = re.compile(r"sk-ant-\S+")
_SHORTEST_SECRET = 8
_LONGEST_QUOTE = 300
_SPEND_LIMIT_CODES = {"enforced_spend_limit_reached", "contract_spend_limit_reached"}
Method = Literal["GET", "POST"]
_REMEDY: Mapping[Method, Mapping[int, str]] = {
    "GET": {
        400: "the request does not suit this organisation",
        401: "the key is wrong, expired or revoked: check the key in the environment",
        402: "the organisation has a billing problem: see the Console",
        403: "the key may not read this: an Admin key or the read:analytics scope is needed",
        404: "this organisation is not offered this endpoint",
    },
    # Nothing else is ever written than the status of an API key (reference 7.3).
    "POST": {
        400: "this key cannot be changed so: see the Console",
        401: "an Admin key that is valid is needed for this: check ANTHROPIC_ADMIN_KEY",
        403: "an Admin key that may do this is needed: check ANTHROPIC_ADMIN_KEY",
        404: "that key no longer exists",
    },
}
_LATER: Mapping[Method, str] = {"GET": "the next cycle tries again", "POST": "try again later"}
ATTEMPTS = 6
ATTEMPTS_WHEN_SLOW = 2
"""A slow window is tried once more, then asked for in halves; a conflict (409) is tried once more."""
_RATE_LIMITED_FOR = 75.0
"""A rate limit is waited out for so many seconds in all at least, however short the waits it names."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that failed: how often such a thing is tried in all, and what the answer was."""

    failure: SourceError
    attempts: int
    patience: float = 0.0
    """Seconds to keep trying at least, even if that takes more attempts."""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What an upstream had to say of a failure, safe to show; each part may be empty."""

    words: str
    request_id: str
    code: str


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


def said_in(body: bytes, request_id: str | None, clean: Callable[[str], str]) -> Said:
    """What an error says: `request_id` is the header of that name, `clean` makes words safe to show."""
    said = _read(body)
    words = clean(said.error.message or "")[:_LONGEST_QUOTE]
    code = said.error.details.error_code if said.error.details else None
    return Said(words, clean(request_id or said.request_id or "")[:100], code or "")


def failure(method: Method, path: str, status: int, said: Said) -> SourceError:
    """The error an answer stands for: by status first, since a proxy may answer with HTML."""
    text = f"{method} {path} answered {status}" + (f": {said.words}" if said.words else "")
    text += f" (request {said.request_id})" if said.request_id else ""
    later = f"{text}; {_LATER[method]}"
    if 300 <= status < 400:
        return Refused(f"{text}; redirects are not followed: check anthropic.base_url", status)
    if method == "GET" and (status == 410 or (status == 400 and "cursor" in said.words.lower())):
        return CursorExpired(later)
    if status == 504:
        return TimedOut(later)
    if (status == 429 and said.code not in _SPEND_LIMIT_CODES) or status in {408, 409} or status >= 500:
        return Unreachable(later)
    return Refused(f"{text}; {_REMEDY[method].get(status, 'this will not pass by itself')}", status)


def weigh(failure: SourceError, status: int, headers: Mapping[str, str]) -> Failed:
    """How often to try what was answered so."""
    attempts = _attempts(failure, status, headers.get("x-should-retry"))
    patience = _RATE_LIMITED_FOR if status == 429 and attempts > 1 else 0.0
    return Failed(failure, attempts, patience, status, headers)


def _attempts(failure: SourceError, status: int, told: str | None) -> int:
    if told == "false":
        return 1
    if isinstance(failure, TimedOut) or status == 409:
        return ATTEMPTS_WHEN_SLOW
    return ATTEMPTS if told == "true" or isinstance(failure, Unreachable) else 1


def _read(body: bytes) -> _Body:
    try:
        return _Body.model_validate_json(body[:100_000])
    except ValidationError:
        return _Body()
