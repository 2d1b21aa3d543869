"""What buttons and forms do: each at most once, whoever presses, and shown with who did it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.facts.answer import KEY_SWITCHES, Answer, Verb
from bot.facts.clock import DAY, HOUR
from bot.facts.incident import Incident
from bot.facts.trouble import Stopping, Trouble
from bot.slack import modals
from bot.slack.answers import trouble_message
from bot.slack.buttons import CONSOLE, DISABLE, ENABLE, EXPECT, PICK, SNOOZE, WHY, Pressed, pressed
from bot.slack.client import CallFailed, SlackApi
from bot.slack.commands import UNEXPECTED
from bot.slack.desk import Desk, Person
from bot.slack.home import Home
from bot.slack.modals import Filled, Origin, View
from bot.slack.people import NotAllowed, People
from bot.slack.reply import Replies

_LOG = logging.getLogger(__name__)
_MORNING = 9


@dataclass(frozen=True, slots=True)
class Press:
    """A press as it came in: by whom, on what, and where what is to be said about it belongs."""

    person: Person
    what: Pressed
    trigger: str
    channel: str
    response_url: str


@dataclass(frozen=True, slots=True)
class Actions:
    """Does what is pressed and filled in. `zone` is for people who have none in Slack."""

    desk: Desk
    people: People
    api: SlackApi
    replies: Replies
    home: Home
    zone: ZoneInfo

    def press(self, body: Mapping[str, Any]) -> None:
        """A button or menu of a message or home."""
        press = self._read(body)
        if press.what.deed == CONSOLE:
            return
        try:
            self._do(press)
        except Trouble as trouble:
            self._tell(press.person, press.channel, trouble, press.response_url)
        except CallFailed as failure:
            _LOG.error("%s of incident %s failed: %s", press.what.deed, press.what.incident_id, failure)
            self._tell(press.person, press.channel, f"{failure}. Press again.", press.response_url)
        except Stopping:
            raise
        except Exception:  # noqa: BLE001 - somebody waits to see that something happens
            _LOG.exception("%s of incident %s failed", press.what.deed, press.what.incident_id)
            self._tell(press.person, press.channel, UNEXPECTED, press.response_url)

    def _read(self, body: Mapping[str, Any]) -> Press:
        user, channel = body["user"], (body.get("channel") or {}).get("id", "")
        person = self.people.person(user["id"], user.get("username") or user.get("name") or "")
        what = pressed(body["actions"][0])
        return Press(person, what, body.get("trigger_id", ""), channel, body.get("response_url", ""))

    def _do(self, press: Press) -> None:
        deed, matter = press.what.deed, self.desk.matter(press.what.incident_id)
        if deed == WHY:
            self._open(press, modals.why_page(matter.incident, matter.directory))
            return
        self.people.allow(press.person, named=deed in {DISABLE, ENABLE})
        origin = Origin(matter.incident.id, press.channel)
        if deed == EXPECT:
            self._open(press, modals.expect_form(matter, origin, self.desk.now()))
        elif deed == DISABLE:
            self._open(press, modals.disable_form(matter, origin))
        elif deed == SNOOZE and press.what.choice == PICK:
            self._open(press, modals.snooze_form(matter, origin, self.desk.now()))
        else:
            answer = Answer(Verb(deed), press.person.name, self.desk.now(), until=self._until(press))
            self._answer(answer, press)

    def _open(self, press: Press, view: View) -> None:
        """A trigger lasts three seconds and works once (S2)."""
        self.api.call("views.open", {"trigger_id": press.trigger, "view": view})

    def _until(self, press: Press) -> datetime | None:
        if press.what.deed != SNOOZE:
            return None
        now = self.desk.now()
        if press.what.choice == "tomorrow":
            return tomorrow(now, press.person, self.zone)
        return now + {"1h": HOUR, "week": timedelta(weeks=1)}[press.what.choice]

    def _answer(self, answer: Answer, press: Press) -> None:
        known = self._said(press.what.incident_id, answer).answer
        if known and known.actor != answer.actor and answer.verb not in KEY_SWITCHES:
            what = f"{known.actor} has said so already; nothing changed."
            self._tell(press.person, press.channel, what, press.response_url)
        self.home.refresh(press.person, press.channel)

    def _said(self, incident_id: str, answer: Answer) -> Incident:
        if answer.verb in KEY_SWITCHES:
            return self.desk.switch_key(incident_id, answer)
        return self.desk.say(incident_id, answer)

    def check(self, body: Mapping[str, Any]) -> Callable[[], None]:
        """Read a form; what is left to do. Raises Unfilled, and what the history raises."""
        view, now = body["view"], self.desk.now()
        origin, given = Origin.unpacked(view["private_metadata"]), modals.filled(view, now)
        verb = Verb(view["callback_id"])
        if verb is Verb.DISABLE_KEY:
            modals.check_typed(given, self.desk.matter(origin.incident_id))
        user = body["user"]
        return lambda: self._submit(user, origin, verb, given)

    def _submit(self, user: Mapping[str, Any], origin: Origin, verb: Verb, given: Filled) -> None:
        person = self.people.person(user["id"], user.get("username") or user.get("name") or "")
        now = self.desk.now()
        answer = Answer(verb, person.name, now, given.until, given.expectation, given.note)
        try:
            self.people.allow(person, named=verb is Verb.DISABLE_KEY)
            self._said(origin.incident_id, answer)
        except Trouble as trouble:
            self._tell(person, origin.channel, trouble)
        self.home.refresh(person, origin.channel)

    def _tell(self, person: Person, channel: str, said: str | Trouble, response_url: str = "") -> None:
        """Something for one person's eyes: where they pressed, else directly."""
        message = said.message if isinstance(said, NotAllowed) else trouble_message(str(said))
        if response_url and self.replies.send(response_url, message):
            return
        content = {"text": message.text, "blocks": list(message.blocks)}
        place = {"channel": channel, "user": person.id} if channel else {"channel": person.id}
        try:
            self.api.call("chat.postEphemeral" if channel else "chat.postMessage", place | content)
        except (CallFailed, Stopping) as failure:
            _LOG.error("%s could not be told: %s (%s)", person.id, said, failure)


def tomorrow(now: datetime, person: Person, zone: ZoneInfo) -> datetime:
    """Nine o'clock of the next day where this person is."""
    try:
        local = now.astimezone(ZoneInfo(person.zone) if person.zone else zone)
    except (KeyError, ValueError, OSError):
        local = now.astimezone(zone)
    morning = (local + DAY).replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    return morning.astimezone(now.tzinfo)
