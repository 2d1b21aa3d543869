"""What people do in the fake Slack: type commands, press, fill in forms, mention the bot, open its home."""

from typing import Any

from tests.fakes import slack_elements, slack_payloads
from tests.fakes.slack_events import SentEvent, envelope
from tests.fakes.slack_people import ADA, People
from tests.fakes.slack_responses import ResponseUrl, ResponseUrls
from tests.fakes.slack_signed import SignedPosts
from tests.fakes.slack_sockets import Link
from tests.fakes.slack_store import BOT, Message, Place, Store, direct_channel
from tests.fakes.slack_views import View, Views

_ALERTS = "C01ALERTS"


class Driver:
    """Sends what people do to the app: over its sockets, or over HTTP while `request_url` is set."""

    store: Store
    people: People
    views: Views
    responses: ResponseUrls
    link: Link
    signed: SignedPosts
    request_url = ""

    def command(self, text: str, *, user: str = ADA, channel: str = _ALERTS) -> SentEvent:
        """Somebody types `/claude-spend TEXT`."""
        url = self.responses.mint(channel, user)
        tickets = {"response_url": url.address, "trigger_id": self.views.trigger()}
        where = {"id": channel, "name": self.store.channels[channel]}
        payload = slack_payloads.command(text, self.people.people[user], where, **tickets)
        return self._send("slash_commands", payload, url)

    def press(
        self, message: Message, action_id: str, *, user: str = ADA, block_id: str = "", **chosen: Any
    ) -> SentEvent:
        """Somebody presses an element of a message; for `chosen` see `slack_elements.action`.

        `value` says which button of a name; `selected_option` is the value of an option.
        """
        found = self.store.find(message["ts"])
        assert found, "this message is gone"
        blocks = slack_elements.named(found.message.get("blocks", ()))
        place = Place(found.channel, {**found.message, "blocks": blocks}, found.only_for)
        url = self.responses.mint(place.channel, user, message["ts"])
        around = slack_payloads.around_message(place, self.store.channels[place.channel])
        action = slack_elements.action(blocks, action_id, block_id, chosen)
        return self._press(user, blocks, action, {**around, "response_url": url.address}, url)

    def press_home(self, user: str, action_id: str, *, block_id: str = "", **chosen: Any) -> SentEvent:
        """Somebody presses an element of their home."""
        view = {**self.home(user), "blocks": slack_elements.named(self.home(user)["blocks"])}
        action = slack_elements.action(view["blocks"], action_id, block_id, chosen)
        return self._press(user, view["blocks"], action, slack_payloads.around_home(view))

    def submit(self, view: View, user: str, values: dict[str, dict[str, dict[str, Any]]]) -> SentEvent:
        """Somebody sends a form; fields that `values` do not name stay as they were opened."""
        blocks = slack_elements.named(view["blocks"])
        state = slack_elements.filled(blocks, values)
        person, trigger = self.people.people[user], self.views.trigger()
        payload = slack_payloads.submission({**view, "blocks": blocks}, state, person, trigger)
        return self._send("interactive", payload)

    def mention(self, text: str, *, user: str = ADA, channel: str = _ALERTS, thread: str = "") -> SentEvent:
        """Somebody mentions the bot in a channel, or in a `thread` there."""
        return self._say("app_mention", f"<@{BOT['user']}> {text}", user, channel, thread)

    def direct_message(self, text: str, *, user: str = ADA, thread: str = "") -> SentEvent:
        """Somebody writes to the bot alone."""
        return self._say("message", text, user, direct_channel(user), thread, channel_type="im")

    def open_home(self, user: str = ADA) -> SentEvent:
        """Somebody looks at the bot's home."""
        about = {"type": "app_home_opened", "user": user, "channel": direct_channel(user), "tab": "home"}
        return self._event(slack_payloads.event({**about, "event_ts": "1795053600.000001"}))

    def redeliver(self, event: SentEvent) -> SentEvent:
        """The same event once more, as Slack does when it was not acknowledged."""
        attempt = event.envelope["retry_attempt"] + 1
        return self._event(event.payload, attempt, "timeout" if not self.request_url else "http_timeout")

    @property
    def view(self) -> View:
        """The modal that was opened last."""
        return self.views.opened[-1]

    def home(self, user: str = ADA) -> View:
        """What somebody's home shows."""
        return self.views.homes[user]

    @staticmethod
    def answers(event: SentEvent) -> list[dict[str, Any]]:
        """What was posted to the response_url of an event."""
        return event.answers

    def _press(
        self, user: str, blocks: list[Message], action: Message, around: dict[str, Any],
        url: ResponseUrl | None = None,
    ) -> SentEvent:  # fmt: skip
        state = slack_elements.pressed(blocks, action)
        around = {**around, "trigger_id": self.views.trigger()}
        payload = slack_payloads.press(action, state, self.people.people[user], **around)
        return self._send("interactive", payload, url)

    def _say(self, kind: str, text: str, user: str, channel: str, thread: str, **more: str) -> SentEvent:
        place = {"thread_ts": thread} if thread else {}
        ts = self.store.say(channel, {"text": text, **place}, {"user": user})
        about = slack_payloads.said(kind, text, ts, {"channel": channel, **place}, user=user, **more)
        return self._event(slack_payloads.event(about))

    def _event(self, payload: dict[str, Any], attempt: int = 0, reason: str = "") -> SentEvent:
        return self._send("events_api", payload, retry_attempt=attempt, retry_reason=reason)

    def _send(
        self, kind: str, payload: dict[str, Any], url: ResponseUrl | None = None, **more: Any
    ) -> SentEvent:
        event = SentEvent(envelope(kind, payload, **more), url)
        if self.request_url:
            self.signed.send(self.request_url, event)
        else:
            self.link.send(event)
        return event
