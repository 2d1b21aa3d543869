"""The demo's ledger: usage and money of every line and hour, and how much of it is known at a given time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.demo.prices import (
    KINDS,
    NANO_PER_CONTAINER_HOUR,
    NANO_PER_SEARCH,
    PAID_PERCENT,
    nano_per_token,
)
from bot.demo.quantities import Ints, Quantities
from bot.demo.workloads import Line
from bot.facts.clock import HOUR, Grain, floor

COMPONENTS = (*KINDS, "web_search", "code_execution")
"""What money is spent on: five kinds of tokens, then what is not tokens."""
SETTLING = timedelta(hours=3)
"""How long after its UTC day ends an hour's money stays a little short of what it will be."""
_REFRESH = timedelta(minutes=10)
_DELAY = timedelta(minutes=20)


def watermark(now: datetime) -> datetime:
    """What `data_refreshed_at` says at `now`: ten-minute steps, twenty minutes behind."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (now - midnight) // _REFRESH * _REFRESH - _DELAY


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of some hours, by (line, hour): tokens by kind, money in nano-USD by component."""

    first: datetime
    tokens: Ints
    requests: Ints
    searches: Ints
    list_nano: Ints
    nano: Ints

    @property
    def hours(self) -> int:
        """How many hours it spans."""
        return int(self.requests.shape[1])


@dataclass(frozen=True, slots=True)
class Facts:
    """The truth, hour by hour from `start`. Money is settled: what the bill will say in the end."""

    start: datetime
    lines: Sequence[Line]
    usage: Quantities
    list_nano: Ints
    nano: Ints

    @property
    def end(self) -> datetime:
        """The first hour not told."""
        return self.start + int(self.nano.shape[1]) * HOUR

    def seen(self, known: datetime, first: datetime, last: datetime) -> Seen:
        """What the upstream tells of the hours in [first, last), whole hours, when its watermark is `known`.

        Hours past the watermark are left out; the hour in progress holds the share that has passed; money
        of unsettled hours is half a percent to one percent short.
        """
        first = max(first, self.start)
        stop = max(min(last, self.end, known), first)
        begin, end = (first - self.start) // HOUR, -((self.start - stop) // HOUR)
        place = (slice(None), slice(begin, end))
        part = _minutes_known(first, end - begin, known)
        usage = self.usage
        return Seen(
            first,
            usage.tokens[place] * part[:, None] // 60,
            usage.requests[place] * part // 60,
            usage.searches[place] * part // 60,
            self._billed(self.list_nano[place], begin, known, part),
            self._billed(self.nano[place], begin, known, part),
        )

    def _billed(self, nano: Ints, begin: int, known: datetime, part: Ints) -> Ints:
        line, hour = np.ogrid[: nano.shape[0], begin : begin + nano.shape[1]]
        settled = floor(known - SETTLING, Grain.DAY)
        unsettled = hour >= (settled - self.start) // HOUR
        short = np.where(unsettled, 5 + (7 * line + 3 * hour) % 6, 0)
        return np.asarray(nano * part[:, None] // 60 * (1000 - short)[..., None] // 1000)


def _minutes_known(first: datetime, hours: int, known: datetime) -> Ints:
    minutes = np.full(hours, 60, np.int64)
    into_last = (known - first) // timedelta(minutes=1) - 60 * (hours - 1)
    if hours and into_last < 60:
        minutes[-1] = into_last
    return minutes


def settle(lines: Sequence[Line], usage: Quantities, start: datetime) -> Facts:
    """Price the usage: list money exactly, paid money rounded to the nano-dollar by hour and component."""
    list_nano = np.zeros((*usage.requests.shape, len(COMPONENTS)), np.int64)
    for number, line in enumerate(lines):
        if line.model is not None:
            prices = np.array(nano_per_token(line.model, batch=line.batch), np.int64)
            list_nano[number, :, : len(KINDS)] = usage.tokens[number] * prices
    list_nano[..., -2] = usage.searches * NANO_PER_SEARCH
    list_nano[..., -1] = usage.minutes * NANO_PER_CONTAINER_HOUR // 60
    return Facts(start, lines, usage, list_nano, list_nano * PAID_PERCENT // 100)
