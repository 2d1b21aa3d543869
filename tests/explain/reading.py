"""Rows by the hour, put together as an explanation takes them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.explain.cause import Spent, explain, hours_of_week, weeks_before
from bot.explain.evidence import Subject
from bot.facts.clock import HOURS_A_WEEK, hour_of_week
from bot.facts.directory import Directory
from bot.facts.incident import Cause
from bot.facts.money import Usd
from bot.facts.spend import SpendRow
from tests.fakes.incidents import DIRECTORY, runaway

Rows = list[SpendRow]


def told(
    rows: Sequence[SpendRow], before: Sequence[SpendRow], directory: Directory = DIRECTORY, **changes: Any
) -> Cause:
    """The cause of six hours in which the rows were spent; expected is the mean of the same hours before."""
    observed = Usd(sum(row.usd for row in rows))
    subject = Subject.of(runaway(**({"observed": observed} | changes)))
    spent = spent_of(subject, rows, before)
    if "expected" not in changes:
        subject = replace(subject, expected=Usd(sum(row.usd for row in spent.like) // 4))
    return explain(subject, spent, directory)


def spent_of(subject: Subject, rows: Sequence[SpendRow], before: Sequence[SpendRow]) -> Spent:
    """The rows before as the store adds them up."""
    hours, window = hours_of_week(subject.window), weeks_before(subject.window)
    whole = [row for row in before if window.start <= row.hour < window.end]
    like = [row for row in whole if hour_of_week(row.hour) in hours]
    return Spent(list(rows), like, whole, HOURS_A_WEEK * 4)
