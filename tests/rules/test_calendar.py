"""Which findings an announced event explains."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.clock import Grain, Window
from bot.facts.directory import Directory, Key, Workspace
from bot.facts.finding import Finding, Part
from bot.facts.money import ZERO, Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.rules.calendar import planned
from bot.rules.language import Event
from bot.rules.rulebook import read

DOLLAR = 10**9
DIRECTORY = Directory(
    keys={"k1": Key("k1", "product-assistant"), "k2": Key("k2", "ci-eval")},
    workspaces={"w1": Workspace("w1", "production")},
)
KEY = Scope(api_key_id="k1")
LAUNCHED = Scope("w1", "k1", "claude-opus-5", "u1", "messages_api")
OTHER = Scope("w1", "k2", "claude-opus-5", "u2", "messages_api")


def event(name: str = "launch", scope: str = "{key: product-*}", expected: str = "4x") -> Event:
    text = f"""
events:
  - name: {name}
    because: Announced.
    scope: {scope}
    from: 2026-10-20T08:00Z
    to: 2026-10-22T20:00Z
    expected: {expected}
"""
    return read({"calendar.yaml": text}).events[0]


def finding(
    scope: Scope = KEY,
    *,
    observed: int = 40,
    expected: int = 10,
    start: str = "2026-10-20T08:00+00:00",
    hours: int = 1,
    inside: int = 0,
    outside: int = 0,
) -> Finding:
    """`inside` and `outside` are the dollars of excess that the launched key and another one carry."""
    at = datetime.fromisoformat(start).astimezone(UTC)
    window = Window(at, at + timedelta(hours=hours))
    parts = (Part(LAUNCHED, Usd(inside * DOLLAR)), Part(OTHER, Usd(outside * DOLLAR)))
    bound = Usd(expected * DOLLAR)
    return Finding(
        "spike",
        scope,
        Grain.HOUR,
        window,
        Usd(observed * DOLLAR),
        bound,
        ZERO,
        bound,
        9.0,
        at,
        "",
        parts=parts,
    )


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(finding(), id="up to the multiple, in the first hour"),
        pytest.param(finding(start="2026-10-22T19:00+00:00"), id="in the last hour"),
        pytest.param(
            finding(start="2026-10-20T00:00+00:00", hours=24), id="a day that begins before the event"
        ),
        pytest.param(finding(start="2026-10-22T00:00+00:00", hours=24), id="a day that ends after it"),
        pytest.param(finding(start="2026-10-19T00:00+00:00", hours=168), id="a week around it"),
        pytest.param(finding(Scope("w1", "k1")), id="a narrower scope"),
        pytest.param(finding(LAUNCHED), id="a leaf"),
        pytest.param(finding(Scope("w1"), inside=18, outside=12), id="its workspace, 60 % of it inside"),
        pytest.param(finding(ORGANISATION, inside=30), id="the organisation, all of it inside"),
        pytest.param(
            finding(ORGANISATION, observed=50, inside=30, outside=10),
            id="only what is inside counts against the multiple",
        ),
        pytest.param(finding(Scope(model="claude-opus-5"), inside=30), id="a model, by its parts"),
    ],
)
def test_a_planned_event_explains(found: Finding) -> None:
    launch = event()
    assert planned([launch], found, DIRECTORY) is launch


def test_too_little_spend_is_explained_where_any_amount_was_announced() -> None:
    migration = event(expected="any")
    assert planned([migration], finding(observed=2), DIRECTORY) is migration
    assert planned([migration], finding(Scope(api_key_id="k2"), observed=2, outside=-8), DIRECTORY) is None


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(finding(observed=41), id="more than the multiple"),
        pytest.param(finding(expected=0), id="spend where nothing was expected"),
        pytest.param(finding(observed=2), id="too little spend"),
        pytest.param(finding(observed=10), id="just what was expected"),
        pytest.param(finding(start="2026-10-20T07:00+00:00"), id="the hour before"),
        pytest.param(finding(start="2026-10-22T20:00+00:00"), id="the hour after"),
        pytest.param(
            finding(
                ORGANISATION, observed=50, inside=30, outside=10, start="2026-10-20T07:00+00:00", hours=2
            ),
            id="a window that only overlaps, above the multiple as a whole",
        ),
        pytest.param(finding(Scope(api_key_id="k2"), outside=30), id="another key"),
        pytest.param(finding(Scope("w1"), inside=17, outside=13), id="a workspace, too little of it inside"),
        pytest.param(finding(ORGANISATION), id="the organisation, nothing known of its parts"),
        pytest.param(
            finding(ORGANISATION, observed=60, inside=31, outside=19),
            id="more inside than the multiple allows",
        ),
    ],
)
def test_a_planned_event_does_not_explain(found: Finding) -> None:
    assert planned([event()], found, DIRECTORY) is None


@pytest.mark.parametrize(
    ("scope", "explained"),
    [
        pytest.param("{}", True, id="everything"),
        pytest.param("{key: PRODUCT-ASSISTANT}", True, id="a name in any case of letters"),
        pytest.param("{key: k1}", True, id="an id"),
        pytest.param("{workspace: production}", True, id="the workspace of all its leaves"),
        pytest.param(
            "{key: product-*, workspace: production}", True, id="both, one pinned, one by the leaves"
        ),
        pytest.param("{key: product-*, workspace: research}", False, id="both, one of them elsewhere"),
        pytest.param("{key: ci-*}", False, id="another key"),
    ],
)
def test_the_scope_of_an_event_is_patterns(scope: str, *, explained: bool) -> None:
    found = finding(KEY, inside=30)
    assert (planned([event(scope=scope)], found, DIRECTORY) is not None) is explained


@pytest.mark.parametrize(
    ("expected", "observed", "explained"),
    [
        pytest.param("any", 10**6, True, id="any amount"),
        pytest.param("1.5x", 15, True, id="a fraction, exactly"),
        pytest.param("1.5x", 16, False, id="a fraction, passed"),
        pytest.param("1x", 11, False, id="no more than the usual"),
    ],
)
def test_the_multiple_bounds_what_is_explained(expected: str, observed: int, *, explained: bool) -> None:
    found = finding(observed=observed)
    assert (planned([event(expected=expected)], found, DIRECTORY) is not None) is explained


def test_a_new_key_is_explained_by_any_amount() -> None:
    assert planned([event(expected="any")], finding(expected=0), DIRECTORY) is not None


def test_the_first_event_that_explains_it_is_named() -> None:
    events = [event("small", expected="2x"), event("first"), event("second")]
    explained_by = planned(events, finding(), DIRECTORY)
    assert explained_by is not None
    assert explained_by.name == "first"
    assert planned([], finding(), DIRECTORY) is None


@pytest.mark.parametrize(
    ("grain", "observed", "explained"),
    [
        pytest.param(Grain.HOUR, 70, True, id="an hour up to four times what it may usually be"),
        pytest.param(Grain.HOUR, 81, False, id="an hour beyond that"),
        pytest.param(Grain.DAY, 40, True, id="a day up to four times the usual"),
        pytest.param(Grain.DAY, 41, False, id="a day beyond that"),
    ],
)
def test_an_hour_may_flicker_and_a_day_may_not(grain: Grain, observed: int, explained: bool) -> None:
    found = replace(finding(observed=observed), grain=grain, high=Usd(20 * DOLLAR))
    assert (planned([event()], found, DIRECTORY) is not None) == explained
