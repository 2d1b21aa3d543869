"""A question as somebody would type it."""

from typing import Final

from bot.facts.answer import Answer
from bot.facts.scope import WORDS
from bot.questions.question import Kind, Question
from bot.questions.vocabulary import VERBS
from bot.questions.words import in_quotes, quoted

_VERBS: Final = {verb: " ".join(phrase) for phrase, verb in reversed(list(VERBS.items()))}
_ABOUT_SPEND: Final = {Kind.SPEND, Kind.COMPARE, Kind.EXPLAIN}


def spelled(question: Question) -> str:
    """Words that `understand` reads as the same question, as of the same time and with the same names.

    Only `taken` is lost: these words can mean nothing else.
    """
    if question.says:
        return _answer(question.incident, question.says)
    parts = (
        "" if question.kind in {Kind.SPEND, Kind.INCIDENT} else question.kind.value,
        f"incident {question.incident}" if question.incident else "",
        question.period.name if question.kind in _ABOUT_SPEND or question.period.name != "today" else "",
        f"vs {question.against.name}" if question.against else "",
        f"by {WORDS[question.by]}" if _says_by(question) else "",
        *(f"{WORDS[one]}:{quoted(value)}" for one, values in question.where.items() for value in values),
        f"top {question.top}" if question.top != Question(question.period).top else "",
        "share" if question.share else "",
    )
    return " ".join(part for part in parts if part)


def _says_by(question: Question) -> bool:
    """Where it would not be clear without, and where people expect it."""
    is_usual = question.by == "api_key_id" and "api_key_id" not in question.where
    return not is_usual or question.kind in {Kind.SPEND, Kind.COMPARE}


def _answer(incident: str, says: Answer) -> str:
    note = in_quotes(says.note) if says.note else ""
    until = f"until {says.until.isoformat()}" if says.until else ""
    parts = (_VERBS[says.verb], incident, says.expectation or "", until, note)
    return " ".join(part for part in parts if part)
