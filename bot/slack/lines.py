"""The two ways in which Slack reaches us: a socket that we open, or signed requests over HTTP."""

import json
import logging
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from waitress.server import create_server
from waitress.trigger import trigger
from waitress.wasyncore import close_all

from bot.facts.trouble import Trouble
from bot.slack.client import CallFailed, SlackApi
from bot.slack.trouble import SILENT

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_LOG = logging.getLogger(__name__)
EVENTS_PATH, HEALTH_PATH = "/slack/events", "/healthz"
_SERVER: dict[str, Any] = {"threads": 8, "ident": None, "max_request_body_size": 1 << 20}
"""Slack sends a few kilobytes; what is larger is not read, for it is not signed by anybody yet."""
_PING_SECONDS = 1.0
"""After five of these that failed a socket that broke without a word is opened again."""
logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # many at once that wait their turn are no news


class WrongToken(Trouble):
    """Slack refuses a token for good; the text says which, and what to do."""


def check_tokens(bot: SlackApi, app: SlackApi | None) -> dict[str, Any]:
    """Ask Slack whether it takes the tokens; what it says of the bot, nothing where it does not answer.

    Bolt itself would try a wrong app token for ever (S2). Raises WrongToken.
    """
    myself = _asked(bot, "auth.test", "SLACK_BOT_TOKEN")
    if app is not None:
        _asked(app, "apps.connections.open", "SLACK_APP_TOKEN")
    return myself


def _asked(api: SlackApi, method: str, variable: str) -> dict[str, Any]:
    try:
        return api.call(method, {})
    except CallFailed as failure:
        if not failure.outcome.retry:
            what = f"Slack does not take {variable} ({failure.error})"
            raise WrongToken(f"{what}; copy it anew from the app's page in Slack") from None
        _LOG.warning("Slack could not be asked about %s: %s", variable, failure)
        return {}


class SocketLine:
    """Socket Mode: kept open, and opened again when it breaks."""

    def __init__(self, app: App, app_token: str) -> None:
        self._handler = SocketModeHandler(app, app_token, logger=SILENT, ping_interval=_PING_SECONDS)
        self._was_open = True

    def open(self) -> None:
        """Connect; where that fails it is tried again by `look_after`."""
        try:
            self._handler.connect()  # type: ignore[no-untyped-call] # of slack_bolt
            _LOG.info("listening to Slack over a socket")
        except Exception as error:  # noqa: BLE001
            # slack_sdk raises whatever its socket, its HTTP client and Slack's answer make of it.
            _LOG.warning(
                "the socket to Slack could not be opened (%s); it is tried again", type(error).__name__
            )

    def look_after(self) -> None:
        """Say when the line is down, and open it if it never was: later slack_sdk does so by itself."""
        is_open = self._handler.client.is_connected()
        if is_open != self._was_open:
            _LOG.warning("the socket to Slack is %s", "open again" if is_open else "down; buttons wait")
        self._was_open = is_open
        if self._handler.client.current_session is None:
            self.open()

    def close(self) -> None:
        """Hang up."""
        self._handler.close()  # type: ignore[no-untyped-call] # of slack_bolt


class HttpLine:
    """Signed requests at /slack/events, and /healthz beside it."""

    def __init__(self, app: App, listen: str, health: Callable[[], Sequence[str]]) -> None:
        """Listen at host:port. Raises Trouble where that cannot be had."""
        self._open: dict[int, Any] = {}
        site, opened = _Site(app, health), [_socket_at(listen)]
        self._server = create_server(site, map=self._open, sockets=opened, **_SERVER)
        self._stop = trigger(self._open)  # type: ignore[arg-type] # the stubs expect another map
        self._thread = Thread(target=self._server.run, name="http", daemon=True)

    def open(self) -> None:
        """Begin to answer."""
        self._thread.start()
        _LOG.info("listening to Slack over HTTP")

    def look_after(self) -> None:
        """Nothing to do: each request stands for itself."""

    def close(self) -> None:
        """Stop answering. In its own thread, which would otherwise wait on a socket that is gone."""
        hang_up = partial(close_all, self._open, ignore_all=True)
        self._stop.pull_trigger(hang_up)
        self._thread.join(timeout=5)
        self._server.task_dispatcher.shutdown()


def _socket_at(listen: str) -> socket.socket:
    """A socket that listens at host:port. Raises Trouble."""
    host, _, port = listen.rpartition(":")
    try:
        family, *_, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        remedy = "set slack.listen to a free host:port"
        raise Trouble(f"cannot listen at {listen} ({error.strerror or error}); {remedy}") from None


class _Site:
    """The WSGI application."""

    def __init__(self, app: App, health: Callable[[], Sequence[str]]) -> None:
        self._slack = SlackRequestHandler(app, path=EVENTS_PATH)
        self._health = health

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") == HEALTH_PATH:
            return self._healthz(start_response)
        # Bolt fails on a timestamp that is no number (S2).
        if not environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "0").isdecimal():
            return _answer(start_response, "401 Unauthorized", {"error": "invalid request"})
        return self._slack(environ, start_response)

    def _healthz(self, start_response: "StartResponse") -> Iterable[bytes]:
        problems = list(self._health())
        status = "503 Service Unavailable" if problems else "200 OK"
        return _answer(start_response, status, {"ok": not problems, "problems": problems})


def _answer(start_response: "StartResponse", status: str, content: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
