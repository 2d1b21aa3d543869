"""Words that answers share: how a period and a filter are called, and how sure figures are."""

import re
from datetime import datetime

from bot.facts.scope import WORDS
from bot.facts.spend import Basis
from bot.questions.question import Period, Question
from bot.slack.ink import MRKDWN, Ink
from bot.slack.wording import bare, code, prose

COMMAND = "/claude-spend"
_LONGEST_COMMAND = 500
_BASIS = {Basis.BILLED: "Billed figures", Basis.ESTIMATED: "Estimated figures (the bill may differ)"}
_PATTERNS, _READINGS = 4, 3
_RELATIVE = re.compile(r"today|yesterday|tomorrow|then|this \w+|last (?:week|month|year|weekend)")
_DAYS = re.compile(r"\d+ \D|\w+day \d|since ")


def during(period: Period) -> str:
    """When, as a part of a sentence: "yesterday", "on 19 Nov (UTC)", "in the last 7 days", "today so far"."""
    name = prose(period.name, 60) or "then"
    if _RELATIVE.fullmatch(name):
        return f"{name} so far" if period.goes_on else name
    if _DAYS.match(name):
        preposition = "" if name.startswith("since") else "from " if " to " in name else "on "
        return f"{preposition}{name}{'' if name.endswith('UTC') else ' (UTC)'}"
    return f"in the {name}" if name.startswith(("last ", "same ")) else f"in {name}"


def asked_of(question: Question, ink: Ink) -> str:
    """What was asked about: "model `*opus*`, workspace `a` or `b`"; empty for the organisation."""
    named: list[str] = []
    left = _PATTERNS
    for dimension, patterns in question.where.items():
        if left > 0 and patterns:
            any_of = " or ".join(ink.name(pattern) for pattern in patterns[:left])
            named.append(f"{WORDS[dimension]} {any_of}")
        left -= len(patterns)
    more = f" and {-left} more" if left < 0 else ""
    return f"{', '.join(named)}{more}"


def only(question: Question, ink: Ink) -> str:
    """The same as a sentence."""
    filters = asked_of(question, ink)
    return f"Only {filters}" if filters else ""


def taken(question: Question) -> str:
    """How words were read that could have meant something else."""
    read = [prose(words, 80) for words in question.taken[:_READINGS]]
    return f"Understood: {'; '.join(read)}" if read else ""


def figures(basis: Basis, until: datetime, ink: Ink) -> str:
    """How sure the figures are, and how far they reach."""
    return f"{_BASIS[basis]} up to {ink.instant(until)}"


def typed(words: str, ink: Ink) -> str:
    """Words as they would be typed: longer than a name may be, since nothing of them can be left out."""
    return code(words, _LONGEST_COMMAND) if ink is MRKDWN else f"“{bare(words, _LONGEST_COMMAND)}”"
