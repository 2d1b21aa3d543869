"""Slack's native chart: one line for what was spent, one for what was expected (S8)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.facts.clock import DAY, HOUR
from bot.facts.incident import Incident
from bot.facts.money import dollars
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
    points = incident.course
    if len(points) < 2:
        return None
    step = points[1].at - points[0].at
    return Chart(
        title=f"Spend per {'day' if step >= DAY else f'{step // HOUR} h' if step > HOUR else 'hour'} (USD)",
        labels=[f"{point.at:{_label_format(step)}}" for point in points],
        actual=[dollars(point.observed) for point in points],
        expected=[dollars(point.expected) for point in points],
    )


def _label_format(step: timedelta) -> str:
    """As short as tells the points apart: twenty labels share the width of a phone."""
    if step <= HOUR:
        return "%H:%M"
    return "%a %Hh" if step < 12 * HOUR else "%-d %b %Hh" if step < DAY else "%-d %b"


def chart_block(chart: Chart) -> dict[str, Any]:
    """The `data_visualization` block of the newest 20 points."""
    names = _told_apart([clean(label) for label in chart.labels[-POINTS:]])
    series = (("Actual", chart.actual), ("Expected", chart.expected))
    return {
        "type": "data_visualization",
        "title": shorten(clean(chart.title), _TITLE) or "Spend",
        "chart": {
            "type": "line",
            "series": [{"name": name, "data": _points(names, values)} for name, values in series],
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
