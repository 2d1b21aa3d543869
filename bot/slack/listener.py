"""What Slack sends us: acknowledged at once, done afterwards (S2).

A listener only says that it has heard, and hands the work to a pool: however slow that is, no acknowledgement
waits for it. Presses have a pool of their own, since what opens a form lasts for three seconds.
"""

import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.facts.trouble import Stopping, Trouble
from bot.slack.actions import Actions
from bot.slack.commands import Commands
from bot.slack.home import Home
from bot.slack.modals import Unfilled
from bot.slack.people import People
from bot.slack.trouble import SILENT, TIMEOUT

_LOG = logging.getLogger(__name__)
_WORKERS = 2
"""For each pool: more would only make acknowledgements wait for their turn."""
_REMEMBERED = 2000
"""Events whose ids are kept: Slack may deliver one again within an hour, or after a refresh (S2)."""
COMMAND = "/claude-spend"
_ANYTHING = re.compile(".*")


@dataclass
class Listener:
    """A Bolt app whose listeners acknowledge, and two pools that work.

    Without a signing secret only a socket may feed it: over HTTP everything would be refused.
    """

    token: str
    api_url: str
    signing_secret: str
    myself: Mapping[str, Any]
    """What Slack says of the bot (`auth.test`); empty where it could not be asked yet."""
    commands: Commands
    actions: Actions
    home: Home
    people: People

    def __post_init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()
        self._answers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")
        self._presses = ThreadPoolExecutor(_WORKERS, thread_name_prefix="press")
        # Given, so that Bolt need not ask Slack before it acknowledges the first request.
        known = AuthorizeResult(
            enterprise_id=None,
            team_id=self.myself.get("team_id"),
            bot_token=self.token,
            bot_id=self.myself.get("bot_id"),
            bot_user_id=self.myself.get("user_id"),
        )
        self.app = App(
            authorize=lambda: known,
            client=WebClient(
                self.token, base_url=self.api_url, timeout=TIMEOUT, retry_handlers=[], logger=SILENT
            ),
            signing_secret=self.signing_secret,
            token_verification_enabled=False,
            logger=SILENT,
        )
        self._register()

    def close(self) -> None:
        """Finish what is being worked on."""
        for pool in (self._presses, self._answers):
            pool.shutdown(wait=True)

    def _register(self) -> None:
        app = self.app
        app.command(COMMAND)(self._on_command)
        app.action(_ANYTHING)(self._on_action)
        for form in ("expect", "snooze", "disable key"):
            app.view(form)(self._on_form)
        app.event("app_mention")(self._on_event(self.commands.mention))
        app.event("message")(self._on_event(self._direct))
        app.event("app_home_opened")(self._on_event(self._opened))
        app.error(self._on_error)

    def _on_command(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        self._answers.submit(_guarded, lambda: self.commands.command(body))

    def _on_action(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        self._presses.submit(_guarded, lambda: self.actions.press(body))

    def _on_form(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        """A form stays open, with what is wrong, until it can be taken."""
        try:
            work = self.actions.check(body)
        except Unfilled as unfilled:
            ack(response_action="errors", errors=unfilled.errors)
            return
        except Trouble as trouble:
            field = next(iter(body["view"]["state"]["values"]), "note")
            ack(response_action="errors", errors={field: str(trouble)[:150]})
            return
        ack()
        self._presses.submit(_guarded, work)

    def _on_event(self, work: Callable[[dict[str, Any]], None]) -> Callable[..., None]:
        def listener(
            ack: Callable[..., Any], body: dict[str, Any], event: dict[str, Any], context: BoltContext
        ) -> None:
            ack()
            words = str(event.get("text") or "").replace(f"<@{context.bot_user_id}>", " ")
            if self._is_new(body.get("event_id", "")):
                self._answers.submit(_guarded, lambda: work(event | {"text": words}))

        return listener

    def _is_new(self, event_id: str) -> bool:
        """Whether an event comes for the first time; Bolt does not look (S2)."""
        with self._lock:
            known = bool(event_id) and event_id in self._seen
            self._seen[event_id] = None
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return not known

    def _direct(self, event: dict[str, Any]) -> None:
        """Only what a person says to the bot alone."""
        if event.get("channel_type") == "im" and "subtype" not in event and "bot_id" not in event:
            self.commands.direct(event)

    def _opened(self, event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            self.home.show(self.people.person(event["user"]))

    @staticmethod
    def _on_error(error: Exception) -> None:
        _LOG.error("a request of Slack failed: %s", type(error).__name__, exc_info=error)


def _guarded(work: Callable[[], None]) -> None:
    """Nothing that one request does ends the others."""
    try:
        work()
    except Stopping:
        return
    except Exception:  # noqa: BLE001 - the pool would swallow it
        _LOG.exception("a request of Slack could not be answered")
