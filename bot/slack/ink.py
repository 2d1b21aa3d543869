"""How messages are written: once as mrkdwn with blocks, once as the plain text for phones and readers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.facts.text import when
from bot.slack.wording import bare, code, instant

_LIMIT = 3900
"""chat.update refuses a `text` of more than 4,000 characters (S3)."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How names, instants and emphasis are written: once as mrkdwn, once for the plain `text`."""

    name: Callable[[str], str]
    instant: Callable[[datetime], str]
    bold: Callable[[str], str]


MRKDWN = Ink(name=code, instant=instant, bold=lambda words: f"*{words}*")
TEXT = Ink(name=bare, instant=when, bold=str)


def full_stop(sentence: str) -> str:
    """The sentence with an end."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def capital(sentence: str) -> str:
    """The sentence with a beginning."""
    return sentence[:1].upper() + sentence[1:]


def fitting(sentences: Sequence[str]) -> str:
    """As many sentences as fit; the first ones matter most."""
    kept = ""
    for sentence in sentences:
        longer = f"{kept} {sentence}".lstrip()
        if length(longer) <= _LIMIT:
            kept = longer
    return kept


def length(words: str) -> int:
    """Characters as the strictest count would have it: one beyond the first plane counts twice."""
    return len(words.encode("utf-16-le")) // 2


def section(words: str) -> dict[str, Any]:
    """A paragraph."""
    return {"type": "section", "expand": True, "text": mrkdwn(words)}


def context(words: str) -> dict[str, Any]:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(words)]}


def mrkdwn(words: str) -> dict[str, Any]:
    """Text with emphasis."""
    return {"type": "mrkdwn", "text": words}


def plain_text(words: str) -> dict[str, Any]:
    """Text as it is."""
    return {"type": "plain_text", "emoji": False, "text": words}
