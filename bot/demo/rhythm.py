"""When a kind of workload runs: its level in every hour, before noise."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from bot.demo.traffic import DAY_HOURS, WEEKDAYS, Floats, around_the_clock, office_day, weekday_level

_WEEK_HOURS = WEEKDAYS * DAY_HOURS
_SATURDAY = 5


class Rhythm(StrEnum):
    """The kinds of workload."""

    SERVICE = "production service, day and night"
    OFFICE = "office application"
    CODING = "people with Claude Code"
    CI = "builds by day, evaluations by night"
    NIGHTLY = "batch every night"
    WEEKEND = "batch on weekends"
    CRON = "job every six hours"
    ADHOC = "research when somebody feels like it"


@dataclass(frozen=True, slots=True)
class Noise:
    """Sigmas of the log-normal factors drawn for each hour and for each day."""

    hour: float
    day: float


NOISE = {
    Rhythm.SERVICE: Noise(0.10, 0.04),
    Rhythm.OFFICE: Noise(0.20, 0.06),
    Rhythm.CODING: Noise(0.30, 0.20),
    Rhythm.CI: Noise(0.22, 0.06),
    Rhythm.NIGHTLY: Noise(0.15, 0.05),
    Rhythm.WEEKEND: Noise(0.15, 0.05),
    Rhythm.CRON: Noise(0.10, 0.03),
    Rhythm.ADHOC: Noise(0.35, 0.15),
}


def weekly_level(rhythm: Rhythm) -> Floats:
    """Level of the 168 hours from Monday 00:00 UTC, in multiples of the week's mean hour."""
    week = _WEEKS[rhythm]().reshape(_WEEK_HOURS)
    return np.asarray(week / week.mean())


def levels(rhythm: Rhythm, start: datetime, hours: int) -> Floats:
    """`weekly_level` laid over `hours` hours from `start`."""
    first = start.weekday() * DAY_HOURS + start.hour
    return weekly_level(rhythm)[(first + np.arange(hours)) % _WEEK_HOURS]


def _service() -> Floats:
    day = 0.5 + 0.5 * around_the_clock()
    return np.outer(weekday_level() ** 0.25, day)


def _office() -> Floats:
    working, weekend = office_day()
    week = np.stack([working] * _SATURDAY + [weekend] * 2)
    return week * np.sqrt(weekday_level())[:, None]


def _coding() -> Floats:
    week = _office()
    week[_SATURDAY:] *= 0.3
    return week


def _ci() -> Floats:
    week = _office() + 0.1
    week[:, :6] += 0.9
    week[_SATURDAY:] *= 0.8
    return week


def _nightly() -> Floats:
    week = np.zeros((WEEKDAYS, DAY_HOURS))
    week[:, 1:5] = (0.8, 1.0, 1.0, 0.5)
    return week


def _weekend() -> Floats:
    week = np.zeros((WEEKDAYS, DAY_HOURS))
    week[_SATURDAY:, 6:14] = 1.0
    return week


def _cron() -> Floats:
    week = np.zeros((WEEKDAYS, DAY_HOURS))
    week[:, ::6] = 1.0
    return week


def _adhoc() -> Floats:
    week = np.zeros((WEEKDAYS, DAY_HOURS))
    week[:_SATURDAY, 9:18] = 1.0
    return week


_WEEKS = {
    Rhythm.SERVICE: _service,
    Rhythm.OFFICE: _office,
    Rhythm.CODING: _coding,
    Rhythm.CI: _ci,
    Rhythm.NIGHTLY: _nightly,
    Rhythm.WEEKEND: _weekend,
    Rhythm.CRON: _cron,
    Rhythm.ADHOC: _adhoc,
}
