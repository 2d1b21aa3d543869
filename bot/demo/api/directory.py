"""The lookups: `/me`, workspaces, users (reference 7.1, 7.2, 7.4)."""

from datetime import timedelta
from typing import Final

from bot.demo.api.exchange import Answer, Request, bad_request, ok, stamp
from bot.demo.api.listing import Entry, find, page
from bot.demo.api.params import Params
from bot.demo.organisation import Member, Organisation
from bot.demo.scene import Demo
from bot.facts.directory import Workspace

_ROLES: Final = ("user", "developer", "billing", "admin", "claude_code_user")
_COLOURS: Final = ("#6c5bb9", "#2f7d5b", "#b9722f", "#3a6ea5", "#8a3f5d", "#777777")


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
        return page(params, [entry for entry in listed if not wanted or entry["id"] in wanted])

    def workspace(self, request: Request) -> Answer:
        """One workspace by id, the default one too."""
        known = list(self._organisation.workspaces.values())
        found = find(self._organisation.workspaces, request.path)
        return ok(_workspace(found, known.index(found), self._organisation))

    def users(self, request: Request) -> Answer:
        """Members; people who left are not listed."""
        params = Params.parse(request.query)
        roles, email = params.choices("roles[]", _ROLES), params.one("email")
        listed = [
            _user(member)
            for member in self._organisation.members.values()
            if not member.removed and (not roles or member.role in roles) and email in {None, member.email}
        ]
        return page(params, listed)


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
