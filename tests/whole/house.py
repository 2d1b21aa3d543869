"""The whole house as its users start it: processes with an environment, one history file, one Slack."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import Any

from bot.demo import DEMO_KEY
from tests.fakes.anthropic import FakeAnthropic
from tests.fakes.slack import TOKEN, FakeSlack

REPOSITORY = Path(__file__).parents[2]
_PATIENCE = 60.0


@dataclass(frozen=True)
class Ended:
    """A command that ended: its exit code (negative: the signal), stdout and the lines of stderr."""

    code: int
    out: str
    said: list[str]

    def complaints(self) -> list[str]:
        """What stderr says beyond what is going on."""
        talk = ("Pulling ", "minute", "requests ", "claude-spend: using the Usage")
        return [line for line in self.said if line.strip() and not line.startswith(talk)]


class Zygote:
    """Starts commands one at a time, without paying for imports."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.whole.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env={"PATH": os.environ["PATH"], "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)},
        )

    def start(self, **job: object) -> int:
        """Fork a command; its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def wait(self) -> int:
        """The exit status of the command that was started last."""
        return self._answer()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@dataclass
class House:
    """One installation in `folder`, talking to the two fakes."""

    folder: Path
    anthropic: FakeAnthropic
    slack: FakeSlack
    zygote: Zygote
    more: dict[str, str] = field(default_factory=dict)
    """Environment beyond the usual, by name."""

    @property
    def history(self) -> Path:
        return self.folder / "history.db"

    def environment(self) -> Mapping[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "COLUMNS": "200",
            "ANTHROPIC_ADMIN_KEY": DEMO_KEY,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_WEBHOOK_URL": self.slack.webhook_url,
            "CLAUDE_SPEND_CONFIG": str(self.folder / "config.toml"),
            "CLAUDE_SPEND__ANTHROPIC__BASE_URL": self.anthropic.base_url,
            "CLAUDE_SPEND__ANTHROPIC__REQUESTS_PER_MINUTE": "100000",
            "CLAUDE_SPEND__SLACK__MODE": "socket",
            "CLAUDE_SPEND__SLACK__API_URL": self.slack.api_url,
            "CLAUDE_SPEND__SLACK__CHANNEL": "C01ALERTS",
            "CLAUDE_SPEND__DIGEST__DAILY": "false",
            "CLAUDE_SPEND__DIGEST__WEEKLY": "never",
            **self.more,
        }

    def once(self, now: datetime) -> Ended:
        """`claude-spend once --now NOW`; the API's clock moves along."""
        self.at(now)
        return self.run("once", "--now", now.isoformat())

    def at(self, now: datetime) -> None:
        """The API's present."""
        if now > self.anthropic.clock.now():
            self.anthropic.clock.advance(now)

    def run(self, *arguments: str) -> Ended:
        """A command to its end."""
        pid = self._start(*arguments)
        with _alarm(pid):
            return self._ended(self.zygote.wait())

    @contextmanager
    def killing(self, *arguments: str) -> Iterator[int]:
        """A command that is killed when the block ends, if it has not ended by itself."""
        pid = self._start(*arguments)
        try:
            yield pid
        finally:
            kill(pid)
            self.zygote.wait()

    def furnish(self) -> None:
        """Make what every installation has: a configuration and a folder for rules."""
        (self.folder / "config.toml").touch()
        (self.folder / "rules").mkdir(exist_ok=True)

    def _start(self, *arguments: str) -> int:
        self.furnish()
        for name in ("out", "err"):
            (self.folder / name).unlink(missing_ok=True)
        streams = {name: str(self.folder / name) for name in ("out", "err")}
        return self.zygote.start(arguments=arguments, environment=dict(self.environment()), **streams)

    def _ended(self, code: int) -> Ended:
        out, err = ((self.folder / name).read_text("utf-8") for name in ("out", "err"))
        return Ended(code, out, err.splitlines())

    def command(self, *arguments: str) -> list[str]:
        """The command line for a process of its own."""
        return [sys.executable, "-m", "bot", *arguments]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the history, as somebody with sqlite3 would read it."""
        with closing(sqlite3.connect(f"file:{self.history}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def stored(self, since: datetime, until: datetime) -> Counter[tuple[str, str]]:
        """Stored nano-dollars by hour and key id."""
        rows = self.query("SELECT hour, api_key_id, sum(nano_usd) FROM spend_hour GROUP BY hour, api_key_id")
        low, high = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (since, until))
        return Counter({(hour, key): nano for hour, key, nano in rows if low <= hour < high and nano})

    def incidents(self) -> list[str]:
        """The ids of all incidents."""
        return [id_ for (id_,) in self.query("SELECT id FROM incidents ORDER BY id")]

    def told(self) -> Counter[str]:
        """How many messages of their own each incident has in Slack."""
        payloads = [message["metadata"]["event_payload"] for message in self.slack.store.posts]
        return Counter(payload["incident_id"] for payload in payloads)


def kill(pid: int) -> None:
    """As kill -9 does; a process that is gone already stays gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def _alarm(pid: int) -> Iterator[None]:
    """A command that hangs fails its test instead of holding up all others."""
    timer = Timer(_PATIENCE, kill, [pid])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def hours(start: datetime, count: int) -> datetime:
    """So many hours later."""
    return start + timedelta(hours=count)
