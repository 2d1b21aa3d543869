"""The one door to Anthropic's organisation APIs: paced, patient, strict about what comes back."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from bot import VERSION
from bot.sources.errors import BadAnswer, CursorExpired, Refused, SourceError, TimedOut, Unreachable
from bot.sources.pace import LONGEST_WAIT, Pace, wait_after

log = logging.getLogger(__name__)

Params = Sequence[tuple[str, str]]
MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_PAGES = 100_000
_SECRET = re.compile(r"sk-ant-\S+")
_ATTEMPTS = 6
_ATTEMPTS_WHEN_SLOW = 2
"""A slow window is tried once more, then asked for in halves; a conflict (409) is tried once more."""
_SPEND_LIMIT_CODES = {"enforced_spend_limit_reached", "contract_spend_limit_reached"}
_HEADERS = {
    "accept": "application/json",
    "anthropic-version": "2023-06-01",
    "user-agent": f"claude-spend-bot/{VERSION}",
}


class Page(Protocol):
    """A page that knows what to ask for next: extra parameters, or None at the end."""

    def next_params(self) -> Params | None:
        """The parameters to add to the original ones for the next page."""

    @classmethod
    def model_validate_json(cls, json_data: bytes, /) -> Self:
        """Read the page from a response body."""


PageT = TypeVar("PageT", bound=Page)


class CursorPage(BaseModel):
    """Families A to G: `page=<next_page>` until there is none (reference 1.5)."""

    has_more: bool | None = None
    next_page: str | None = None

    def next_params(self) -> Params | None:
        """The cursor of the next page."""
        return [("page", self.next_page)] if self.next_page and self.has_more is not False else None


class IdPage(BaseModel):
    """Workspaces, keys, users: `after_id=<last_id>` while `has_more`."""

    has_more: bool = False
    last_id: str | None = None

    def next_params(self) -> Params | None:
        """The id to continue after."""
        return [("after_id", self.last_id)] if self.has_more and self.last_id else None


class Client:
    """GET requests to one organisation, one at a time. Errors are those of `sources.errors`."""

    def __init__(
        self, base_url: str, key: str, pace: Pace, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._pace = pace
        self._http = httpx.Client(
            base_url=base_url,
            headers=_HEADERS | {"x-api-key": key},
            timeout=60.0,
            follow_redirects=False,
            transport=transport,
            trust_env=transport is None,
        )

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def pages(self, path: str, params: Params, page_type: type[PageT], beta: str = "") -> list[PageT]:
        """Every page of one query, or an error: never a part. An expired cursor starts over once."""
        try:
            return self._pages_once(path, params, page_type, beta)
        except CursorExpired:
            log.info("%s: the page cursor expired, starting again from the first page", path)
            return self._pages_once(path, params, page_type, beta)

    def _pages_once(self, path: str, params: Params, page_type: type[PageT], beta: str) -> list[PageT]:
        pages: list[PageT] = []
        seen: set[tuple[tuple[str, str], ...]] = set()
        more: Params | None = ()
        while more is not None:
            if tuple(more) in seen or len(pages) >= MAX_PAGES:
                raise BadAnswer(f"GET {path}: page {len(pages)} points back to a page already read")
            seen.add(tuple(more))
            pages.append(self._page(path, [*params, *more], page_type, beta, len(pages) + 1))
            more = pages[-1].next_params()
        return pages

    def _page(self, path: str, params: Params, page_type: type[PageT], beta: str, number: int) -> PageT:
        body = self.get(path, params, beta)
        try:
            return page_type.model_validate_json(body)
        except ValidationError as error:
            raise BadAnswer(f"GET {path}: page {number}, {_first_problem(error)}") from error

    def get(self, path: str, params: Params = (), beta: str = "") -> bytes:
        """The body of a 200 answer, tried again for as long as that makes sense."""
        attempt = 0
        while True:
            self._pace.wait_for_turn()
            answer = self._try(path, params, beta)
            if isinstance(answer, bytes):
                return answer
            attempt += 1
            wait = wait_after(answer.status, answer.headers, attempt - 1)
            if attempt >= answer.attempts or wait > LONGEST_WAIT:
                raise answer.failure
            log.info("%s; waiting %.0f s", answer.failure, wait)
            self._pace.sleep(wait)

    def _try(self, path: str, params: Params, beta: str) -> "bytes | _Failed":
        """The body of a 200 answer, or what went wrong and how often to try such a thing."""
        try:
            response, body = self._ask(path, params, beta)
        except httpx.UnsupportedProtocol:
            remedy = "anthropic.base_url must begin with https:// or http://"
            return _Failed(Refused(f"GET {path}: {remedy}", 0), attempts=1)
        except httpx.TimeoutException:
            slow = TimedOut(f"GET {path}: no answer within 60 s; check the network")
            return _Failed(slow, _ATTEMPTS_WHEN_SLOW)
        except (httpx.TransportError, httpx.DecodingError) as error:
            what = type(error).__name__
            broken = Unreachable(f"GET {path}: the connection failed ({what}); check the network")
            return _Failed(broken, _ATTEMPTS)
        if response.status_code == 200:
            return body
        failure = _failure(path, response, body)
        return _Failed(failure, _attempts(response, failure), response.status_code, response.headers)

    def _ask(self, path: str, params: Params, beta: str) -> tuple[httpx.Response, bytes]:
        request = self._http.build_request("GET", path, params=list(params))
        if beta:
            request.headers["anthropic-beta"] = beta
        response = self._http.send(request, stream=True)
        try:
            return response, _read_capped(response, path)
        finally:
            response.close()


@dataclass(frozen=True, slots=True)
class _Failed:
    """An attempt that failed: how often such a thing is tried in all, and what the answer was."""

    failure: SourceError
    attempts: int
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def _attempts(response: httpx.Response, failure: SourceError) -> int:
    told = response.headers.get("x-should-retry")
    if told == "false":
        return 1
    if isinstance(failure, TimedOut) or response.status_code == 409:
        return _ATTEMPTS_WHEN_SLOW
    return _ATTEMPTS if told == "true" or isinstance(failure, Unreachable) else 1


def _read_capped(response: httpx.Response, path: str) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadAnswer(f"GET {path}: the answer is larger than {MAX_BODY_BYTES >> 20} MiB")
    return bytes(body)


class _ErrorDetails(BaseModel):
    error_code: str = ""


class _ErrorBody(BaseModel):
    type: str = ""
    message: str = ""
    details: _ErrorDetails | None = None


class _ErrorEnvelope(BaseModel):
    error: _ErrorBody = _ErrorBody()
    request_id: str | None = None


_REMEDY = {
    400: "the request does not suit this organisation",
    401: "the key is wrong, expired or revoked: check the key in the environment",
    402: "the organisation has a billing problem: see the Console",
    403: "the key may not read this: an Admin key or the read:analytics scope is needed",
    404: "this organisation is not offered this endpoint",
}


def _failure(path: str, response: httpx.Response, body: bytes) -> SourceError:
    """The error an answer stands for: by status first, since a proxy may answer with HTML (reference 8)."""
    status, error = response.status_code, _error_body(body)
    request_id = response.headers.get("request-id") or error.request_id
    said = f": {_SECRET.sub('sk-ant-…', error.error.message[:300])}" if error.error.message else ""
    text = f"GET {path} answered {status}{said}" + (f" (request {request_id})" if request_id else "")
    code = error.error.details.error_code if error.error.details else ""
    if 300 <= status < 400:
        return Refused(f"{text}; redirects are not followed: check anthropic.base_url", status)
    if status == 410 or (status == 400 and "cursor" in said.lower()):
        return CursorExpired(text)
    if status == 504:
        return TimedOut(text)
    if (status == 429 and code not in _SPEND_LIMIT_CODES) or status in {408, 409} or status >= 500:
        return Unreachable(f"{text}; the next cycle tries again")
    return Refused(f"{text}; {_REMEDY.get(status, 'this will not pass by itself')}", status)


def _error_body(body: bytes) -> _ErrorEnvelope:
    try:
        return _ErrorEnvelope.model_validate_json(body[:100_000])
    except ValidationError:
        return _ErrorEnvelope()


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=True)[0]
    place = ".".join(str(part) for part in first["loc"]) or "body"
    return f"{place}: {first['msg']} (found {str(first['input'])[:60]!r})"
