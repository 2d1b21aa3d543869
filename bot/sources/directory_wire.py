"""The shapes of the lookups (reference 7.1 to 7.4), older and newer versions alike (reference 1.3)."""

from datetime import datetime

from pydantic import BaseModel

from bot.sources.http import IdPage


class Organisation(BaseModel):
    """`/me`."""

    id: str
    name: str | None = None


class WorkspaceItem(BaseModel):
    """A workspace."""

    id: str
    name: str
    archived_at: datetime | None = None
    tags: dict[str, str] | None = None


class Principal(BaseModel):
    """Who a key belongs to or was made by."""

    id: str | None = None
    user_id: str | None = None
    service_account_id: str | None = None

    def identity(self) -> str:
        """The user or service account id."""
        return self.user_id or self.service_account_id or self.id or ""


class KeyScope(BaseModel):
    """Newer form of a key's workspace."""

    type: str = ""
    workspace_id: str | None = None


class KeyItem(BaseModel):
    """An API key."""

    id: str
    name: str | None = None
    status: str | None = None
    partial_key_hint: str | None = None
    created_at: datetime | None = None
    created_by: Principal | None = None
    principal: Principal | None = None
    scope: KeyScope | None = None
    workspace_id: str | None = None


class UserItem(BaseModel):
    """A member."""

    id: str
    name: str | None = None
    email: str | None = None


class WorkspacePage(IdPage):
    """Workspaces."""

    data: list[WorkspaceItem]


class KeyPage(IdPage):
    """Keys."""

    data: list[KeyItem]


class UserPage(IdPage):
    """Members."""

    data: list[UserItem]
