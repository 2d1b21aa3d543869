"""Who there is in the demo organisation: people, workspaces, keys. What they do is in workloads.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.facts.directory import Key, Workspace

ORGANISATION_ID: Final = "7d0c6a52-5c0e-4f6e-9a57-0d2f3c1e8b64"
ORGANISATION_NAME: Final = "Lighthouse Software (demo)"
DEFAULT, PRODUCTION, TOOLS, RESEARCH, CODE = (
    f"wrkspc_01{name}" for name in ("Default", "Production", "InternalTools", "Research", "ClaudeCode")
)
_FOUNDED = datetime(2025, 3, 3, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """A person with an account; `removed` ones are known to reports only."""

    id: str
    name: str
    role: str
    added_at: datetime
    removed: bool = False

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.name.lower()}@lighthouse.example"


@dataclass(frozen=True, slots=True)
class Organisation:
    """The directory of the demo organisation, by id and in the order of creation."""

    id: str
    name: str
    workspaces: Mapping[str, Workspace]
    keys: Mapping[str, Key]
    members: Mapping[str, Member]
    founded: datetime = _FOUNDED


_REMOVED: Final = "Edda"
_PEOPLE: Final = {
    "admin": ("Ada", "Bela"),
    "billing": ("Carlo",),
    "developer": (
        *("Dora", "Emil", "Femi", "Greta", "Hana", "Ivo", "Jonas", "Kofi", "Lena"),
        *("Mina", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Sami", "Tove", "Uma"),
    ),
    "claude_code_user": ("Vito", "Wanda", "Xenia", "Yara", "Zoltan", "Aiko"),
    "user": ("Bruno", "Chloe", "Dilan"),
}

_KEYS: Final = (
    # name, workspace, owner, age in days when the organisation was 600 days old
    ("support-bot", PRODUCTION, "Greta", 560),
    ("search-rag", PRODUCTION, "Hana", 540),
    ("checkout-assistant", PRODUCTION, "Ivo", 480),
    ("summarizer", PRODUCTION, "Jonas", 455),
    ("voice-agent", PRODUCTION, "Kofi", 390),
    ("translate-api", PRODUCTION, "Lena", 380),
    ("onboarding-guide", PRODUCTION, "Mina", 330),
    ("contract-review", TOOLS, "Nils", 310),
    ("slack-helper", TOOLS, "Olga", 300),
    ("meeting-minutes", TOOLS, "Pavel", 290),
    ("finance-reports", TOOLS, "Quinn", 280),
    ("nightly-batch", PRODUCTION, "Rosa", 270),
    ("weekend-batch", PRODUCTION, "Rosa", 265),
    ("ci-eval", RESEARCH, "Sami", 250),
    ("notebooks", RESEARCH, "Tove", 240),
    ("agent-lab", RESEARCH, "Uma", 230),
    ("hackathon-prototype", DEFAULT, "Vito", 220),
    ("status-page", DEFAULT, "Wanda", 215),
    ("claude-code-platform", CODE, "Ada", 205),
    ("claude-code-backend", CODE, "Bela", 200),
    ("claude-code-mobile", CODE, "Carlo", 195),
    ("claude-code-web", CODE, "Dora", 190),
    ("legacy-import", DEFAULT, "Emil", 500),
    ("intern-sandbox", DEFAULT, "Femi", 350),
    ("old-voice-agent", PRODUCTION, "Kofi", 430),
)
_STATUS: Final = {"legacy-import": "inactive", "intern-sandbox": "inactive", "old-voice-agent": "archived"}
_SERVICE_ACCOUNTS: Final = {"nightly-batch": "svac_01Batch", "weekend-batch": "svac_01Batch"}
_TAGS: Final = {
    PRODUCTION: {"team": "product", "cost-centre": "4100"},
    TOOLS: {"team": "it"},
    RESEARCH: {"team": "research", "cost-centre": "4200"},
}


def build_organisation() -> Organisation:
    """The same organisation every time: 30 people and one who left, 25 keys, five live workspaces."""
    return Organisation(
        ORGANISATION_ID,
        ORGANISATION_NAME,
        {workspace.id: workspace for workspace in _workspaces()},
        {key.id: key for key in _keys()},
        {member.id: member for member in _members()},
    )


def key_id(name: str) -> str:
    """The id of the key with that name."""
    return "apikey_01" + "".join(part.capitalize() for part in name.split("-"))


def member_id(name: str) -> str:
    """The id of the person with that name."""
    return f"user_01{name}"


def _workspaces() -> list[Workspace]:
    names = ("Default", "Production", "Internal tools", "Research", "Claude Code")
    ids = (DEFAULT, PRODUCTION, TOOLS, RESEARCH, CODE)
    live = [Workspace(i, n, False, i == DEFAULT, _TAGS.get(i, {})) for i, n in zip(ids, names, strict=True)]
    return [*live, Workspace("wrkspc_01Prototype", "Prototype 2025", archived=True)]


def _keys() -> list[Key]:
    return [
        Key(
            id=key_id(name),
            name=name,
            status=_STATUS.get(name, "active"),
            workspace_id=workspace,
            owner=_SERVICE_ACCOUNTS.get(name, member_id(owner)),
            hint=f"sk-ant-api03-{name[:1].upper()}{age:03d}...{name[-2:]}AA",
            created_at=_FOUNDED + timedelta(days=600 - age),
        )
        for name, workspace, owner, age in _KEYS
    ]


def _members() -> list[Member]:
    people = [(name, role) for role, names in _PEOPLE.items() for name in names]
    joined = [
        Member(member_id(name), name, role, _FOUNDED + timedelta(days=9 * number))
        for number, (name, role) in enumerate(people)
    ]
    return [*joined, Member(member_id(_REMOVED), _REMOVED, "developer", _FOUNDED, removed=True)]
