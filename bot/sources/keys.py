"""Switches an API key off, and on again (reference 7.3): all that this bot ever changes at Anthropic."""

import re
from threading import Lock

from pydantic import ValidationError

from bot.facts.directory import Key
from bot.sources.directory import key_of
from bot.sources.directory_wire import KeyItem
from bot.sources.errors import BadAnswer, Refused, Unreachable
from bot.sources.http import Client

_KEY_ID = re.compile(r"apikey_[A-Za-z0-9_-]+")


class KeySwitch:
    """Switches keys of the organisation whose Admin key `client` holds: from any thread, one at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._turn = Lock()

    def set_status(self, key_id: str, *, active: bool) -> Key:
        """The key as the API says it is from now on; one that is so already stays so.

        It is never archived, since nobody says how to undo that. Other traffic of its owner goes on. Of a key
        in the default workspace the workspace may be empty. Raises the errors of `sources.errors`.
        """
        path, status = self._path(key_id), "active" if active else "inactive"
        with self._turn:
            body = self._post(path, status)
        key = _read(path, body)
        if (key.id, key.status) != (key_id, status):
            found = self._client.clean(f"{key.id} is {key.status or 'of no status'}")[:120]
            raise BadAnswer(f"POST {path}: asked for {status}, but {found}; look at it in the Console")
        return key

    def _path(self, key_id: str) -> str:
        if not _KEY_ID.fullmatch(key_id):
            found = self._client.clean(key_id)[:60]
            raise Refused(f"{found!r} is no id of an API key; such an id begins with apikey_", 0)
        return f"/v1/organizations/api_keys/{key_id}"

    def _post(self, path: str, status: str) -> bytes:
        try:
            return self._client.post(path, {"status": status})
        except Unreachable as trouble:
            raise Unreachable(f"{trouble}; it may have been done all the same: see the Console") from trouble


def _read(path: str, body: bytes) -> Key:
    try:
        return key_of(KeyItem.model_validate_json(body), "")
    except ValidationError:
        # Not from the error: it repeats what came, which may be anything.
        raise BadAnswer(f"POST {path} did not answer with a key; look at it in the Console") from None
