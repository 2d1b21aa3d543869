"""Since when something is wrong: of dearer tokens by their price, of all else by their dollars."""

from datetime import datetime

from bot.detect.gates import Gates
from bot.detect.onset import Hour, dearer_since, onset
from bot.explain.cause import weeks_before
from bot.explain.evidence import DEARER
from bot.explain.totals import share
from bot.facts.clock import DAY, HOUR, Grain, Window, ceil
from bot.facts.finding import Finding
from bot.facts.money import dollars
from bot.facts.spend import SpendRow, tokens_of
from bot.jobs.ports import SpendStore
from bot.panel.panel import Panel


def began(spend: SpendStore, hours: Panel, finding: Finding, now: datetime, gates: Gates) -> datetime:
    """The hour in which what a finding tells began, looked for from a day before it."""
    if finding.kind != DEARER:
        return onset(hours, finding, now, gates)
    start = finding.start - DAY
    end = max(ceil(min(now, finding.window.end), Grain.HOUR), finding.start + HOUR)
    usual = _by_hour(spend.sums(weeks_before(Window(start, end)), finding.scope))
    price = share(sum(spent for _, spent, _ in usual), sum(tokens for *_, tokens in usual))
    return dearer_since(_by_hour(spend.rows(Window(start, end), finding.scope)), price, finding.start)


def _by_hour(rows: list[SpendRow]) -> list[Hour]:
    """Dollars and tokens of each hour, oldest first."""
    sums: dict[datetime, tuple[float, int]] = {}
    for row in rows:
        spent, tokens = sums.get(row.hour, (0.0, 0))
        sums[row.hour] = spent + dollars(row.usd), tokens + tokens_of(row)
    return [(hour, *amounts) for hour, amounts in sorted(sums.items())]
