"""Which fields go together: checked on what was written, so that every mistake is told at its own place."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.rules.amounts import Unit
from bot.rules.shape_of_condition import (
    VERBS,
    Fields,
    Mistake,
    metric_of,
    of_condition,
    quantity_of,
    wrong_unit,
)
from bot.rules.values import quoted
from bot.rules.yaml_text import Place

_ONLY_ONE = {"keys": "key", "models": "model", "users": "user"}


def mistakes(rule: Fields, at: Place) -> Iterator[Mistake]:
    """What is wrong with a rule as a whole; each place is the field that should change."""
    yield from of_condition(rule, at)
    yield from _of_members(rule, at)
    yield from _of_end(rule, at)
    yield from _of_severity(rule, at)
    yield from _of_examples(rule, at)


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
    end, limit, metric = quantity_of(rule.get("until")), quantity_of(rule.get(verb)), metric_of(rule)
    if not verb or end is None or limit is None or metric is None:
        return
    if not end.fits(metric.unit):
        yield (*at, "until"), wrong_unit(rule["until"], metric.unit, rule.get("watch", "cost"))
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
    metric = metric_of(rule)
    unit = Unit.SHARE if verb == "budget" else metric.unit if metric else None
    for name, raw in steps.items():
        given = quantity_of(raw)
        if given and unit and not given.fits(unit):
            of = "a share of the budget" if verb == "budget" else rule.get("watch", "cost")
            yield (*place, name), wrong_unit(raw, unit, of)


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
