"""What was used and what it cost: one row per bucket and dimension set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.facts.clock import Grain, Window
from bot.facts.directory import Person
from bot.facts.money import ZERO, Usd


class Basis(StrEnum):
    """Where a figure's dollars come from."""

    BILLED = "billed"
    ESTIMATED = "estimated"


class SpendRow(NamedTuple):
    """One bucket of one dimension set. Dollars are nano-dollars, counts are whole tokens or requests.

    An empty dimension means "none" (no key: Console Playground; no model: code execution), never "all".
    `usd` is the sum of the nine `usd_*` components, so a row can always say what it was spent on.
    A named tuple because a million of these are made, compared and bound to SQL in one go.
    """

    hour: datetime
    """Start of the bucket, UTC: an hour, or midnight in a slice of day grain."""
    workspace_id: str = ""
    api_key_id: str = ""
    model: str = ""
    actor: str = ""
    """A user, service account or federated identity; empty when the source names none but the key."""
    product: str = ""
    service_tier: str = ""
    usd: Usd = ZERO
    list_usd: Usd = ZERO
    requests: int = 0
    uncached_input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    web_searches: int = 0
    usd_uncached_input: Usd = ZERO
    usd_cache_read: Usd = ZERO
    usd_cache_write_5m: Usd = ZERO
    usd_cache_write_1h: Usd = ZERO
    usd_output: Usd = ZERO
    usd_web_search: Usd = ZERO
    usd_code_execution: Usd = ZERO
    usd_session: Usd = ZERO
    usd_other: Usd = ZERO
    """Cost of a kind the upstream added after this version was written, or that no kind was given for."""
    basis: Basis = Basis.BILLED


DIMENSIONS = ("workspace_id", "api_key_id", "model", "actor", "product", "service_tier")
"""The fields of a SpendRow that say whose spend it is."""
COMPONENTS = tuple(field for field in SpendRow._fields if field.startswith("usd_"))
"""The nine fields that add up to `usd`."""
TOKENS = tuple(field for field in SpendRow._fields if field.endswith("_tokens"))
"""The five token counts, in the order of reference 10.1's kinds."""


def tokens_of(row: SpendRow) -> int:
    """All tokens of a row, read, written and answered."""
    return (
        row.uncached_input_tokens
        + row.cache_read_tokens
        + row.cache_write_5m_tokens
        + row.cache_write_1h_tokens
        + row.output_tokens
    )


DayTotals = dict[tuple[datetime, str, str], Usd]
"""Dollars by (UTC day, workspace id, model): compared with what is stored to find restated days."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Everything one source says about one window: what replaces the stored window whole."""

    source: str
    window: Window
    grain: Grain
    watermark: datetime
    """Buckets that end at or before it are complete; later ones may still fill."""
    rows: Sequence[SpendRow]
    notices: tuple[str, ...] = ()
    """What was kept but not understood (an unknown token type, an unpriced model), in sentences."""
    people: tuple[Person, ...] = ()
    """Who the source itself names as actors, for organisations whose directory may not be read."""
