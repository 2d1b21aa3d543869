"""Slack's native chart: one line for what was spent, one for what was expected (S8)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from bot.facts.clock import DAY, HOUR
from bot.facts.incident import Incident, Point
from bot.facts.money import Usd, dollars
from bot.slack.wording import clean, shorten

POINTS = 20
"""The most points Slack draws in one series."""
_LABEL, _TITLE = 20, 50


@dataclass(frozen=True, slots=True)
class Chart:
    """A series of dollars per bucket, oldest first, beside what was expected of each bucket.

    `labels` name the buckets in UTC ("19 Nov", "02:00"). Raises ValueError when the three lengths differ,
    when there is no point, or when a value is not finite.
    """

    title: str
    labels: Sequence[str]
    actual: Sequence[float]
    expected: Sequence[float]

    def __post_init__(self) -> None:
        if not self.labels or not len(self.labels) == len(self.actual) == len(self.expected):
            raise ValueError(
                f"chart {self.title!r} needs one label, actual and expected value for each point"
            )
        if not all(math.isfinite(value) for value in (*self.actual, *self.expected)):
            raise ValueError(f"chart {self.title!r} holds a value that is not a finite number of dollars")


def incident_chart(incident: Incident) -> Chart | None:
    """Actual against expected over an incident's course; None until there are two points to join."""
    return course_chart(incident.course, least=2)


def course_chart(course: Sequence[Point], least: int = 3) -> Chart | None:
    """What was spent against what was usual, as dollars; None for fewer than `least` points.

    More points than Slack draws are added up by twos, threes ...; of those that are then left over, the
    oldest are not drawn.
    """
    points = _added_up(course)
    if len(points) < least:
        return None
    at = [point.at.astimezone(UTC) for point in points]
    stretch, label = _names(at)
    return Chart(
        title=f"Spend per {stretch} (USD)",
        labels=[f"{start:{label}}" for start in at],
        actual=[dollars(point.observed) for point in points],
        expected=[dollars(point.expected) for point in points],
    )


def _added_up(course: Sequence[Point]) -> list[Point]:
    width = max(1, -(-len(course) // POINTS))
    starts = range(len(course) % width, len(course), width)
    return [_sum(course[start : start + width]) for start in starts]


def _sum(points: Sequence[Point]) -> Point:
    observed, expected = (sum(of) for of in zip(*((p.observed, p.expected) for p in points), strict=True))
    return Point(points[0].at, Usd(observed), Usd(expected))


def _names(at: Sequence[datetime]) -> tuple[str, str]:
    """What points are called in the title, and the format of their labels.

    As short as tells them apart: twenty labels share the width of a phone.
    """
    # The first stretch may begin within its day.
    step = max(after - before for before, after in pairwise(at))
    if step >= DAY:
        days = f"{step // DAY} days" if step >= 2 * DAY else "day"
        month = f"{at[0]:%B}"
        return (f"{days} of {month}", "%-d") if month == f"{at[-1]:%B}" else (days, "%-d %b")
    hours = f"{step // HOUR} h" if step > HOUR else "hour"
    if step <= HOUR or at[-1] - at[0] < DAY:
        return hours, "%H:%M"
    return hours, "%a %Hh" if step < 12 * HOUR else "%-d %b %Hh"


def chart_block(chart: Chart, expected: str = "Expected") -> dict[str, Any]:
    """The `data_visualization` block of the newest 20 points.

    `expected` names the second line; without a name it is not drawn.
    """
    names = _told_apart([clean(label) for label in chart.labels[-POINTS:]])
    series = (("Actual", chart.actual), (expected, chart.expected))
    return {
        "type": "data_visualization",
        "title": shorten(clean(chart.title), _TITLE) or "Spend",
        "chart": {
            "type": "line",
            "series": [{"name": name, "data": _points(names, values)} for name, values in series if name],
            "axis_config": {"categories": names, "x_label": "Time (UTC)", "y_label": "USD"},
        },
    }


def _points(names: Sequence[str], values: Sequence[float]) -> list[dict[str, Any]]:
    newest = values[-POINTS:]
    return [{"label": name, "value": round(value, 6)} for name, value in zip(names, newest, strict=True)]


def _told_apart(labels: Sequence[str]) -> list[str]:
    """Slack finds a point by its label, so labels that are empty or repeat are numbered."""
    short = [shorten(label, _LABEL) for label in labels]
    if all(short) and len(set(short)) == len(short):
        return short
    return [f"{at} {shorten(label, _LABEL - 3)}".strip() for at, label in enumerate(labels, start=1)]
