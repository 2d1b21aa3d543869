"""Rule files to rules and events, or every problem of every file with its line and remedy."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot.facts.trouble import Trouble
from bot.rules.language import Event, Rule, RuleFile
from bot.rules.refusals import refusals
from bot.rules.values import quoted
from bot.rules.yaml_text import Document, Place, Problem, Tree, parse


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
    places: Mapping[str, str] = field(default_factory=dict)
    """Where each rule stands, by its name: "rules/caps.yaml:17"."""


def read(texts: Mapping[str, str]) -> Rulebook:
    """Read rule files, given as file name -> YAML text. Raises RulesError with all problems of all files."""
    documents = {name: parse(texts[name]) for name in sorted(texts)}
    files = [_checked(document) for document in documents.values()]
    _refuse_shared_names(documents)
    problems = [line for name, document in documents.items() for line in _lines(name, document)]
    if problems:
        raise RulesError(problems)
    rules = tuple(rule for file in files for rule in file.rules)
    places = {
        rule.name: f"{name}:{document.line_of(('rules', number))}"
        for (name, document), file in zip(documents.items(), files, strict=True)
        for number, rule in enumerate(file.rules)
    }
    return Rulebook(rules, tuple(event for file in files for event in file.events), places)


def _checked(document: Document) -> RuleFile:
    """What the file says; nothing when it may not be said, which is added to the document's problems."""
    if document.tree is None:
        return RuleFile()
    try:
        return RuleFile.model_validate(document.tree)
    except ValidationError as error:
        document.problems += [p for p in refusals(error, document) if p.place not in document.unread]
        return RuleFile()


def _refuse_shared_names(documents: Mapping[str, Document]) -> None:
    """A rule is known by its name: in incidents, in what people silence, and in `rules replay`."""
    seen: dict[str, str] = {}
    for file, document in documents.items():
        for at, name in _rule_names(document.tree):
            first = seen.setdefault(
                " ".join(name.split()).casefold(), where := f"{file}:{document.line_of(at)}"
            )
            if first != where:
                what = f"{quoted(name)} is the name of another rule too ({first}); choose another name"
                document.problems.append(Problem(document.line_of(at), at, what))


def _rule_names(tree: Tree) -> Iterator[tuple[Place, str]]:
    rules = tree.get("rules") if isinstance(tree, dict) else None
    for number, rule in enumerate(rules if isinstance(rules, tuple) else ()):
        if isinstance(rule, dict) and isinstance(name := rule.get("name"), str):
            yield ("rules", number, "name"), name


def _lines(file: str, document: Document) -> list[str]:
    """The problems as people read them, from the top of the file down."""
    ordered = sorted(document.problems, key=lambda problem: problem.line)
    return [": ".join(filter(None, (f"{file}:{p.line}", _spelled(p.place), p.what))) for p in ordered]


def _spelled(place: Place) -> str:
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{_word(part)}" for part in place)
    return "".join(parts).removeprefix(".")


def _word(name: str) -> str:
    return name if re.fullmatch(r"[\w-]{1,40}", name) else quoted(name)
