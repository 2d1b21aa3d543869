"""Found against false alarms, one line a method, as SVG."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

from bench.detect.score import Point

_WIDTH, _HEIGHT = 720, 440
_LEFT, _TOP, _RIGHT, _BOTTOM = 60, 20, 230, 50
_LOW, _HIGH = 0.1, 100.0
_DECADES, _QUARTERS = (0.1, 1, 10, 100), (0, 0.25, 0.5, 0.75, 1)
_COLOURS = (
    *("#d1495b", "#00798c", "#edae49", "#66717e", "#30638e", "#8f6bb3"),
    *("#5a8f29", "#b5651d", "#222222", "#e377c2", "#17becf"),
)


def svg(lines: Mapping[str, Sequence[Point]]) -> str:
    """A drawing with false alarms per 100 series-months across (logarithmic) and the share found upwards."""
    drawn = [_line(number, name, points) for number, (name, points) in enumerate(lines.items())]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    paper = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    return "\n".join([head, paper, *_axes(), *drawn, "</svg>\n"])


def _x(per_100: float) -> float:
    share = (log10(min(max(per_100, _LOW), _HIGH)) - log10(_LOW)) / (log10(_HIGH) - log10(_LOW))
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(found: float) -> float:
    return _HEIGHT - _BOTTOM - found * (_HEIGHT - _TOP - _BOTTOM)


def _axes() -> list[str]:
    left, right, low, high = _x(_LOW), _x(_HIGH), _y(0), _y(1)
    upright = [_rule(_x(at), low, _x(at), high) + _text(_x(at), low + 16, f"{at:g}") for at in _DECADES]
    level = [
        _rule(left, _y(at), right, _y(at)) + _text(left - 22, _y(at) + 4, f"{at:.0%}") for at in _QUARTERS
    ]
    below = _text((left + right) / 2, _HEIGHT - 10, "false alarms per 100 series-months")
    turned = f"translate(14 {_y(0.5):.0f}) rotate(-90)"
    return [*upright, *level, below, f'<g transform="{turned}">{_text(0, 0, "incidents found")}</g>']


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _line(number: int, name: str, points: Sequence[Point]) -> str:
    """Steps through the best found at each number of false alarms, and the name beside."""
    colour = _COLOURS[number % len(_COLOURS)]
    corners = " ".join(f"{_x(false):.1f},{_y(found):.1f}" for false, found in _frontier(points))
    line = f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{corners}"/>'
    y = _TOP + 18 * number + 8
    left = _WIDTH - _RIGHT + 16
    key = f'<rect x="{left}" y="{y - 8}" width="14" height="4" fill="{colour}"/>'
    return line + key + _text(left + 20, y - 2, name, "start")


def _frontier(points: Sequence[Point]) -> list[tuple[float, float]]:
    best, corners = 0.0, list[tuple[float, float]]()
    for point in sorted(points, key=lambda point: point.marks.per_100_months):
        if point.marks.found > best:
            corners.append((point.marks.per_100_months, best))
            best = point.marks.found
            corners.append((point.marks.per_100_months, best))
    return [*corners, (_HIGH, best)]
