"""The Usage and Cost Analytics API (reference 4): billed dollars and tokens by hour, key, model, person."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from bot.facts.clock import Grain, Window, ceil, floor
from bot.facts.directory import Person
from bot.facts.money import Usd
from bot.facts.spend import COMPONENTS, DayTotals, Slice, SpendRow
from bot.sources.analytics_wire import Actor, CostItem, CostPage, Group, UsageItem, UsagePage
from bot.sources.errors import BadAnswer, TimedOut
from bot.sources.http import Client, Params, restarting

BETA = "analytics-usage-cost-2026-08-24"
_COST = "/v1/organizations/analytics/cost"
_USAGE = "/v1/organizations/analytics/usage"
GROUP_BY = ("api_key_id", "workspace_id", "model", "actor", "product")
_UNSTATED_DELAY = timedelta(hours=24)
"""How old a bucket must be to count as complete when the answer names no watermark (reference 9)."""
_REACH = timedelta(days=365)
_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_LONGEST_WINDOW = timedelta(days=31)
_PAGE_ROWS = 1000
_WIDTH = {Grain.HOUR: "1h", Grain.DAY: "1d"}

_TOKEN_COMPONENT = {
    "uncached_input_tokens": "usd_uncached_input",
    "cache_read_input_tokens": "usd_cache_read",
    "cache_creation.ephemeral_5m_input_tokens": "usd_cache_write_5m",
    "cache_creation.ephemeral_1h_input_tokens": "usd_cache_write_1h",
    "output_tokens": "usd_output",
}
_COST_COMPONENT = {
    "web_search": "usd_web_search",
    "code_execution": "usd_code_execution",
    "session_usage": "usd_session",
}
_FIELDS = SpendRow._fields
_USD, _LIST, _REQUESTS = (_FIELDS.index(name) for name in ("usd", "list_usd", "requests"))
_COUNTS = slice(_REQUESTS, _FIELDS.index("web_searches") + 1)
_PLACE = {name: _FIELDS.index(name) for name in COMPONENTS}
_FIRST_NUMBER = _USD
_NUMBERS = _FIELDS.index("basis") - _FIRST_NUMBER

_Cell = tuple[datetime, str, str, str, str, str]


def _day_place(item: CostItem) -> tuple[datetime, str, str]:
    return floor(item.starting_at, Grain.DAY), item.group.workspace_id or "", item.group.model or ""


def _query(window: Window, grain: Grain, group_by: Sequence[str]) -> Params:
    return [
        ("starting_at", f"{window.start:%Y-%m-%dT%H:%M:%SZ}"),
        ("ending_at", f"{window.end:%Y-%m-%dT%H:%M:%SZ}"),
        ("time_bucket_width", _WIDTH[grain]),
        ("order_by", "time"),
        ("order", "asc"),
        ("limit", str(_PAGE_ROWS)),
        *(("group_by[]", name) for name in group_by),
    ]


class Join:
    """Adds cost and usage rows up to one SpendRow per bucket and dimension set.

    Upstream rows are not unique by group key (identities it cannot render), so everything is a sum.
    """

    def __init__(self, window: Window, grain: Grain, now: datetime) -> None:
        self.watermark = now
        self._window = window
        self._grain = grain
        self._starts: dict[datetime, datetime] = {}
        self._cells: dict[_Cell, list[int]] = {}
        self._people: dict[str, Person] = {}
        self._unknown: dict[str, int] = {}

    def refreshed(self, at: datetime) -> None:
        """Take a page's watermark into account: the least of all counts."""
        self.watermark = min(self.watermark, at)

    def add_cost(self, items: Iterable[CostItem]) -> None:
        """Dollars by component."""
        for item in items:
            cell = self._cell(item.starting_at, item.group)
            amount = item.cost.amount
            cell[_USD - _FIRST_NUMBER] += amount
            cell[_LIST - _FIRST_NUMBER] += item.cost.list_amount
            cell[_PLACE[self._component(item.group)] - _FIRST_NUMBER] += amount

    def add_usage(self, items: Iterable[UsageItem]) -> None:
        """Tokens, requests and searches."""
        first = _REQUESTS - _FIRST_NUMBER
        for item in items:
            cell, usage = self._cell(item.starting_at, item.group), item.usage
            cell[first] += usage.requests or 0
            cell[first + 1] += usage.uncached_input_tokens
            cell[first + 2] += usage.cache_read_input_tokens
            cell[first + 3] += usage.cache_creation.ephemeral_5m_input_tokens
            cell[first + 4] += usage.cache_creation.ephemeral_1h_input_tokens
            cell[first + 5] += usage.output_tokens
            cell[first + 6] += usage.server_tool_use.web_search_requests

    def rows(self) -> Sequence[SpendRow]:
        """What was added up."""
        make = SpendRow._make
        tier = ("",)
        billed = (SpendRow._field_defaults["basis"],)
        return [make((*cell, *tier, *numbers, *billed)) for cell, numbers in self._cells.items()]

    def people(self) -> tuple[Person, ...]:
        """Everyone named as an actor: the only names an organisation without a directory has."""
        return tuple(self._people.values())

    def notices(self) -> tuple[str, ...]:
        """Kinds of cost this version does not know; their dollars are kept as `usd_other`."""
        return tuple(
            f"analytics/cost names an unknown kind of cost, {kind!r} ({count} rows): kept as other cost"
            for kind, count in sorted(self._unknown.items())
        )

    def _cell(self, at: datetime, group: Group) -> list[int]:
        cell = (
            self._starts.get(at) or self._start(at),
            group.workspace_id or "",
            group.api_key_id or "",
            group.model or "",
            self._actor(group.actor) if group.actor else "",
            group.product or "",
        )
        numbers = self._cells.get(cell)
        if numbers is None:
            numbers = self._cells[cell] = [0] * _NUMBERS
        return numbers

    def _start(self, at: datetime) -> datetime:
        """The bucket, checked once for all its rows: a row from elsewhere must not land in this slice."""
        start = floor(at, self._grain)
        if start != at or not self._window.start <= start < self._window.end:
            raise BadAnswer(f"analytics: a row of {at.isoformat()} in the answer for {self._window}")
        self._starts[at] = start
        return start

    def _actor(self, actor: Actor) -> str:
        identity = actor.identity()
        if actor.user_id and identity not in self._people:
            name = actor.name or actor.email_address or actor.user_id
            self._people[identity] = Person(identity, name, actor.email_address or "")
        return identity

    def _component(self, group: Group) -> str:
        if group.cost_type in {"tokens", None}:
            known = _TOKEN_COMPONENT.get(group.token_type or "")
        else:
            known = _COST_COMPONENT.get(group.cost_type)
        if known is None:
            kind = f"{group.cost_type}/{group.token_type}"
            self._unknown[kind] = self._unknown.get(kind, 0) + 1
        return known or "usd_other"


class AnalyticsSource:
    """Fetches slices through endpoints C and D."""

    name = "analytics"
    lookback = timedelta(hours=6)
    """How far back from the watermark every cycle reads again; older changes show in `day_totals`."""
    usual_lag = timedelta(hours=26)
    """Refreshed every few hours, and within 24 hours (reference 9)."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def earliest(self, now: datetime) -> datetime:
        """The API reaches back 365 days, and not behind 2026 (reference 4.1)."""
        return max(ceil(now - _REACH, Grain.DAY), _FIRST_DAY)

    def fetch(self, window: Window, grain: Grain, now: datetime) -> Slice:
        """Everything spent in `window`: one row per bucket and dimension set.

        The window is bucket-aligned and at most 31 days long.
        """
        joins = self._read(window, grain, now)
        rows = [row for join in joins for row in join.rows()]
        notices = tuple(notice for join in joins for notice in join.notices())
        people = tuple(person for join in joins for person in join.people())
        watermark = min(now, *(join.watermark for join in joins))
        return Slice(self.name, window, grain, watermark, rows, notices, people)

    def _read(self, window: Window, grain: Grain, now: datetime) -> list[Join]:
        """The window joined; one that is too slow to answer is asked for in halves."""
        try:
            return [restarting(lambda: self._joined(window, grain, now))]
        except TimedOut:
            if window.length < 2 * grain.width:
                raise
            half = floor(window.start + window.length / 2, grain)
            halves = (Window(window.start, half), Window(half, window.end))
            return [join for part in halves for join in self._read(part, grain, now)]

    def _joined(self, window: Window, grain: Grain, now: datetime) -> Join:
        """Cost and usage, page by page: a page is many times larger than what is kept of it."""
        join, query = Join(window, grain, now), _query(window, grain, GROUP_BY)
        by_component = [("group_by[]", "cost_type"), ("group_by[]", "token_type")]
        for costs in self._client.stream(_COST, [*query, *by_component], CostPage, BETA):
            join.refreshed(costs.data_refreshed_at or now - _UNSTATED_DELAY)
            join.add_cost(costs.data)
        for usages in self._client.stream(_USAGE, query, UsagePage, BETA):
            join.refreshed(usages.data_refreshed_at or now - _UNSTATED_DELAY)
            join.add_usage(usages.data)
        return join

    def day_totals(self, window: Window, now: datetime) -> DayTotals:  # noqa: ARG002 part of the protocol
        """What each (UTC day, workspace, model) costs by now: the cheapest look at what was restated."""
        totals: DayTotals = {}
        for part in window.split(_LONGEST_WINDOW):
            query = _query(part, Grain.DAY, ("workspace_id", "model"))
            for page in self._client.pages(_COST, query, CostPage, BETA):
                for item in page.data:
                    place = _day_place(item)
                    totals[place] = Usd(totals.get(place, 0) + item.cost.amount)
        return totals

    def requests_for(self, rows: int, hours: int) -> int:  # noqa: ARG002 part of the protocol
        """About how many requests so many rows take: cost and usage, a thousand rows a page."""
        return 2 * (rows // _PAGE_ROWS + 1)
