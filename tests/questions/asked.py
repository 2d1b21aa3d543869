"""An organisation with its names, and a moment in it: Thursday, 19 November 2026, 02:20 UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.facts.clock import Window
from bot.questions.known import Names
from bot.questions.question import Misunderstood, Question
from bot.questions.understand import understand

NOW = datetime(2026, 11, 19, 2, 20, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NAMES: Mapping[str, tuple[str, ...]] = {
    "api_key_id": ("ci-eval", "ci-build", "support-bot", "my key", "search-rag", "Prod \u2013 EU"),
    "model": (
        "claude-opus-4-8",
        "claude-opus-5",
        "claude-opus-5-5",
        "claude-sonnet-5",
        "claude-haiku-4-5-20251001",
    ),
    "workspace_id": ("research", "Default workspace"),
    "actor": ("Ada Lovelace", "bela@example.com", "Zoë O\u2019Neil"),
    "team": ("search", "research", "platform"),
    "product": ("api", "claude_code"),
}


def ask(text: str, now: datetime = NOW, zone: ZoneInfo = BERLIN, names: Names = NAMES) -> Question:
    """What a text asks."""
    return understand(text, now, zone, names)


def refusal(text: str, now: datetime = NOW, names: Names = NAMES) -> Misunderstood:
    """Why a text is not understood; what is offered instead is."""
    try:
        question = ask(text, now, names=names)
    except Misunderstood as error:
        ask(error.instead, now, names=names)
        return error
    raise AssertionError(f"{text!r} was understood as {question}")


def utc(text: str) -> datetime:
    """19T03 is 03:00 on 19 November 2026; a month and a year may stand before it."""
    day, _, hour = text.partition("T")
    parts = [int(part) for part in day.split("-")]
    year, month, date = [2026, 11, 0][: 3 - len(parts)] + parts
    return datetime(year, month, date, tzinfo=UTC) + timedelta(hours=int(hour or 0))


def window(text: str) -> Window:
    """10 to 16T03: from 10 November 2026, 00:00, to the 16th, 03:00."""
    start, _, end = text.partition(" to ")
    return Window(utc(start), utc(end))
