"""Slack on loopback: the Web API and an incoming webhook, as far as we speak to them (S3, S5, S11, S12c).

Arguments come from query, form and JSON body. Faults are queued per method with `fail`, each for one call.
"""

import json
import os
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.slack_store import Answer, Store

TOKEN = "xoxb-test-token"
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
WEBHOOK_PATH = "/services/T01TEST/B01TEST/webhook-secret"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call: before it is carried out, or after (`stored`)."""

    status: int = 200
    body: str = ""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    stored: bool = False
    drop: bool = False
    delay: float = 0.0


def throttled(seconds: str) -> Fault:
    """HTTP 429 with Retry-After."""
    return Fault(429, '{"ok": false, "error": "ratelimited"}', headers={"Retry-After": seconds})


def refused(error: str, **more: Any) -> Fault:
    """HTTP 200 with an error word."""
    return Fault(body=json.dumps({"ok": False, "error": error, **more}))


HTML_500 = Fault(500, "<html>Server Error</html>", "text/html")
JSON_503 = Fault(503, '{"ok": false, "error": "service_unavailable"}')
TEXT_504 = Fault(504, "upstream request timeout", "text/plain")
LOST_500 = Fault(500, "<html>Server Error</html>", "text/html", stored=True)
DROP_BEFORE = Fault(drop=True)
DROP_AFTER = Fault(drop=True, stored=True)


def slow(seconds: float) -> Fault:
    """Carried out at once, answered late."""
    return Fault(delay=seconds, stored=True)


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    method: str
    arguments: dict[str, Any]


class FakeSlack:
    """A workspace with one bot; a context manager that listens at `api_url` and `webhook_url`.

    While it is open no proxy is set: slack_sdk would send even loopback calls through one (S2).
    """

    def __init__(self, token: str = TOKEN, *, start: float = 1795053600.0) -> None:
        self.token = token
        self.store = Store(start)
        self.calls: list[Call] = []
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._proxies: dict[str, str] = {}
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._proxies = {name: os.environ.pop(name) for name in PROXIES if name in os.environ}
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        os.environ.update(self._proxies)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{WEBHOOK_PATH}"

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` ("webhook" for the webhook) go wrong, one fault each."""
        self._faults[method].extend(faults)

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of `method`, oldest first."""
        return [call.arguments for call in self.calls if call.method == method]

    def answer(self, method: str, arguments: dict[str, Any], token: str) -> Answer | None:
        """What goes back over the wire; None closes the connection without a word."""
        self.calls.append(Call(method, arguments))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is None or fault.stored:
            done = self._carry_out(method, arguments, token)
            if fault is None:
                return done
        self._closing.wait(fault.delay)
        if fault.drop:
            return None
        return Answer(fault.status, fault.body or "{}", fault.content_type, fault.headers)

    def _carry_out(self, method: str, arguments: dict[str, Any], token: str) -> Answer:
        if method == "webhook":
            return self.store.webhook(arguments)
        if token != self.token and method != "api.test":
            return Answer.refusal("invalid_auth" if token else "not_authed")
        return self.store.carry_out(method, arguments)


def _handler_of(fake: FakeSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arguments = dict(_arguments(self))
            token = arguments.pop("token", None) or self.headers.get("Authorization", "").removeprefix(
                "Bearer "
            )
            answer = fake.answer(_method(self.path), arguments, token)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.all_headers().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        do_GET = do_POST  # noqa: N815 - the name http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own argument
            """Say nothing: tests read `calls`."""

    return Handler


def _method(path: str) -> str:
    place = urlsplit(path).path
    return "webhook" if place == WEBHOOK_PATH else place.removeprefix("/api/")


def _arguments(request: BaseHTTPRequestHandler) -> Iterator[tuple[str, Any]]:
    """Query, form and JSON body merged; structures in forms arrive as JSON text."""
    body = request.rfile.read(int(request.headers.get("Content-Length") or 0)).decode()
    yield from parse_qsl(urlsplit(request.path).query)
    if request.headers.get("Content-Type", "").startswith("application/json"):
        yield from json.loads(body or "{}").items()
        return
    for name, value in parse_qsl(body):
        yield name, json.loads(value) if name in {"blocks", "metadata"} else value
