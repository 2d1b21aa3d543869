"""The demo organisation on a socket of this machine."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote

from bot.demo.api.exchange import Request
from bot.demo.api.gate import RateLimit
from bot.demo.api.router import Api
from bot.demo.clock import VirtualClock
from bot.demo.scene import Demo

_SHUTDOWN_POLL = 0.02


@contextmanager
def serve(
    demo: Demo,
    clock: VirtualClock,
    per_minute: int | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[str]:
    """Speak Anthropic's API for `demo` on 127.0.0.1 while the block runs; gives the base URL.

    `clock` is the API's present. Of the requests in one minute of `monotonic`, `per_minute` are answered and
    the rest get a 429; None answers all.
    """
    server = _Server(Api(demo, RateLimit(per_minute, monotonic)), clock)
    thread = Thread(target=server.serve_forever, args=(_SHUTDOWN_POLL,), name="demo-api", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: Api, clock: VirtualClock) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api
        self.clock = clock

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "claude-spend-demo"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 the names http.server calls

    def _answer(self, body: bytes = b"") -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, unquote(path), query, headers, body)
        answer = self.server.api.answer(request, self.server.clock.now())
        content = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header tells the demo's time."""
        return formatdate(timestamp or self.server.clock.now().timestamp(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name http.server gives
        """Say nothing: the console belongs to the bot."""
