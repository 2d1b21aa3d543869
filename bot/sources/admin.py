"""The fallback upstream: the Usage & Cost Admin API, two reports that must be laid over each other.

The usage report knows tokens by hour and key but no money; the cost report knows money by day but no keys.
Settled days are the bill to the nano-dollar, others are estimated (see `attribution` and `estimation`).
Money without tokens (code execution, sessions) is only known of settled days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.facts.clock import DAY, HOUR, Grain, Window, at_index, ceil, floor, index
from bot.facts.money import Usd
from bot.facts.spend import Basis, DayTotals, Slice, SpendRow
from bot.sources.admin_reports import MODELS, WORKSPACES, Reports
from bot.sources.admin_usage import Unknown
from bot.sources.attribution import Charge, Line, attribute, unattributed
from bot.sources.estimation import Day, Rates, estimate, is_settled, is_sure, learn
from bot.sources.http import Client
from bot.sources.listing import Lister
from bot.sources.prices import PriceTable

_DELAY = timedelta(minutes=15)
"""Usage shows up after about 5 minutes, sometimes longer (reference 9)."""
_LEARN_FROM = timedelta(days=7)
_REACH = timedelta(days=365)


class AdminSource:
    """Reads spend by bucket, workspace, key, model and tier. Actor, product and requests are not known here.

    `default_workspace` tells the id of the workspace that the reports call null ("" if unknown); `keys` how
    many API keys there are, by which pages are kept small. `fetch` raises the errors of `sources.errors`.
    """

    name = "admin"
    lookback = 3 * HOUR
    """How far back from the watermark every cycle reads again; what comes later shows in `day_totals`."""
    usual_lag = 4 * HOUR
    """Usage comes within minutes, sometimes later (reference 9)."""

    def __init__(self, client: Client, default_workspace: Callable[[], str], keys: Callable[[], int]) -> None:
        self._reports = Reports(client, default_workspace, keys)
        self._prices = PriceTable.load()

    @staticmethod
    def earliest(now: datetime) -> datetime:
        """A year back: how far these reports reach is not documented, and days before the first are empty."""
        return floor(now - _REACH, Grain.DAY)

    def fetch(self, window: Window, grain: Grain, now: datetime) -> Slice:
        """What was spent in the buckets that start in `window`, as known at `now`.

        Bills are split over whole UTC days, so whole days are read whatever the window.
        """
        reading = _Reading(self._reports, Lister(self._prices), grain, now)
        rows = tuple(reading.rows(window))
        return Slice(self.name, window, grain, now - _DELAY, rows, tuple(sorted(reading.notices)))

    def day_totals(self, window: Window, now: datetime) -> DayTotals:
        """What each (UTC day, workspace, model) of the settled days among the whole days of `window` costs.

        They are what `fetch` says of these days: the cheapest look at what was restated or has been billed.
        """
        return _Reading(self._reports, Lister(self._prices), Grain.DAY, now).day_totals(window)

    def requests_for(self, rows: int, hours: int) -> int:  # noqa: ARG002 part of the protocol
        """About how many requests so many hours take: two passes of the usage of whole days, and the cost."""
        whole = -(-hours // 24) * 24
        return 2 * -(-whole // self._reports.buckets_per_page(Grain.HOUR)) + 1


class _Reading:
    """One fetch in progress."""

    def __init__(self, reports: Reports, lister: Lister, grain: Grain, now: datetime) -> None:
        self._reports = reports
        self._lister = lister
        self._grain = grain
        self._now = now
        self.notices: set[str] = set()

    def rows(self, window: Window) -> Iterator[SpendRow]:
        days = self._days(window)
        rates = self._rates(days)
        unpriced: defaultdict[str, list[datetime]] = defaultdict(list)
        for day in days:
            settled = is_settled(day, rates, self._now)
            lines = self._bill(day) if settled else self._guess(day, rates)
            basis = Basis.BILLED if settled else Basis.ESTIMATED
            yield from (
                _row(line, basis)
                for line in lines
                if window.start <= line.key.hour < window.end and _says(line)
            )
            for model in () if settled else day.unpriced():
                unpriced[model].append(day.start)
        self.notices |= {_unpriced(model, starts) for model, starts in unpriced.items()}
        self.notices |= {_not_fast(model) for model in self._lister.not_fast}

    def day_totals(self, window: Window) -> DayTotals:
        lines = self._lister.lines(self._reports.daily(window, WORKSPACES))
        days = list(_by_day(window, lines, self._charges(window)))
        rates = learn([day for day in days if is_sure(day, self._now)])
        totals: DayTotals = {}
        for day in days:
            for line in self._bill(day) if is_settled(day, rates, self._now) else ():
                place = day.start, line.key.workspace_id, line.key.model
                totals[place] = Usd(totals.get(place, 0) + sum(line.money))
        return totals

    def _days(self, window: Window) -> list[Day]:
        """The UTC days that `window` touches, up to today."""
        start = floor(window.start, Grain.DAY)
        if start >= self._now:
            return []
        whole = Window(start, min(ceil(window.end, Grain.DAY), ceil(self._now, Grain.DAY)))
        used = Window(start, min(whole.end, ceil(self._now, self._grain)))
        usage = self._reports.usage(used, self._grain)
        charges = self._charges(whole)
        self.notices |= {_unknown(value) for value in usage.unknown}
        return list(_by_day(whole, self._lister.lines(usage), charges))

    def _charges(self, whole_days: Window) -> list[Charge]:
        charges, unknown = self._reports.charges(whole_days)
        self.notices |= {_unknown(value) for value in unknown}
        return charges

    def _rates(self, days: Sequence[Day]) -> Rates:
        """What settled days teach: those at hand, else the week before them."""
        sure = [day for day in days if is_sure(day, self._now)]
        if sure or not days:
            return learn(sure)
        week = Window(days[0].start - _LEARN_FROM, days[0].start)
        lines = self._lister.lines(self._reports.daily(week, MODELS))
        before = _by_day(week, lines, self._charges(week))
        return learn([day for day in before if is_sure(day, self._now)])

    def _bill(self, day: Day) -> list[Line]:
        left = attribute(day.lines, day.charges)
        first, count = index(day.start, self._grain), DAY // self._grain.width
        buckets = [at_index(first + i, self._grain) for i in range(count)]
        return [*day.lines, *unattributed(left, day.lines, buckets)]

    @staticmethod
    def _guess(day: Day, rates: Rates) -> Sequence[Line]:
        estimate(day.lines, rates)
        return day.lines


def _by_day(window: Window, lines: Iterable[Line], charges: Iterable[Charge]) -> Iterator[Day]:
    lines_of: defaultdict[int, list[Line]] = defaultdict(list)
    charges_of: defaultdict[int, list[Charge]] = defaultdict(list)
    for line in lines:
        lines_of[index(line.key.hour, Grain.DAY)].append(line)
    for charge in charges:
        charges_of[index(charge.day, Grain.DAY)].append(charge)
    for span in window.split(DAY):
        number = index(span.start, Grain.DAY)
        yield Day(span.start, lines_of[number], charges_of[number])


def _says(line: Line) -> bool:
    return any(line.counts) or any(line.money)


def _row(line: Line, basis: Basis) -> SpendRow:
    key = line.key
    where = (key.hour, key.workspace_id, key.api_key_id, key.model, "", "", key.service_tier)
    usd, listed, requests = sum(line.money), sum(line.listed), 0
    return SpendRow._make((*where, usd, listed, requests, *line.counts, *line.money, basis))


def _unpriced(model: str, days: Sequence[datetime]) -> str:
    first, last = f"{days[0]:%Y-%m-%d}", f"{days[-1]:%Y-%m-%d}"
    when = first if first == last else f"{first} to {last}"
    return (
        f"model {model} has no price in prices.yaml: its tokens of {when} are shown without dollars "
        "until they are billed; add it to bot/sources/prices.yaml"
    )


def _not_fast(model: str) -> str:
    return (
        f"model {model} has no price for fast mode in prices.yaml: its fast tokens are listed at its plain "
        "price; add fast: to it in bot/sources/prices.yaml"
    )


def _unknown(value: Unknown) -> str:
    kept = (
        "its dollars are kept as other cost"
        if value.field == "cost_type and token_type"
        else "what it names is priced as standard"
    )
    return (
        f"the {value.report} report has a {value.field} that this version does not know, "
        f"{value.value[:60]!r}: {kept}; look for a newer version"
    )
