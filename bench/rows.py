"""Made-up spend: every series in every hour, in an order that is nobody's."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from bot.facts.clock import HOUR, Grain, Window
from bot.facts.money import Usd
from bot.facts.spend import Slice, SpendRow

START = datetime(2026, 1, 1, tzinfo=UTC)
SLICE_HOURS = 96


def slices(series: int, hours: int) -> Iterator[Slice]:
    """Consecutive slices of `series` rows an hour, as long as the collector makes them."""
    chance = random.Random(1)
    for window in Window(START, START + hours * HOUR).split(SLICE_HOURS * HOUR):
        rows = [row for hour in window.split(HOUR) for row in _hour(hour.start, series, chance)]
        yield Slice("bench", window, Grain.HOUR, window.end, rows)


def _hour(at: datetime, series: int, chance: random.Random) -> list[SpendRow]:
    numbers = chance.sample(range(series), series)
    return [_row(at, number, chance.randrange(10**7, 10**10)) for number in numbers]


def _row(at: datetime, number: int, nano: int) -> SpendRow:
    """Four kinds of tokens and their cost, with amounts that differ from row to row."""
    parts = [Usd(nano), Usd(nano // 3), Usd(nano // 7), Usd(nano // 2)]
    total = Usd(sum(parts))
    return SpendRow(
        at,
        *_dimensions(number),
        usd=total,
        list_usd=total,
        requests=nano % 1000,
        uncached_input_tokens=nano // 1000,
        cache_read_tokens=nano // 500,
        cache_write_5m_tokens=nano // 7000,
        output_tokens=nano // 9000,
        usd_uncached_input=parts[0],
        usd_cache_read=parts[1],
        usd_cache_write_5m=parts[2],
        usd_output=parts[3],
    )


@cache
def _dimensions(number: int) -> tuple[str, str, str, str, str]:
    """Shared by all rows of a series, as the decoder shares equal strings."""
    model = ("claude-opus-5", "claude-sonnet-5", "claude-haiku-5")[number % 3]
    return (
        f"wrkspc_{number % 20:024d}",
        f"apikey_{number // 3:024d}",
        model,
        f"user_{number % 300:024d}",
        "api",
    )
