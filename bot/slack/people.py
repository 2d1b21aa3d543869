"""Who is speaking, and what they may do."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.facts.delivery import Message
from bot.facts.trouble import Trouble
from bot.slack.client import CallFailed, SlackApi
from bot.slack.desk import Person
from bot.slack.ink import section
from bot.slack.wording import prose

_LOG = logging.getLogger(__name__)
_REMEMBERED = 300.0
"""Seconds for which a profile or the members of a group are taken as they were."""
_T = TypeVar("_T")


class NotAllowed(Trouble):
    """Somebody asked for what only operators may do; `message` says who these are, as Slack shows people."""

    def __init__(self, operators: Sequence[str]) -> None:
        who = ", ".join(map(_mention, operators)) or "nobody: `slack.operators` is empty"
        words = f"Only operators may do this ({who}). Ask one of them."
        super().__init__(words)
        self.message = Message(words, (section(words),))


class People:
    """People by their id, looked up in Slack (scopes users:read, users:read.email, usergroups:read).

    `operators` are user ids, user group ids or e-mail addresses; none means everybody.
    """

    def __init__(
        self, api: SlackApi, operators: Sequence[str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._api = api
        self._operators = tuple(operators)
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, Any]] = {}

    def person(self, user_id: str, called: str = "") -> Person:
        """Somebody's name and address; what they are `called` in the event where they cannot be looked up."""
        try:
            return self._remembered(user_id, lambda: self._look_up(user_id))
        except CallFailed as failure:
            _LOG.warning("who %s is cannot be looked up: %s", user_id, failure)
            return Person(user_id, called or user_id)

    def _look_up(self, user_id: str) -> Person:
        user = self._api.call("users.info", {"user": user_id})["user"]
        profile = user.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or user.get("real_name")
        return Person(
            user_id, name or user.get("name", user_id), profile.get("email") or "", user.get("tz") or ""
        )

    def allow(self, person: Person, *, named: bool = False) -> None:
        """Raises NotAllowed unless somebody is an operator; `named` people are asked for by some deeds."""
        if not self._operators and not named:
            return
        if not any(self._is(person, operator) for operator in self._operators):
            raise NotAllowed(self._operators)

    def _is(self, person: Person, operator: str) -> bool:
        if "@" in operator:
            return bool(person.email) and person.email.casefold() == operator.casefold()
        return person.id == operator or (operator.startswith("S") and person.id in self._members(operator))

    def _members(self, group: str) -> frozenset[str]:
        """Who is in a group; nobody where that cannot be read, so that nobody slips in."""
        try:
            return self._remembered(group, lambda: self._list(group))
        except CallFailed as failure:
            _LOG.error("the members of %s cannot be read: %s", group, failure)
            return frozenset()

    def _list(self, group: str) -> frozenset[str]:
        return frozenset(self._api.call("usergroups.users.list", {"usergroup": group})["users"])

    def _remembered(self, name: str, look_up: Callable[[], _T]) -> _T:
        now = self._monotonic()
        at, known = self._known.get(name, (now - 2 * _REMEMBERED, None))
        if now - at > _REMEMBERED:
            known = look_up()
            self._known[name] = now, known
        return known  # type: ignore[no-any-return] # under this name lies what this look_up returned


def _mention(operator: str) -> str:
    """As Slack shows people and groups; nobody is called by a message that only one person sees."""
    if "@" in operator:
        return prose(operator)
    return f"<!subteam^{operator}>" if operator.startswith("S") else f"<@{operator}>"
