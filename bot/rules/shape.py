"""Which fields go together: checked on what was written, so that every mistake is told at its own place."""

from collections import Counter
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
_ONLY_ONE = {"keys": "key", "models": "model", "users": "user"}


def mistakes(rule: Fields, at: Place) -> Iterator[Mistake]:
    """What is wrong with a rule as a whole; each place is the field that should change."""
    yield from _of_condition(rule, at)
    yield from _of_members(rule, at)
    yield from _of_end(rule, at)
    yield from _of_severity(rule, at)
    yield from _of_examples(rule, at)


def _of_condition(fields: Fields, at: Place) -> Iterator[Mistake]:
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
        yield from _of_condition(inner, place)


def _of_metric(fields: Fields, verb: str, at: Place) -> Iterator[Mistake]:
    """Not everything can be asked of shares and of how many there are."""
    metric, watched = _metric(fields), fields.get("watch", "cost")
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
    metric, watched = _metric(fields), fields.get("watch", "cost")
    given = _quantity(fields.get(verb)) if verb in {"above", "below"} else None
    if metric is None or given is None:
        return
    if not given.fits(metric.unit):
        yield (*at, verb), _wrong_unit(fields[verb], metric.unit, watched)
    elif verb == "above" and metric.unit is Unit.SHARE and given.value >= 1:
        yield (*at, verb), "can never be passed: a share is at most 100%; write less"
    elif verb == "below" and not given.value:
        yield (*at, verb), "can never be passed: there is no less than nothing; write more"


def _wrong_unit(found: Tree, unit: Unit, watched: Tree) -> str:
    return f"{quoted(str(found))} should be in {unit}, for {watched}; write it like {LIKE[unit]}"


def _metric(fields: Fields) -> Metric | None:
    watched = fields.get("watch", "cost")
    return next((METRICS[name] for name in NAMES if name == watched), None)


def _quantity(raw: Tree) -> Quantity | None:
    """The amount; None where it cannot be read, which is told elsewhere."""
    try:
        return amounts.quantity(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _of_members(rule: Fields, at: Place) -> Iterator[Mistake]:
    per = rule.get("per")
    words = [str(word) for word in (per if isinstance(per, tuple) else (per,))]
    if "organisation" in words and len(words) > 1:
        yield (*at, "per"), "organisation is everybody together; remove it, or the others"
    if repeated := next((word for word, times in Counter(words).items() if times > 1), None):
        yield (*at, "per"), f"{quoted(repeated)} stands there twice; remove one"
    if rule.get("except") == {}:
        yield (*at, "except"), "leaves everybody out; name whose spend does not count, or remove it"
    watched = rule.get("watch")
    if isinstance(watched, str) and _ONLY_ONE.get(watched) in words:
        yield (*at, "watch"), f"per {_ONLY_ONE[watched]} there is only one; count them per something else"
    if watched == "share of total" and words == ["organisation"] and "where" not in rule:
        yield (*at, "per"), "the organisation is always 100% of the total; count per something else"


def _of_end(rule: Fields, at: Place) -> Iterator[Mistake]:
    verb = next((name for name in ("above", "below") if name in rule), "")
    end, limit, metric = _quantity(rule.get("until")), _quantity(rule.get(verb)), _metric(rule)
    if not verb or end is None or limit is None or metric is None:
        return
    if not end.fits(metric.unit):
        yield (*at, "until"), _wrong_unit(rule["until"], metric.unit, rule.get("watch", "cost"))
    elif (end.value > limit.value) if verb == "above" else (end.value < limit.value):
        side = "more" if verb == "above" else "less"
        yield (*at, "until"), f"is {side} than {verb}, so that it would be over at once; write {_side(verb)}"


def _side(verb: str) -> str:
    return "less" if verb == "above" else "more"


def _of_severity(rule: Fields, at: Place) -> Iterator[Mistake]:
    """Steps by amount are in the unit of what is watched, or shares of a budget."""
    steps = rule.get("severity")
    if not isinstance(steps, Mapping):
        return
    place = (*at, "severity")
    if not steps:
        yield place, "says nothing; write one word, or steps such as {notice: $50, warning: $200}"
    verb = next((verb for verb in VERBS if verb in rule), "")
    if verb not in {"above", "below", "rises", "falls", "budget"} or "burns" in rule:
        yield place, f"steps by amount need above, below or budget, not {verb}; write one word"
        return
    metric = _metric(rule)
    unit = Unit.SHARE if verb == "budget" else metric.unit if metric else None
    for name, raw in steps.items():
        given = _quantity(raw)
        if given and unit and not given.fits(unit):
            of = "a share of the budget" if verb == "budget" else rule.get("watch", "cost")
            yield (*place, name), _wrong_unit(raw, unit, of)


def _of_examples(rule: Fields, at: Place) -> Iterator[Mistake]:
    """Members of several dimensions have a name in each."""
    per, examples = rule.get("per"), rule.get("examples")
    wanted = len(per) if isinstance(per, tuple) else 1
    for number, example in enumerate(examples if isinstance(examples, tuple) else ()):
        series = example.get("series") if isinstance(example, Mapping) else None
        for name in series if isinstance(series, Mapping) else ():
            if wanted > 1 and name.count("/") < wanted - 1:
                place = (*at, "examples", number, "series", name)
                yield place, f"is one name for {wanted} dimensions; write it like {_MEMBER}"


_MEMBER = "ci-eval / claude-opus-5"


def of_event(event: Fields, at: Place) -> Iterator[Mistake]:
    """An event is about what findings are about."""
    scope = event.get("scope")
    for name in {"team", "tier"} & set(scope if isinstance(scope, Mapping) else ()):
        yield (*at, "scope", name), "cannot be told of findings; name keys, workspaces, models or users"


def of_route(route: Fields, at: Place) -> Iterator[Mistake]:
    """A route says who: instead of everybody, or besides."""
    where = route.get("where")
    if isinstance(where, Mapping) and "tier" in where:
        yield (
            (*at, "where", "tier"),
            "is not known of incidents; name keys, workspaces, models, users or teams",
        )
    if "to" not in route and "also" not in route:
        yield at, 'says nobody; add a line such as to: "#search", or also: "#on-call"'
