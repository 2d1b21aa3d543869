"""Slack on loopback: the Web API, an incoming webhook, and what people do there (S2 to S6, S11, S12c).

Arguments come from query, form and JSON body. Faults are queued per method with `fail`, each for one call.
What people do is sent to the app over its sockets (`apps.connections.open`), or signed over HTTP while
`request_url` is set; each of these methods returns a `SentEvent` that knows when it was acknowledged.
"""

import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from typing import Any, Self

from tests.fakes.slack_chat import Chat
from tests.fakes.slack_conversations import Conversations
from tests.fakes.slack_driver import Driver
from tests.fakes.slack_events import SentEvent
from tests.fakes.slack_files import Files
from tests.fakes.slack_http import handler_of
from tests.fakes.slack_people import ADA, GRACE, OPS, People
from tests.fakes.slack_responses import ResponseUrls
from tests.fakes.slack_signed import SIGNING_SECRET, SignedPosts
from tests.fakes.slack_sockets import Link
from tests.fakes.slack_store import BOT, Store
from tests.fakes.slack_views import Views
from tests.fakes.slack_wire import (
    DROP_AFTER,
    DROP_BEFORE,
    HTML_500,
    JSON_503,
    LOST_500,
    TEXT_504,
    Answer,
    Fault,
    Request,
    refused,
    slow,
    throttled,
)

__all__ = [
    "ADA", "APP_TOKEN", "DROP_AFTER", "DROP_BEFORE", "GRACE", "HTML_500", "JSON_503", "LOST_500", "OPS",
    "SIGNING_SECRET", "TEXT_504", "TOKEN", "WEBHOOK_PATH", "FakeSlack", "Fault", "SentEvent", "refused",
    "slow", "throttled",
]  # fmt: skip

TOKEN, APP_TOKEN = "xoxb-test-token", "xapp-test-token"
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
WEBHOOK_PATH = "/services/T01TEST/B01TEST/webhook-secret"
_OPEN = {"webhook", "response_url", "upload", "api.test"}
"""What needs no token."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # an app may answer many people at once


class FakeSlack(Driver):
    """A workspace with one bot; a context manager that listens at `api_url` and `webhook_url`.

    While it is open no proxy is set: slack_sdk would send even loopback calls through one (S2).
    """

    def __init__(self, token: str = TOKEN, *, start: float = 1795053600.0) -> None:
        self.token = token
        self.calls: list[Request] = []
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._proxies: dict[str, str] = {}
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), handler_of(self._answer))
        self._address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._furnish(start)

    def _furnish(self, start: float) -> None:
        self.store, self.people, self.views = Store(start), People(), Views()
        self.files = Files(self._address)
        self.chat = Chat(self.store, self.files)
        self.responses = ResponseUrls(self._address, self.store, self.chat)
        self.link, self.signed = Link(), SignedPosts()
        parts = (self.people, self.views, self.files, self.chat, Conversations(self.store))
        self._methods: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "api.test": lambda args: Answer.ok(args=args),
            "auth.test": lambda _: Answer.ok(
                bot_id=BOT["bot_id"], user_id=BOT["user"], team="Test", team_id="T01TEST"
            ),
            "apps.connections.open": lambda _: Answer.ok(url=self.link.address()),
        }
        for part in parts:
            self._methods |= part.methods()

    def __enter__(self) -> Self:
        self._proxies = {name: os.environ.pop(name) for name in PROXIES if name in os.environ}
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.link.close()
        self.signed.close()
        os.environ.update(self._proxies)

    @property
    def api_url(self) -> str:
        return f"{self._address}/api/"

    @property
    def webhook_url(self) -> str:
        return f"{self._address}{WEBHOOK_PATH}"

    @property
    def sockets(self) -> int:
        """How many sockets the app holds open."""
        return self.link.count

    def wait_for_socket(self, timeout: float = 5.0, nth: int = 1) -> None:
        """Until an nth socket was opened, and one is open. Raises AssertionError."""
        self.link.wait(timeout, nth)

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` go wrong, one fault each.

        Beside the methods of the Web API there are "webhook", "response_url" and "upload".
        """
        self._faults[method].extend(faults)

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of `method`, oldest first."""
        return [call.arguments for call in self.calls if call.method == method]

    def _answer(self, call: Request) -> Answer | None:
        """What goes back over the wire; None closes the connection without a word."""
        self.calls.append(call)
        fault = self._faults[call.method].popleft() if self._faults[call.method] else None
        if fault is None or fault.stored:
            with self._lock:
                done = self._refused(call) or self._carry_out(call)
            if fault is None:
                return done
        self._closing.wait(fault.delay)
        if fault.drop:
            return None
        return Answer(fault.status, fault.body or "{}", fault.content_type, fault.headers)

    def _refused(self, call: Request) -> Answer | None:
        wanted = APP_TOKEN if call.method == "apps.connections.open" else self.token
        if call.method in _OPEN or call.token == wanted:
            return None
        known = {APP_TOKEN, self.token}
        wrong = "not_allowed_token_type" if call.token in known else "invalid_auth"
        return Answer.refusal(wrong if call.token else "not_authed")

    def _carry_out(self, call: Request) -> Answer:
        match call.method:
            case "webhook":
                return self.chat.webhook(call.arguments)
            case "response_url":
                return self.responses.answer(call.place, call.arguments)
            case "upload":
                return self.files.upload(call.place, call.content)
            case method if method in self._methods:
                return self._methods[method](call.arguments)
            case _:
                return Answer.refusal("unknown_method")
