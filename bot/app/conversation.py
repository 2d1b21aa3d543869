"""The conversation in Slack: what is heard over which line, and who answers."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.app.desk import HouseDesk
from bot.app.machine import Machine
from bot.app.service import Service
from bot.app.telling import controls_of, listens
from bot.config import Settings
from bot.history.store import History
from bot.jobs.doctor import examine
from bot.slack.actions import Actions
from bot.slack.client import SlackApi
from bot.slack.commands import Commands
from bot.slack.home import Home
from bot.slack.lines import HttpLine, SocketLine, check_tokens
from bot.slack.listener import Listener
from bot.slack.people import People
from bot.slack.reply import Replies
from bot.slack.speaking import Speaking
from bot.sources.http import Client
from bot.sources.keys import KeySwitch
from bot.sources.pace import Pace

log = logging.getLogger(__name__)


class Conversation:
    """Listens to Slack while the service runs; nothing where Slack cannot reach it."""

    def __init__(self, settings: Settings, machine: Machine, service: Service) -> None:
        self._settings = settings
        self._machine = machine
        self._service = service
        self._listener: Listener | None = None
        self._line: SocketLine | HttpLine | None = None
        self._client: Client | None = None

    def open(self) -> None:
        """Begin to listen. Raises WrongToken, and Trouble where the address cannot be had."""
        mode, secrets = self._settings.slack.mode, self._settings.secrets
        if mode not in {"socket", "http"}:
            return
        bot = secrets.slack_bot_token.get_secret_value() if secrets.slack_bot_token else ""
        app = secrets.slack_app_token.get_secret_value() if secrets.slack_app_token else ""
        api, url = SlackApi(bot, self._settings.slack.api_url), self._settings.slack.api_url
        myself = check_tokens(api, SlackApi(app, url) if app and mode == "socket" else None)
        if not listens(self._settings):
            log.warning("SLACK_APP_TOKEN is not set: there are no buttons and no /claude-spend")
            return
        self._listener = self._build_listener(api, bot, myself)
        self._line = self._build_line(self._listener, app)
        self._line.open()

    def look_after(self) -> None:
        """See that the line is up."""
        if self._line:
            self._line.look_after()

    def close(self) -> None:
        """Hang up, and finish what is being answered."""
        if self._line and self._listener:
            self._line.close()
            self._listener.close()
        if self._client:
            self._client.close()

    def _build_listener(self, api: SlackApi, bot_token: str, myself: Mapping[str, Any]) -> Listener:
        desk = HouseDesk(
            self._settings,
            self._machine,
            self._service.tell_soon,
            self._service.usual_lag,
            self._key_switch(),
        )
        people = People(api, self._settings.slack.operators, self._machine.monotonic)
        replies = Replies(self._machine.sleep)
        speaking = Speaking(api, self._service.pacing, self._machine.sleep)
        can = controls_of(self._settings)
        home = Home(desk, api, can)
        zone, secret = ZoneInfo(self._settings.timezone), self._settings.secrets.slack_signing_secret
        return Listener(
            token=bot_token,
            api_url=self._settings.slack.api_url,
            myself=myself,
            signing_secret=secret.get_secret_value() if secret else "",
            commands=Commands(desk, people, speaking, replies, can),
            actions=Actions(desk, people, api, speaking, replies, home, zone),
            home=home,
            people=people,
        )

    def _build_line(self, listener: Listener, app_token: str) -> SocketLine | HttpLine:
        if self._settings.slack.mode == "http":
            return HttpLine(listener.app, self._settings.slack.listen, self._health)
        return SocketLine(listener.app, app_token)

    def _key_switch(self) -> KeySwitch | None:
        key, anthropic = self._settings.secrets.anthropic_admin_key, self._settings.anthropic
        if key is None or not self._settings.actions.disable_keys:
            return None
        # A client of its own: the service's is busy for minutes while it pulls.
        pace = Pace(anthropic.requests_per_minute, self._machine.monotonic, self._machine.sleep)
        self._client = Client(anthropic.base_url, key.get_secret_value(), pace)
        return KeySwitch(self._client)

    def _health(self) -> Sequence[str]:
        """What is not well, a sentence each."""
        with History(self._settings.history.path) as store:
            checks = examine(store, self._service.usual_lag(), self._machine.now())
        return [f"{check.name}: {check.said}" for check in checks if not check.well]
