"""One cause is told once: in the narrowest scope that carries it, else in a broader one."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.clock import DAY, Grain, Window
from bot.facts.finding import Finding, Part
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.incidents.merge import merge, share_inside
from tests.fakes.incidents import START, finding

quick = settings(deadline=None, max_examples=40)
A = Scope("research", "key-a", "opus", "ada", "api")
A2 = Scope("research", "key-a", "haiku", "ada", "api")
B = Scope("research", "key-b", "opus", "bob", "api")
C = Scope("product", "key-c", "haiku", "cat", "api")
D = Scope("product", "key-d", "sonnet", "dan", "api")
KEY_A, KEY_B = Scope(api_key_id="key-a"), Scope(api_key_id="key-b")
KEY_A_ON_OPUS, KEY_B_ON_OPUS = (
    Scope(api_key_id="key-a", model="opus"),
    Scope(api_key_id="key-b", model="opus"),
)


DIMENSIONS = ((), ("workspace_id",), ("api_key_id",), ("model",), ("api_key_id", "model"), ("actor",))


def all_findings(excess: Mapping[Scope, int], least: int = 10) -> list[Finding]:
    """What is said when every scope is odd whose leaves carry at least so many dollars together."""
    scopes = {
        Scope.of({name: getattr(leaf, name) for name in dimensions})
        for leaf in excess
        for dimensions in DIMENSIONS
    }
    found = [finding(scope, excess) for scope in sorted(scopes, key=repr)]
    return [one for one in found if one.excess >= least * 10**9]


@pytest.mark.parametrize(
    ("excess", "told"),
    [
        pytest.param({}, [], id="nothing odd"),
        pytest.param(
            {A: 100},
            [KEY_A_ON_OPUS],
            id="a key's spike does not also alert its workspace, model, organisation and person",
        ),
        pytest.param(
            {A: 70, C: 9}, [KEY_A_ON_OPUS], id="what carries most of a broader excess stands for it"
        ),
        pytest.param({A: 100, B: 60}, [KEY_A_ON_OPUS, KEY_B_ON_OPUS], id="two keys at once stay two"),
        pytest.param(
            {A: 100, C: 30},
            [KEY_A_ON_OPUS, Scope(api_key_id="key-c", model="haiku")],
            id="two keys of two workspaces stay two",
        ),
        pytest.param({A: 9, B: 9}, [Scope(model="opus")], id="two small rises of one model are that model's"),
        pytest.param({A: 60, A2: 50}, [KEY_A], id="one key running away on two models is one"),
        pytest.param(
            {Scope("w", f"key-{n}", "opus", f"p{n}", "api"): 40 for n in range(30)},
            [Scope(model="opus")],
            id="thirty keys of one model at once are one",
        ),
        pytest.param(
            {Scope(f"w{n % 3}", f"key-{n}", f"model-{n % 4}", f"p{n}", "api"): 40 for n in range(24)},
            [ORGANISATION],
            id="every key of every workspace and model at once is the organisation",
        ),
        pytest.param(
            {A: 400, B: 30, C: 20},
            [KEY_A_ON_OPUS, KEY_B_ON_OPUS, Scope(api_key_id="key-c", model="haiku")],
            id="one large rise is not hidden in a common one",
        ),
        pytest.param(
            {A: 4, B: 4, C: 4, D: 4}, [ORGANISATION], id="a small rise of everything is the organisation's"
        ),
        pytest.param(
            {A: 12, **{Scope("w", f"key-{n}", "opus", f"p{n}", "api"): 9 for n in range(9)}},
            [Scope(model="opus")],
            id="a rise of everything takes the one key along that stands out of it",
        ),
        pytest.param(
            {A: 100, B: -95}, [KEY_A_ON_OPUS], id="what another key saves does not hide what this one costs"
        ),
    ],
)
def test_merge(excess: Mapping[Scope, int], told: list[Scope]) -> None:
    assert [one.scope for one in merge(all_findings(excess))] == told


def test_a_rule_broken_by_what_statistics_found_is_not_told_again() -> None:
    spike = finding(KEY_A, {A: 100})
    cap = finding(KEY_A, {A: 300}, rule="cap", kind="cap")
    broad_cap = finding(ORGANISATION, {A: 300, C: 10}, rule="daily cap", kind="cap")
    assert merge([broad_cap, cap, spike]) == [spike]


def test_a_rule_broken_by_something_else_is_told() -> None:
    spike, cap = finding(KEY_A, {A: 100}), finding(KEY_B, {B: 30}, rule="cap")
    assert merge([cap, spike]) == [spike, cap]


def test_the_same_scope_by_hour_and_by_day_is_one() -> None:
    hour = finding(KEY_A, {A: 100})
    day = finding(KEY_A, {A: 120}, grain=Grain.DAY, window=Window(START, START + DAY))
    assert len(merge([hour, day])) == 1


LEAVES = st.builds(
    Scope,
    st.sampled_from(["w1", "w2"]),
    st.sampled_from(["k1", "k2", "k3"]),
    st.sampled_from(["opus", "haiku"]),
    st.sampled_from(["ada", "bob"]),
    st.just("api"),
)
EXCESS = st.dictionaries(LEAVES, st.integers(-5, 40), max_size=6)
RULES = st.lists(
    st.sampled_from([ORGANISATION, Scope(api_key_id="k1"), Scope(workspace_id="w1")]), unique=True
)


def said(excess: Mapping[Scope, int], rules: list[Scope]) -> list[Finding]:
    broken = [finding(scope, excess, rule=f"cap {number}") for number, scope in enumerate(rules)]
    return [*all_findings(excess, 5), *(one for one in broken if one.excess > 0)]


@quick
@given(EXCESS, RULES, st.randoms())
def test_the_order_of_findings_does_not_matter(
    excess: dict[Scope, int], rules: list[Scope], random: Random
) -> None:
    findings = said(excess, rules)
    straight = merge(findings)
    random.shuffle(findings)
    assert merge(findings) == straight


@quick
@given(EXCESS, RULES)
def test_what_is_left_is_told_largest_first_and_each_once(
    excess: dict[Scope, int], rules: list[Scope]
) -> None:
    findings = said(excess, rules)
    left = merge(findings)
    assert bool(left) == bool(findings)
    assert all(one in findings for one in left)
    assert [one.excess for one in left] == sorted((one.excess for one in left), reverse=True)
    assert merge(left) == left


@pytest.mark.parametrize(
    ("excess", "scopes", "share"),
    [
        pytest.param([(A, 60), (B, 40)], [KEY_A], 0.6, id="a part"),
        pytest.param([(A, 60), (B, 40)], [KEY_A, KEY_B], 1.0, id="several scopes together"),
        pytest.param([(A, 60), (B, 40)], [KEY_A, ORGANISATION], 1.0, id="a leaf in two scopes counts once"),
        pytest.param([(A, 60), (B, 40)], [], 0.0, id="no scope"),
        pytest.param([], [ORGANISATION], 0.0, id="no parts"),
        pytest.param([(A, 60), (B, -60)], [KEY_A], 0.0, id="nothing left on balance"),
        pytest.param([(A, -10)], [KEY_A], 1.0, id="a fall, all of it inside"),
    ],
)
def test_share_inside(excess: list[tuple[Scope, int]], scopes: list[Scope], share: float) -> None:
    parts = [Part(leaf, Usd(usd)) for leaf, usd in excess]
    assert share_inside(parts, scopes) == pytest.approx(share)


def test_findings_far_apart_in_time_are_still_one_cause_when_judged_together() -> None:
    later = finding(KEY_A, {A: 50}, start=START + timedelta(hours=3))
    assert merge([finding(KEY_A, {A: 100}), later]) == [finding(KEY_A, {A: 100})]


def test_a_rise_and_a_fall_at_once_are_two_causes() -> None:
    rise, fall = finding(KEY_A, {A: 60}), finding(ORGANISATION, {A: -40, B: -50})
    assert merge([fall, rise]) == [rise, fall]


def test_falls_of_one_cause_are_told_once() -> None:
    broad, narrow = finding(ORGANISATION, {A: -8}), finding(KEY_A, {A: -8})
    assert merge([broad, narrow]) == [narrow]
