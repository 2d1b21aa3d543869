"""How much is enough to speak."""

import math

import pytest

from bot.detect.gates import Settings
from bot.detect.sensitivity import Exceptions, Sensitivity
from bot.facts.scope import Scope

DAY = 2000.0
TWICE = math.log10(2)


@pytest.mark.parametrize(
    ("settings", "series", "looks", "higher"),
    [
        pytest.param(Settings(), 100, 1, 0.0, id="as it is"),
        pytest.param(Settings(), 200, 1, TWICE, id="twice as many series"),
        pytest.param(Settings(), 100, 2, TWICE, id="by the hour and by the day"),
        pytest.param(Settings(false_alarms_a_week=0.125), 100, 1, TWICE, id="half as many false alarms"),
        pytest.param(Settings(Sensitivity.HIGH), 100, 1, 0.0, id="dollars are another matter"),
    ],
)
def test_the_bar_keeps_the_promise_about_false_alarms(
    settings: Settings, series: int, looks: int, higher: float
) -> None:
    plain, gates = Settings().gates(DAY), settings.gates(DAY, looks)
    assert gates.bar(series) - plain.bar(100) == pytest.approx(higher)
    assert gates.hour_bar(series) - plain.hour_bar(100) == pytest.approx(higher)


@pytest.mark.parametrize(
    ("scope", "times"),
    [
        pytest.param(Scope(api_key_id="k1"), 2.0, id="a key by its name"),
        pytest.param(Scope(api_key_id="k2"), 1.0, id="a key nobody named"),
        pytest.param(Scope("w1", "k2"), 0.5, id="a key in a workspace that was named"),
        pytest.param(Scope("w1", "k1"), 2.0, id="its own word before its workspace's"),
        pytest.param(Scope(), 1.0, id="the organisation"),
    ],
)
def test_the_dollars_worth_saying_by_scope(scope: Scope, times: float) -> None:
    named = {"k1": "ci-eval", "w1": "Research"}
    patterns = {"CI-*": Sensitivity.LOW, "research": Sensitivity.HIGH}
    exceptions = Exceptions(patterns, lambda _, value: named.get(value, ""))
    gates, plain = Settings(exceptions=exceptions).gates(DAY), Settings().gates(DAY)
    assert gates.worth(20.0, scope) == pytest.approx(times * plain.worth(20.0, scope))
    assert gates.least == pytest.approx(0.5 * plain.least)
