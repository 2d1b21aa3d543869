"""YAML text to plain values with the line of each, and what is wrong with the text itself.

A plain subset: mappings, lists and text. Every value stays the text people wrote (`no` is not a boolean,
`1:30` is not a number); what it means is for the rule language to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from bot.rules.yaml_mistakes import Mistake, of_exception

Place = tuple[str | int, ...]
"""Where a value stands in its file: the names and the list positions (from 0) that lead to it."""
Tree = str | tuple["Tree", ...] | dict[str, "Tree"] | None
"""Text, a list, a mapping, or None where the file says nothing (or null)."""

MAX_BYTES = 250_000
_MOST_PROBLEMS = 50
_DEEPEST = 10
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place, in a clause that ends with the remedy. Lines count from 1."""

    line: int
    place: Place
    what: str


@dataclass(slots=True)
class Document:
    """What one file says. After a mistake in the YAML itself `tree` holds nothing and `problems` say why."""

    tree: Tree = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[Place] = field(default_factory=set)
    """Places that already have a problem instead of a value."""

    def line_of(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it that is written."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def parse(content: str | bytes) -> Document:
    """Read one YAML document. Never raises: every problem is in the document."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BYTES:
        return Document(problems=[Problem(1, (), "the file is larger than 250 kB; split it into several")])
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Document(problems=[Problem(line, (), "this is no UTF-8 text; save the file as UTF-8")])
    document = Document()
    try:
        document.tree = _Reader(text, document).read()
    except Mistake as mistake:
        document.problems.append(Problem(mistake.line, (), str(mistake)))
    # PyYAML lets the errors of its own conversions through, for example for the escape "\UFFFFFFFF".
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        line, what = of_exception(error, text)
        document.problems.append(Problem(line, (), what))
    return document


class _Reader:
    """Builds the tree from parser events: anchors, tags and repeated names are gone after that stage."""

    def __init__(self, text: str, document: Document) -> None:
        self._events: Iterator[Event] = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self._document = document

    def read(self) -> Tree:
        """The tree of the only document; None when there is none."""
        next(self._events)
        if isinstance(next(self._events), StreamEndEvent):
            return None
        tree = self._value(next(self._events), ())
        next(self._events)
        if isinstance(after := next(self._events), DocumentStartEvent):
            raise Mistake(_line(after), "a second document starts here; remove the --- or use another file")
        return tree

    def _value(self, event: Event, place: Place) -> Tree:
        self._document.lines.setdefault(place, _line(event))
        self._refuse(event, place)
        if len(place) > _DEEPEST:
            raise Mistake(_line(event), f"more than {_DEEPEST} levels inside one another; remove some")
        if isinstance(event, SequenceStartEvent):
            return tuple(self._value(item, (*place, i)) for i, item in enumerate(self._items()))
        if isinstance(event, MappingStartEvent):
            return self._mapping(place)
        return _text(event) if isinstance(event, ScalarEvent) else None

    def _items(self) -> Iterator[Event]:
        while not isinstance(event := next(self._events), CollectionEndEvent):
            yield event

    def _mapping(self, place: Place) -> dict[str, Tree]:
        fields: dict[str, Tree] = {}
        while not isinstance(name := next(self._events), MappingEndEvent):
            if not isinstance(name, ScalarEvent):
                raise Mistake(_line(name), "a field name is missing here; write the name before the colon")
            inner = (*place, name.value)
            self._refuse(name, inner)
            if inner in self._document.lines and name.value in fields:
                first = self._document.lines[inner]
                self._problem(name, inner, f"is given twice (first on line {first}); keep one")
            self._document.lines.setdefault(inner, _line(name))
            fields.setdefault(name.value, self._value(next(self._events), inner))
        return fields

    def _refuse(self, event: Event, place: Place) -> None:
        """Note what YAML offers and rule files do without: a value is read where it stands."""
        anchor = event.anchor if isinstance(event, NodeEvent) else None
        if isinstance(event, AliasEvent):
            self._document.unread.add(place)
            remedy = f'write the value itself, or put a pattern in quotes: "*{anchor}"'
            self._problem(event, place, f"*{anchor} is a YAML alias; {remedy}")
        elif anchor:
            self._problem(
                event, place, f'&{anchor} is a YAML anchor; remove it, or put text in quotes: "&..."'
            )
        if tag := getattr(event, "tag", None):
            self._problem(event, place, f'{tag} is a YAML tag; remove it, or put text in quotes: "!..."')

    def _problem(self, event: Event, place: Place, what: str) -> None:
        self._document.problems.append(Problem(_line(event), place, what))
        if len(self._document.problems) >= _MOST_PROBLEMS:
            raise Mistake(_line(event), "there is more of this; mend what is told above first")


def _text(event: ScalarEvent) -> str | None:
    plain = event.implicit[0]
    return None if plain and event.value in _NULLS else event.value


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
