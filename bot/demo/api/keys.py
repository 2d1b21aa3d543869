"""API keys: listed, looked up, switched off and on (reference 7.3), in older and newer shapes (1.3)."""

from dataclasses import replace
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.demo.api.exchange import Answer, Request, bad_request, ok, stamp
from bot.demo.api.listing import Entry, find, page
from bot.demo.api.params import Params
from bot.demo.scene import Demo
from bot.facts.directory import Key

_OLD: Final = "2023-06-01"
_STATUSES: Final = ("active", "archived", "expired", "inactive")


class _Change(BaseModel):
    """What a client may change of a key; its name stays as it is in the demo."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["active", "archived", "inactive"]


class KeysApi:
    """The keys of one demo; how they were switched is forgotten with it."""

    def __init__(self, demo: Demo) -> None:
        self._organisation = demo.organisation
        self._keys = dict(demo.organisation.keys)

    def list(self, request: Request) -> Answer:
        """All keys, or those of one status, workspace or maker."""
        params = Params.parse(request.query)
        status = params.choice("status", _STATUSES, "")
        workspace, maker = params.one("workspace_id"), params.one("created_by_user_id")
        listed = [
            self._render(key, request)
            for key in self._keys.values()
            if (not status or key.status == status)
            and workspace in {None, key.workspace_id}
            and maker in {None, key.owner}
        ]
        return page(params, listed)

    def retrieve(self, request: Request) -> Answer:
        """One key by id."""
        return ok(self._render(find(self._keys, request.path), request))

    def update(self, request: Request) -> Answer:
        """One key, of another status from now on. What it spends stays as the story has it."""
        key = replace(find(self._keys, request.path), status=_read(request.body).status)
        self._keys[key.id] = key
        return ok(self._render(key, request))

    def _render(self, key: Key, request: Request) -> Entry:
        is_default = self._organisation.workspaces[key.workspace_id].is_default
        older = request.headers.get("anthropic-version") == _OLD
        placed: Entry = (
            {"workspace_id": None if is_default else key.workspace_id}
            if older
            else {"scope": {"type": "workspace", "workspace_id": key.workspace_id}}
        )
        person = key.owner.startswith("user_")
        return {
            "id": key.id,
            "type": "api_key",
            "name": key.name,
            "status": key.status,
            "partial_key_hint": key.hint,
            "created_at": stamp(key.created_at or self._organisation.founded),
            "expires_at": None,
            "created_by": {"id": key.owner, "type": "user" if person else "service_account"},
            "principal": None if person else _service_account(key.owner, older=older),
            **placed,
        }


def _read(body: bytes) -> _Change:
    try:
        return _Change.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise bad_request(f"{place}: {first['msg']}") from error


def _service_account(identity: str, *, older: bool) -> Entry:
    if older:
        return {"id": identity, "type": "service_account"}
    return {"type": "service_account_actor", "service_account_id": identity}
