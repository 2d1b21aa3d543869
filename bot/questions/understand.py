"""Words to a question: forgiving about order, case and small words, but never guessing in silence."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.questions import reading, reading_names
from bot.questions.draft import Draft
from bot.questions.known import Known, Names
from bot.questions.periods import named_today
from bot.questions.question import Kind, Misunderstood, Question
from bot.questions.reading import Line, Reader
from bot.questions.saying import said
from bot.questions.unread import Unread
from bot.questions.words import plain, split

_READERS: Final[tuple[Reader, ...]] = (
    reading_names.filtered,
    reading.kind,
    reading.top,
    reading.incident,
    reading.period,
    reading_names.whole_name,
    reading_names.dimension,
    reading.share,
    reading.usual,
    reading.refused,
    reading.filler,
    reading_names.name,
)
"""The first one that can read the words at a place counts; the last one reads or refuses everything."""
_ANYTHING: Final = "today by key"
_LONGEST: Final = 2000
_MOST_WORDS: Final = 60
_MENDED: Final = 5
"""So many mistakes of a line are mended; with more, something simple is offered."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """When and where something was asked, and which names were known."""

    now: datetime
    zone: ZoneInfo
    known: Known


def understand(text: str, now: datetime, zone: ZoneInfo, names: Names) -> Question:
    """What a text asks, as of `now`. Nothing at all asks for today by key.

    Periods are UTC hours and days; until when to be quiet is told by the clock of `zone`. Raises
    Misunderstood, and nothing else, with the nearest question that can be understood.
    """
    asked = _Asked(now.astimezone(UTC), zone, Known(names))
    try:
        return _read(plain(text), asked)
    except Unread as unread:
        raise Misunderstood(unread.what, _instead(plain(text), unread, asked)) from None


def _read(line: str, asked: _Asked) -> Question:
    if len(line) > _LONGEST:
        raise Unread(f"more than {_LONGEST} characters are no question", 0, len(line))
    if answer := said(line, asked.now, asked.zone):
        incident, says = answer
        return Question(named_today(asked.now).period, Kind.SAY, incident=incident, says=says)
    words = split(line)
    if len(words) > _MOST_WORDS:
        raise Unread(f"more than {_MOST_WORDS} words are no question", 0, len(line))
    draft, at = Draft(), 0
    whole = Line(line, words, asked.now, asked.known)
    while at < len(words):
        at += next(count for reader in _READERS if (count := reader(whole, at, draft)))
    return draft.question(asked.now)


def _instead(line: str, unread: Unread, asked: _Asked) -> str:
    """The line with its mistakes mended, as far as what is left can be understood."""
    for _ in range(_MENDED):
        line = plain(unread.mended(split(line)))
        try:
            _read(line, asked)
        except Unread as again:
            unread = again
        else:
            return line or _ANYTHING
    return _ANYTHING
