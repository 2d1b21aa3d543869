"""The one door to Anthropic's organisation APIs: paced, patient, strict about what comes back."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from bot import VERSION
from bot.sources.errors import BadAnswer, CursorExpired, Refused, SourceError, TimedOut, Unreachable
from bot.sources.failures import cleaner, failure
from bot.sources.pace import LONGEST_WAIT, Pace, wait_after

log = logging.getLogger(__name__)

Params = Sequence[tuple[str, str]]
MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_PAGES = 2_000
"""A window of two million rows: who offers more is leading us in circles."""
SLOWEST_BODY = 300.0
"""Seconds after which an answer that is still arriving counts as none, however steadily it drips."""
_ATTEMPTS = 6
_RATE_LIMITED_FOR = 75.0
"""A rate limit is waited out for so many seconds in all at least, however short the waits it names."""
_ATTEMPTS_WHEN_SLOW = 2
"""A slow window is tried once more, then asked for in halves; a conflict (409) is tried once more."""
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
_T = TypeVar("_T")


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


def restarting(read: Callable[[], _T]) -> _T:
    """What `read` returns; it is called once more, from the start, when a cursor expires on the way."""
    try:
        return read()
    except CursorExpired as expired:
        log.info("%s; starting again from the first page", expired)
        return read()


class Client:
    """GET requests to one organisation, one at a time. Errors are those of `sources.errors`."""

    def __init__(
        self, base_url: str, key: str, pace: Pace, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._pace = pace
        self._clean = cleaner(key)
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
        return restarting(lambda: list(self.stream(path, params, page_type, beta)))

    def stream(self, path: str, params: Params, page_type: type[PageT], beta: str = "") -> Iterator[PageT]:
        """The pages of one query as they arrive, for what is too large to hold; errors come in between.

        Raises CursorExpired when everything must be read again: see `restarting`.
        """
        seen: set[tuple[tuple[str, str], ...]] = set()
        more: Params | None = ()
        while more is not None:
            if tuple(more) in seen:
                raise BadAnswer(f"GET {path}: page {len(seen)} points back to a page already read")
            if len(seen) >= MAX_PAGES:
                raise BadAnswer(f"GET {path}: there is no end to it after {MAX_PAGES} pages")
            seen.add(tuple(more))
            page = self._page(path, [*params, *more], page_type, beta, len(seen))
            yield page
            more = page.next_params()

    def _page(self, path: str, params: Params, page_type: type[PageT], beta: str, number: int) -> PageT:
        body = self.get(path, params, beta)
        try:
            return page_type.model_validate_json(body)
        except ValidationError as error:
            raise BadAnswer(f"GET {path}: page {number}, {self._clean(_first_problem(error))}") from None

    def get(self, path: str, params: Params = (), beta: str = "") -> bytes:
        """The body of a 200 answer, tried again for as long as that makes sense."""
        attempt, waited = 0, 0.0
        while True:
            self._pace.wait_for_turn()
            answer = self._try(path, params, beta)
            if isinstance(answer, bytes):
                return answer
            attempt += 1
            wait = wait_after(answer.status, answer.headers, attempt - 1)
            if (attempt >= answer.attempts and waited >= answer.patience) or wait > LONGEST_WAIT:
                raise answer.failure
            log.info("%s; waiting %.0f s", answer.failure, wait)
            self._pace.sleep(wait)
            waited += max(wait, 1.0)

    def _try(self, path: str, params: Params, beta: str) -> "bytes | _Failed":
        """The body of a 200 answer, or what went wrong and how often to try such a thing."""
        try:
            response, body = self._ask(path, params, beta)
        except httpx.UnsupportedProtocol:
            remedy = "anthropic.base_url must begin with https:// or http://"
            return _Failed(Refused(f"GET {path}: {remedy}", 0), attempts=1)
        except httpx.TimeoutException:
            slow = TimedOut(f"GET {path}: no whole answer in time; check the network")
            return _Failed(slow, _ATTEMPTS_WHEN_SLOW)
        except (httpx.TransportError, httpx.DecodingError) as error:
            what = type(error).__name__
            broken = Unreachable(f"GET {path}: the connection failed ({what}); check the network")
            return _Failed(broken, _ATTEMPTS)
        if response.status_code == 200:
            return body
        status, request_id = response.status_code, response.headers.get("request-id")
        trouble = failure(path, status, request_id, body, self._clean)
        attempts = _attempts(response, trouble)
        patience = _RATE_LIMITED_FOR if status == 429 and attempts > 1 else 0.0
        return _Failed(trouble, attempts, patience, status, response.headers)

    def _ask(self, path: str, params: Params, beta: str) -> tuple[httpx.Response, bytes]:
        request = self._http.build_request("GET", path, params=list(params))
        if beta:
            request.headers["anthropic-beta"] = beta
        response = self._http.send(request, stream=True)
        try:
            return response, _read_capped(response, path, self._pace.monotonic)
        finally:
            response.close()


@dataclass(frozen=True, slots=True)
class _Failed:
    """An attempt that failed: how often such a thing is tried in all, and what the answer was."""

    failure: SourceError
    attempts: int
    patience: float = 0.0
    """Seconds to keep trying at least, even if that takes more attempts."""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def _attempts(response: httpx.Response, failure: SourceError) -> int:
    told = response.headers.get("x-should-retry")
    if told == "false":
        return 1
    if isinstance(failure, TimedOut) or response.status_code == 409:
        return _ATTEMPTS_WHEN_SLOW
    return _ATTEMPTS if told == "true" or isinstance(failure, Unreachable) else 1


def _read_capped(response: httpx.Response, path: str, monotonic: Callable[[], float]) -> bytes:
    body, late = bytearray(), monotonic() + SLOWEST_BODY
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadAnswer(f"GET {path}: the answer is larger than {MAX_BODY_BYTES >> 20} MiB")
        if monotonic() > late:
            raise httpx.ReadTimeout("still arriving")
    return bytes(body)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=True)[0]
    place = ".".join(str(part) for part in first["loc"]) or "body"
    return f"{place}: {first['msg']} (found {str(first['input'])[:60]!r})"
