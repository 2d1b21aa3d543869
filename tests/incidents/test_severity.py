"""How urgent: by what is lost, and by what a day of it would lose."""

from itertools import product

import pytest

from bot.facts.money import Usd, usd_from_dollars
from bot.facts.severity import Severity
from bot.incidents.severity import SURE, severity_of, worse

TYPICAL_DAY = 1000.0


@pytest.mark.parametrize(
    ("excess", "per_hour", "severity"),
    [
        pytest.param("149.99", 0, Severity.NOTICE, id="less than 15 % of a day"),
        pytest.param(150, 0, Severity.WARNING, id="15 % of a day"),
        pytest.param("499.99", 0, Severity.WARNING, id="not yet half a day"),
        pytest.param(500, 0, Severity.CRITICAL, id="half a day"),
        pytest.param(10, 7, Severity.WARNING, id="little so far, at a pace that makes it more"),
        pytest.param(10, 21, Severity.CRITICAL, id="little so far, at a pace of half a day"),
        pytest.param(600, 0, Severity.CRITICAL, id="much so far, though it is over"),
        pytest.param(-50, 0, Severity.NOTICE, id="less than usual in the end"),
    ],
)
def test_severity(excess: str | int, per_hour: int, severity: Severity) -> None:
    assert severity_of(usd_from_dollars(excess), usd_from_dollars(per_hour), TYPICAL_DAY, SURE) is severity


def test_what_may_well_be_chance_is_a_warning_at_most() -> None:
    assert severity_of(usd_from_dollars(600), Usd(0), TYPICAL_DAY, 3.9) is Severity.WARNING


@pytest.mark.parametrize(("one", "other"), list(product(Severity, repeat=2)))
def test_severity_steps_up_and_never_down(one: Severity, other: Severity) -> None:
    assert worse(one, other).rank == max(one.rank, other.rank)
