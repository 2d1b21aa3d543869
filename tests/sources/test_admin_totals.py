"""The cheap look at what was restated: it must say of a day exactly what reading the day says."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.sources.admin import AdminSource
from tests.sources.admin_organisation import LATER, MIDNIGHT, OPUS, Organisation, fetch, source, whole_day

SNAPSHOT = "claude-opus-5-20260724"


def crooked_day() -> Organisation:
    """Sums that do not divide evenly, two names for one model, searches billed without a model."""
    organisation = Organisation()
    for hour in range(24):
        at = MIDNIGHT + hour * HOUR
        organisation.use(at, 101 + hour, searches="1", inference_geo="us" if hour % 3 else "global")
        organisation.use(at, 53, SNAPSHOT, api_key_id="apikey_app", searches="2")
        organisation.use(at, 7, "claude-haiku-4-5", service_tier="priority")
        organisation.use(at, 11, workspace_id=None)
    organisation.bill(MIDNIGHT, "100.0000001")
    organisation.bill(MIDNIGHT, "3.3333333", workspace_id=None)
    organisation.bill(MIDNIGHT, "7.7777777", None, cost_type="web_search", token_type=None)
    organisation.bill(MIDNIGHT, "0.0000005", None, cost_type="code_execution", token_type=None)
    return organisation


@pytest.mark.parametrize("grain", list(Grain))
def test_totals_are_those_of_the_rows_at_any_grain(grain: Grain) -> None:
    organisation, rows = crooked_day(), Counter[tuple[datetime, str, str]]()
    for row in fetch(organisation, whole_day(), LATER, grain, default="wrkspc_default").rows:
        rows[MIDNIGHT, row.workspace_id, row.model] += row.usd
    totals = source(organisation, "wrkspc_default").day_totals(whole_day(), LATER)
    assert {place: usd for place, usd in totals.items() if usd} == {p: usd for p, usd in rows.items() if usd}
    assert sum(totals.values()) == 1_111_111_116


@pytest.mark.parametrize(
    ("hours_later", "settled"),
    [
        pytest.param(25, False, id="an hour after midnight, with half the bill"),
        pytest.param(48, True, id="a day later"),
    ],
)
def test_only_settled_days_have_totals(hours_later: int, *, settled: bool) -> None:
    organisation = Organisation()
    organisation.use(MIDNIGHT, 1000)
    organisation.bill(MIDNIGHT, "0.25")
    totals = source(organisation).day_totals(whole_day(), MIDNIGHT + hours_later * HOUR)
    assert totals == ({(MIDNIGHT, "wrkspc_lab", OPUS): 2_500_000} if settled else {})


def test_five_weeks_take_few_requests_however_many_keys() -> None:
    organisation = Organisation()
    source(organisation, keys=20_000).day_totals(Window(MIDNIGHT - 34 * DAY, MIDNIGHT + DAY), LATER)
    assert organisation.paths() == {"messages": 2, "cost_report": 2}


@pytest.mark.parametrize(
    ("keys", "hours", "requests"),
    [
        pytest.param(0, 3, 3, id="three hours need their whole day"),
        pytest.param(0, 24 * 8, 5, id="eight days are two pages a pass"),
        pytest.param(20_000, 24, 25, id="two hours a page for twenty thousand keys"),
    ],
)
def test_requests_are_estimated_as_they_are_made(keys: int, hours: int, requests: int) -> None:
    organisation = Organisation()
    admin = source(organisation, keys=keys)
    admin.fetch(Window(MIDNIGHT, MIDNIGHT + hours * HOUR), Grain.HOUR, LATER + 9 * DAY)
    assert admin.requests_for(0, hours) == requests
    assert sum(organisation.paths().values()) == requests


def test_the_reach_is_a_year() -> None:
    assert AdminSource.earliest(MIDNIGHT + 5 * HOUR) == MIDNIGHT - timedelta(days=365)
