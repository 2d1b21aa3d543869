"""Wire shapes of the Usage & Cost Admin API (reference 2.2 and 3.2). Unknown fields are ignored."""

import re
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field
from pydantic.dataclasses import dataclass

from bot.facts.money import Usd, usd_from_cents
from bot.sources.http import CursorPage

Count = Annotated[int, Field(ge=0, strict=True)]
# Bounded, because a number like 1e999999 fills the memory.
_DECIMAL = re.compile(r"-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,2})?", re.ASCII)


def _cents(amount: object) -> Usd:
    if not isinstance(amount, str) or not _DECIMAL.fullmatch(amount):
        raise ValueError("an amount must be a decimal string of cents")
    return usd_from_cents(amount)


Cents = Annotated[Usd, BeforeValidator(_cents)]


# Rows are slotted dataclasses: a busy hour has tens of thousands, and models take five times the memory.
@dataclass(slots=True)
class CacheCreation:
    """Tokens written to the cache, by how long they stay."""

    ephemeral_5m_input_tokens: Count = 0
    ephemeral_1h_input_tokens: Count = 0


@dataclass(slots=True)
class ServerToolUse:
    """Server tools: only web search is counted."""

    web_search_requests: Count = 0


@dataclass(slots=True)
class UsageRow:
    """One group of a usage bucket. A dimension is null when not asked for, or when there is none."""

    uncached_input_tokens: Count
    cache_read_input_tokens: Count
    output_tokens: Count
    cache_creation: CacheCreation | None = None
    server_tool_use: ServerToolUse | None = None
    api_key_id: str | None = None
    workspace_id: str | None = None
    model: str | None = None
    service_tier: str | None = None
    context_window: str | None = None
    inference_geo: str | None = None
    speed: str | None = None

    def counts(self) -> list[int]:
        """The five token counts in the order of `bot.facts.spend.TOKENS`, then web searches."""
        written, tools = self.cache_creation, self.server_tool_use
        return [
            self.uncached_input_tokens,
            self.cache_read_input_tokens,
            written.ephemeral_5m_input_tokens if written else 0,
            written.ephemeral_1h_input_tokens if written else 0,
            self.output_tokens,
            tools.web_search_requests if tools else 0,
        ]


@dataclass(slots=True)
class CostRow:
    """One line of the cost report, grouped by workspace and description."""

    amount: Cents
    currency: Literal["USD"]
    cost_type: str | None = None
    token_type: str | None = None
    model: str | None = None
    service_tier: str | None = None
    workspace_id: str | None = None


class UsageBucket(BaseModel):
    """What was used from `starting_at` to `ending_at`."""

    starting_at: AwareDatetime
    ending_at: AwareDatetime
    results: list[UsageRow]


class CostBucket(BaseModel):
    """What one UTC day cost."""

    starting_at: AwareDatetime
    ending_at: AwareDatetime
    results: list[CostRow]


class UsagePage(CursorPage):
    """A page of the usage report: buckets, oldest first, empty ones included."""

    data: list[UsageBucket]


class CostPage(CursorPage):
    """A page of the cost report."""

    data: list[CostBucket]
