from copy import deepcopy
from functools import cache

import pytest

from bot.detect.watch import Watcher
from bot.facts.clock import HOUR, Grain
from bot.facts.finding import Finding
from tests.fakes.life import Life, Use, altered, at, rows_of, steady, use

LOOKED_AT = 24 * 10
AT_THREE = 24 * 9 + 3


def hourly() -> dict[str, Use]:
    """Six keys that spend $2 to $7 in every hour."""
    return {f"key{n}": use(f"key{n}", steady(2 + n, LOOKED_AT, 50 + n)) for n in range(6)}


@cache
def _until_three() -> Watcher:
    watcher = Watcher()
    for hour in range(AT_THREE):
        found = watcher.observe_hour(at(0) + hour * HOUR, rows_of(hourly().values(), hour, Grain.HOUR))
        assert not any(one.grain is Grain.HOUR for one in found), (hour, found)
    return watcher


def since_three(life: Life, *, until: int = 8, candidates: bool = False) -> list[tuple[int, Finding]]:
    """What is found until an hour of that day, by hours since three o'clock."""
    watcher, found = deepcopy(_until_three()), []
    for hour in range(AT_THREE, AT_THREE - 3 + until):
        rows = rows_of(life.values(), hour, Grain.HOUR)
        findings = watcher.observe_hour(at(0) + hour * HOUR, rows, candidates=candidates)
        found += [(hour - AT_THREE, finding) for finding in findings]
    return found


def test_a_loop_at_three_in_the_night_is_said_within_two_hours() -> None:
    loop = hourly()["key2"].times(slice(AT_THREE, AT_THREE + 4), 8)
    found = since_three(altered(loop, of=hourly()))
    first, finding = found[0]
    assert first <= 1
    assert finding.parts[0].scope.api_key_id == "key2"
    assert finding.window.end <= at(9) + 5 * HOUR
    assert {one.parts[0].scope.api_key_id for _, one in found} == {"key2"}


def test_a_steady_night_is_left_in_peace() -> None:
    assert since_three(hourly()) == []


def test_asking_for_candidates_changes_nothing_that_is_said() -> None:
    loop = hourly()["key2"].times(slice(AT_THREE, None), 3)
    everything = since_three(altered(loop, of=hourly()), candidates=True)
    assert [(n, one) for n, one in everything if one.said] == since_three(altered(loop, of=hourly()))


def test_asking_for_candidates_hides_no_day_either() -> None:
    for factor in (1.2, 1.25, 1.3):
        struck = hourly()["key2"].times(slice(AT_THREE, AT_THREE + 5), 8)
        life = altered(struck.times(slice(AT_THREE + 11, None), factor), of=hourly())
        everything = since_three(life, until=19, candidates=True)
        assert [(n, one) for n, one in everything if one.said] == since_three(life, until=19)


def test_hours_come_in_order() -> None:
    watcher = Watcher()
    watcher.observe_hour(at(1), [])
    with pytest.raises(ValueError, match="lies before the first bucket"):
        watcher.observe_hour(at(0), [])
