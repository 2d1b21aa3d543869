"""Channel names, ids and people: posting takes names, editing and reading take ids only."""

import logging
import re

from bot.slack.client import CallFailed, SlackApi

_LOG = logging.getLogger(__name__)
_ID = re.compile(r"[CGD][A-Z0-9]{7,}")
_PAGE = 1000


class Channels:
    """Finds ids: from what posts answered, else from the list of public channels (scope channels:read).

    A person is named by e-mail address.

    A private channel is found by name only after a post of this process; its id always works.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._ids: dict[str, str] = {}

    def learn(self, channel: str, channel_id: str) -> None:
        """Remember where a post to `channel` went."""
        self._ids[_name(channel)] = channel_id

    def id_of(self, channel: str) -> str:
        """The channel's id, or `channel` itself where none can be found: Slack then says what is wrong."""
        name = _name(channel)
        if "@" in name:
            return self._direct(name)
        if _ID.fullmatch(name):
            return name
        if name not in self._ids:
            self._list()
        return self._ids.get(name, channel)

    def address(self, channel: str) -> str:
        """Where to post: a person's direct messages, else the channel as it is."""
        return self.id_of(channel) if "@" in channel else channel

    def _direct(self, email: str) -> str:
        """The direct messages with somebody (scopes users:read.email and im:write). Raises CallFailed."""
        if email not in self._ids:
            person = self._api.call("users.lookupByEmail", {"email": email})["user"]["id"]
            opened = self._api.call("conversations.open", {"users": person})
            self._ids[email] = opened["channel"]["id"]
        return self._ids[email]

    def _list(self) -> None:
        try:
            for page in self._api.pages("conversations.list", {"limit": _PAGE}):
                self._ids |= {channel["name"]: channel["id"] for channel in page.get("channels", [])}
        except CallFailed as failure:
            _LOG.warning("channel names cannot be looked up: %s", failure)


def _name(channel: str) -> str:
    return channel.removeprefix("#")
