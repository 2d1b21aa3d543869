from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.expect import Floats
from bot.detect.gates import Gates, Sensitivity, typical_day
from bot.detect.spike import judge
from bot.facts.clock import Grain
from bot.facts.finding import Finding, Outcome
from bot.facts.scope import ORGANISATION, Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from tests.fakes.panels import WEEK, days_of, leaf, office, panel_of, steady, weekend_batch

HOURS = 9 * WEEK
NIGHT, NOON, SATURDAY = HOURS - WEEK + 26, HOURS - WEEK + 36, HOURS - WEEK + 132
REST = {leaf(f"key{number}"): steady(8, HOURS, seed=20 + number) for number in range(5)}
GATES = Gates(typical_day=1200.0)


def said(organisation: dict[Scope, Floats], column: int, gates: Gates = GATES) -> list[Finding]:
    return list(judge(panel_of({**REST, **organisation}).before(column + 1), column, gates).findings)


def said_of_the_day(organisation: dict[Scope, Floats], gates: Gates = GATES) -> list[Finding]:
    days = days_of(panel_of({**REST, **organisation}))
    return list(judge(days, days.columns - 1, gates).findings)


def times(values: Floats, at: int, factor: float, hours: int = 1) -> Floats:
    changed = values.copy()
    changed[at : at + hours] *= factor
    return changed


@pytest.mark.parametrize(
    ("values", "column", "odd"),
    [
        pytest.param(times(steady(6, HOURS), NOON, 9), NOON, True, id="nine times the usual at noon"),
        pytest.param(
            times(office(9, HOURS), NIGHT, 400), NIGHT, True, id="daytime spend in the dead of night"
        ),
        pytest.param(times(steady(6, HOURS), NOON, 1.3), NOON, False, id="a third more is noise for an hour"),
        pytest.param(times(steady(0.1, HOURS), NOON, 50), NOON, False, id="fifty times next to nothing"),
        pytest.param(weekend_batch(60, HOURS), SATURDAY, False, id="a weekend batch on its weekend"),
        pytest.param(office(60, HOURS), SATURDAY, False, id="an office app resting on its weekend"),
        pytest.param(
            times(weekend_batch(60, HOURS), SATURDAY, 0.0), SATURDAY, False, id="too little is not spike"
        ),
    ],
)
def test_what_is_odd_about_an_hour(values: Floats, column: int, odd: bool) -> None:
    findings = said({leaf("watched"): values}, column)
    assert any(finding.scope.api_key_id == "watched" for finding in findings) == odd


def test_a_finding_says_how_much_against_what_and_since_when() -> None:
    values = times(steady(6, HOURS), NOON, 10, hours=3)
    finding = next(f for f in said({leaf("loop"): values}, NOON + 2) if f.scope == Scope(api_key_id="loop"))
    panel = panel_of({leaf("loop"): values})
    assert finding.observed == panel.usd[0, NOON + 2]
    assert finding.expected == pytest.approx(6e9, rel=0.1)
    assert finding.start == panel.start_of(NOON)
    assert finding.parts[0].scope == replace(leaf("loop"), actor="", product="")
    assert finding.excess == pytest.approx(finding.parts[0].excess, rel=1e-6)
    assert "robust standard deviations" in finding.why


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        pytest.param(np.r_[steady(5, 24), np.zeros(HOURS - 25), 40.0], "dormant", id="a key that slept"),
        pytest.param(np.r_[np.zeros(HOURS - 1), 70.0], "new", id="a key that never spent"),
        pytest.param(np.r_[steady(5, HOURS - 1), 70.0], "spike", id="a key that always spends"),
    ],
)
def test_kinds(values: Floats, kind: str) -> None:
    findings = said({leaf("watched"): values}, HOURS - 1)
    assert {f.kind for f in findings if f.scope.api_key_id == "watched"} == {kind}


def test_too_early_is_an_outcome_of_its_own() -> None:
    fresh = panel_of({**REST, leaf("fresh"): np.r_[np.zeros(HOURS - 1), 5.0]})
    outcomes = judge(fresh, HOURS - 1, GATES).outcomes
    assert outcomes[Outcome.TOO_EARLY] == 2  # the key, and the key on its model
    young = panel_of({leaf("young"): steady(5, 100)})
    assert judge(young, 99, GATES).outcomes[Outcome.TOO_EARLY] > 0
    assert judge(young, 99, GATES).outcomes[Outcome.NORMAL] == 0


def test_a_switch_to_a_dearer_model_is_said_of_the_key_net() -> None:
    dear, cheap = np.zeros(HOURS), steady(8, HOURS)
    dear[-24:], cheap[-24:] = steady(20, 24, seed=9), 0.0
    findings = said_of_the_day({leaf("app", "opus"): dear, leaf("app", "sonnet"): cheap})
    keyed = [finding for finding in findings if finding.scope.api_key_id == "app"]
    assert [finding.scope for finding in keyed] == [Scope(api_key_id="app")]
    assert keyed[0].excess == pytest.approx(24 * 12e9, rel=0.1)


def test_a_switch_that_costs_nothing_is_not_said() -> None:
    one, other = np.zeros(HOURS), steady(8, HOURS)
    one[-24:], other[-24:] = steady(8, 24, seed=9), 0.0
    findings = said_of_the_day({leaf("app", "opus"): one, leaf("app", "sonnet"): other})
    assert [finding for finding in findings if finding.scope.api_key_id == "app"] == []


def test_a_part_filled_hour_may_already_be_too_much() -> None:
    values = times(steady(6, HOURS), HOURS - 1, 9)
    panel = panel_of({**REST, leaf("loop"): values}, complete_until=HOURS - 1)
    findings = judge(panel, HOURS - 1, GATES).findings
    assert [f.complete for f in findings if f.scope.api_key_id == "loop"] == [False, False]
    assert "so far" in findings[0].why


def test_a_series_that_mostly_rests_is_judged_by_its_own_bursts() -> None:
    rng = np.random.default_rng(3)
    ad_hoc = np.where(rng.random(HOURS) < 0.1, rng.uniform(10, 40, HOURS), 0.0)
    assert not [
        f for f in said({leaf("adhoc"): times(ad_hoc, NOON, 0) + _at(NOON, 60)}, NOON) if _of(f, "adhoc")
    ]
    assert [
        f for f in said({leaf("adhoc"): times(ad_hoc, NOON, 0) + _at(NOON, 200)}, NOON) if _of(f, "adhoc")
    ]


def _at(column: int, dollars: float) -> Floats:
    values = np.zeros(HOURS)
    values[column] = dollars
    return values


def _of(finding: Finding, key: str) -> bool:
    return finding.scope.api_key_id == key


@pytest.mark.parametrize(
    ("sensitivity", "odd"),
    [
        pytest.param(Sensitivity.LOW, False, id="low waits for more"),
        pytest.param(Sensitivity.MEDIUM, True, id="medium speaks"),
        pytest.param(Sensitivity.HIGH, True, id="high speaks"),
    ],
)
def test_sensitivity_moves_the_dollar_gate(sensitivity: Sensitivity, odd: bool) -> None:
    values = times(steady(4, HOURS), NOON, 7.5)
    findings = said({leaf("watched"): values}, NOON, Gates(1200.0, sensitivity))
    assert any(_of(finding, "watched") for finding in findings) == odd


def test_the_dollar_gate_scales_with_the_organisation_and_never_below_a_dollar() -> None:
    assert Gates(10_000.0).dollars(Grain.HOUR) == 10 * Gates(1_000.0).dollars(Grain.HOUR)
    assert Gates(0.5).dollars(Grain.HOUR) == 1.0
    calm = days_of(panel_of({leaf("one"): steady(10, HOURS, sigma=0.0)}))
    assert typical_day(calm) == pytest.approx(240)


def _random(seed: int) -> Panel:
    """One to three series that rest, work and burst by chance."""
    rng = np.random.default_rng(seed)
    rows = rng.choice([0.0, 1.0, 5.0, 30.0, 400.0], (rng.integers(1, 4), 6 * WEEK))
    return panel_of({leaf(f"key{number}"): row for number, row in enumerate(rows)})


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_the_future_changes_nothing_about_the_past(seed: int) -> None:
    panel, column = _random(seed), 5 * WEEK
    assert judge(panel, column, GATES) == judge(panel.before(column + 1), column, GATES)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_of_series_does_not_matter(seed: int) -> None:
    panel = _random(seed)
    turned = replace(panel, usd=panel.usd[::-1], leaves=Leaves.of(panel.leaves.values[::-1]))
    column = panel.columns - 1

    def told(of: Panel) -> set[tuple[Scope, int, float]]:
        return {(f.scope, f.observed, f.score) for f in judge(of, column, GATES).findings}

    assert told(panel) == told(turned)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 400), st.integers(0, 2**32))
def test_a_flat_series_never_fires(dollars: float, seed: int) -> None:
    panel = panel_of({leaf("flat"): steady(dollars, 6 * WEEK, seed, sigma=0.0)})
    gates = Gates(typical_day(days_of(panel)))
    assert judge(panel, panel.columns - 1, gates).findings == ()


def test_the_whole_organisation_is_judged_too() -> None:
    everything = {scope: times(values, NOON, 4) for scope, values in REST.items()}
    assert ORGANISATION in {finding.scope for finding in said(everything, NOON)}
