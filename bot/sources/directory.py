"""Names and owners of keys, workspaces and people (reference 7). What may not be read degrades to ids."""

import logging
from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import ValidationError

from bot.facts.directory import Directory, Key, Person, Workspace
from bot.sources.directory_wire import (
    KeyItem,
    KeyPage,
    Organisation,
    UserItem,
    UserPage,
    WorkspaceItem,
    WorkspacePage,
)
from bot.sources.errors import BadAnswer, Refused
from bot.sources.http import Client, PageT

log = logging.getLogger(__name__)

_DEFAULT_NAME = "Default"
_NOT_OFFERED = {400, 403, 404}
_T = TypeVar("_T", Key, Workspace, Person)


class DirectorySource:
    """Reads the organisation's directory whole."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def fetch(self) -> Directory:
        """Everything this key may look up; a part that is refused is empty, other errors are raised."""
        workspaces = self._workspaces()
        default = next((w.id for w in workspaces.values() if w.is_default), "")
        return Directory(
            organisation=self._organisation(),
            workspaces=workspaces,
            keys=_by_id(
                key_of(item, default) for page in self._all("api_keys", KeyPage) for item in page.data
            ),
            people=_by_id(_person(item) for page in self._all("users", UserPage) for item in page.data),
        )

    def _organisation(self) -> str:
        try:
            return Organisation.model_validate_json(self._client.get("/v1/organizations/me")).name or ""
        except ValidationError as error:
            raise BadAnswer("GET /v1/organizations/me did not answer with an organisation") from error
        except Refused as refused:
            return _without("the organisation's name", refused)

    def _workspaces(self) -> Mapping[str, Workspace]:
        extra = (("include_archived", "true"), ("include_default", "true"))
        pages = self._all("workspaces", WorkspacePage, extra)
        return _by_id(_workspace(item) for page in pages for item in page.data)

    def _all(self, what: str, page_type: type[PageT], extra: tuple[tuple[str, str], ...] = ()) -> list[PageT]:
        try:
            return self._client.pages(f"/v1/organizations/{what}", [("limit", "1000"), *extra], page_type)
        except Refused as refused:
            _without(f"names of {what}", refused)
            return []


def _without(what: str, refused: Refused) -> str:
    """Carry on without names when this kind of key may not see them; a wrong key stays an error."""
    if refused.status not in _NOT_OFFERED:
        raise refused
    log.info("ids are shown instead of %s: %s", what, refused)
    return ""


def _by_id(entries: Iterable[_T]) -> dict[str, _T]:
    return {entry.id: entry for entry in entries}


def _workspace(item: WorkspaceItem) -> Workspace:
    return Workspace(
        id=item.id,
        name=item.name,
        archived=item.archived_at is not None,
        is_default=item.name == _DEFAULT_NAME,
        tags=item.tags or {},
    )


def key_of(item: KeyItem, default_workspace: str) -> Key:
    """A key as it is listed; `default_workspace` is the id of the workspace that older answers call null."""
    owner = item.principal or item.created_by
    scoped = item.scope.workspace_id if item.scope else None
    return Key(
        id=item.id,
        name=item.name or item.id,
        status=item.status or "",
        workspace_id=scoped or item.workspace_id or default_workspace,
        owner=owner.identity() if owner else "",
        hint=item.partial_key_hint or "",
        created_at=item.created_at,
    )


def _person(item: UserItem) -> Person:
    return Person(item.id, item.name or item.email or item.id, item.email or "")
