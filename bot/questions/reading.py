"""The readers: each reads words from a place, adds what they say to a draft, and returns how many."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from bot.facts.scope import CALLED
from bot.questions.draft import Draft
from bot.questions.known import Known
from bot.questions.periods import period_at
from bot.questions.question import Kind
from bot.questions.relative import NUMBERS
from bot.questions.saying import INCIDENT, PREFIX, THE_INCIDENT
from bot.questions.unread import Unread, shown
from bot.questions.vocabulary import (
    AGAINST,
    COMPARE,
    EACH,
    FILLER,
    GREETINGS,
    KINDS,
    LEFT_OUT,
    MINE,
    SHARE,
    SPLITS_WE_LACK,
    USUAL,
)
from bot.questions.words import Word, key_at

_TOP: Final = re.compile(r"top(\d{0,9})")
_NUMBER: Final = re.compile(r"\d{1,9}")
_MOST_LINES: Final = 100
_EMOJI: Final = re.compile(r":[\w+-]+")
_MINUS: Final = re.compile(r"[-!]\w")
_MARKS: Final = set("-.,;:!?&/|*+()[]<>=\"'#@~_")
_LONGEST_PHRASE: Final = max(len(phrase) for phrase in KINDS)


@dataclass(frozen=True)
class Line:
    """The words of a line, when it was said, and the names known then."""

    text: str
    words: tuple[Word, ...]
    now: datetime
    known: Known

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The words as they are looked up; "" for what can only be a name."""
        return tuple("" if one.called else one.key for one in self.words)

    @cached_property
    def joins_with_to(self) -> bool:
        """Whether "to" stands inside a period: not where it is all that stands between two sides."""
        return not COMPARE.intersection(self.keys) or bool(AGAINST.intersection(self.keys))


Reader = Callable[[Line, int, Draft], int]


def kind(line: Line, at: int, draft: Draft) -> int:
    """Words for what is asked."""
    if line.keys[at] in COMPARE:
        draft.compares = True
        return 1
    if line.words[at].raw.strip("?") == "" and len(line.words) == 1:
        draft.kinds.append((Kind.HELP, at, 1))
        return 1
    for count in range(_LONGEST_PHRASE, 0, -1):
        if found := KINDS.get(line.keys[at : at + count]):
            draft.kinds.append((found, at, count))
            return count
    return 0


def incident(line: Line, at: int, draft: Draft) -> int:
    """An incident's id, or "incident" and the beginning of one."""
    key, before = line.keys[at], line.keys[at - 1] if at else ""
    if not INCIDENT.fullmatch(key) and not (before in THE_INCIDENT and PREFIX.fullmatch(key)):
        return 0
    draft.incident = key
    return 1


def top(line: Line, at: int, draft: Draft) -> int:
    """How many lines are to be shown."""
    match = _TOP.fullmatch(line.keys[at])
    if match is None:
        return 0
    after = key_at(line.keys, at + 1)
    digits, count = match[1], 1
    if not digits and (_NUMBER.fullmatch(after) or after in NUMBERS):
        digits, count = str(NUMBERS.get(after, after)), 2
    number = int(digits or 5)
    if not 1 <= number <= _MOST_LINES:
        better = "top 1" if number < 1 else f"top {_MOST_LINES}"
        raise Unread(f"{number} lines cannot be shown, 1 to {_MOST_LINES} can", at, count, better)
    draft.top = number
    return count


def period(line: Line, at: int, draft: Draft) -> int:
    """A period, or a second one to hold it against."""
    found = period_at(line.keys, at, line.now, ranges=line.joins_with_to)
    if found is None:
        return 0
    before, name = line.keys[at - 1] if at else "", found.period.name
    if line.keys[at] == "from" and found.span.name:
        draft.taken.append(f"from {name} as {name} alone, not since then")
    is_other = before in AGAINST or (before == "to" and not line.joins_with_to)
    (draft.against if is_other else draft.periods).append(found)
    return found.count


def share(line: Line, at: int, draft: Draft) -> int:
    """Whether everybody is to see it."""
    if line.keys[at] not in SHARE:
        return 0
    draft.share = True
    return 1


def usual(line: Line, at: int, draft: Draft) -> int:
    """What is usual is said anyway."""
    if line.keys[at] not in USUAL:
        return 0
    draft.usual = True
    return 1


def refused(line: Line, at: int, _draft: Draft) -> int:
    """What people ask for and cannot have. Raises Unread."""
    key, raw = line.keys[at], line.words[at].raw
    if key in MINE:
        raise Unread(f"who you are is not known here ({shown(raw)}), write user:NAME", at, 1, "by user")
    if key in LEFT_OUT or _MINUS.match(raw):
        count = 2 if key in LEFT_OUT and at + 1 < len(line.words) else 1
        left_out = " ".join(one.raw for one in line.words[at : at + count])
        raise Unread(f"no answer can leave something out ({shown(left_out)})", at, count)
    if key in SPLITS_WE_LACK:
        is_by = at > 0 and line.keys[at - 1] in EACH
        what = f"spend is split by {', '.join(CALLED)}, not by {key}"
        raise Unread(what, at - is_by, 1 + is_by)
    return 0


def filler(line: Line, at: int, draft: Draft) -> int:
    """What says nothing: small words, greetings, marks, emoji."""
    key, raw = line.keys[at], line.words[at].raw
    if key == "or":
        draft.either_at = at
    draft.greeted |= key in GREETINGS
    return int(key in FILLER | GREETINGS or bool(_EMOJI.fullmatch(key)) or _MARKS.issuperset(raw))
