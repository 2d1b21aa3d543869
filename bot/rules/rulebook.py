"""Rule files to rules and events, or every problem of every file with its line and remedy."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot.facts.trouble import Trouble
from bot.rules.language import DETECTION, Event, Route, Rule, RuleFile
from bot.rules.refusals import fields_at, refusals
from bot.rules.shape import mistakes, of_event, of_route
from bot.rules.shape_of_condition import Fields
from bot.rules.values import closest, quoted
from bot.rules.yaml_text import Document, Place, Problem, Tree, parse

_TOLD = 50
"""Problems of one file that are told."""


class RulesError(Trouble):
    """The rule files cannot be used.

    Each problem reads "rules/caps.yaml:7: rules[1].above: what is wrong; the remedy"; rules[1] is the first.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything the rule files say, in the order of file names and of the entries in each."""

    rules: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    routes: tuple[Route, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    """Where each rule stands, by its name: "rules/caps.yaml:17"."""

    @property
    def counts(self) -> set[str]:
        """The fields that some rule asks for beside the dollars."""
        return set[str]().union(*(rule.counts for rule in self.rules))

    @property
    def counting_reach(self) -> int:
        """How many hours the rules that ask for them look back at most."""
        return max((rule.reach for rule in self.rules if rule.counts), default=0)


def read(texts: Mapping[str, str | bytes]) -> Rulebook:
    """Read rule files, given as file name -> YAML. Raises RulesError with all problems of all files."""
    documents = {name: parse(texts[name]) for name in sorted(texts)}
    files = [_checked(document) for document in documents.values()]
    _refuse_shared_names(documents)
    _refuse_unknown_rules(documents)
    problems = [line for name, document in documents.items() for line in _lines(name, document)]
    if problems:
        raise RulesError(problems)
    rules = tuple(rule for file in files for rule in file.rules)
    places = {
        rule.name: f"{name}:{document.line_of(('rules', number))}"
        for (name, document), file in zip(documents.items(), files, strict=True)
        for number, rule in enumerate(file.rules)
    }
    events = tuple(event for file in files for event in file.events)
    return Rulebook(rules, events, tuple(route for file in files for route in file.routes), places)


def _checked(document: Document) -> RuleFile:
    """What the file says; nothing when it may not be said, which is added to the document's problems."""
    if document.tree is None:
        return RuleFile()
    found = _misfits(document)
    try:
        file = RuleFile.model_validate(document.tree)
    except ValidationError as error:
        found += refusals(error, document)
        file = RuleFile()
    document.problems += [problem for problem in found if problem.place not in document.unread]
    return RuleFile() if found else file


def _misfits(document: Document) -> list[Problem]:
    """Fields that do not go together, each where it stands."""
    return [
        Problem(document.line_of(place), place, what)
        for heading, check in (("rules", mistakes), ("events", of_event), ("routes", of_route))
        for at, entry in _entries(document.tree, heading)
        for place, what in check(_meant(entry, heading), at)
    ]


def _meant(entry: Tree, heading: str) -> Fields:
    """The fields of an entry, a misspelt one under the name that was meant."""
    names = fields_at((heading, 0))
    fields = entry if isinstance(entry, dict) else {}
    return {name if name in names else closest(name, names) or name: fields[name] for name in fields}


def _refuse_shared_names(documents: Mapping[str, Document]) -> None:
    """A rule is known by its name: in incidents, in what people silence, and in `rules replay`."""
    seen: dict[str, str] = {}
    for file, document in documents.items():
        for at, name in _rule_names(document.tree):
            if folded(name) == DETECTION:
                what = f"{quoted(name)} means what is found without rules; choose another name"
                document.problems.append(Problem(document.line_of(at), at, what))
            first = seen.setdefault(folded(name), where := f"{file}:{document.line_of(at)}")
            if first != where:
                what = f"{quoted(name)} is the name of another rule too ({first}); choose another name"
                document.problems.append(Problem(document.line_of(at), at, what))


def _refuse_unknown_rules(documents: Mapping[str, Document]) -> None:
    """What a rule suppresses must be there."""
    names = {folded(name): name for document in documents.values() for _, name in _rule_names(document.tree)}
    for document in documents.values():
        for at, rule in _entries(document.tree, "rules"):
            for place, name in _suppressed(rule, (*at, "suppresses")):
                if folded(name) not in {*names, DETECTION}:
                    near = closest(folded(name), [*names, DETECTION])
                    remedy = f"did you mean {names.get(near, near)!r}?" if near else "correct or remove it"
                    what = f"no rule is called {quoted(name)}; {remedy}"
                    document.problems.append(Problem(document.line_of(place), place, what))
    _refuse_circles(documents)


def _refuse_circles(documents: Mapping[str, Document]) -> None:
    """Rules that suppress one another would all be silent."""
    places: dict[tuple[str, str], tuple[Document, Place]] = {}
    for document in documents.values():
        for at, rule in _entries(document.tree, "rules"):
            name = rule.get("name") if isinstance(rule, dict) else None
            for place, other in _suppressed(rule, (*at, "suppresses")):
                if isinstance(name, str):
                    places[folded(name), folded(other)] = document, place
    for (name, other), (document, place) in places.items():
        if name in _reached(other, places):
            what = f"{quoted(other)} suppresses this rule in turn, so that both are silent; remove one"
            document.problems.append(Problem(document.line_of(place), place, what))
            return


def _reached(name: str, places: Iterable[tuple[str, str]]) -> set[str]:
    """All that a rule suppresses, and what these suppress."""
    found, ahead = set[str](), {name}
    while ahead:
        found |= ahead
        ahead = {other for one, other in places if one in ahead} - found
    return found


def _suppressed(rule: Tree, at: Place) -> Iterator[tuple[Place, str]]:
    listed = rule.get("suppresses") if isinstance(rule, dict) else None
    for number, name in enumerate(listed if isinstance(listed, tuple) else (listed,)):
        if isinstance(name, str):
            yield (*at, number), name


def folded(name: str) -> str:
    """A name as it is compared: in any case of letters, however it is spaced."""
    return " ".join(name.split()).casefold()


def _rule_names(tree: Tree) -> Iterator[tuple[Place, str]]:
    for at, rule in _entries(tree, "rules"):
        if isinstance(rule, dict) and isinstance(name := rule.get("name"), str):
            yield (*at, "name"), name


def _entries(tree: Tree, heading: str) -> Iterator[tuple[Place, Tree]]:
    listed = tree.get(heading) if isinstance(tree, dict) else None
    for number, entry in enumerate(listed if isinstance(listed, tuple) else ()):
        if isinstance(entry, dict):
            yield (heading, number), entry


def _lines(file: str, document: Document) -> list[str]:
    """The problems as people read them, from the top of the file down."""
    ordered = sorted(document.problems, key=lambda problem: problem.line)
    more = [f"{file}: {len(ordered) - _TOLD} more; mend these first"] if len(ordered) > _TOLD else []
    return [
        ": ".join(filter(None, (f"{file}:{p.line}", _spelled(_written(p.place, document)), p.what)))
        for p in ordered[:_TOLD]
    ] + more


def _written(place: Place, document: Document) -> Place:
    """The place without the number of a list that is a single value."""
    return place[:-1] if place and isinstance(place[-1], int) and place not in document.lines else place


def _spelled(place: Place) -> str:
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{_word(part)}" for part in place)
    return "".join(parts).removeprefix(".")


def _word(name: str) -> str:
    return name if re.fullmatch(r"[\w-]{1,40}", name) else quoted(name)
