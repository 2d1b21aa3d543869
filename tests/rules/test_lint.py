"""What is allowed in rule files and yet probably not meant."""

from datetime import UTC, datetime

import numpy as np
import pytest

from bot.facts.clock import Grain
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from bot.rules.language import Rule
from bot.rules.lint import warnings
from bot.rules.rulebook import read
from bot.rules.view import View
from tests.rules.test_evaluate import DIRECTORY, panel

NOW = datetime(2026, 11, 1, tzinfo=UTC)
EXAMPLE = "\n    examples: [{series: {a: 1}, expect: quiet}]"


def warned(
    where: str = "{}", above: str = "$10", example: str = EXAMPLE, spent: Panel | None = None
) -> list[str]:
    text = f"""rules:
  - name: cap
    because: Agreed.
    watch: cost
    per: key
    where: {where}
    above: {above}
    within: 3h{example}
"""
    return said_of(text, spent or panel([1, 2, 3, 4], [9, 0, 0, 0]))


def said_of(text: str, given: Panel) -> list[str]:
    book = read({"rules/caps.yaml": text})

    def view_of(rule: Rule) -> View:
        return View.of(rule, given, DIRECTORY)

    return list(warnings(book, view_of, given.leaves, DIRECTORY, NOW))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(warned(), [], id="nothing odd"),
        pytest.param(
            warned(example=""),
            ["rules/caps.yaml:2: cap: has no example; add one, so that `claude-spend rules test` can run it"],
            id="no example",
        ),
        pytest.param(
            warned(above="$1"),
            [
                (
                    "rules/caps.yaml:2: cap: would have spoken in 100% of the last 4 hours; "
                    "it says too much, make it stricter"
                )
            ],
            id="it would always speak",
        ),
        pytest.param(
            warned(where="{key: cj-eval, model: claude-*}"),
            ["rules/caps.yaml:2: cap: where: no key that ever spent fits 'cj-eval'; check the name"],
            id="a name misspelt",
        ),
        pytest.param(
            warned(
                where="{key: cj-eval}",
                spent=Panel(
                    Grain.HOUR,
                    0,
                    Leaves.of([]),
                    np.zeros((0, 0), np.int64),
                    np.zeros(0, np.bool_),
                    np.zeros(0, np.bool_),
                ),
            ),
            [],
            id="nothing was spent yet: no name is known",
        ),
    ],
)
def test_warnings(found: list[str], said: list[str]) -> None:
    assert found == said


def test_an_event_that_is_over_may_go() -> None:
    text = """events:
  - name: launch
    because: Announced.
    scope: {}
    from: 2026-10-20T08:00Z
    to: 2026-10-22T20:00Z
    expected: 4x
"""
    found = said_of(text, panel([1]))
    assert found == ["launch: is over since 22 Oct 20:00 UTC; remove it"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "routes:\n  - {name: all, to: '#all'}\n  - {name: hot, severity: critical, to: '#hot'}",
            ["hot: is never reached: 'all' stands before it; move it up, or write also for to"],
            id="a route that takes everything away from the next",
        ),
        pytest.param(
            "routes:\n  - {name: all, to: '#all'}\n  - {name: hot, severity: critical, also: '#hot'}",
            [],
            id="what is told besides is told",
        ),
        pytest.param(
            "routes:\n  - {name: mine, where: {key: cj-*}, to: '#me'}",
            ["mine: where: no key that ever spent fits 'cj-*'; check the name"],
            id="a route of nobody",
        ),
        pytest.param(
            """rules:
  - {name: a, because: b, per: key, above: $90, within: 1h, examples: [{series: {a: 1}, expect: quiet}]}
  - {name: c, because: d, per: key, above: $80, within: 1h, examples: [{series: {a: 1}, expect: quiet}]}
""",
            ["rules/caps.yaml:2: a: says nothing that 'c' has not said before; remove one of them"],
            id="a rule that another makes superfluous",
        ),
        pytest.param(
            "rules:\n  - {name: a, because: b, per: key, above: $90, within: 1h, mute: Mon-Sun, "
            "examples: [{series: {a: 1}, expect: quiet}]}",
            ["rules/caps.yaml:2: a: is muted all week, so that it can never fire; leave some hours over"],
            id="a rule that is always mute",
        ),
    ],
)
def test_what_can_never_come_is_said(text: str, said: list[str]) -> None:
    assert said_of(text, panel([1] * 200)) == said
