"""The one door to Anthropic's organisation APIs: paced, patient, strict about what comes back."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from bot import VERSION
from bot.sources.errors import BadAnswer, CursorExpired, Refused, TimedOut, Unreachable
from bot.sources.failures import (
    ATTEMPTS,
    ATTEMPTS_WHEN_SLOW,
    Failed,
    Method,
    cleaner,
    failure,
    said_in,
    weigh,
)
from bot.sources.pace import LONGEST_WAIT, Pace, wait_after

log = logging.getLogger(__name__)

Params = Sequence[tuple[str, str]]
MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_PAGES = 2_000
"""A window of two million rows: who offers more is leading us in circles."""
SLOWEST_BODY = 300.0
"""Seconds after which an answer that is still arriving counts as none, however steadily it drips."""
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


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked. As text, what an error calls it."""

    method: Method
    path: str
    params: Params = ()
    beta: str = ""
    content: Mapping[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Client:
    """Requests to one organisation, one at a time. Errors are those of `sources.errors`.

    `clean` makes what an upstream said safe to show.
    """

    def __init__(
        self, base_url: str, key: str, pace: Pace, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._pace = pace
        self.clean = cleaner(key)
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
            raise BadAnswer(f"GET {path}: page {number}, {self.clean(_first_problem(error))}") from None

    def get(self, path: str, params: Params = (), beta: str = "") -> bytes:
        """The body of a 200 answer, tried again for as long as that makes sense."""
        return self._insist(_Request("GET", path, params, beta))

    def post(self, path: str, content: Mapping[str, str]) -> bytes:
        """The body of the 200 answer to a write of JSON, tried again just as a GET is.

        After a connection that broke, or a 5xx, nobody knows whether it was done; it is sent again all the
        same. So post only how something shall be, such as a key's status: done twice, it is done once. What
        adds something must not come this way.
        """
        return self._insist(_Request("POST", path, content=content))

    def _insist(self, request: _Request) -> bytes:
        attempt, waited = 0, 0.0
        while True:
            self._pace.wait_for_turn()
            answer = self._try(request)
            if isinstance(answer, bytes):
                return answer
            attempt += 1
            wait = wait_after(answer.status, answer.headers, attempt - 1)
            if (attempt >= answer.attempts and waited >= answer.patience) or wait > LONGEST_WAIT:
                raise answer.failure
            log.info("%s; waiting %.0f s", answer.failure, wait)
            self._pace.sleep(wait)
            waited += max(wait, 1.0)

    def _try(self, request: _Request) -> bytes | Failed:
        """The body of a 200 answer, or what went wrong and how often to try such a thing."""
        try:
            response, body = self._ask(request)
        except httpx.UnsupportedProtocol:
            remedy = "anthropic.base_url must begin with https:// or http://"
            return Failed(Refused(f"{request}: {remedy}", 0), attempts=1)
        except httpx.TimeoutException:
            slow = TimedOut(f"{request}: no whole answer in time; check the network")
            return Failed(slow, ATTEMPTS_WHEN_SLOW)
        except (httpx.TransportError, httpx.DecodingError) as error:
            what = type(error).__name__
            broken = Unreachable(f"{request}: the connection failed ({what}); check the network")
            return Failed(broken, ATTEMPTS)
        status, headers = response.status_code, response.headers
        if status == 200:
            return body
        said = said_in(body, headers.get("request-id"), self.clean)
        return weigh(failure(request.method, request.path, status, said), status, headers)

    def _ask(self, asked: _Request) -> tuple[httpx.Response, bytes]:
        request = self._http.build_request(
            asked.method, asked.path, params=list(asked.params), json=asked.content
        )
        if asked.beta:
            request.headers["anthropic-beta"] = asked.beta
        response = self._http.send(request, stream=True)
        try:
            return response, _read_capped(response, asked, self._pace.monotonic)
        finally:
            response.close()


def _read_capped(response: httpx.Response, asked: _Request, monotonic: Callable[[], float]) -> bytes:
    body, late = bytearray(), monotonic() + SLOWEST_BODY
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadAnswer(f"{asked}: the answer is larger than {MAX_BODY_BYTES >> 20} MiB")
        if monotonic() > late:
            raise httpx.ReadTimeout("still arriving")
    return bytes(body)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=True)[0]
    place = ".".join(str(part) for part in first["loc"]) or "body"
    return f"{place}: {first['msg']} (found {str(first['input'])[:60]!r})"
