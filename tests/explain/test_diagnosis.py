"""Each kind of trouble on the smallest pair of rows that shows it, and nothing else mistaken for it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.explain.cause import explain
from bot.facts.clock import Grain
from bot.facts.incident import Cause, Incident
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow
from tests.fakes.incidents import DIRECTORY, HOUR, START, runaway
from tests.fakes.rows import HAIKU, OPUS, row

HOURS = 6
WEEK = timedelta(days=7)
Rows = list[SpendRow]


def usual(weeks: int = 4, **changes: Any) -> Rows:
    """The same six hours in each of the weeks before."""
    return [
        row(START - week * WEEK + h * HOUR, **changes) for week in range(1, weeks + 1) for h in range(HOURS)
    ]


def now(times: int = 1, **changes: Any) -> Rows:
    """The six hours of the incident."""
    return [row(START + hour * HOUR, times, **changes) for hour in range(HOURS)]


def told(rows: Sequence[SpendRow], before: Sequence[SpendRow], **changes: Any) -> Cause:
    """The cause of an incident over six hours in which the rows were spent."""
    observed = Usd(sum(one.usd for one in rows))
    expected = Usd(sum(one.usd for one in before) // 4)
    incident: Incident = runaway(observed=observed, expected=expected, **changes)
    return explain(incident, rows, before, DIRECTORY)


DEAR = {"usd_output": usd_from_dollars(5)}
NO_CACHE = {"cache_read_tokens": 0, "uncached_input_tokens": 320_000, **DEAR}
LONG = {"uncached_input_tokens": 60_000, "cache_read_tokens": 900_000, **DEAR}
CHATTY = {"output_tokens": 40_000, **DEAR}
UNCOUNTED = {"requests": 0}


@pytest.mark.parametrize(
    ("rows", "before", "incident", "headline", "evidence"),
    [
        pytest.param(now(9), usual(), {}, "Runaway loop", "9x the usual requests", id="nine times as much"),
        pytest.param(
            now(9, **UNCOUNTED),
            usual(**UNCOUNTED),
            {},
            "Runaway loop",
            "9x the usual tokens",
            id="nine times as much, from a source that counts no requests",
        ),
        pytest.param(
            now(9),
            usual(**UNCOUNTED),
            {},
            "Runaway loop",
            "9x the usual tokens",
            id="nine times as much, and requests are counted only since lately",
        ),
        pytest.param(now(), [], {"kind": "dormant"}, "Dormant key woke", "two weeks", id="a key woke"),
        pytest.param(
            now(),
            [],
            {"kind": "dormant", "scope": Scope(model=OPUS)},
            "Dormant spend woke",
            "two weeks",
            id="a model nobody used any more woke",
        ),
        pytest.param(now(), [], {"kind": "new"}, "New spend starts big", "never", id="a key's first spend"),
        pytest.param(
            now(model=OPUS, **DEAR),
            usual(model=HAIKU),
            {},
            "Model switch",
            f"from {HAIKU} to {OPUS}",
            id="the same traffic on a dearer model",
        ),
        pytest.param(
            now(**NO_CACHE),
            usual(),
            {},
            "Prompt cache broke",
            "0% of input came from the cache, usually 91%; 1.0x the traffic",
            id="nothing is read from the cache any more",
        ),
        pytest.param(now(**LONG), usual(), {}, "Longer prompts", "3.0x the input", id="prompts grew"),
        pytest.param(now(**CHATTY), usual(), {}, "Longer answers", "4.0x the output", id="answers grew"),
        pytest.param(
            now(2),
            usual(),
            {},
            "More traffic",
            "2.0x the usual requests, each at about the usual cost",
            id="twice the traffic",
        ),
        pytest.param(
            now(2, usd_output=usd_from_dollars(3)),
            usual(),
            {},
            "More traffic",
            "2.0x the usual requests, each at 2.1x the usual cost",
            id="twice the traffic, and each request dearer",
        ),
        pytest.param(
            now(9),
            usual(),
            {"grain": Grain.DAY},
            "More traffic",
            "9.0x the usual requests",
            id="a day of many times the traffic is growth, not a loop",
        ),
        pytest.param(
            now(**DEAR),
            usual(),
            {},
            "Spend is up",
            "neither traffic, cache, model nor",
            id="dollars rose and nothing else did",
        ),
    ],
)
def test_each_diagnosis(
    rows: Rows, before: Rows, incident: dict[str, Any], headline: str, evidence: str
) -> None:
    cause = told(rows, before, **incident)
    assert cause.headline == headline
    assert evidence in cause.evidence
    assert cause.next_step


def at_night(rows: Iterable[SpendRow]) -> Rows:
    return [one._replace(hour=one.hour + 12 * HOUR) for one in rows]


def daily(days: int) -> Rows:
    """A steady key that is so many days old, one dollar in every hour."""
    return [row(START - hour * HOUR) for hour in range(1, days * 24 + 1)]


@pytest.mark.parametrize("days", [3, 5, 7, 10, 14, 27, 28])
def test_a_young_key_is_compared_with_the_days_it_has(days: int) -> None:
    assert told(now(2), daily(days)).evidence.startswith("2.0x the usual requests")
    assert told(now(model=HAIKU), daily(days)).headline == "Model switch"


def test_a_key_that_usually_rests_in_these_hours_is_compared_with_its_average_hour() -> None:
    cause = told(now(9), at_night(usual()))
    assert cause.headline == "Runaway loop"
    # Since its first row 660 hours have passed, and 24 of them were at work: 9 x 660 / 24.
    assert cause.evidence.startswith("248x")


def test_the_usual_traffic_is_that_of_the_same_hours_of_the_week() -> None:
    busy_elsewhere = [row(one.hour + 24 * HOUR, 50) for one in usual()]
    assert told(now(2), [*usual(), *busy_elsewhere]).evidence.startswith("2.0x")


@pytest.mark.parametrize(
    "shuffled",
    [
        pytest.param(lambda rows: list(reversed(rows)), id="backwards"),
        pytest.param(lambda rows: sorted(rows, key=lambda one: one.usd), id="by dollars"),
    ],
)
def test_the_order_of_rows_does_not_matter(shuffled: Callable[[Rows], Rows]) -> None:
    rows = [*now(model=OPUS), *now(model=HAIKU), *now(2, model="claude-sonnet-4-6")]
    assert told(shuffled(rows), shuffled(usual())) == told(rows, usual())


def test_of_models_that_fell_alike_the_first_by_name_is_named() -> None:
    cause = told(now(2), [*usual(model="b"), *usual(model="a")])
    assert cause.evidence == f"about the same traffic (1.0x) moved from a to {OPUS}"
