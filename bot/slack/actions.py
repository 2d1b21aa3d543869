"""What buttons and forms do: each at most once, whoever presses, and shown with who did it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.facts.answer import KEY_SWITCHES, Answer, Expectation, Verb
from bot.facts.clock import DAY, HOUR
from bot.facts.delivery import Message
from bot.facts.trouble import Stopping, Trouble
from bot.slack import modals
from bot.slack.answers import trouble_message
from bot.slack.buttons import CONSOLE, DISABLE, ENABLE, EXPECT, PICK, SNOOZE, WHY, Pressed, pressed
from bot.slack.client import CallFailed, SlackApi
from bot.slack.commands import UNEXPECTED
from bot.slack.desk import Desk, Matter, Person
from bot.slack.home import Home
from bot.slack.modals import Filled, Origin, View
from bot.slack.people import NotAllowed, People
from bot.slack.reply import Replies
from bot.slack.speaking import Speaking

_LOG = logging.getLogger(__name__)
_MORNING = 9


@dataclass(frozen=True, slots=True)
class Spot:
    """Who did something, and where what is to be said of it belongs; a home has no channel."""

    person: Person
    channel: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """Does what is pressed and filled in. `zone` is for people who have none in Slack."""

    desk: Desk
    people: People
    api: SlackApi
    speaking: Speaking
    replies: Replies
    home: Home
    zone: ZoneInfo

    def press(self, body: Mapping[str, Any]) -> None:
        """A button or menu of a message or home."""
        press = pressed(body["actions"][0])
        if press.deed != CONSOLE:
            channel = (body.get("channel") or {}).get("id", "")
            spot = Spot(self._person(body), channel, body.get("response_url", ""))
            self._guarded(spot, lambda: self._do(press, spot, body.get("trigger_id", "")))

    def check(self, body: Mapping[str, Any]) -> Callable[[], None]:
        """Read a form; what is left to do. Raises Unfilled, and what the history raises."""
        view, now = body["view"], self.desk.now()
        origin, given = Origin.unpacked(view["private_metadata"]), modals.filled(view, now)
        verb = Verb(view["callback_id"])
        if verb is Verb.DISABLE_KEY:
            modals.check_typed(given, self.desk.matter(origin.incident_id))
        return lambda: self._submit(body, origin, verb, given)

    def _submit(self, body: Mapping[str, Any], origin: Origin, verb: Verb, given: Filled) -> None:
        spot = Spot(self._person(body), origin.channel)
        answer = self._answer_of(spot, verb, given.until, given.expectation, given.note)

        def save() -> None:
            self.people.allow(spot.person, named=verb in KEY_SWITCHES)
            self._say(origin.incident_id, answer, spot)

        self._guarded(spot, save)

    def _person(self, body: Mapping[str, Any]) -> Person:
        user = body["user"]
        return self.people.person(user["id"], user.get("username") or user.get("name") or "")

    def _guarded(self, spot: Spot, work: Callable[[], None]) -> None:
        """Do it; whatever keeps it from being done is said to who asked for it."""
        try:
            work()
        except NotAllowed as refusal:
            self._tell(spot, refusal.message)
        except Trouble as trouble:
            self._tell(spot, trouble_message(str(trouble)))
        except CallFailed as failure:
            _LOG.error("a form could not be opened: %s", failure)
            self._tell(spot, trouble_message(str(failure)))
        except Stopping:
            raise
        except Exception:  # noqa: BLE001 - somebody waits to see that something happens
            _LOG.exception("a press could not be carried out")
            self._tell(spot, trouble_message(UNEXPECTED))

    def _do(self, press: Pressed, spot: Spot, trigger: str) -> None:
        matter = self.desk.matter(press.incident_id)
        if press.deed != WHY:
            self.people.allow(spot.person, named=press.deed in {DISABLE, ENABLE})
        if view := self._form(press, matter, Origin(matter.incident.id, spot.channel)):
            # A trigger lasts three seconds and works once (S2).
            self.api.call("views.open", {"trigger_id": trigger, "view": view})
        else:
            answer = self._answer_of(spot, Verb(press.deed), self._until(press, spot.person))
            self._say(matter.incident.id, answer, spot)

    def _form(self, press: Pressed, matter: Matter, origin: Origin) -> View | None:
        """What is asked before it is done; None where a press says it all."""
        match press:
            case Pressed(deed=deed) if deed == WHY:
                return modals.why_page(matter.incident, matter.directory)
            case Pressed(deed=deed) if deed == EXPECT:
                return modals.expect_form(matter, origin, self.desk.now())
            case Pressed(deed=deed) if deed == DISABLE:
                return modals.disable_form(matter, origin)
            case Pressed(deed=deed, choice=choice) if (deed, choice) == (SNOOZE, PICK):
                return modals.snooze_form(matter, origin, self.desk.now())
        return None

    def _until(self, press: Pressed, person: Person) -> datetime | None:
        if press.deed != SNOOZE:
            return None
        now = self.desk.now()
        if press.choice == "tomorrow":
            return tomorrow(now, person, self.zone)
        return now + {"1h": HOUR, "week": timedelta(weeks=1)}[press.choice]

    def _answer_of(
        self,
        spot: Spot,
        verb: Verb,
        until: datetime | None = None,
        expectation: Expectation | None = None,
        note: str = "",
    ) -> Answer:
        person = spot.person
        return Answer(verb, person.name, self.desk.now(), until, expectation, note, actor_id=person.id)

    def _say(self, incident_id: str, answer: Answer, spot: Spot) -> None:
        """Do it, once; who comes second is told who was first."""
        if answer.verb in KEY_SWITCHES:
            self.desk.switch_key(incident_id, answer)
        else:
            known = self.desk.say(incident_id, answer).answer
            if known and known.actor_id != answer.actor_id:
                self._tell(spot, trouble_message(f"{known.actor} has said so already; nothing changed."))
        self.home.refresh(spot.person, spot.channel)

    def _tell(self, spot: Spot, message: Message) -> None:
        """Something for one person's eyes: where they pressed, else directly."""
        if not (spot.response_url and self.replies.send(spot.response_url, message)):
            self.speaking.whisper(spot.channel, spot.person.id, message)


def tomorrow(now: datetime, person: Person, zone: ZoneInfo) -> datetime:
    """Nine o'clock of the next day where this person is."""
    try:
        local = now.astimezone(ZoneInfo(person.zone) if person.zone else zone)
    except (KeyError, ValueError, OSError):
        local = now.astimezone(zone)
    morning = (local + DAY).replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    return morning.astimezone(now.tzinfo)
