from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.reduce import reduced, sticks_out
from bot.facts.clock import HOUR, Grain, Window
from bot.facts.finding import Finding, Part
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from tests.fakes.life import at

BAR = 4.0
WHEN = Window(at(0), at(1))


def leaf(name: str) -> Scope:
    """Written "workspace/key/model"."""
    workspace, key, model = name.split("/")
    return Scope(workspace, key, model, "", "")


def finding(scope: Scope, score: float, borne: Mapping[str, int], kind: str = "spike") -> Finding:
    """Dollars beyond the usual by leaf; the scope usually spends $100."""
    excess = sum(borne.values())
    return Finding(
        kind=kind,
        scope=scope,
        grain=Grain.DAY,
        window=WHEN,
        observed=Usd((100 + excess) * 10**9),
        expected=Usd(100 * 10**9),
        low=Usd(80 * 10**9),
        high=Usd(120 * 10**9),
        score=score,
        start=at(0),
        why="because",
        parts=tuple(Part(leaf(name), Usd(amount * 10**9)) for name, amount in borne.items()),
    )


def key(name: str, score: float = 6.0, dollars: int = 50, workspace: str = "w") -> Finding:
    return finding(Scope(api_key_id=name, model="m"), score, {f"{workspace}/{name}/m": dollars})


def space(score: float, name: str = "w", **keys: int) -> Finding:
    return finding(Scope(workspace_id=name), score, {f"{name}/{k}/m": dollars for k, dollars in keys.items()})


def whole(score: float, **keys: int) -> Finding:
    return finding(ORGANISATION, score, {f"w/{k}/m": dollars for k, dollars in keys.items()})


def fallen(name: str) -> Finding:
    return finding(Scope(api_key_id=name, model="m"), 6.0, {f"w/{name}/m": -90}, "drop")


TWO_MODELS = [
    finding(Scope(api_key_id="a", model="m"), 6.0, {"w/a/m": 50}),
    finding(Scope(api_key_id="a", model="n"), 7.0, {"w/a/n": 40}),
    finding(Scope(api_key_id="a"), 5.0, {"w/a/m": 50, "w/a/n": 40}),
]
FOUR = [key(name) for name in "abcd"]
Told = list[tuple[dict[str, str], float, bool]]


def told(findings: Sequence[Finding]) -> Told:
    return [(one.scope.pinned(), one.score, one.said) for one in reduced(findings, BAR)]


def of_key(name: str, score: float = 6.0, *, said: bool = True) -> tuple[dict[str, str], float, bool]:
    return {"api_key_id": name, "model": "m"}, score, said


@pytest.mark.parametrize(
    ("findings", "remain"),
    [
        pytest.param([], [], id="nothing was found"),
        pytest.param([key("a"), key("b", 5.0)], [of_key("a"), of_key("b", 5.0)], id="two keys"),
        pytest.param(
            [key("a"), key("b", 9.0)], [of_key("b", 9.0), of_key("a")], id="the highest score first"
        ),
        pytest.param([key("a", 4.0)], [of_key("a", 4.0)], id="the bar itself is enough"),
        pytest.param([key("a", 3.9)], [of_key("a", 3.9, said=False)], id="below the bar it is not said"),
        pytest.param([key("a"), space(5.0, a=50, b=9)], [of_key("a")], id="a key speaks for its workspace"),
        pytest.param(
            [key("a"), space(5.0, a=50, b=9), whole(5.5, a=50, b=9)], [of_key("a")], id="and for everyone"
        ),
        pytest.param(
            [key("a", 3.0), space(4.5, a=50, b=9)],
            [of_key("a", 4.5)],
            id="what bears most of a broad one is lent its score",
        ),
        pytest.param(
            [key("a", 1.5), space(9.0, a=50, b=9)], [of_key("a", 3.5, said=False)], id="but no more than two"
        ),
        pytest.param(
            [key("a", 7.0), space(4.5, a=50, b=9)], [of_key("a", 7.0)], id="a higher score stays as it is"
        ),
        pytest.param(
            [key("a", 3.0, 20), key("b", 2.0, 20), key("c", 2.0, 20), space(5.0, a=20, b=20, c=20)],
            [of_key("a", 3.0, said=False), of_key("b", 2.0, said=False), of_key("c", 2.0, said=False)],
            id="nobody who bears less than half is lent anything",
        ),
        pytest.param(
            [key("a"), space(5.0, a=50, b=60)],
            [of_key("a"), ({"workspace_id": "w"}, 5.0, True)],
            id="a workspace that rose by itself too is told beside its key",
        ),
        pytest.param(
            [key("a"), space(5.0, "other", b=60)],
            [of_key("a"), ({"workspace_id": "other"}, 5.0, True)],
            id="another workspace is another cause",
        ),
        pytest.param(
            [*FOUR, space(5.5, a=50, b=50, c=50, d=50)],
            [({"workspace_id": "w"}, 6.0, True)],
            id="many keys that rise together are told as one",
        ),
        pytest.param(
            [*FOUR[:2], space(5.5, a=50, b=50)], [of_key("a"), of_key("b")], id="two keys are not many"
        ),
        pytest.param(
            [*FOUR, space(3.9, a=50, b=50, c=50, d=50)],
            [of_key(name) for name in "abcd"],
            id="what is not sure itself does not speak for many",
        ),
        pytest.param(
            [*FOUR[:2], key("c", 2.0), key("d", 2.0), space(5.5, a=50, b=50, c=50, d=50)],
            [*(of_key(name) for name in "ab"), *(of_key(name, 2.0, said=False) for name in "cd")],
            id="many are many only when they are sure",
        ),
        pytest.param(
            [
                finding(Scope(api_key_id="a"), 7.0, {"w/a/m": 50}, "dormant"),
                finding(Scope(api_key_id="b"), 6.0, {"w/b/m": 50}, "new"),
                key("c", 9.0),
                space(6.5, a=50, b=50, c=50),
            ],
            [({"api_key_id": "a"}, 7.0, True), ({"api_key_id": "b"}, 6.0, True), of_key("c", 9.0)],
            id="three that have reasons of their own stay three",
        ),
        pytest.param(
            [*FOUR[:3], key("d", dollars=900), space(9.0, a=50, b=50, c=50, d=900)],
            [({"api_key_id": "d", "model": "m"}, 8.0, True), *(of_key(name) for name in "abc")],
            id="one that bears nearly all is told itself",
        ),
        pytest.param(
            TWO_MODELS, [({"api_key_id": "a"}, 7.0, True)], id="a key on two models is told as the key"
        ),
        pytest.param(
            TWO_MODELS[1:],
            [({"api_key_id": "a", "model": "n"}, 7.0, True), ({"api_key_id": "a"}, 5.0, True)],
            id="one model that bears less than most of its key",
        ),
        pytest.param(
            [key("a"), fallen("b"), space(5.0, a=50, c=9)],
            [of_key("a"), of_key("b")],
            id="a fall is not inside a rise",
        ),
        pytest.param(
            [
                finding(Scope(api_key_id="a", model="m"), 6.0, {"w/a/m": -50}, "drop"),
                finding(Scope(api_key_id="a", model="n"), 7.0, {"w/a/n": 90}),
                finding(Scope(api_key_id="a"), 5.0, {"w/a/n": 90}),
            ],
            [({"api_key_id": "a", "model": "n"}, 7.0, True), of_key("a")],
            id="a fall on one model and a rise on another are not the key's rise",
        ),
    ],
)
def test_what_remains(findings: list[Finding], remain: Told) -> None:
    assert sorted(told(findings), key=repr) == sorted(remain, key=repr)
    scores = [score for _, score, _ in told(findings)]
    assert scores == sorted(scores, reverse=True)


def test_a_rise_of_many_is_told_in_one_grouping_only() -> None:
    keys = [key(name, workspace=f"w{number % 2}") for number, name in enumerate("abcdefgh")]
    borne = {f"w{number % 2}/{name}/m": 50 for number, name in enumerate("abcdefgh")}
    spaces = [
        finding(Scope(workspace_id=w), 8.0, {n: d for n, d in borne.items() if n.startswith(w)})
        for w in ("w0", "w1")
    ]
    assert told([*keys, *spaces, finding(Scope(model="m"), 9.0, borne)]) == [({"model": "m"}, 9.0, True)]


@given(st.permutations([*FOUR, key("e", 3.0), fallen("f"), *TWO_MODELS, space(5.5, a=50, b=50, c=50, d=50)]))
@settings(deadline=None, max_examples=30)
def test_the_order_of_candidates_changes_nothing(findings: list[Finding]) -> None:
    assert reduced(findings, BAR) == reduced(sorted(findings, key=repr), BAR)


def spent(scope: Scope, observed: int, expected: int, window: Window = WHEN) -> Finding:
    """Dollars of a scope; its usual may be off by a factor of 1.5."""
    usual = Usd(expected * 10**9)
    high = Usd(usual * 3 // 2)
    plain = finding(scope, 6.0, {})
    return replace(plain, observed=Usd(observed * 10**9), expected=usual, high=high, window=window)


@pytest.mark.parametrize(
    ("one", "broad", "sticks"),
    [
        pytest.param((250, 100), (1000, 400), False, id="as much as all"),
        pytest.param((900, 100), (1650, 400), True, id="far beyond the others, who rise too"),
        pytest.param((900, 100), (1200, 400), True, id="alone"),
        pytest.param((140, 100), (440, 400), False, id="alone, but within its range"),
        pytest.param((900, 100), (900, 100), False, id="it is all there is"),
    ],
)
def test_what_sticks_out_of_a_broader_rise(
    one: tuple[int, int], broad: tuple[int, int], sticks: bool
) -> None:
    assert sticks_out(spent(Scope(api_key_id="a"), *one), spent(Scope(workspace_id="w"), *broad)) is sticks


def test_another_window_says_nothing_of_what_sticks_out() -> None:
    hour = Window(at(0), at(0) + HOUR)
    one = spent(Scope(api_key_id="a"), 900, 100, window=hour)
    assert not sticks_out(one, spent(Scope(workspace_id="w"), 1200, 400))


def test_a_key_that_sticks_out_of_a_common_rise_is_told_beside_it() -> None:
    others = [replace(key(name), observed=Usd(25 * 10**10)) for name in "abcd"]
    far = replace(key("e", dollars=90), observed=Usd(90 * 10**10))
    broad = replace(
        space(5.5, a=150, b=150, c=150, d=150, e=90), observed=Usd(190 * 10**10), expected=Usd(50 * 10**10)
    )
    scopes = [one.get("api_key_id", "all") for one, _, _ in told([*others, far, broad])]
    assert sorted(scopes) == ["all", "e"]
