"""The payloads of the fake Slack: commands, presses, forms and events as the app gets them (S12c)."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack_people import Person
from tests.fakes.slack_store import BOT, Place

Payload = dict[str, Any]

TEAM = "T01TEST"
_APP = {"token": "verification-token", "team_id": TEAM, "api_app_id": BOT["app_id"]}
_TEAM = {"id": TEAM, "domain": "test"}


def command(text: str, person: Person, channel: Mapping[str, str], **tickets: str) -> Payload:
    """A slash command; `tickets` are its response_url and trigger_id."""
    return {
        **_APP, "team_domain": "test", "channel_id": channel["id"], "channel_name": channel["name"],
        "user_id": person.id, "user_name": person.name, "command": "/claude-spend", "text": text,
        "is_enterprise_install": "false", **tickets,
    }  # fmt: skip


def press(action: Payload, state: Payload, person: Person, **around: Any) -> Payload:
    """A press; `around` is what surrounds it: see `around_message` and `around_home`."""
    return _interactive("block_actions", person, state={"values": state}, actions=[action], **around)


def around_message(place: Place, name: str) -> Payload:
    """The message a press is in; the app is not told the content of what only one person sees."""
    message, is_ephemeral = place.message, bool(place.only_for)
    container = {
        "type": "message", "message_ts": message["ts"], "channel_id": place.channel,
        "is_ephemeral": is_ephemeral,
    }  # fmt: skip
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    shown = {} if is_ephemeral else {"message": message}
    return {"container": container, "channel": {"id": place.channel, "name": name}, **shown}


def around_home(view: Payload) -> Payload:
    """The home a press is in."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": _view(view, {})}


def submission(view: Payload, state: Payload, person: Person, trigger_id: str) -> Payload:
    """A form with what was filled in."""
    return _interactive(
        "view_submission", person, view=_view(view, state), trigger_id=trigger_id, response_urls=[]
    )


def event(about: Payload) -> Payload:
    """An event of the Events API."""
    authorization = {
        "enterprise_id": None, "team_id": TEAM, "user_id": BOT["user"], "is_bot": True,
        "is_enterprise_install": False,
    }  # fmt: skip
    return {
        **_APP, "event": about, "type": "event_callback", "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
        "event_time": int(time.time()), "authorizations": [authorization], "is_ext_shared_channel": False,
    }  # fmt: skip


def said(kind: str, text: str, ts: str, place: Mapping[str, str], **more: str) -> Payload:
    """Something a person said, as the event `kind`; `place` is its channel, and its thread if it has one."""
    return {"type": kind, "text": text, "ts": ts, "event_ts": ts, "team": TEAM, **place, **more}


def _interactive(kind: str, person: Person, **more: Any) -> Payload:
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM}
    rest = {name: value for name, value in _APP.items() if name != "team_id"}
    return {
        "type": kind, "user": user, "team": _TEAM, "enterprise": None, "is_enterprise_install": False,
        **rest, **more,
    }  # fmt: skip


def _view(view: Payload, state: Payload) -> Payload:
    return {
        **view,
        "team_id": TEAM,
        "app_id": BOT["app_id"],
        "bot_id": BOT["bot_id"],
        "state": {"values": state},
    }
