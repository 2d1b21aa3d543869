"""Caps against panels: who is above, by how much, since when, and whose leaves carry it."""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.clock import HOUR, Grain, index
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.finding import Finding
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from bot.rules.evaluate import breaches
from bot.rules.language import Rule
from bot.rules.rulebook import read

DOLLAR = 10**9
START = datetime(2026, 10, 19, tzinfo=UTC)
OPUS, HAIKU = "claude-opus-5", "claude-haiku-4-5"
DIRECTORY = Directory(
    keys={"k1": Key("k1", "ci-eval"), "k2": Key("k2", "[lab] bot")},
    workspaces={"w1": Workspace("w1", "Research")},
    people={"u1": Person("u1", "ada")},
)
LEAVES = [
    ("w1", "k1", OPUS, "u1", "messages_api"),
    ("w1", "k1", HAIKU, "u1", "messages_api"),
    ("w2", "k2", OPUS, "u2", "claude_code"),
    ("w2", "", OPUS, "u2", "claude_console"),
]


@cache
def rule(per: str = "key", above: str = "$10", within: str = "3h", where: str = "{}") -> Rule:
    text = f"""
rules:
  - name: cap
    because: Agreed.
    watch: cost
    per: {per}
    where: {where}
    above: {above}
    within: {within}
"""
    return read({"caps.yaml": text}).rules[0]


def panel(*dollars: list[int], known: list[bool] | None = None, complete: list[bool] | None = None) -> Panel:
    """One list of dollars by hour for each of the first leaves."""
    usd = np.array(dollars, np.int64) * DOLLAR
    hours = usd.shape[1]
    return Panel(
        Grain.HOUR,
        index(START, Grain.HOUR),
        Leaves.of(LEAVES[: len(dollars)]),
        usd,
        np.array(known or [True] * hours),
        np.array(complete or known or [True] * hours),
    )


def newest(cap: Rule, given: Panel) -> list[Finding]:
    return breaches(cap, given, given.columns - 1, DIRECTORY)


def test_a_breach_says_who_how_much_since_when_and_why() -> None:
    [found] = newest(rule(), panel([9, 4, 2, 6], [0, 0, 1, 3]))
    assert (found.kind, found.rule, found.grain, found.score) == ("rule", "cap", Grain.HOUR, 0)
    assert found.scope == Scope(api_key_id="k1")
    assert (found.window.start, found.window.end) == (START + HOUR, START + 4 * HOUR)
    assert (found.observed, found.expected, found.excess) == (16 * DOLLAR, 10 * DOLLAR, 6 * DOLLAR)
    assert (found.low, found.high) == (0, 10 * DOLLAR)
    assert found.start == START + 3 * HOUR
    assert found.why == "cap: $16.00 in 3 hours, the cap is $10.00. Agreed."
    assert found.complete
    assert [(part.scope, part.excess) for part in found.parts] == [
        (Scope(*LEAVES[0]), 4_500_000_000),
        (Scope(*LEAVES[1]), 1_500_000_000),
    ]


@pytest.mark.parametrize(
    ("dollars", "within", "above"),
    [
        pytest.param([4, 3, 3], "3h", "$10", id="exactly the cap"),
        pytest.param([99, 4, 3, 2], "3h", "$10", id="what was spent before the window"),
        pytest.param([0, 0, 0], "3h", "$0", id="nothing, where nothing may be spent"),
        pytest.param([-5, 8, 7], "3h", "$10", id="a credit that brings it down"),
    ],
)
def test_it_is_quiet_about(dollars: list[int], within: str, above: str) -> None:
    assert newest(rule(within=within, above=above), panel(dollars)) == []


@pytest.mark.parametrize(
    ("dollars", "within", "above", "started"),
    [
        pytest.param([0, 0, 0, 11], "3h", "$10", 3, id="in the newest hour"),
        pytest.param([0, 11, 0, 0], "3h", "$10", 1, id="in the oldest hour of the window"),
        pytest.param([0, 6, 5, 9], "3h", "$10", 2, id="when the sum passes the cap"),
        pytest.param([0, 0, 1, 0], "3h", "$0", 2, id="with the first spend of what may not be used"),
        pytest.param([0, 0, 0, 11], "1h", "$10", 3, id="in a window of one hour"),
        pytest.param([11, 0, 0, 0], "7d", "$10", 0, id="at the start of a panel shorter than the window"),
    ],
)
def test_a_breach_starts(dollars: list[int], within: str, above: str, started: int) -> None:
    [found] = newest(rule(within=within, above=above), panel(dollars))
    assert found.start == START + started * HOUR


@pytest.mark.parametrize(
    ("per", "scopes"),
    [
        pytest.param("key", [Scope(api_key_id="k2"), Scope(api_key_id="k1")], id="keys, dearest first"),
        pytest.param("workspace", [Scope(workspace_id="w2"), Scope(workspace_id="w1")], id="workspaces"),
        pytest.param("model", [Scope(model=OPUS), Scope(model=HAIKU)], id="models"),
        pytest.param("user", [Scope(actor="u2"), Scope(actor="u1")], id="users"),
        pytest.param(
            "product",
            [Scope(product="claude_console"), Scope(product="claude_code"), Scope(product="messages_api")],
            id="products",
        ),
        pytest.param("organisation", [ORGANISATION], id="the organisation is one member"),
    ],
)
def test_members_are_counted_per_dimension_and_no_key_is_no_member(per: str, scopes: list[Scope]) -> None:
    given = panel([11], [12], [24], [30])
    assert [found.scope for found in newest(rule(per=per), given)] == scopes


@pytest.mark.parametrize(
    ("where", "dollars"),
    [
        pytest.param("{}", 77, id="everything"),
        pytest.param("{key: ci-*}", 23, id="a pattern over names"),
        pytest.param("{key: CI-EVAL}", 23, id="in any case of letters"),
        pytest.param("{key: k1}", 23, id="an id"),
        pytest.param('{key: "[lab] bot"}', 24, id="a name with brackets means itself"),
        pytest.param("{key: no key*}", 30, id="spend without a key goes by what people call it"),
        pytest.param('{key: "[kc]1"}', 23, id="a set of letters"),
        pytest.param('{key: "k?"}', 47, id="any letter"),
        pytest.param("{workspace: research}", 23, id="a workspace"),
        pytest.param("{model: claude-opus-*}", 65, id="models"),
        pytest.param("{user: ada}", 23, id="a person"),
        pytest.param("{product: claude_*}", 54, id="products"),
        pytest.param("{workspace: research, model: claude-haiku-*}", 12, id="all patterns at once"),
    ],
)
def test_only_spend_that_matches_counts(where: str, dollars: int) -> None:
    given = panel([11], [12], [24], [30])
    [found] = newest(rule(per="organisation", where=where), given)
    assert found.observed == dollars * DOLLAR
    assert found.scope == ORGANISATION


@pytest.mark.parametrize(
    ("per", "watch", "where", "found"),
    [
        pytest.param("model", "users", "where: {key: k2}", {OPUS: "1 user in 3 hours"}, id="where"),
        pytest.param(
            "organisation", "keys", "except: {model: '*opus*'}", {None: "1 key in 3 hours"}, id="except"
        ),
    ],
)
def test_only_what_is_meant_is_counted(
    per: str, watch: str, where: str, found: dict[str | None, str]
) -> None:
    text = f"""
rules:
  - {{name: r, because: b, per: {per}, watch: {watch}, above: 0, within: 3h, {where}}}
"""
    (counted,) = read({"r.yaml": text}).rules
    said = {one.scope.model: one.why for one in newest(counted, panel([1], [1], [1], [1]))}
    assert {model: words in said[model] for model, words in found.items()} == dict.fromkeys(said, True)


@pytest.mark.parametrize(
    ("watched", "value", "severity"),
    [
        pytest.param("above: $50", 60, None, id="below the first step the money decides"),
        pytest.param("above: $50", 120, "warning", id="the first step"),
        pytest.param("above: $50", 900, "critical", id="the last step"),
        pytest.param("below: $50", 60, "critical", id="of too little the least is the worst"),
    ],
)
def test_severity_goes_by_amount(watched: str, value: int, severity: str | None) -> None:
    steps = "{warning: $100, critical: $500}"
    text = f"rules: [{{name: r, because: b, per: key, {watched}, within: 1h, severity: {steps}}}]"
    (found,) = read({"r.yaml": text}).rules
    assert found.severity_at(value * DOLLAR) == severity


def test_patterns_that_match_nobody_find_nothing() -> None:
    assert newest(rule(where='{key: "*-old"}'), panel([11])) == []


@pytest.mark.parametrize(
    ("known", "complete", "spent", "whole"),
    [
        pytest.param(
            [True, True, True], [True, True, True], "$24.00", True, id="all hours known and complete"
        ),
        pytest.param(
            [True, True, True], [True, True, False], "$24.00", False, id="the newest hour still fills"
        ),
        pytest.param(
            [True, False, True], [True, False, True], "at least $16.00", False, id="an hour unknown"
        ),
    ],
)
def test_unknown_hours_make_the_sum_a_lower_bound(
    known: list[bool], complete: list[bool], spent: str, *, whole: bool
) -> None:
    [found] = newest(rule(), panel([8, 8, 8], known=known, complete=complete))
    assert f"cap: {spent} in 3 hours" in found.why
    assert found.complete is whole


def test_a_window_that_begins_before_the_panel_keeps_its_length() -> None:
    [found] = newest(rule(within="7d"), panel([11, 2]))
    assert found.window.length == timedelta(days=7)
    assert found.why == "cap: at least $13.00 in 7 days, the cap is $10.00. Agreed."
    assert not found.complete


def test_an_earlier_hour_is_judged_without_what_came_after() -> None:
    given = panel([11, 0, 0, 50])
    [found] = breaches(rule(), given, 1, DIRECTORY)
    assert found.observed == 11 * DOLLAR
    assert found.window.end == START + 2 * HOUR


def test_no_more_than_fifty_leaves_are_listed_the_largest_first() -> None:
    leaves = Leaves.of(("w1", f"k{number}", OPUS, "", "") for number in range(60))
    usd = np.arange(1, 61, dtype=np.int64).reshape(-1, 1) * DOLLAR
    hour = np.array([True])
    given = Panel(Grain.HOUR, index(START, Grain.HOUR), leaves, usd, hour, hour)
    [found] = newest(rule(per="organisation", above="$0"), given)
    assert [part.scope.api_key_id for part in found.parts] == [f"k{number}" for number in range(59, 9, -1)]


def test_a_credit_carries_no_part_of_the_excess() -> None:
    [found] = newest(rule(), panel([20], [-5]))
    assert [(part.scope.model, part.excess) for part in found.parts] == [(OPUS, 5 * DOLLAR)]


@pytest.mark.parametrize("column", [-1, 2])
def test_an_hour_outside_the_panel_is_refused(column: int) -> None:
    with pytest.raises(ValueError, match="not one of the panel's 2 hours"):
        breaches(rule(), panel([1, 2]), column, DIRECTORY)


def test_a_panel_of_days_is_refused() -> None:
    hour = np.array([True])
    days = Panel(Grain.DAY, 0, Leaves.of([]), np.zeros((0, 1), np.int64), hour, hour)
    with pytest.raises(ValueError, match="give a panel of hours"):
        breaches(rule(), days, 0, DIRECTORY)


def test_an_organisation_without_spend_breaks_no_cap() -> None:
    hour = np.array([True])
    nobody = Panel(Grain.HOUR, 0, Leaves.of([]), np.zeros((0, 1), np.int64), hour, hour)
    assert newest(rule(per="organisation", above="$0"), nobody) == []
    assert newest(rule(where="{key: ci-*}"), nobody) == []


HOURS = st.integers(1, 30)


@settings(max_examples=60, deadline=None)
@given(st.data(), HOURS, st.sampled_from(["key", "model", "organisation"]), st.sampled_from([1, 5, 24]))
def test_findings_are_what_adding_up_by_hand_gives(
    data: st.DataObject, hours: int, per: str, within: int
) -> None:
    rows = data.draw(
        st.lists(st.lists(st.integers(0, 50), min_size=hours, max_size=hours), min_size=4, max_size=4)
    )
    known = [*data.draw(st.lists(st.booleans(), min_size=hours - 1, max_size=hours - 1)), True]
    place = {"key": 1, "model": 2}.get(per)
    sums: dict[str, int] = {}
    for leaf, dollars in zip(LEAVES, rows, strict=True):
        spent = sum(d for d, read_ in list(zip(dollars, known, strict=True))[-within:] if read_)
        member = "all" if place is None else leaf[place]
        sums[member] = sums.get(member, 0) + spent
    expected = {member: spent * DOLLAR for member, spent in sums.items() if member and spent > 100}
    found = newest(rule(per=per, above="$100", within=f"{within}h"), panel(*rows, known=known))
    assert {next(iter(f.scope.pinned().values()), "all"): f.observed for f in found} == expected
    assert all(sum(part.excess for part in f.parts) == f.excess for f in found)
    assert all(f.window.start <= f.start < f.window.end for f in found)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=30))
def test_parts_sum_to_the_excess_to_the_last_nano_dollar(nano: list[int]) -> None:
    leaves = Leaves.of(("w1", f"k{number}", OPUS, "", "") for number in range(len(nano)))
    hour = np.array([True])
    given_ = Panel(Grain.HOUR, 0, leaves, np.array([[usd] for usd in nano], np.int64), hour, hour)
    for found in newest(rule(per="organisation", above="$0.01"), given_):
        assert Usd(sum(part.excess for part in found.parts)) == found.excess == sum(nano) - 10**7
        assert all(part.excess > 0 for part in found.parts)
