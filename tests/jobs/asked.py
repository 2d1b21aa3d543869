"""A history to ask about, and questions as people type them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.directory import Directory, Key, Person
from bot.facts.spend import Basis, Slice, SpendRow
from bot.history.store import History
from bot.jobs.answer import answer, names_known
from bot.questions.answers import Answered, Comparison, Spend
from bot.questions.understand import understand
from tests.fakes.rows import HAIKU, row

MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
"""A Thursday."""
NOW = MIDNIGHT + 2 * HOUR + timedelta(minutes=20)
NAMES = Directory(keys={"k1": Key("k1", "ci-eval")}, people={"user_ada": Person("user_ada", "ada")})
DOLLAR = 10**9
TODAY = [
    row(MIDNIGHT, 1, api_key_id="k1", actor="user_ada", product="api"),
    row(MIDNIGHT, 2, api_key_id="k2", model=HAIKU, basis=Basis.ESTIMATED),
    row(MIDNIGHT + HOUR, 4, api_key_id="k1"),
    row(MIDNIGHT + 2 * HOUR, 8, api_key_id="", workspace_id=""),
]
YESTERDAY = [row(MIDNIGHT - HOUR, 16, api_key_id="k1"), row(MIDNIGHT - DAY, 32, api_key_id="k1")]
Teams = Mapping[str, Sequence[str]]


def keep(
    history: History,
    rows: Sequence[SpendRow],
    days: float = 1,
    until: datetime = MIDNIGHT + DAY,
    grain: Grain = Grain.HOUR,
) -> None:
    """What was spent in some days until `until`; hours without rows cost nothing."""
    window = Window(until - days * DAY, until)
    history.spend.replace(Slice("analytics", window, grain, until, rows), until)
    history.names.remember(NAMES)


def ask(history: History, words: str, now: datetime = NOW, teams: Teams | None = None) -> Answered:
    """The answer to words."""
    known = names_known(history, teams or {})
    return answer(understand(words, now, ZoneInfo("UTC"), known), history, teams or {}, now)


def spent(history: History, words: str = "", now: datetime = NOW, teams: Teams | None = None) -> Spend:
    """What was spent; lines and others add up to the total."""
    reply = ask(history, words, now, teams).reply
    assert isinstance(reply, Spend)
    others = reply.others.usd if reply.others else 0
    assert reply.total == sum(line.usd for line in reply.lines) + others
    assert reply.total == sum(point.observed for point in reply.course)
    return reply


def compared(history: History, words: str, now: datetime = NOW) -> Comparison:
    """Two periods; lines and others add up to the totals."""
    reply = ask(history, words, now).reply
    assert isinstance(reply, Comparison)
    moves = [*reply.lines, *([reply.others] if reply.others else [])]
    assert reply.total.now == sum(move.now for move in moves)
    assert reply.total.before == sum(move.before for move in moves)
    return reply


def dollars(spend: Spend) -> dict[str, int]:
    """Whole dollars by name, largest first."""
    return {line.name: line.usd // DOLLAR for line in spend.lines}
