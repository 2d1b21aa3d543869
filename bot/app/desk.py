"""Answers and acts for the conversation in Slack, from the history, in any thread."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app.machine import Machine
from bot.app.telling import telling_of
from bot.config import Settings
from bot.facts.answer import Answer
from bot.facts.clock import HOUR, Grain, Window, floor
from bot.facts.directory import Directory, Key
from bot.facts.incident import Incident
from bot.facts.money import ZERO, Usd
from bot.facts.scope import Scope
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.act import answer_to, the_one
from bot.jobs.answer import answer, names_known
from bot.jobs.doctor import Check, examine
from bot.jobs.keys import switch_key
from bot.jobs.ports import KeySwitch
from bot.jobs.rulebook import last_good
from bot.jobs.telling import Telling
from bot.questions.answers import Answered, Line, OneIncident, Spend
from bot.questions.question import Question
from bot.questions.understand import understand
from bot.slack.desk import Homepage, Matter, Person


@dataclass(frozen=True, slots=True)
class HouseDesk:
    """The desk of one organisation. Each call opens the history for itself."""

    settings: Settings
    machine: Machine
    deliver: Callable[[], None]
    """Tells what has just changed."""
    usual_lag: Callable[[], timedelta]
    keys: KeySwitch | None

    def now(self) -> datetime:
        """The present."""
        return self.machine.now()

    def read(self, words: str, asker: Person) -> Question:
        """What words ask, or say of an incident. Raises Misunderstood."""
        with self._store() as store:
            return understand(words, self.now(), self._zone(asker), names_known(store, self.settings.teams))

    def answer(self, question: Question, asker: Person) -> Answered:
        """The answer to a question; what it says of an incident is done."""
        now = self.now()
        if question.says:
            said = self.say(question.incident, replace(question.says, actor=asker.name, actor_id=asker.id))
            with self._store() as store:
                return Answered(question, OneIncident(said, said=True), store.names.load(), now)
        with self._store() as store:
            return answer(question, store, self.settings.teams, now, self.usual_lag())

    def say(self, incident_id: str, said: Answer) -> Incident:
        """Do what somebody said of an incident, and show it in every channel."""
        with self._store() as store:
            after = answer_to(store, self._telling(store), incident_id, said, self.now())
        self.deliver()
        return after

    def matter(self, incident_id: str) -> Matter:
        """An incident and what a person must know to decide about it."""
        with self._store() as store:
            incident = the_one(store.incidents.find(incident_id), incident_id)
            directory = store.names.load()
            key = directory.keys.get(incident.scope.api_key_id or "")
            owner = incident.cause.owner or directory.owner_of(key.id if key else "")
            return Matter(incident, directory, key, owner, _last_hour(store, key.id) if key else ZERO)

    def switch_key(self, incident_id: str, said: Answer) -> Incident:
        """Switch the key of an incident off or on, put it on record, and show it."""
        if self.keys is None or not self.settings.actions.disable_keys:
            raise Trouble("keys are not switched from here; set actions.disable_keys in config.toml")
        with self._store() as store:
            after = switch_key(store, self.keys, self._telling(store), incident_id, said)
        self.deliver()
        return after

    def home(self, person: Person) -> Homepage:
        """What somebody's home shows."""
        with self._store() as store:
            directory, read = store.names.load(), store.spend.last_read()
            rulebook, _ = last_good(store.runs)
            month = understand("month", self.now(), ZoneInfo(self.settings.timezone), {})
            own = tuple(key.id for key in directory.keys.values() if _owns(person, key, directory))
            return Homepage(
                month=self._spend(store, month) if read else None,
                open=tuple(reversed(store.incidents.open())),
                own_keys=self._lines(store, replace(month, where={"api_key_id": own}))
                if own and read
                else (),
                directory=directory,
                complete_until=read[1] if read else None,
                rules=tuple(rule.name for rule in rulebook.rules),
                troubles=tuple(f"{bad.name}: {bad.said}" for bad in self._unwell(store)),
            )

    def _spend(self, store: History, question: Question) -> Spend | None:
        """What was spent; None where nothing of it was read."""
        try:
            reply = answer(question, store, self.settings.teams, self.now()).reply
        except Trouble:
            return None
        return reply if isinstance(reply, Spend) else None

    def _lines(self, store: History, question: Question) -> tuple[Line, ...]:
        spend = self._spend(store, question)
        return spend.lines if spend else ()

    def _unwell(self, store: History) -> list[Check]:
        return [check for check in examine(store, self.usual_lag(), self.now()) if not check.well]

    def _zone(self, asker: Person) -> ZoneInfo:
        """Where somebody is; where the team is, if Slack does not say."""
        try:
            return ZoneInfo(asker.zone or self.settings.timezone)
        except (KeyError, ValueError, OSError):
            return ZoneInfo(self.settings.timezone)

    def _telling(self, store: History) -> Telling:
        rulebook, _ = last_good(store.runs)
        return telling_of(self.settings, rulebook)

    @contextmanager
    def _store(self) -> Iterator[History]:
        with History(self.settings.history.path) as store:
            yield store


def _owns(person: Person, key: Key, directory: Directory) -> bool:
    """Whether a key's owner has this person's e-mail address."""
    owner = directory.people.get(key.owner)
    return owner is not None and bool(owner.email) and owner.email.casefold() == person.email.casefold()


def _last_hour(store: History, key_id: str) -> Usd:
    """What a key spent in the newest hour that is complete."""
    read = store.spend.last_read()
    if read is None:
        return ZERO
    end = floor(read[1], Grain.HOUR)
    rows = store.spend.rows(Window(end - HOUR, end), Scope(api_key_id=key_id))
    return Usd(sum(row.usd for row in rows))
