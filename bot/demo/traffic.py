"""The shapes of real LLM traffic: when requests come, and how large they are (data/README.md)."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WEEKDAYS = 7
DAY_HOURS = 24
_FIRST_SATURDAY = 3
"""The trace's days count from 0; this one and the next lie lowest (data/README.md)."""


def _table(name: str) -> list[dict[str, str]]:
    text = files("bot.demo").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _column(name: str, column: str) -> Floats:
    return np.array([float(row[column]) for row in _table(name)])


@cache
def weekday_level() -> Floats:
    """Traffic of Monday to Sunday (7,), in multiples of the mean day."""
    weeks = _column("burstgpt-daily.csv", "requests")[: 8 * WEEKDAYS].reshape(8, WEEKDAYS)
    by_phase = np.median(weeks / np.median(weeks, axis=1, keepdims=True), axis=0)
    from_monday = np.roll(by_phase, -(_FIRST_SATURDAY + 2))
    return np.asarray(from_monday / from_monday.mean())


@cache
def around_the_clock() -> Floats:
    """Traffic of the hours 0 to 23 (24,) of a service that never sleeps, in multiples of the mean hour."""
    hours = _column("burstgpt-hour-of-day.csv", "mean_requests_per_hour")
    return np.asarray(hours / hours.mean())


@cache
def office_day() -> tuple[Floats, Floats]:
    """Hours 0 to 23 of a working day and of a weekend day, both in multiples of a working day's mean hour."""
    days = _column("burstgpt-week1-hourly.csv", "tokens").reshape(WEEKDAYS, DAY_HOURS)
    free = np.zeros(WEEKDAYS, dtype=bool)
    free[_FIRST_SATURDAY : _FIRST_SATURDAY + 2] = True
    working, weekend = days[~free].mean(axis=0), days[free].mean(axis=0)
    return np.asarray(working / working.mean()), np.asarray(weekend / working.mean())


@cache
def request_size(service: str) -> tuple[int, int]:
    """Mean input and output tokens of one request to a `coding` or a `conversation` service."""
    rows = {(row["service"], row["kind"]): row for row in _table("azure-llm-request-sizes.csv")}
    sizes = [int(rows[service, kind]["mean_tokens"]) for kind in ("input", "output")]
    return sizes[0], sizes[1]
