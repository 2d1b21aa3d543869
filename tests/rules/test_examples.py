"""Examples in rules: what comes out of each, and what is said when it is not what was expected."""

from pathlib import Path

import pytest

from bot.rules.examples import run
from bot.rules.rulebook import RulesError, read

ROOT = Path(__file__).parents[2]


def problems(example: str, per: str = "key", where: str = "{}", within: str = "24h") -> list[str]:
    text = f"""
rules:
  - name: cap
    because: Agreed.
    watch: cost
    per: {per}
    where: {where}
    above: $50
    within: {within}
    examples:
      - {example}
"""
    (rule,) = read({"caps.yaml": text}).rules
    return [outcome.problem for outcome in run(rule)]


@pytest.mark.parametrize(
    ("example", "problem"),
    [
        pytest.param("{series: {ci-eval: 10x7 90}, expect: fires at 8}", "", id="as expected"),
        pytest.param("{series: {ci-eval: 10x7 90}, expect: fires}", "", id="whenever"),
        pytest.param("{series: {ci-eval: 50x7}, expect: quiet}", "", id="exactly the cap"),
        pytest.param("{series: {ci-eval: 10 60 10 90}, expect: fires at 2}", "", id="the first time counts"),
        pytest.param(
            '{series: {a: 10x7 90}, expect: fires, says: "in 24 hours, the cap is $50.00"}',
            "",
            id="its words",
        ),
        pytest.param(
            "{series: {a: 10x7 90}, expect: fires at 7}",
            "should have fired at 7, but fired at 8",
            id="at another time",
        ),
        pytest.param(
            "{series: {a: 10x7}, expect: fires at 8}", "should have fired, but was quiet", id="never"
        ),
        pytest.param("{series: {a: 60}, expect: quiet}", "should be quiet, but fired at 1", id="not quiet"),
        pytest.param(
            "{series: {a: 60}, expect: fires, says: the moon}",
            "should say 'the moon', but said: cap: $52.50 in 24 hours, the cap is $50.00. Agreed.",
            id="other words",
        ),
        pytest.param("{series: {a: 30x9, b: 40x9}, expect: quiet}", "", id="each member by itself"),
        pytest.param("{series: {a: 10 _ 90}, expect: fires at 3}", "", id="a day that was never read"),
        pytest.param("{series: {a: 2x24 30x3}, every: 1h, expect: fires at 25}", "", id="by the hour"),
    ],
)
def test_outcomes(example: str, problem: str) -> None:
    assert problems(example) == [problem]


@pytest.mark.parametrize(
    ("per", "where", "example"),
    [
        pytest.param("organisation", "{}", "{series: {a: 30, b: 40}, expect: fires at 1}", id="all together"),
        pytest.param("user", "{}", "{series: {ada: 60}, expect: fires}", id="a person"),
        pytest.param(
            "key",
            '{workspace: research, model: "claude-opus-*"}',
            "{series: {ci-eval: 60}, expect: fires}",
            id="what the rule asks of other dimensions fits",
        ),
        pytest.param(
            "key", "{key: ci-*}", "{series: {search: 60, ci-eval: 40}, expect: quiet}", id="not this key"
        ),
    ],
)
def test_members_are_made_as_the_rule_wants_them(per: str, where: str, example: str) -> None:
    assert problems(example, per, where) == [""]


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (
            "{series: {a: ten}, expect: quiet}",
            "'ten' is no step of a series; write amounts without $ or %, such as 10x7 90, or _",
        ),
        ("{series: {a: 1x9999}, expect: quiet}", "has 9999 steps; write 1 to 2000"),
        (
            "{series: {a: 1}, expect: explodes}",
            "is not what can be expected; write quiet, fires, or fires at 8",
        ),
        ("{series: {a: 1}}", "expect is missing; add a line such as expect: fires at 8"),
        ("{series: {}, expect: quiet}", "series"),
        ("{series: {a: 1}, expect: quiet, evry: 1h}", "did you mean every?"),
    ],
)
def test_a_mistake_in_an_example_names_its_line_and_remedy(example: str, said: str) -> None:
    with pytest.raises(RulesError) as error:
        problems(example)
    assert said in str(error.value)
    assert "caps.yaml:1" in str(error.value)


def test_the_shipped_rules_have_examples_and_pass_them() -> None:
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "rules").glob("*.yaml")}
    for rule in read(texts).rules:
        outcomes = list(run(rule))
        assert outcomes
        assert [outcome.problem for outcome in outcomes] == [""] * len(outcomes)
