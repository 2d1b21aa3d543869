"""The word or name that somebody probably meant."""

import difflib
from collections.abc import Iterable
from heapq import nlargest

from bot.questions.calendar_words import MONTHS, WEEKDAYS
from bot.questions.known import Known
from bot.questions.periods import PHRASES
from bot.questions.vocabulary import DIMENSIONS, FILLER, MEANT, VOCABULARY
from bot.questions.words import fold, quoted

_WORDS = frozenset({*VOCABULARY, *PHRASES, *WEEKDAYS, *MONTHS} - FILLER)
_ALIKE = 0.7
_COMPARED = 60
"""Comparing letter by letter is slow: only so many names that look alike are."""


def nearest(word: str, known: Known) -> str:
    """What works in place of a word, as it is typed; "" where nothing is near."""
    wanted = fold(word)
    if wanted in MEANT:
        return MEANT[wanted]
    if wanted.isdecimal() and 0 < len(wanted) <= 2 and int(wanted):
        return f"top {int(wanted)}"
    found = _closest(wanted, (*_WORDS, *_alike(wanted, known.parts)))
    return found if found in _WORDS else quoted(found) if found else ""


def nearest_name(name: str, dimension: str, known: Known) -> str:
    """The name of one dimension that is nearest; "" where none is near."""
    names, wanted = known.folded[dimension], fold(name)
    return names.get(_closest(wanted, _alike(wanted, names)), "")


def nearest_dimension(word: str) -> str:
    """The nearest word for a dimension; "key" where none is near."""
    return _closest(fold(word), DIMENSIONS) or "key"


def _closest(wanted: str, words: Iterable[str]) -> str:
    return next(
        (one for one in difflib.get_close_matches(wanted, list(words), 2, _ALIKE) if one != wanted), ""
    )


def _alike(wanted: str, names: Iterable[str]) -> list[str]:
    """Those that share most pairs of letters, among those long enough to be alike with an end in common."""
    if not wanted:
        return []
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    shortest, longest = _ALIKE * len(wanted) / (2 - _ALIKE), (2 - _ALIKE) * len(wanted) / _ALIKE
    first, last = wanted[0], wanted[-1]
    alike = [
        name
        for name in names
        if (name[:1] == first or name[-1:] == last) and shortest <= len(name) <= longest
    ]
    return nlargest(_COMPARED, alike, key=lambda name: (sum(pair in name for pair in pairs), name))
