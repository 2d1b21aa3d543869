"""Which fields of a condition go together, and which amounts can be passed at all."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.rules import amounts
from bot.rules.amounts import LIKE, Quantity, Unit
from bot.rules.metrics import METRICS, NAMES, Metric
from bot.rules.periods import span
from bot.rules.values import quoted
from bot.rules.yaml_text import Place, Tree

Fields = Mapping[str, Tree]
Mistake = tuple[Place, str]
VERBS: Final = ("above", "below", "rises", "falls", "appears", "disappears", "budget", "all", "any", "not")
_GROUPS = {"all", "any", "not"}
_COMPANIONS: Final = {
    "watch": {"above", "below", "rises", "falls", "appears", "disappears"},
    "within": {"above", "below", "rises", "falls", "appears", "burns"},
    "against": {"rises", "falls"},
    "outside": {"above"},
    "at": {"budget"},
    "on": {"budget"},
    "burns": {"budget"},
    "until": {"above", "below"},
}
"""What each of these fields belongs to."""
_SPANNED = ("above", "below", "rises", "falls", "burns")
"""What says nothing without `within`."""
_LONGEST_EXPECTED = 72


def of_condition(fields: Fields, at: Place) -> Iterator[Mistake]:
    """What is wrong with a condition and those inside it."""
    given = [verb for verb in VERBS if verb in fields]
    if not given:
        yield at, "says nothing to watch for; add a line such as above: $500"
    for other in given[1:]:
        yield (*at, other), f"cannot stand beside {given[0]}; put both below all: or any:, or make two rules"
    if given:
        yield from _of_companions(fields, given[0], at)
        yield from _of_amount(fields, given[0], at)
        yield from _of_metric(fields, given[0], at)
        yield from _of_span(fields, at)
    for inner, place in _parts(fields, at):
        yield from of_condition(inner, place)


def _of_metric(fields: Fields, verb: str, at: Place) -> Iterator[Mistake]:
    """Not everything can be asked of shares and of how many there are."""
    metric, watched = metric_of(fields), fields.get("watch", "cost")
    if metric is None or metric.is_sum:
        return
    if verb in {"appears", "disappears"}:
        yield (*at, "watch"), f"{verb} asks for cost, tokens or requests, not {watched}; watch one of these"
    if "outside" in fields:
        yield (*at, "outside"), f"counts cost, tokens or requests, not {watched}; watch one of these"
    if fields.get("against") == "expected":
        yield (
            (*at, "against"),
            f"expected is known of cost, tokens and requests, not of {watched}; write same weekday",
        )


def _of_span(fields: Fields, at: Place) -> Iterator[Mistake]:
    """Periods so far have no fixed length."""
    within, against = fields.get("within"), fields.get("against", "previous window")
    if not isinstance(within, str) or "to date" not in within:
        too_long = {"expected": _LONGEST_EXPECTED}.get(str(against))
        if too_long and isinstance(within, str) and _hours(within) > too_long:
            yield (*at, "within"), "expected is known of three days at most; write 1h to 3d"
        return
    if "burns" in fields:
        yield (*at, "within"), "the pace needs a length; write it like 6h"
    if against != "previous window":
        yield (*at, "within"), f"{against} needs a length; write it like 24h"


def _hours(text: str) -> int:
    try:
        return span(text).hours
    except ValueError:
        return 0


def _parts(fields: Fields, at: Place) -> Iterator[tuple[Fields, Place]]:
    """The conditions inside all, any and not."""
    for name in ("all", "any"):
        listed = fields.get(name)
        for number, inner in enumerate(listed if isinstance(listed, Sequence) else ()):
            if isinstance(inner, Mapping):
                yield inner, (*at, name, number)
    if isinstance(inner := fields.get("not"), Mapping):
        yield inner, (*at, "not")


def _of_companions(fields: Fields, verb: str, at: Place) -> Iterator[Mistake]:
    there = {verb, "burns"} if "burns" in fields else {verb}
    for name, hosts in _COMPANIONS.items():
        if name in fields and not hosts & there:
            yield (*at, name), f"goes with {_or(hosts)}, not with {verb}; remove it{_hint(name, verb)}"
    if "burns" in fields and (extra := next((name for name in ("at", "on") if name in fields), "")):
        yield (*at, extra), "cannot stand beside burns, which is about the pace; make two rules"
    asking = next((name for name in _SPANNED if name in there), "")
    if asking and "within" not in fields:
        yield at, f"within is missing: {asking} over how long? Add a line such as within: 24h"


def _hint(name: str, verb: str) -> str:
    if verb in _GROUPS and name in {"watch", "within", "against", "outside"}:
        return f", and write it inside {verb}: instead"
    return ", a budget is always about cost" if (name, verb) == ("watch", "budget") else ""


def _or(words: set[str]) -> str:
    *others, last = sorted(words, key=[*VERBS, "burns"].index)
    return f"{', '.join(others)} or {last}" if others else last


def _of_amount(fields: Fields, verb: str, at: Place) -> Iterator[Mistake]:
    """Amounts are in the unit of what is watched, and can be passed."""
    metric, watched = metric_of(fields), fields.get("watch", "cost")
    given = quantity_of(fields.get(verb)) if verb in {"above", "below"} else None
    if metric is None or given is None:
        return
    if not given.fits(metric.unit):
        yield (*at, verb), wrong_unit(fields[verb], metric.unit, watched)
    elif verb == "above" and metric.unit is Unit.SHARE and given.value >= 1:
        yield (*at, verb), "can never be passed: a share is at most 100%; write less"
    elif verb == "below" and not given.value:
        yield (*at, verb), "can never be passed: there is no less than nothing; write more"


def wrong_unit(found: Tree, unit: Unit, watched: Tree) -> str:
    """What is said of an amount in the wrong unit."""
    return f"{quoted(str(found))} should be in {unit}, for {watched}; write it like {LIKE[unit]}"


def metric_of(fields: Fields) -> Metric | None:
    """What is counted; None where that cannot be read, which is told elsewhere."""
    watched = fields.get("watch", "cost")
    return next((METRICS[name] for name in NAMES if name == watched), None)


def quantity_of(raw: Tree) -> Quantity | None:
    """The amount; None where it cannot be read, which is told elsewhere."""
    try:
        return amounts.quantity(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
