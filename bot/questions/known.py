"""The names that spend is known by, and the patterns that words of people make over them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

from bot.facts.directory import Directory
from bot.questions.vocabulary import ORDER
from bot.questions.words import fold

Names = Mapping[str, Collection[str]]
"""Dimension of a scope -> what people call its values."""
NAMELESS = {dimension: Directory().name_of(dimension, "") for dimension in ORDER}
"""What spend without a key, a person ... is called."""
_ID = re.compile(r"[a-z]+_[0-9a-z]{6,}")
_PART = re.compile(r"[^\W\d_]{3,}")
_SHORT = 3
"""A part of a name shorter than this must be a whole word of it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a word means as a name: patterns over one dimension."""

    dimension: str
    patterns: tuple[str, ...]
    is_whole: bool
    """Whether it is one whole name."""


class Known:
    """Names to be looked up without regard to case; read once, when the first word has to be looked up."""

    def __init__(self, names: Names) -> None:
        self._names = names

    @cached_property
    def folded(self) -> dict[str, dict[str, str]]:
        """Dimension -> name as it is compared -> name as it is written."""
        return {
            dimension: {fold(name): name for name in (NAMELESS[dimension], *self._names.get(dimension, ()))}
            for dimension in ORDER
        }

    @cached_property
    def _lines(self) -> dict[str, str]:
        """Dimension -> all its names as they are compared, a line each, to be searched at once."""
        return {dimension: "\n".join(("", *folded, "")) for dimension, folded in self.folded.items()}

    @cached_property
    def _odd(self) -> dict[str, dict[str, str]]:
        """Those that hold more than plain letters."""
        return {
            dimension: {folded: name for folded, name in names.items() if not name.isascii()}
            for dimension, names in self.folded.items()
        }

    @cached_property
    def parts(self) -> set[str]:
        """All names, and the words that they are made of."""
        return {*_PART.findall("".join(self._lines.values()))}.union(*self.folded.values())

    def name(self, phrase: str) -> Fit | None:
        """The whole name that a phrase is."""
        folded = fold(phrase)
        wholes = (
            self._whole(dimension, variant) for dimension in ORDER for variant in _variants(dimension, folded)
        )
        return next((whole for whole in wholes if whole), None)

    def fit(self, dimension: str, value: str) -> Fit | None:
        """A whole name, else a pattern, else a part of names of this dimension; None where nothing fits."""
        for variant in _variants(dimension, fold(value)):
            found = self._whole(dimension, variant) or self._version(dimension, variant)
            if found := found or self._matching(dimension, _glob(variant)):
                return found
        return None

    def trusted(self, dimension: str, value: str) -> Fit | None:
        """The same; what cannot be checked, an id or a dimension without any names, is taken as it stands."""
        if not value:
            return Fit(dimension, (NAMELESS[dimension],), is_whole=True)
        if found := self.fit(dimension, value):
            return found
        is_open = not self._names.get(dimension) or _ID.fullmatch(fold(value).strip("*"))
        return Fit(dimension, (_glob(fold(value)),), is_whole=False) if is_open else None

    def meant(self, word: str) -> list[Fit]:
        """What a word without a dimension may mean: whole names, then beginnings, then other parts."""
        wanted = fold(word)
        if "*" in wanted:
            return self._all(wanted)
        if whole := [one for one in (self._whole(dimension, wanted) for dimension in ORDER) if one]:
            return whole
        if wanted.isdecimal() or (len(wanted) < _SHORT and not self._is_part(wanted)):
            return []
        return _unique((*self._all(f"{_escaped(wanted)}*"), *self._all(f"*{_escaped(wanted)}*")))

    def _is_part(self, word: str) -> bool:
        part = re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")
        return any(part.search(lines) for lines in self._lines.values())

    def _whole(self, dimension: str, wanted: str) -> Fit | None:
        name = self.folded[dimension].get(wanted)
        return None if name is None else Fit(dimension, (name,), is_whole=True)

    def _version(self, dimension: str, wanted: str) -> Fit | None:
        """Models up to this version, with their date or without: opus-5 is not opus-5-5."""
        if dimension != "model" or "*" in wanted or not wanted[-1:].isdecimal():
            return None
        globs = (f"*{_escaped(wanted)}", f"*{_escaped(wanted)}-20??????")
        found = [one for one in (self._matching(dimension, glob) for glob in globs) if one]
        patterns = tuple(pattern for one in found for pattern in one.patterns)
        return Fit(dimension, patterns, is_whole=False) if patterns else None

    def _all(self, glob: str) -> list[Fit]:
        found = (self._matching(dimension, glob) for dimension in ORDER)
        return [one for one in found if one]

    def _matching(self, dimension: str, glob: str) -> Fit | None:
        """The pattern, with the names that only fit it once typographic marks are made plain."""
        if not self._has(dimension, glob):
            return None
        missed: list[str] = []
        if odd := self._odd[dimension]:
            matches = re.compile(translate(glob)).match
            missed = [odd[name] for name in odd if matches(name) and not matches(odd[name].casefold())]
        return Fit(dimension, (glob, *missed), is_whole=False)

    def _has(self, dimension: str, glob: str) -> bool:
        """Whether a name matches: parts, beginnings and ends are searched for in all names at once."""
        part = glob.strip("*")
        if re.search(r"[*?\[]", part):
            matches = re.compile(translate(glob)).match
            return any(matches(name) for name in self.folded[dimension])
        begins, ends = "" if glob.startswith("*") else "\n", "" if glob.endswith("*") else "\n"
        return f"{begins}{part}{ends}" in self._lines[dimension]


def _variants(dimension: str, wanted: str) -> tuple[str, ...]:
    """People say ci eval for ci-eval, and opus 4.8 for opus-4-8."""
    if dimension == "model":
        return wanted, re.sub(r"[ ._]+", "-", wanted)
    return (wanted, wanted.replace(" ", "-"), wanted.replace(" ", "_")) if " " in wanted else (wanted,)


def _glob(wanted: str) -> str:
    return wanted if "*" in wanted else f"*{_escaped(wanted)}*"


def _escaped(wanted: str) -> str:
    """Only * stands for other letters in what people type."""
    return re.sub(r"([\[?])", r"[\1]", wanted)


def _unique(fits: Iterable[Fit]) -> list[Fit]:
    first: dict[str, Fit] = {}
    for fit in fits:
        first.setdefault(fit.dimension, fit)
    return list(first.values())
