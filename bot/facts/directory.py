"""Names and owners for the ids that cost data speaks in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as the organisation lists it. `owner` is a user or service account id, empty if unknown."""

    id: str
    name: str
    status: str = "active"
    workspace_id: str = ""
    owner: str = ""
    hint: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace; `is_default` marks the one that older reports call null."""

    id: str
    name: str
    archived: bool = False
    is_default: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the organisation."""

    id: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything known by name. Other ids are shown as they are: deleted things stay in cost data."""

    organisation: str = ""
    keys: Mapping[str, Key] = field(default_factory=dict)
    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    def default_workspace_id(self) -> str:
        """The true id of the workspace that reports A and B call null; empty when unknown (reference 4.3)."""
        return next((w.id for w in self.workspaces.values() if w.is_default), "")

    def name_of(self, dimension: str, value: str) -> str:
        """What people call this value of a dimension."""
        if not value:
            return _NONE.get(dimension, "(none)")
        entry = self._entry(dimension, value)
        return (entry.name or value) if entry else value

    def _entry(self, dimension: str, value: str) -> Key | Workspace | Person | None:
        if dimension == "api_key_id":
            return self.keys.get(value)
        if dimension == "workspace_id":
            return self.workspaces.get(value)
        return self.people.get(value) if dimension == "actor" else None

    def owner_of(self, key_id: str) -> str:
        """Who owns a key, by name and e-mail, or by id, or an empty string."""
        key = self.keys.get(key_id)
        if key is None or not key.owner:
            return ""
        person = self.people.get(key.owner)
        if person is None:
            return key.owner
        name = person.name or person.id
        return f"{name} <{person.email}>" if person.email else name


_NONE = {
    "api_key_id": "no key (Playground)",
    "workspace_id": "default workspace",
    "model": "no model",
    "actor": "no person",
    "product": "unknown product",
    "team": "no team",
}
