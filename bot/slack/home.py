"""Publishes the home of whoever opens it, and again after they pressed something there."""

import logging

from bot.facts.trouble import Trouble
from bot.slack.buttons import Controls
from bot.slack.client import CallFailed, SlackApi
from bot.slack.desk import Desk, Person
from bot.slack.homepage import home_view, troubled_view

_LOG = logging.getLogger(__name__)


class Home:
    """Homes are made when somebody looks, one for each person."""

    def __init__(self, desk: Desk, api: SlackApi, can: Controls) -> None:
        self._desk = desk
        self._api = api
        self._can = can

    def show(self, person: Person) -> None:
        """Publish it as things stand now."""
        try:
            view = home_view(self._desk.home(person), person.name, self._desk.now(), self._can)
        except Trouble as trouble:
            view = troubled_view(str(trouble))
        try:
            self._api.call("views.publish", {"user_id": person.id, "view": view})
        except CallFailed as failure:
            _LOG.error("the home of %s could not be shown: %s", person.id, failure)

    def refresh(self, person: Person, channel: str) -> None:
        """Publish it again after a press in it; a press in a channel shows there."""
        if not channel:
            self.show(person)
