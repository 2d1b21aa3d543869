"""Single values as people write them in rule files. Every reader raises ValueError with the remedy."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

_MULTIPLE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)x")
OWNER = "owner"
"""Whoever owns the key that an incident is about, or is the person it is about."""
_CHANNEL = re.compile(r"#[^\s#@,:<>]{1,80}|[CGDUW][A-Z0-9]{8,20}|[^\s@<>]{1,64}@[^\s@<>]{1,190}\.[a-z]{2,20}")
_CONTROL = {"Cc", "Cs"}
_SHOWN = 60
_SYNONYMS = {
    "and": "all",
    "or": "any",
    "none": "not",
    "exceeds": "above",
    "over": "above",
    "threshold": "above",
    "limit": "above",
    "under": "below",
    "increases": "rises",
    "drops": "falls",
    "metric": "watch",
    "filter": "where",
    "without": "except",
    "during": "within",
    "group_by": "per",
    "by": "per",
    "spend": "cost",
    "spending": "cost",
    "dollars": "cost",
    "usd": "cost",
    "in": "within",
    "window": "within",
    "channel": "route",
    "notify": "route",
    "description": "because",
    "reason": "because",
    "summary": "because",
    "alert": "name",
    "person": "user",
    "people": "user",
    "actor": "user",
    "api_key": "key",
    "org": "organisation",
    "week": "same weekday",
    "yesterday": "previous window",
    "usual": "expected",
    "warn": "warning",
    "info": "notice",
    "error": "critical",
}
"""What people write for words of ours that look otherwise."""


def quoted(text: str) -> str:
    """The text as an error repeats it: in quotes, on one line, not endless."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")


def closest(word: str, words: Iterable[str]) -> str:
    """The word that was meant, or an empty string."""
    if _SYNONYMS.get(word.lower()) in (words := list(words)):
        return _SYNONYMS[word.lower()]
    return next(iter(difflib.get_close_matches(word.lower(), list(words), 1)), "")


def not_one_of(given: str, words: Sequence[str]) -> str:
    """What is said of a word that is none of these."""
    near = closest(given, words)
    guess = f"did you mean {near}?" if near else "write one of these"
    return f"{quoted(given)} is not one of {', '.join(words)}; {guess}"


def sentence(text: str, longest: int) -> str:
    """Words on one line, however the file breaks them."""
    return _checked(" ".join(text.split()), longest)


def glob(text: str) -> str:
    """A name, an id, or a pattern with *, ? and [abc]."""
    return _checked(text.strip(), 200)


def _checked(text: str, longest: int) -> str:
    if not text:
        raise ValueError("is empty; write some text")
    if len(text) > longest:
        raise ValueError(f"is {len(text)} characters long; write at most {longest}")
    if any(unicodedata.category(character) in _CONTROL for character in text):
        raise ValueError(f"{quoted(text)} holds a character that cannot be shown; remove it")
    return text


def instant(text: str) -> datetime:
    """A date and time with its zone, as UTC: "2026-10-20T08:00Z", "2026-10-20T10:00+02:00"."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{quoted(text)} is not a date and time; write it like 2026-10-20T08:00Z") from None
    written = at.isoformat(timespec="minutes")
    raise ValueError(f"{quoted(text)} has no time zone; write {written}Z if that is UTC, or add +02:00")


def multiple(text: str) -> Decimal | None:
    """How many times the usual: "4x", "1.5x"; None for "any"."""
    if text == "any":
        return None
    match = _MULTIPLE.fullmatch(text)
    if match is None or Decimal(match[1]) < 1:
        raise ValueError(f"{quoted(text)} is not a multiple of the usual; write it like 4x or 1.5x, or any")
    return Decimal(match[1])


def addressee(text: str) -> str:
    """Where to tell: "#ml", a Slack id, somebody's e-mail address, or the owner of the key."""
    if text != OWNER and _CHANNEL.fullmatch(text) is None:
        remedy = (
            'write a channel in quotes such as "#ml", an id such as C0123456789, an e-mail address, or owner'
        )
        raise ValueError(f"{quoted(text)} is nobody who can be told; {remedy}")
    return text
