"""A chart of two series in block characters: bars for what was, a line for what was expected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text

_ROWS = 6
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_EXPECTED = "─"
_BAR = 2
"""Columns per point; one more keeps bars apart."""


@dataclass(frozen=True, slots=True)
class Words:
    """What bars and line are called, and how amounts are written on the scale."""

    bars: str
    line: str
    amount: Callable[[float], str]


DOLLARS = Words("actual", "expected   (USD)", lambda amount: f"${amount:,.4g}")


def bar_chart(
    labels: Sequence[str], actual: Sequence[float], expected: Sequence[float], words: Words = DOLLARS
) -> Text:
    """Rows of text, highest first, with a scale, the first and last label, and a legend.

    Negative values are drawn as nothing. The bars stand out from the line by shape, not by colour alone.
    """
    top = max(*actual, *expected, 0.0) or 1.0
    scale = [words.amount(top), *[""] * (_ROWS - 2), words.amount(0.0)]
    margin = max(len(mark) for mark in scale) + 1
    chart = Text()
    for row, mark in zip(range(_ROWS - 1, -1, -1), scale, strict=True):
        chart.append(f"{mark:>{margin - 1}} ", "dim")
        for was, hoped in zip(actual, expected, strict=True):
            chart.append_text(_cell(was / top * _ROWS - row, hoped / top * _ROWS - row))
        chart.append("\n")
    return chart.append_text(_foot(labels, margin, words))


def _cell(bar: float, line: float) -> Text:
    """One row of one point; both heights are in rows above the foot of this row."""
    is_line = 0 <= line < 1
    gap = _EXPECTED if is_line else " "
    full = _EIGHTHS[max(1, min(8, round(bar * 8)))] if bar > 0 else gap
    return Text.assemble((full * _BAR, "" if bar > 0 else "yellow"), (gap, "yellow"))


def _foot(labels: Sequence[str], margin: int, words: Words) -> Text:
    width = max(len(labels) * (_BAR + 1) - 1, len(labels[0]) + len(labels[-1]) + 1)
    ends = f"{labels[0]}{labels[-1]:>{width - len(labels[0])}}" if len(labels) > 1 else labels[0]
    legend = f"{_EIGHTHS[-1]} {words.bars}   {_EXPECTED} {words.line}"
    return Text(f"{' ' * margin}{ends}\n{' ' * margin}{legend}", "dim")
