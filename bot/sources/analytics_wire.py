"""The shapes of C and D, `/v1/organizations/analytics/{usage,cost}` (reference 4.2)."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field

from bot.facts.money import Usd, usd_from_cents
from bot.sources.http import CursorPage


def _cents(value: object) -> Usd:
    if not isinstance(value, str):
        raise ValueError("an amount must be a decimal string of cents")  # noqa: TRY004 pydantic wants ValueError
    return usd_from_cents(value)


def _in_utc(at: datetime) -> datetime:
    """Bucket starts are compared a million times, and this time zone object is the cheapest to compare."""
    return at.astimezone(UTC)


BucketStart = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Cents = Annotated[Usd, BeforeValidator(_cents)]
Count = Annotated[int, Field(ge=0, le=10**15)]
"""Tokens or requests of one row; more than that is a mistake, and would not fit into the history."""


class FederatedProvider(BaseModel):
    """Where a federated identity comes from."""

    type: str = ""
    account_id: str = ""
    project_number: str = ""
    subscription_id: str = ""
    issuer: str = ""

    def label(self) -> str:
        """The provider in one word: "aws:123456789012"."""
        where = self.account_id or self.project_number or self.subscription_id or self.issuer
        return f"{self.type}:{where}" if where else self.type


class Actor(BaseModel):
    """Who used it: a user, a service account, a federated identity or the key itself."""

    type: str = ""
    user_id: str | None = None
    name: str | None = None
    email_address: str | None = None
    service_account_id: str | None = None
    subject: str | None = None
    provider: FederatedProvider | None = None

    def identity(self) -> str:
        """One stable id; empty for an API key, which is a dimension of its own."""
        named = self.user_id or self.service_account_id or self.subject
        return named or (self.provider.label() if self.provider else "")


class Group(BaseModel):
    """The dimensions we ask for; null means "none"."""

    api_key_id: str | None = None
    workspace_id: str | None = None
    model: str | None = None
    product: str | None = None
    actor: Actor | None = None
    cost_type: str | None = None
    token_type: str | None = None


class CacheCreation(BaseModel):
    """Tokens written to the cache, by lifetime."""

    ephemeral_5m_input_tokens: Count = 0
    ephemeral_1h_input_tokens: Count = 0


class ServerToolUse(BaseModel):
    """Calls of server-side tools."""

    web_search_requests: Count = 0


class Usage(BaseModel):
    """What was used in one bucket of one group."""

    uncached_input_tokens: Count
    cache_read_input_tokens: Count
    output_tokens: Count
    cache_creation: CacheCreation = CacheCreation()
    server_tool_use: ServerToolUse = ServerToolUse()
    requests: Count | None = None


class Cost(BaseModel):
    """What one component of one bucket and group cost: after discount, and at list price."""

    amount: Cents
    list_amount: Cents
    currency: Literal["USD"]


class UsageItem(BaseModel):
    """A row of C."""

    starting_at: BucketStart
    group: Group
    usage: Usage


class CostItem(BaseModel):
    """A row of D."""

    starting_at: BucketStart
    group: Group
    cost: Cost


class UsagePage(CursorPage):
    """A page of C with its watermark."""

    data: list[UsageItem]
    data_refreshed_at: AwareDatetime | None = None


class CostPage(CursorPage):
    """A page of D with its watermark."""

    data: list[CostItem]
    data_refreshed_at: AwareDatetime | None = None
