"""The lookups: `/me`, workspaces, keys, users (reference 7.1 to 7.4), older and newer shapes (1.3)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from bot.demo.api.exchange import Answer, Request, bad_request, not_found, ok, stamp
from bot.demo.api.params import Params
from bot.demo.organisation import Member, Organisation
from bot.demo.scene import Demo
from bot.facts.directory import Key, Workspace

_OLD: Final = "2023-06-01"
_DEFAULT_ENTRIES, _MOST_ENTRIES = 20, 1000
_STATUSES: Final = ("active", "archived", "expired", "inactive")
_ROLES: Final = ("user", "developer", "billing", "admin", "claude_code_user")
_COLOURS: Final = ("#6c5bb9", "#2f7d5b", "#b9722f", "#3a6ea5", "#8a3f5d", "#777777")
Entry = dict[str, Any]


class DirectoryApi:
    """Answers the lookups from one demo. Unknown parameters are ignored, as upstream does (reference 1.5)."""

    def __init__(self, demo: Demo) -> None:
        self._organisation = demo.organisation

    def me(self, _request: Request) -> Answer:
        """The organisation itself."""
        return ok({"id": self._organisation.id, "name": self._organisation.name, "type": "organization"})

    def workspaces(self, request: Request) -> Answer:
        """Live workspaces; the default and the archived ones only when asked for."""
        params = Params.parse(request.query)
        default, archived = params.flag("include_default"), params.flag("include_archived")
        wanted = params.many("ids[]")
        if len(wanted) > 100:
            raise bad_request("ids[]: at most 100 ids")
        listed = [
            _workspace(workspace, number, self._organisation)
            for number, workspace in enumerate(self._organisation.workspaces.values())
            if (default or not workspace.is_default) and (archived or not workspace.archived)
        ]
        return _page(params, [entry for entry in listed if not wanted or entry["id"] in wanted])

    def workspace(self, request: Request) -> Answer:
        """One workspace by id, the default one too."""
        known = list(self._organisation.workspaces.values())
        found = _find(self._organisation.workspaces, request.path)
        return ok(_workspace(found, known.index(found), self._organisation))

    def keys(self, request: Request) -> Answer:
        """All keys, or those of one status, workspace or maker."""
        params = Params.parse(request.query)
        status = params.choice("status", _STATUSES, "")
        workspace, maker = params.one("workspace_id"), params.one("created_by_user_id")
        listed = [
            self._key(key, request)
            for key in self._organisation.keys.values()
            if (not status or key.status == status)
            and workspace in {None, key.workspace_id}
            and maker in {None, key.owner}
        ]
        return _page(params, listed)

    def key(self, request: Request) -> Answer:
        """One key by id."""
        return ok(self._key(_find(self._organisation.keys, request.path), request))

    def users(self, request: Request) -> Answer:
        """Members; people who left are not listed."""
        params = Params.parse(request.query)
        roles, email = params.choices("roles[]", _ROLES), params.one("email")
        listed = [
            _user(member)
            for member in self._organisation.members.values()
            if not member.removed and (not roles or member.role in roles) and email in {None, member.email}
        ]
        return _page(params, listed)

    def _key(self, key: Key, request: Request) -> Entry:
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


def _service_account(identity: str, *, older: bool) -> Entry:
    if older:
        return {"id": identity, "type": "service_account"}
    return {"type": "service_account_actor", "service_account_id": identity}


def _find(entries: Mapping[str, Any], path: str) -> Any:
    identity = path.rsplit("/", 1)[-1]
    if identity not in entries:
        raise not_found(f"{identity} was not found")
    return entries[identity]


def _page(params: Params, entries: Sequence[Entry]) -> Answer:
    """Cut by `after_id` or `before_id` (reference 1.5)."""
    limit = params.integer("limit", _DEFAULT_ENTRIES, _MOST_ENTRIES)
    after, before = params.one("after_id"), params.one("before_id")
    if after and before:
        raise bad_request("after_id and before_id cannot be given together")
    if before:
        end = _position(entries, before, "before_id")
        page, more = entries[max(end - limit, 0) : end], end > limit
    else:
        begin = _position(entries, after, "after_id") + 1 if after else 0
        page, more = entries[begin : begin + limit], begin + limit < len(entries)
    first, last = (page[0]["id"], page[-1]["id"]) if page else (None, None)
    return ok({"data": list(page), "has_more": more, "first_id": first, "last_id": last})


def _position(entries: Sequence[Entry], identity: str, name: str) -> int:
    for position, entry in enumerate(entries):
        if entry["id"] == identity:
            return position
    raise bad_request(f"{name}: {identity} is not in this list")


def _workspace(workspace: Workspace, number: int, organisation: Organisation) -> Entry:
    created = organisation.founded + timedelta(days=30 * number)
    return {
        "id": workspace.id,
        "type": "workspace",
        "name": workspace.name,
        "created_at": stamp(created),
        "archived_at": stamp(created + timedelta(days=200)) if workspace.archived else None,
        "display_color": _COLOURS[number % len(_COLOURS)],
        "compartment_id": f"cmpt_{number:04d}",
        "data_residency": {
            "allowed_inference_geos": "unrestricted",
            "default_inference_geo": "global",
            "workspace_geo": "us",
        },
        "external_key_id": None,
        "tags": dict(workspace.tags),
        "user_profile_id": None,
    }


def _user(member: Member) -> Entry:
    return {
        "id": member.id,
        "type": "user",
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "added_at": stamp(member.added_at),
    }
