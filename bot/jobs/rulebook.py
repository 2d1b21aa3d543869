"""Which rules are in force: those of the folder, or the last good ones while the folder's are broken."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.facts.trouble import Trouble
from bot.jobs.ports import Runs
from bot.rules.rulebook import Rulebook, RulesError, read

Texts = Mapping[str, bytes]
_GOOD, _SEEN, BROKEN = "good_rules", "seen_rules", "broken_rules"
"""What is remembered: the last good texts, what was read last, and since when and why it is broken."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules in force, what keeps others from being so, and whether the files had changed."""

    rulebook: Rulebook
    problems: tuple[str, ...] = ()
    changed: bool = False


def take_up(runs: Runs, texts: Callable[[], Texts], now: datetime) -> InForce:
    """Read the rule files; `texts` raises Trouble where it cannot."""
    seen, found, problem = _read(texts)
    changed = runs.recall(_SEEN) != seen
    runs.remember(_SEEN, seen)
    try:
        rulebook = read(found)
    except RulesError as error:
        problem = str(error)
    if not problem:
        runs.remember(_GOOD, json.dumps({name: text.decode("utf-8-sig") for name, text in found.items()}))
        runs.remember(BROKEN, "")
        return InForce(rulebook, (), changed)
    since = runs.recall(BROKEN).partition(" ")[0] or now.isoformat()
    rulebook, consequence = last_good(runs)
    runs.remember(BROKEN, f"{since} {problem}; {consequence}")
    return InForce(rulebook, (f"{problem}; {consequence}",), changed)


def have_changed(runs: Runs, texts: Callable[[], Texts]) -> bool:
    """Whether the files are others than those that were read last."""
    return runs.recall(_SEEN) != _read(texts)[0]


def _read(texts: Callable[[], Texts]) -> tuple[str, Texts, str]:
    """What is there in short, the files, and why they could not be read."""
    try:
        found = texts()
    except Trouble as trouble:
        return str(trouble), {}, str(trouble)
    digest = sha256()
    for name, text in found.items():
        digest.update(f"{name} {len(text)}\n".encode("utf-8", "surrogatepass") + text)
    return digest.hexdigest(), found, ""


def last_good(runs: Runs) -> tuple[Rulebook, str]:
    """The rules that were read last without a mistake, and what that means."""
    try:
        return read(json.loads(runs.recall(_GOOD))), "the last good rules stay in force"
    except (RulesError, ValueError):
        return Rulebook(), "no rules are in force"
