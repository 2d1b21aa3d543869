"""The Socket Mode side of the fake Slack: one WebSocket server, and the sockets of one app (S12c).

Pings are answered with the same payload by the library.
"""

import json
import logging
import secrets
import threading
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.fakes.slack_events import SentEvent

_SILENT = logging.getLogger("tests.fakes.slack_sockets")
_SILENT.setLevel(logging.CRITICAL + 1)
_HELLO = {
    "type": "hello",
    "connection_info": {"app_id": "A01APP"},
    "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
}


class Link:
    """The sockets an app holds open. Events go out on the newest; acknowledgements may come in on any.

    Slack pings seldom, and slack_sdk's own client notices that it is to close a silent socket only after
    three seconds: `ping_seconds` is short so that tests are, None shows what that client does.
    """

    def __init__(self) -> None:
        self.ping_seconds: float | None = 0.1
        self.opened = 0
        self._open: list[ServerConnection] = []
        self._events: dict[str, SentEvent] = {}
        self._tickets: set[str] = set()
        self._changed = threading.Condition()
        self._server: Server | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def close(self) -> None:
        """Hang up and stop."""
        if self._server:
            self._server.shutdown()
            self._thread.join()

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._open)

    def address(self) -> str:
        """A URL that opens one socket."""
        if self._server is None:
            self._server = serve(
                self._talk, "127.0.0.1", 0, process_request=self._admit, ping_interval=self.ping_seconds,
                ping_timeout=None, close_timeout=1, compression=None, logger=_SILENT,
            )  # fmt: skip
            self._thread.start()
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id=A01APP"

    def wait(self, timeout: float, nth: int) -> None:
        """Until an nth socket was opened, and one is open. Raises AssertionError when that takes too long."""
        with self._changed:
            come = self._changed.wait_for(lambda: self._open and self.opened >= nth, timeout)
            assert come, f"{self.opened} sockets were opened within {timeout} s, {len(self._open)} are open"

    def send(self, event: SentEvent) -> None:
        """Send an event, as soon as there is a socket. Raises AssertionError when none is opened in time."""
        self.wait(3.0, 1)
        self._events[event.id] = event
        event.sent_at = time.monotonic()
        self._open[-1].send(json.dumps(event.envelope))

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask the app to open another socket; unless it is a "warning", the old ones are closed at once.

        Other reasons are "refresh_requested", "link_disabled" and "too_many_websockets".
        """
        goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
        for socket in list(self._open):
            socket.send(json.dumps(goodbye))
        if reason != "warning":
            self.hang_up()

    def hang_up(self) -> None:
        """Close every socket without a word before."""
        for socket in list(self._open):
            self._note(socket, opened=False)
            socket.close()

    def _serve(self) -> None:
        assert self._server
        self._server.serve_forever()

    def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        """A ticket is good once."""
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        if ticket not in self._tickets:
            return socket.respond(HTTPStatus.FORBIDDEN, "ticket")
        self._tickets.remove(ticket)
        return None

    def _talk(self, socket: ServerConnection) -> None:
        try:
            socket.send(json.dumps({**_HELLO, "num_connections": len(self._open) + 1}))
            self._note(socket, opened=True)
            for frame in socket:
                self._take(json.loads(frame))
        except ConnectionClosed:
            """However it ends, it is no longer open."""
        finally:
            self._note(socket, opened=False)

    def _take(self, frame: dict[str, Any]) -> None:
        self._events[frame["envelope_id"]].acknowledge(frame.get("payload") or {})

    def _note(self, socket: ServerConnection, *, opened: bool) -> None:
        with self._changed:
            self.opened += opened
            self._open = [*(each for each in self._open if each is not socket), *([socket] if opened else [])]
            self._changed.notify_all()
