"""A bot that talks in a fake Slack, about a real history: one incident, told, with buttons."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console

from bot.app import Conversation, Machine, Service, telling_of
from bot.cli.progress import Bar
from bot.config import Settings
from bot.config.settings import Actions, Anthropic, Secrets, Slack
from bot.config.settings import History as HistorySettings
from bot.facts.clock import HOUR
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.history.store import History
from bot.jobs.telling import tell
from bot.rules.rulebook import Rulebook
from tests.fakes.incidents import DIRECTORY, START, runaway
from tests.fakes.slack import APP_TOKEN, SIGNING_SECRET, TOKEN, FakeSlack

INCIDENT = "261119-7f3a"
NOW = START + 6 * HOUR
PATIENCE = 5.0


@dataclass
class Talk:
    """One bot and its Slack. `now` is its clock."""

    slack: FakeSlack
    path: Path
    mode: str = "socket"
    operators: Sequence[str] = ()
    anthropic_url: str = "http://127.0.0.1:9"
    admin_key: str = ""
    listen: str = "127.0.0.1:3000"
    app_token: str = APP_TOKEN
    directory: Directory = DIRECTORY
    incident: Incident = field(default_factory=lambda: runaway(id=INCIDENT))
    now: datetime = NOW

    @property
    def settings(self) -> Settings:
        key = SecretStr(self.admin_key) if self.admin_key else None
        return Settings(
            history=HistorySettings(path=self.path),
            anthropic=Anthropic(base_url=self.anthropic_url),
            slack=Slack.model_validate({
                "mode": self.mode, "api_url": self.slack.api_url, "channel": "C01ALERTS",
                "operators": list(self.operators), "listen": self.listen,
            }),
            actions=Actions(disable_keys=bool(self.admin_key)),
            secrets=Secrets(
                anthropic_admin_key=key,
                slack_bot_token=SecretStr(TOKEN),
                slack_app_token=SecretStr(self.app_token) if self.app_token else None,
                slack_signing_secret=SecretStr(SIGNING_SECRET),
            ),
        )  # fmt: skip

    @property
    def machine(self) -> Machine:
        return Machine(lambda: self.now, time.monotonic, lambda seconds: time.sleep(min(seconds, 0.01)))

    @contextmanager
    def on(self) -> Iterator["Talk"]:
        """Listening, with its incident told."""
        bar = Bar(Console(quiet=True), 60)
        service = Service(self.settings, self.machine, bar, Console(quiet=True))
        self.tell_first()
        service.retry_deliveries()
        conversation = Conversation(self.settings, self.machine, service)
        conversation.open()
        try:
            yield self
        finally:
            conversation.close()
            service.close()

    def tell_first(self) -> None:
        """Put the incident into the history, and what is to be told of it into the outbox."""
        with History(self.path) as store:
            store.names.remember(self.directory)
            if not store.incidents.latest():
                store.incidents.save([self.incident])
                tell(store, telling_of(self.settings, Rulebook()), [self.incident], self.now)

    def known(self) -> Incident:
        """The incident as it now stands."""
        with History(self.path) as store:
            (found,) = store.incidents.latest()
        return found

    @property
    def message(self) -> dict[str, Any]:
        """The alert as it now reads in the channel."""
        (post,) = self.slack.store.posts
        return post

    def words(self) -> str:
        """Everything the alert says now."""
        return str(self.message["text"])

    def until(self, come: Callable[[], bool]) -> None:
        """Wait for something. Raises AssertionError when it does not come."""
        end = time.monotonic() + PATIENCE
        while not come():
            assert time.monotonic() < end, "it did not come in time"
            time.sleep(0.01)

    def until_said(self, words: str) -> None:
        """Wait until the alert says something."""
        self.until(lambda: words in self.words())

    def later(self, hours: float) -> None:
        """Let time pass."""
        self.now += hours * HOUR


def told(incident: Incident, **changes: Any) -> Incident:
    """An incident with its own id, changed."""
    return replace(incident, **changes)
