"""Anthropic on loopback with everything that goes wrong there: the demo organisation's API, and faults.

Faults are queued per path (`fail`), set for good (`always`) or for one request by its number (`fail_at`);
without one the true answer goes out. Every request is remembered.
"""

import gzip
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote

from bot.demo import Demo, VirtualClock
from bot.demo.api.exchange import Answer, Request
from bot.demo.api.gate import RateLimit
from bot.demo.api.router import Api

ROOT = "/v1/organizations"
COST, USAGE = f"{ROOT}/analytics/cost", f"{ROOT}/analytics/usage"
LEGACY_COST, LEGACY_USAGE = f"{ROOT}/cost_report", f"{ROOT}/usage_report/messages"
ME, WORKSPACES, KEYS, USERS = (f"{ROOT}/{name}" for name in ("me", "workspaces", "api_keys", "users"))

Change = Callable[[dict[str, Any]], object]
"""Alters a true JSON answer in place."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one answer. Without a body the true answer's is sent, as `change` leaves it."""

    status: int = 200
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    change: Change | None = None
    cut: bool = False
    """The connection ends in the middle of the body."""
    delay: float = 0.0
    drip: bool = False
    """The body never ends: a byte now and then, until the client gives up."""


def refusal(
    status: int, message: str = "", headers: Mapping[str, str] | None = None, code: str = ""
) -> Fault:
    """An error as reference 8 has it."""
    error = {"type": "error", "message": message} | ({"details": {"error_code": code}} if code else {})
    body = json.dumps({"type": "error", "error": error, "request_id": "req_1"}).encode()
    return Fault(status, body, headers or {})


def limited(**headers: str) -> Fault:
    """A 429 with headers: `retry_after="7"` becomes `retry-after: 7`."""
    return refusal(429, "slow down", {name.replace("_", "-"): value for name, value in headers.items()})


def answering(content: bytes | object) -> Fault:
    """A 200 with another body: bytes as they are, else as JSON (in which NaN may stand)."""
    return Fault(body=content if isinstance(content, bytes) else json.dumps(content).encode())


def changed(change: Change) -> Fault:
    """The true answer, altered."""
    return Fault(change=change)


def redirect(to: str) -> Fault:
    """A redirect."""
    return Fault(302, b"", {"location": to})


def bomb() -> Fault:
    """A small body that unpacks to 65 MiB."""
    return Fault(body=gzip.compress(bytes(65 << 20), 1), headers={"content-encoding": "gzip"})


BARE_429 = limited()
OVERLOADED = refusal(529, "Overloaded")
HTML_500 = Fault(500, b"<html><h1>Internal Server Error</h1></html>", {"content-type": "text/html"})
TIMEOUT = refusal(504, "timeout")
EXPIRED = refusal(410, "cursor expired")
CUT = Fault(cut=True)
DRIP = Fault(drip=True)


@dataclass(frozen=True)
class Asked:
    """One request as it came in; `at` in seconds of the fake's monotonic clock, `params` in their order."""

    at: float
    path: str
    params: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    target: str
    method: str
    body: bytes

    def many(self, name: str) -> list[str]:
        """All values of a parameter."""
        return [value for key, value in self.params if key == name]

    def one(self, name: str) -> str:
        """The only value of a parameter."""
        (value,) = self.many(name)
        return value


class FakeAnthropic:
    """A context manager that listens at `base_url`; `clock` is the API's present."""

    def __init__(
        self, demo: Demo, clock: VirtualClock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.demo, self.clock = demo, clock
        self.asked: list[Asked] = []
        self.held = threading.Event()
        self._api = Api(demo, RateLimit(None, monotonic))
        self._monotonic = monotonic
        self._queued: list[tuple[str, deque[Fault]]] = []
        self._always: list[tuple[str, Fault]] = []
        self._numbered: dict[int, Fault] = {}
        self._hold_at = 0
        self._released = threading.Event()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, path: str, *faults: Fault) -> None:
        """The next requests whose path begins so go wrong, one fault each."""
        self._queued.append((path, deque(faults)))

    def always(self, path: str, fault: Fault) -> None:
        """All requests whose path begins so go wrong."""
        self._always.append((path, fault))

    def fail_at(self, number: int, fault: Fault) -> None:
        """The request of that number, counted from 1 and from now, goes wrong."""
        self._numbered[len(self.asked) + number] = fault

    def hold_at(self, number: int) -> None:
        """The request of that number, counted from 1 and from now, gets no answer; `held` tells."""
        self.held.clear()
        self._released.clear()
        self._hold_at = len(self.asked) + number

    def release(self) -> None:
        """The request that is held gets its answer."""
        self._released.set()

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self._queued.clear()
        self._always.clear()
        self._numbered.clear()
        self._hold_at = 0
        self._released.set()

    def of(self, path: str) -> list[Asked]:
        """The requests for a path, oldest first."""
        return [asked for asked in self.asked if asked.path == path]

    def answer(self, asked: Asked) -> tuple[Fault, bytes]:
        """What goes wrong, and the body that goes out."""
        self.asked.append(asked)
        number = len(self.asked)
        if number == self._hold_at:
            self.held.set()
            self._released.wait(60)
        fault = self._fault(asked.path, number)
        if fault.body is not None:
            return fault, fault.body
        true = self._true(asked)
        body = true.body.encode()
        if fault.change is not None and true.status == 200:
            content = json.loads(body)
            fault.change(content)
            body = json.dumps(content).encode()
        return replace(fault, status=true.status, headers={**true.headers, **fault.headers}), body

    def _fault(self, path: str, number: int) -> Fault:
        if number in self._numbered:
            return self._numbered.pop(number)
        queued = next((faults for place, faults in self._queued if faults and path.startswith(place)), None)
        if queued is not None:
            return queued.popleft()
        return next((fault for place, fault in self._always if path.startswith(place)), Fault())

    def _true(self, asked: Asked) -> Answer:
        query = asked.target.partition("?")[2]
        request = Request(asked.method, asked.path, query, asked.headers, asked.body)
        return self._api.answer(request, self.clock.now())

    def receive(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Asked:
        """A request as it came over the wire."""
        path, _, query = target.partition("?")
        params = tuple(parse_qsl(query, keep_blank_values=True))
        lower = {name.lower(): value for name, value in headers.items()}
        return Asked(self._monotonic(), unquote(path), params, lower, target, method, body)

    def wait(self, seconds: float) -> bool:
        """Let time pass; true when the server closes."""
        return self._closing.wait(seconds)


def _handler_of(fake: FakeAnthropic) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            asked = fake.receive(self.command, self.path, dict(self.headers.items()), content)
            fault, body = fake.answer(asked)
            fake.wait(fault.delay)
            with _quietly(self):
                self.send_response(fault.status)
                names = {"content-type": "application/json"} | dict(fault.headers)
                for name, value in names.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body) if not fault.drip else 1 << 20))
                self.end_headers()
                if fault.cut or fault.drip:
                    self.close_connection = True
                    self._trickle(body, drip=fault.drip)
                else:
                    self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 the name http.server calls

        def _trickle(self, body: bytes, *, drip: bool) -> None:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            while drip and not fake.wait(0.01):
                self.wfile.write(b" ")
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own argument
            """Say nothing: tests read `asked`."""

    return Handler


@contextmanager
def _quietly(handler: BaseHTTPRequestHandler) -> Iterator[None]:
    """A client that was killed or gave up is no error."""
    try:
        yield
    except OSError:
        handler.close_connection = True
