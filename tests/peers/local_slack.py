"""local-slack on loopback, a Slack that others wrote (npm local-slack-linux-x64 0.1.8): what it shows (S12a).

It is read through its control API, and through the socket of its web page: that alone knows modals and homes.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from websockets.sync.client import ClientConnection, connect

from tests.fakes.slack import ADA, APP_TOKEN, GRACE, PROXIES, SIGNING_SECRET, TOKEN

ALERTS, APP, BOT = "C01ALERTS", "A01APP", "U0BOT"
_PATIENCE = 20.0
_OPENER = build_opener(ProxyHandler({}))

Message = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _workspace(mode: str, request_url: str) -> dict[str, Any]:
    app = {
        "appId": APP, "botUserId": BOT, "botName": "claude-spend", "botToken": TOKEN, "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET, "mode": mode, "requestUrl": request_url,
    }  # fmt: skip
    people = [
        {"id": ADA, "name": "ada", "real_name": "Ada", "email": "ada@example.com", "tz": "Europe/London"},
        {"id": GRACE, "name": "grace", "email": "grace@example.com", "tz": "America/New_York"},
    ]
    channels = [{"id": ALERTS, "name": "alerts", "members": [ADA, GRACE, BOT]}]
    return {"app": app, "users": people, "channels": channels}


class LocalSlack:
    """One server: a context manager. `mode` is "socket", or "events" for signed requests to `listen`.

    While it is open no proxy is set, neither for it nor for us.
    """

    def __init__(self, binary: str, folder: Path, mode: str) -> None:
        self.mode = mode
        self.listen = f"127.0.0.1:{free_port()}"
        self._port = free_port()
        config = folder / "local-slack.json"
        config.write_text(json.dumps(_workspace(mode, f"http://{self.listen}/slack/events")))
        self._command = (
            binary, "--config", str(config), "--port", str(self._port), "--base-host", "127.0.0.1",
            "--files-dir", str(folder / "files"),
        )  # fmt: skip
        self._proxies: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._proxies = {name: os.environ.pop(name) for name in PROXIES if name in os.environ}
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        os.environ.update(self._proxies)

    def restart(self) -> None:
        """End without a word to anybody, and begin anew with nothing said."""
        self._stop()
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        self.until(self._is_up)

    def _stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _is_up(self) -> bool:
        assert self._process.poll() is None, "local-slack ended at once"
        try:
            self.control("state")
        except URLError:
            return False
        return True

    @staticmethod
    def until(come: Callable[[], object]) -> None:
        """Wait for something. Raises AssertionError when it does not come."""
        end = time.monotonic() + _PATIENCE
        while not come():
            assert time.monotonic() < end, "it did not come in time"
            time.sleep(0.02)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/"

    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask or tell local-slack something."""
        content = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self._port}/_control/{path}"
        with _OPENER.open(
            Request(address, content, {"Content-Type": "application/json"}), timeout=_PATIENCE
        ) as answer:  # fmt: skip
            return json.load(answer)

    @contextmanager
    def page(self) -> Iterator[tuple[ClientConnection, dict[str, Any]]]:
        """Its web page, and what that shows at first."""
        with connect(f"ws://127.0.0.1:{self._port}/ui", proxy=None, max_size=None) as page:
            yield page, json.loads(page.recv(_PATIENCE))["state"]

    def shown(self) -> dict[str, Any]:
        """All that its web page shows now."""
        with self.page() as (_, state):
            return state

    @property
    def is_connected(self) -> bool:
        """Whether a socket of the bot is open."""
        (app,) = self.shown()["apps"]
        return bool(app["connected"])

    def messages(self, channel: str = ALERTS) -> list[Message]:
        """What the bot said in a channel, oldest first, in threads and to single people too."""
        return [said for said in self.control(f"messages/{channel}")["messages"] if "bot_id" in said]

    def posts(self, channel: str = ALERTS) -> list[Message]:
        """What it said there for all to see, outside of threads."""
        return [said for said in self.messages(channel) if not said.keys() & {"thread_ts", "ephemeral_to"}]

    def replies(self, ts: str) -> list[Message]:
        """What it said in a thread of the channel of alerts."""
        return [said for said in self.messages() if said.get("thread_ts") == ts]

    def whispers(self, user: str = ADA) -> list[Message]:
        """What one person alone sees in the channel of alerts."""
        return [said for said in self.messages() if said.get("ephemeral_to") == user]

    def direct(self, user: str = ADA) -> list[Message]:
        """What it said to somebody directly."""
        channels = self.control("state")["channels"]
        found = [one["id"] for one in channels if one["is_im"] and set(one["members"]) == {user, BOT}]
        return [said for channel in found for said in self.messages(channel)]

    def modals(self) -> list[Message]:
        """The modals that are open, one over the other."""
        return list(self.shown()["modalStack"])

    def home(self, user: str = ADA) -> Message:
        """What somebody's home shows; nothing before it was made."""
        return dict(self.shown()["homeViews"].get(user, {}).get(APP, {}))

    def complaints(self) -> list[str]:
        """What it holds against the bot: calls refused, requests answered with anything but 200."""
        return [
            entry["summary"] for entry in self.control("log")["log"]
            if entry["direction"] == "internal"
            or (entry["summary"].startswith("HTTP ") and entry["summary"] != "HTTP 200")
        ]  # fmt: skip
