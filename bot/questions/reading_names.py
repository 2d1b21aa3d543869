"""The readers of dimensions and names: "by model", "key:ci-*", "opus", "user ada"."""

from collections.abc import Iterator

from bot.facts.scope import CALLED, WORDS
from bot.questions.calendar_words import MONTHS, WEEKDAYS
from bot.questions.draft import Draft
from bot.questions.known import Fit, Known
from bot.questions.nearest import nearest, nearest_dimension, nearest_name
from bot.questions.periods import PHRASES, period_at
from bot.questions.reading import Line
from bot.questions.relative import QUALIFIERS
from bot.questions.unread import Unread, shown
from bot.questions.vocabulary import DIMENSIONS, EACH, MEANT, VOCABULARY
from bot.questions.words import Word, key_at, quoted

_NO_NAMES = VOCABULARY.union(MONTHS, WEEKDAYS, *(phrase.split() for phrase in PHRASES))
_LONGEST = 6
"""Words of a name that is written without quotes."""


def whole_name(line: Line, at: int, draft: Draft) -> int:
    """A known name of several words, such as a person's."""
    for count, phrase in _phrases(line, at):
        if _NO_NAMES.issuperset(line.keys[at : at + count]):
            continue
        if fit := line.known.name(phrase):
            _take(draft, phrase, fit)
            return count
    return 0


def _phrases(line: Line, at: int) -> Iterator[tuple[int, str]]:
    """(words, what they say), the longest first, of two words and more."""
    start = line.words[at].start
    for count in range(min(_LONGEST, len(line.words) - at), 1, -1):
        yield count, line.text[start : line.words[at + count - 1].end].rstrip(",;!?").removesuffix("'s")


def filtered(line: Line, at: int, draft: Draft) -> int:
    """key:ci-*, user:"ada l", model:opus,haiku. Raises Unread for dimensions and names that there are not."""
    one = line.words[at]
    if not one.called:
        return 0
    if one.called not in DIMENSIONS:
        better = f"{nearest_dimension(one.called)}:{quoted(one.text)}" if one.text else ""
        raise Unread(f"{shown(one.called)} is not one of {', '.join(CALLED)}", at, 1, better)
    dimension = DIMENSIONS[one.called]
    if not one.text and not one.quoted:
        count = _name_after(line, at + 1, draft, dimension)
        draft.by += [] if count else [dimension]
        return 1 + count
    for count, phrase in _phrases(line, at) if not one.quoted else ():
        fit = line.known.fit(dimension, phrase[len(one.called) + 1 :])
        if fit and fit.is_whole:
            draft.fits.append(fit)
            return count
    draft.fits += _values(line.known, one, at, dimension)
    return 1


def _values(known: Known, one: Word, at: int, dimension: str) -> list[Fit]:
    """What a filter says: one value, or several with commas between."""
    if fit := known.trusted(dimension, one.text):
        return [fit]
    values = [one.text] if one.quoted else [value for value in one.text.split(",") if value]
    fits = [known.trusted(dimension, value) for value in values]
    for value, fit in zip(values, fits, strict=True):
        if fit is None:
            better = _better(known, one.called, dimension, values, value)
            raise Unread(f"no {WORDS[dimension]} is called {shown(value)}", at, 1, better)
    return [fit for fit in fits if fit]


def _better(known: Known, called: str, dimension: str, values: list[str], missing: str) -> str:
    """The same filter with a name that there is, of this dimension or of another one."""
    near, others = nearest_name(missing, dimension, known), [one for one in values if one != missing]
    if near or others:
        return " ".join(f"{called}:{quoted(one)}" for one in (*others, near) if one)
    meant = known.meant(missing)
    return f"{WORDS[meant[0].dimension]}:{quoted(missing)}" if meant else ""


def dimension(line: Line, at: int, draft: Draft) -> int:
    """By what to split, "api key" too; before a name of its own it says what kind of name that is."""
    is_two = line.keys[at] == "api" and key_at(line.keys, at + 1) in {"key", "keys"}
    key = line.keys[at + is_two]
    if key not in DIMENSIONS:
        return 0
    found, count = DIMENSIONS[key], 1 + is_two
    if key in CALLED and not (at and line.keys[at - 1] in EACH):
        count += _name_after(line, at + count, draft, found)
    if count == 1 + is_two:
        draft.by.append(found)
    return count


def _name_after(line: Line, at: int, draft: Draft, dimension: str) -> int:
    """How many words after the word for a dimension are a name of it; 0 where they are none."""
    if at >= len(line.words) or line.keys[at] in VOCABULARY or _is_time(line, at):
        return 0
    for count, phrase in _phrases(line, at):
        fit = line.known.fit(dimension, phrase)
        if fit and (fit.is_whole or dimension == "model"):
            draft.fits.append(fit)
            return count
    fit = line.known.fit(dimension, line.words[at].text)
    draft.fits += [fit] if fit else []
    return int(bool(fit))


def _is_time(line: Line, at: int) -> bool:
    """Whether a time begins here: then it is not a part of a name."""
    return line.keys[at] in QUALIFIERS or period_at(line.keys, at, line.now) is not None


def name(line: Line, at: int, draft: Draft) -> int:
    """Any other word: a name, a beginning or a part of one. Raises Unread with the nearest that works."""
    one, known = line.words[at], line.known
    if count := _model(line, at, draft):
        return count
    for said in filter(None, (one.text, one.key)):
        if fits := known.meant(said):
            _take(draft, said, *fits)
            return 1
    after = key_at(line.keys, at + 1)
    if one.key in QUALIFIERS and after in MEANT:
        raise Unread(f"{shown(f'{one.raw} {after}')} is no period", at + 1, 1, MEANT[after])
    count = 2 if one.key in QUALIFIERS and after else 1
    unknown = " ".join(each.raw for each in line.words[at : at + count])
    better = nearest(unknown if count == 2 else one.text, known)
    if one.quoted and not better.startswith('"'):
        better = one.text
    raise Unread(f"{shown(unknown)} is neither a word nor a name known here", at, count, better)


def _model(line: Line, at: int, draft: Draft) -> int:
    """A model as people say it: "opus 4.8" is claude-opus-4-8."""
    for count, phrase in _phrases(line, at):
        if any(
            not key or _is_time(line, at + 1 + place)
            for place, key in enumerate(line.keys[at + 1 : at + count])
        ):
            continue
        if fit := line.known.fit("model", phrase):
            _take(draft, phrase, fit)
            return count
    return 0


def _take(draft: Draft, said: str, fit: Fit, *others: Fit) -> None:
    """Say how a name was taken, and how to write what else it could have been."""
    draft.fits.append(fit)
    draft.unlabelled.append(fit)
    otherwise = "".join(f", not {WORDS[other.dimension]}:{quoted(said)}" for other in others)
    draft.taken.append(f"{said} as {WORDS[fit.dimension]} {', '.join(fit.patterns)}{otherwise}")
