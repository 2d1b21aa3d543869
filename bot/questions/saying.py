"""What people say about an incident: "ack 261021-9f3c on it", "snooze 261021-9f3c until tomorrow"."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.facts.answer import Answer, Expectation, Verb
from bot.questions.calendar_words import WEEKDAYS
from bot.questions.unread import Unread, shown
from bot.questions.until import MARKS, until_at
from bot.questions.vocabulary import FILLER, GREETINGS, VERBS
from bot.questions.words import Word, key_at, split

INCIDENT: Final = re.compile(r"\d{6}-[0-9a-f]{4,}")
PREFIX: Final = re.compile(r"\d{6}(?:-[0-9a-f]*)?")
"""The beginning of an incident's id, where one is expected."""
THE_INCIDENT: Final = {"the", "incident", "alert"}
_SNOOZED_FOR: Final = timedelta(hours=4)
_EXPECTED: Final = {
    ("one-off",): Expectation.ONE_OFF,
    ("one", "off"): Expectation.ONE_OFF,
    ("oneoff",): Expectation.ONE_OFF,
    ("once",): Expectation.ONE_OFF,
    ("new", "level"): Expectation.NEW_LEVEL,
    ("new-level",): Expectation.NEW_LEVEL,
    ("planned",): Expectation.PLANNED,
}
_HINTS: Final = {
    Verb.SNOOZE: ("until", "till", "tomorrow"),
    Verb.EXPECT: ("until", "till", "tomorrow", "one-off", "new-level", "planned"),
}
_DAYS: Final = ("tomorrow", *WEEKDAYS)
_ALIKE: Final = 0.75


def said(line: str, now: datetime, zone: tzinfo) -> tuple[str, Answer] | None:
    """(incident, what is said of it) of a plain line, None where it says nothing of the kind. Raises Unread.

    What follows the words that are understood is the note.
    """
    words = split(line)
    keys = tuple(one.key for one in words)
    first = next((at for at, key in enumerate(keys) if key not in FILLER | GREETINGS), len(keys))
    start = first + bool(first < len(keys) and INCIDENT.fullmatch(keys[first]))
    phrase = next((one for one in VERBS if keys[start : start + len(one)] == one), None)
    if phrase is None:
        return None
    after = start + len(phrase)
    named = first if first < start else _incident(keys, after)
    if named is None:
        raise Unread(f"say which incident to {VERBS[phrase]}", 0, len(words), "incidents")
    tail = [at for at in range(after, len(keys)) if at not in _naming(keys, named)]
    count, answer = _answer(VERBS[phrase], tail, keys, now, zone)
    return keys[named], replace(answer, note=_note(line, words, tail[count:]))


def _incident(keys: Sequence[str], at: int) -> int | None:
    """Where an id stands: anywhere, or its beginning right after the verb."""
    start = next((place for place in range(at, len(keys)) if keys[place] not in THE_INCIDENT), at)
    if start < len(keys) and PREFIX.fullmatch(keys[start]):
        return start
    return next((place for place in range(at, len(keys)) if INCIDENT.fullmatch(keys[place])), None)


def _naming(keys: Sequence[str], named: int) -> range:
    """The words that say which incident: "the incident 261021-9f3c"."""
    start = named
    while start and keys[start - 1] in THE_INCIDENT:
        start -= 1
    return range(start, named + 1)


def _answer(
    verb: Verb, tail: Sequence[int], keys: Sequence[str], now: datetime, zone: tzinfo
) -> tuple[int, Answer]:
    """(words that were understood, what they say)."""
    said_so = tuple(keys[at] for at in tail)
    try:
        count, until, expectation = _particulars(verb, said_so, now, zone)
    except Unread as unread:
        unread.at = tail[unread.at]
        raise
    return count, Answer(verb, "", now, until, expectation)


def _particulars(
    verb: Verb, keys: Sequence[str], now: datetime, zone: tzinfo
) -> tuple[int, datetime | None, Expectation | None]:
    """(words, until when, in which way)."""
    if verb not in _HINTS:
        return 0, None, None
    phrase = next((one for one in _EXPECTED if tuple(keys[: len(one)]) == one), ())
    way = _EXPECTED.get(phrase) if verb is Verb.EXPECT else None
    if way in {Expectation.ONE_OFF, Expectation.NEW_LEVEL}:
        return len(phrase), None, way
    start = len(phrase) if way else 0
    until = until_at(keys, start, now, zone)
    if until:
        return start + until[0], until[1], Expectation.PLANNED if verb is Verb.EXPECT else None
    if way:
        raise Unread("say until when it was planned", 0, 1, "planned until tomorrow")
    _refuse_slips(verb, keys)
    return (0, None, Expectation.ONE_OFF) if verb is Verb.EXPECT else (0, now + _SNOOZED_FOR, None)


def _refuse_slips(verb: Verb, keys: Sequence[str]) -> None:
    """A note does not begin with a word that was probably meant to say how long, or in which way."""
    first = key_at(keys, 0)
    if first in MARKS and (near := difflib.get_close_matches(key_at(keys, 1), _DAYS, 1, _ALIKE)):
        raise Unread(f"until when is {shown(' '.join(keys[:2]))}", 1, 1, near[0])
    if first in _HINTS[verb] or (verb is Verb.SNOOZE and first[:1].isdecimal()):
        raise Unread(f"until when is {shown(' '.join(keys))}", 0, len(keys), "4h")
    if near := difflib.get_close_matches(first, _HINTS[verb], 1, _ALIKE):
        raise Unread(f"{shown(first)} is not clear", 0, 1, near[0])


def _note(line: str, words: Sequence[Word], at: Sequence[int]) -> str:
    """The rest as it was typed; quotes around all of it are not part of it."""
    if not at:
        return ""
    if len(at) == 1 and words[at[0]].quoted and not words[at[0]].called:
        return words[at[0]].text
    if at[-1] - at[0] + 1 == len(at):
        return line[words[at[0]].start :].lstrip(":,;- ")
    return " ".join(words[place].raw for place in at)
