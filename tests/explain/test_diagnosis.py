"""Each kind of trouble on the smallest pair of rows that shows it, and nothing else mistaken for it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from bot.facts.clock import Grain
from bot.facts.incident import Point
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import COMPONENTS, SpendRow
from tests.explain.reading import Rows, told
from tests.fakes.incidents import HOUR, START
from tests.fakes.rows import HAIKU, OPUS, row, summed

HOURS = 6
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def usual(weeks: int = 4, **changes: Any) -> Rows:
    """The same six hours in each of the weeks before."""
    return [
        row(START - week * WEEK + h * HOUR, **changes) for week in range(1, weeks + 1) for h in range(HOURS)
    ]


def now(times: int = 1, **changes: Any) -> Rows:
    """The six hours of the incident."""
    return [row(START + hour * HOUR, times, **changes) for hour in range(HOURS)]


def priced(rows: Rows, times: float, **changes: Any) -> Rows:
    """The same tokens at another price."""
    return [summed(one._replace(**_times(one, times)))._replace(**changes) for one in rows]


def _times(one: SpendRow, times: float) -> dict[str, Any]:
    return {name: Usd(round(getattr(one, name) * times)) for name in COMPONENTS}


def course(*times: float, step: timedelta = DAY) -> tuple[Point, ...]:
    """Points of a dollar usually, and so many times that now."""
    return tuple(
        Point(START + at * step, usd_from_dollars(round(usual_times, 6)), usd_from_dollars(1))
        for at, usual_times in enumerate(times)
    )


DEAR = {"usd_output": usd_from_dollars(5)}
NO_CACHE = {
    "cache_read_tokens": 0,
    "uncached_input_tokens": 320_000,
    "usd_cache_read": Usd(0),
    "usd_uncached_input": usd_from_dollars("3.20"),
}
LONG = {
    "uncached_input_tokens": 60_000,
    "cache_read_tokens": 900_000,
    "usd_uncached_input": usd_from_dollars("0.60"),
    "usd_cache_read": usd_from_dollars("0.90"),
}
CHATTY = {"output_tokens": 40_000, "usd_output": usd_from_dollars("1.60")}
HOUR_LONG = {
    "cache_write_5m_tokens": 0,
    "cache_write_1h_tokens": 80_000,
    "usd_cache_write_5m": Usd(0),
    "usd_cache_write_1h": usd_from_dollars("1.60"),
}
REWRITTEN = {"cache_write_5m_tokens": 150_000, "usd_cache_write_5m": usd_from_dollars("1.875")}
UNCOUNTED = {"requests": 0}
FAILING = {"output_tokens": 1_000, "usd_output": usd_from_dollars("0.04")}
BROAD = {"scope": ORGANISATION}
RISE = {"kind": "rise", "grain": Grain.DAY}


@pytest.mark.parametrize(
    ("rows", "before", "incident", "headline", "evidence"),
    [
        pytest.param(now(9), usual(), {}, "Runaway loop", "9x the usual requests", id="nine times as much"),
        pytest.param(
            now(9),
            usual(),
            {"course": course(1, 9, 9, 9, step=HOUR)},
            "Runaway loop",
            "for 3 hours without a pause",
            id="hour after hour",
        ),
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
        pytest.param(
            now(9), usual(), RISE, "Traffic stepped up", "9.0x", id="nine times for weeks is no loop"
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
        pytest.param(
            now(),
            [],
            {"kind": "new"},
            "New key starts big",
            "spent nothing in the four weeks before",
            id="a key's first spend",
        ),
        pytest.param(
            now(),
            [],
            {"scope": Scope(model=OPUS)},
            "New model starts big",
            "spent nothing in the four weeks before",
            id="a model's first spend",
        ),
        pytest.param(
            [*now(), *now(3, api_key_id="new")],
            usual(),
            BROAD,
            "New spend starts big",
            "key new spent nothing in the four weeks before",
            id="a new key in the organisation",
        ),
        pytest.param(
            [*now(), *(one for key in "abc" for one in now(api_key_id=key))],
            usual(),
            BROAD,
            "Launch: new keys spend",
            "3 keys or people that spent nothing in the four weeks before",
            id="several new keys at once",
        ),
        pytest.param(
            now(model=OPUS, **DEAR),
            usual(model=HAIKU),
            {},
            "Model switch",
            f"about the same (1.0x) traffic moved from {HAIKU} to {OPUS}",
            id="the same traffic on a dearer model",
        ),
        pytest.param(
            now(**NO_CACHE),
            usual(),
            {},
            "Prompt cache broke",
            "0% of input came from the cache, usually 91%: each lost point costs $0.18",
            id="nothing is read from the cache any more",
        ),
        pytest.param(
            now(**HOUR_LONG),
            usual(),
            {},
            "Cache lifetime changed",
            "100% of what is written to the cache lives for an hour, usually 0%",
            id="the cache is kept for an hour",
        ),
        pytest.param(
            now(**REWRITTEN, uncached_input_tokens=0, usd_uncached_input=Usd(0), cache_read_tokens=178_000),
            usual(cache_read_tokens=178_000, uncached_input_tokens=142_000),
            {},
            "Prompt cache is rewritten",
            "more is written",
            id="all input is written to the cache again and again",
        ),
        pytest.param(now(**LONG), usual(), {}, "Longer prompts", "3.0x the input", id="prompts grew"),
        pytest.param(now(**CHATTY), usual(), {}, "Longer answers", "4.0x the output", id="answers grew"),
        pytest.param(
            now(4, output_tokens=10_000, usd_output=usd_from_dollars("0.4")),
            usual(),
            {},
            "Retry storm",
            "4.0x the usual requests, but only 0.2x the answer for each",
            id="many requests, hardly an answer",
        ),
        pytest.param(
            now(20, cache_write_5m_tokens=0, cache_write_1h_tokens=100),
            usual(),
            {},
            "Runaway loop",
            "20x",
            id="a loop that also writes a little to a longer cache",
        ),
        pytest.param(
            now(2, model=OPUS, output_tokens=10_000, usd_output=usd_from_dollars(9)),
            usual(model=HAIKU),
            {},
            "Model switch",
            "traffic moved from",
            id="twice the requests with shorter answers on a dearer model are no retries",
        ),
        pytest.param(
            now(2, **{name: 2 * value for name, value in NO_CACHE.items()}),
            usual(),
            {"kind": "price"},
            "Prompt cache broke",
            "0% of input came from the cache",
            id="what made tokens dearer is told, though traffic rose too",
        ),
        pytest.param(
            now(1, **NO_CACHE),
            usual(),
            {"kind": "price", "expected": usd_from_dollars(30)},
            "Prompt cache broke",
            "0% of input came from the cache",
            id="and though less was spent than expected",
        ),
        pytest.param(
            now(usd_session=usd_from_dollars(9)),
            usual(),
            {},
            "Agent sessions run away",
            "carry 100% of it",
            id="session hours",
        ),
        pytest.param(
            now(usd_session=usd_from_dollars(9)),
            usual(),
            {"kind": "price"},
            "Agent sessions run away",
            "carry 100% of it",
            id="session hours that make every token dearer",
        ),
        pytest.param(
            now(usd_web_search=usd_from_dollars(9)),
            usual(),
            {},
            "Web searches run away",
            "carry 100% of it",
            id="web searches",
        ),
        pytest.param(
            priced(now(), 2, list_usd=usd_from_dollars(2)),
            usual(),
            {},
            "Premium mode switched on",
            "the same tokens cost 2x",
            id="the same tokens in fast mode",
        ),
        pytest.param(
            priced(now(), 1.25, list_usd=usd_from_dollars(1)),
            priced(usual(), 1, list_usd=usd_from_dollars("1.25")),
            {},
            "Discount ended",
            "the same tokens cost 1.2x: 125% of the list price is paid, usually 80%",
            id="the discount is gone",
        ),
        pytest.param(
            priced(now(), 2, list_usd=usd_from_dollars(2)),
            usual(service_tier="batch"),
            {},
            "Batches stopped",
            "0% of them went through batches at half the price, usually 100%",
            id="batches are sent one by one",
        ),
        pytest.param(
            now(2),
            usual(),
            {},
            "More traffic",
            "2.0x the usual requests, each at about the usual cost",
            id="twice the traffic",
        ),
        pytest.param(
            now(3, usd_output=usd_from_dollars(3)),
            usual(),
            {"kind": "rise"},
            "Traffic stepped up",
            "3.0x the usual requests, each at 1.6x the usual cost",
            id="three times the traffic, and each request dearer",
        ),
        pytest.param(
            now(2),
            usual(),
            RISE | {"course": course(1, 1.1, 1.3, 1.6, 2.0, 2.5)},
            "Slow creep",
            "it grows day by day; most of it is 100% traffic",
            id="a little more every day",
        ),
        pytest.param(
            now(2),
            usual(),
            RISE | {"course": course(2, 2.1, 1.9, 2, 2, 2)},
            "Traffic stepped up",
            "2.0x",
            id="a new level from one day on",
        ),
        pytest.param(
            now(2, **CHATTY, usd_other=usd_from_dollars(2)),
            usual(),
            RISE,
            "Spend stepped up",
            "it stays at a new level; most of it is",
            id="a new level of everything",
        ),
        pytest.param(
            now(usd_other=usd_from_dollars(5)),
            usual(),
            {},
            "Spend is up",
            "no single change explains it; most of it is 100% other kinds",
            id="dollars of a kind nobody knows",
        ),
        pytest.param(
            [],
            usual(),
            {"kind": "drop"},
            "Spend stopped",
            "0% of its usual dollars are left, while others spend as usual",
            id="silence",
        ),
        pytest.param(
            priced(now(), 0.3),
            usual(),
            {"kind": "drop"},
            "Spend fell",
            "30% of its usual dollars are left",
            id="most of it is gone",
        ),
    ],
)
def test_each_diagnosis(
    rows: Rows, before: Rows, incident: dict[str, Any], headline: str, evidence: str
) -> None:
    cause = told(rows, before, **incident)
    assert (cause.headline, evidence in cause.evidence) == (headline, True), cause.evidence
    assert cause.next_step


def at_night(rows: Iterable[SpendRow]) -> Rows:
    return [one._replace(hour=one.hour + 12 * HOUR) for one in rows]


def test_a_key_that_usually_rests_in_these_hours_is_compared_with_its_average_hour() -> None:
    cause = told(now(9), at_night(usual()))
    assert cause.headline == "Runaway loop"
    # 24 of the 672 hours of four weeks were at work: 9 x 672 / 24.
    assert cause.evidence.startswith("252x")


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
