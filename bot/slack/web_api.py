"""Deliveries through a bot token: posts, edits, and the look back that keeps an alert from coming twice."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.facts.delivery import Delivery, NotSent, Sent
from bot.slack.channels import Channels
from bot.slack.client import CallFailed, SlackApi
from bot.slack.faults import BLIND, GONE, SPARED, throttled
from bot.slack.pacing import Pacing
from bot.slack.picture import alt_text_of, png_of
from bot.slack.spared import CHART, with_picture, without_chart
from bot.slack.uploads import upload

_LOG = logging.getLogger(__name__)
_EVENT = "claude_spend_alert"
_CLOCKS_APART = 60
"""Seconds that Slack's clock may be behind ours."""


class SlackSender:
    """Posts a delivery, edits the living message that `ts` names, or replies in its thread.

    A delivery whose fate is unknown (`unsure`) is looked for in the channel's history, or in the thread,
    before it is posted. Where the bot may not read that history (scope channels:history or membership
    missing) it is posted without looking: told twice is better than not told, so delivery is then at least
    once, not exactly once.
    """

    edits = True

    def __init__(self, api: SlackApi, pacing: Pacing, sleep: Callable[[float], None]) -> None:
        self._api = api
        self._pacing = pacing
        self._sleep = sleep
        self._channels = Channels(api)
        self._own_names: frozenset[str] = frozenset()
        self._chart_was_refused = False

    def send(self, delivery: Delivery) -> Sent | NotSent:
        """Deliver it once. Trouble on the way comes back as NotSent, never as an exception."""
        edits = bool(delivery.ts) and not delivery.is_reply
        method = "chat.update" if edits else "chat.postMessage"
        if held := self._pacing.held(method):
            return throttled(f"{method} in {delivery.channel}", held)
        try:
            return self._edit(delivery) if edits else self._post(delivery)
        except CallFailed as failure:
            self._pacing.hold(failure.method, failure.outcome.after_seconds)
            return failure.outcome

    def _edit(self, delivery: Delivery) -> Sent:
        place = {"channel": self._channels.id_of(delivery.channel), "ts": delivery.ts}
        try:
            self._say("chat.update", place | _content(delivery))
        except CallFailed as failure:
            if failure.error not in GONE:
                raise
            _LOG.warning("the message of incident %s is gone: posting anew", delivery.incident_id)
            return self._post(delivery)
        return Sent(delivery.ts)

    def _post(self, delivery: Delivery) -> Sent:
        ts = self._earlier(delivery) if delivery.unsure else ""
        if ts:
            return Sent(ts)
        channel = self._channels.address(delivery.channel)
        place = {"channel": channel, "unfurl_links": False, "unfurl_media": False} | _thread(delivery)
        answer = self._say("chat.postMessage", place | _content(delivery) | {"metadata": _metadata(delivery)})
        self._channels.learn(delivery.channel, answer.get("channel", channel))
        return Sent(answer.get("ts", ""))

    def _say(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Send it, and once more with less of what Slack will not have: the words matter most."""
        self._pacing.wait(arguments["channel"])
        try:
            return self._api.call(method, arguments)
        except CallFailed as failure:
            spared = SPARED.get(failure.error, "")
            if not arguments.get(spared):
                raise
            _LOG.error("sent with less of its %s: %s", spared, failure)
            less = self._less(arguments[spared], is_edit="ts" in arguments)
            return self._say(method, arguments | {spared: less})

    def _less(self, refused: Any, *, is_edit: bool) -> Any:
        """Blocks with a picture in place of their chart; without one nothing, but not left out.

        An edit would keep the old blocks. A picture is made for each message once, not for each of its edits.
        """
        without = without_chart(refused) if isinstance(refused, list) else None
        if without is None:
            return type(refused)()
        if is_edit and self._chart_was_refused:
            return without
        self._chart_was_refused = True
        chart = next(block for block in refused if block["type"] == CHART)
        try:
            alt = alt_text_of(chart)
            return with_picture(refused, upload(self._api, png_of(chart), "spend.png", alt, self._sleep), alt)
        except (CallFailed, OSError) as failure:
            _LOG.warning("the chart could not be sent as a picture either: %s", failure)
            return without

    def _earlier(self, delivery: Delivery) -> str:
        """The `ts` of this delivery if an earlier attempt arrived after all, else an empty string (S5.3)."""
        try:
            return self._find(delivery)
        except CallFailed as failure:
            if failure.error not in BLIND:
                raise CallFailed(
                    failure.error, replace(failure.outcome, unsure=True), failure.method
                ) from None
            _LOG.warning("posting without a look at the history: %s", failure)
            return ""

    def _find(self, delivery: Delivery) -> str:
        thread = {"ts": delivery.ts} if delivery.is_reply else {}
        question = thread | {
            "channel": self._channels.id_of(delivery.channel),
            "oldest": f"{delivery.created_at.timestamp() - _CLOCKS_APART:.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": 200,
        }
        method = "conversations.replies" if thread else "conversations.history"
        for page in self._api.pages(method, question):
            for message in page.get("messages", []):
                if _delivery_id(message) == delivery.id and self._is_ours(message):
                    return str(message["ts"])
        return ""

    def _is_ours(self, message: dict[str, Any]) -> bool:
        """Whether this bot wrote it: anybody in the workspace may copy our metadata."""
        if not self._own_names:
            myself = self._api.call("auth.test", {})
            self._own_names = frozenset(myself[name] for name in ("bot_id", "user_id") if name in myself)
        return bool(self._own_names & {message.get("bot_id"), message.get("user")})


def _content(delivery: Delivery) -> dict[str, Any]:
    return {"text": delivery.message.text, "blocks": list(delivery.message.blocks)}


def _thread(delivery: Delivery) -> dict[str, Any]:
    if not delivery.is_reply:
        return {}
    return {"thread_ts": delivery.ts} | ({"reply_broadcast": True} if delivery.aloud else {})


def _metadata(delivery: Delivery) -> dict[str, Any]:
    payload = {"delivery_id": delivery.id, "incident_id": delivery.incident_id}
    return {"event_type": _EVENT, "event_payload": payload}


def _delivery_id(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("delivery_id")
