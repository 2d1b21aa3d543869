"""What stands in the history is what the upstream says, to the nano-dollar, whatever went wrong before."""

import stat
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.facts.clock import HOUR, Grain, Window, ceil, floor
from tests.fakes.anthropic import (
    COST,
    CUT,
    EXPIRED,
    HTML_500,
    OVERLOADED,
    USAGE,
    Fault,
    limited,
    refusal,
)
from tests.fakes.organisation import spent
from tests.whole.conftest import BEFORE
from tests.whole.house import House

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)
REACH = timedelta(days=70)
GATEWAY_TIMEOUT = refusal(504, "timeout", {"retry-after-ms": "10"})
SOON = {"retry-after-ms": "10"}


def truth(house: House, now: datetime, reach: timedelta = REACH) -> Counter[tuple[str, str]]:
    return spent(house.anthropic.demo, now, _reach(now, reach))


def stored(house: House, now: datetime, reach: timedelta = REACH) -> Counter[tuple[str, str]]:
    window = _reach(now, reach)
    return house.stored(window.start, window.end)


def _reach(now: datetime, reach: timedelta) -> Window:
    return Window(floor(now - reach, Grain.DAY), ceil(now, Grain.HOUR))


def test_the_first_pull_is_the_truth(house: House) -> None:
    assert stored(house, BEFORE) == truth(house, BEFORE)
    assert stat.S_IMODE(house.history.stat().st_mode) == 0o600


def test_days_add_up_to_what_their_hours_do(house: House) -> None:
    house.once(NOW)
    by_hour = house.query(
        "SELECT substr(hour, 1, 10), api_key_id, sum(nano_usd) FROM spend_hour GROUP BY 1, 2"
    )
    by_day = house.query("SELECT day, api_key_id, sum(nano_usd) FROM spend_day GROUP BY 1, 2")
    assert sorted(by_day) == sorted(by_hour)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([limited(retry_after_ms="20")] * 3, id="rate limits"),
        pytest.param(
            [refusal(500, "", SOON), Fault(529, b"", SOON), Fault(502, b"<html>", SOON)], id="errors"
        ),
        pytest.param([GATEWAY_TIMEOUT] * 5, id="windows too slow to answer"),
        pytest.param([EXPIRED], id="an expired cursor"),
        pytest.param([Fault(200, b'{"data": [{"st')], id="a broken page"),
        pytest.param([refusal(403, "not now")], id="a refusal of the second report"),
    ],
)
def test_after_faults_and_a_second_try_it_is_still_the_truth(house: House, faults: list[Fault]) -> None:
    house.anthropic.fail(USAGE, *faults)
    house.once(NOW)
    ended = house.once(NOW)
    assert (ended.code, ended.complaints()) == (0, [])
    assert stored(house, NOW) == truth(house, NOW)


@pytest.mark.parametrize("fault", [CUT, HTML_500, OVERLOADED], ids=["cut", "HTML 500", "overloaded"])
def test_trouble_that_passes_at_once_is_not_even_mentioned_as_a_failure(house: House, fault: Fault) -> None:
    house.anthropic.fail(COST, fault)
    ended = house.once(NOW)
    assert ended.code == 0
    (said,) = ended.complaints()
    assert "waiting 1 s" in said
    assert stored(house, NOW) == truth(house, NOW)


def test_an_hourly_cycle_takes_few_requests(house: House) -> None:
    assert house.once(BEFORE + HOUR).code == 0
    assert len(house.anthropic.asked) <= 30


def test_nothing_of_a_half_fetched_window_is_stored(house: House) -> None:
    before = stored(house, NOW)
    house.anthropic.always(USAGE, Fault(200, b'{"data": [{"starting_at": "2026-10-1'))
    ended = house.once(NOW)
    assert ended.code == 1
    assert stored(house, NOW) == before


def test_missed_hours_are_caught_up_after_an_outage(house: House) -> None:
    for later in (NOW + timedelta(hours=12), NOW + timedelta(days=4)):
        ended = house.once(later)
        assert (ended.code, ended.complaints()) == (0, [])
        assert stored(house, later) == truth(house, later)
        assert house.told() == Counter(house.incidents())
    assert len(house.incidents()) == 1


def test_what_no_key_was_used_for_is_seen(house: House) -> None:
    keyless = sum(nano for (_, key), nano in truth(house, BEFORE).items() if not key)
    assert house.query("SELECT sum(nano_usd) FROM spend_hour WHERE api_key_id = ''") == [(keyless,)]
    assert keyless > 0
    said = house.run("summary", "yesterday", "by", "key", "--now", BEFORE.isoformat())
    assert "no key" in said.out


class TestRestatement:
    """Money of a day settles three hours after it: until then it is up to a percent short."""

    def test_amended_rows_keep_when_they_were_first_seen(self, house: House) -> None:
        ask = """SELECT hour, api_key_id, model, actor, nano_usd, first_seen, last_changed FROM spend_hour
            WHERE hour >= '2026-10-15T00' AND hour < '2026-10-15T12'"""
        before = {row[:4]: row[4:] for row in house.query(ask)}
        house.once(datetime(2026, 10, 16, 3, 35, tzinfo=UTC))
        after = {row[:4]: row[4:] for row in house.query(ask)}
        assert before.keys() == after.keys()
        for place, (nano, first_seen, last_changed) in after.items():
            assert nano >= before[place][0]
            assert first_seen == before[place][1]
            amended = nano > before[place][0]
            assert last_changed == ("2026-10-16T03:35:00Z" if amended else before[place][2])
        assert sum(row[0] for row in after.values()) > sum(row[0] for row in before.values())

    def test_it_opens_no_second_incident_and_sends_no_second_message(self, house: House) -> None:
        house.once(NOW)
        incidents = house.incidents()
        for hour in range(2, 5):
            now = NOW + hour * HOUR
            assert house.once(now).code == 0
            assert stored(house, now) == truth(house, now)
        assert house.incidents() == incidents
        assert house.told() == Counter(incidents)
