"""How a chart block is drawn, for a phone first: large type, and lines told apart without colour.

Importing this loads matplotlib; bot/slack/picture.py does so when the first picture is needed.
"""

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from bot.facts.money import Usd, show
from bot.slack.lettering import INK, LARGE, drawable, widest, write

_WIDTH, _HEIGHT, _DPI = 1200, 600, 100
_GRID = "#d8d8d8"
_STYLES: Sequence[tuple[str, Any, str]] = (
    ("#0b5cad", "-", "o"),
    ("#b3470b", (0, (4, 2)), "s"),
    ("#007a5a", (0, (1, 1.5)), "^"),
    ("#7a3fa0", (0, (6, 2, 1, 2)), "D"),
    ("#444444", (0, (2, 4)), "v"),
    ("#8a6d00", (0, (9, 3)), "P"),
)
"""Colour, dashes and marker of each series: the first is the one that matters."""
_TITLE, _LABEL = 50, 20
"""The longest title and label, in characters."""
_ACROSS = 3
"""Series named in one row of the legend."""
_HEAD, _ROW = 0.11, 0.075
"""The height of the title and of a row of the legend, as shares of the picture's."""


def draw(block: Mapping[str, Any]) -> bytes:
    """See bot.slack.picture.png_of."""
    chart = block["chart"]
    names = [series["name"] for series in chart["series"]]
    heights = [[float(point["value"]) for point in series["data"]] for series in chart["series"]]
    figure = _sheet(rows=math.ceil(len(names) / _ACROSS))
    axes = figure.add_subplot()
    lines = [_line(axes, place, values) for place, values in enumerate(heights)]
    if chart["type"] == "bar":
        lines[0].remove()
        lines[0] = _bars(axes, heights[0])
    _amounts(axes, [0.0, *(value for values in heights for value in values)])
    _categories(axes, chart["axis_config"])
    _peak(axes, heights[0])
    _heading(figure, block["title"], lines, names)
    return _png(figure)


def _sheet(rows: int) -> Figure:
    """An empty white picture; title and legend stand above what is laid out by itself."""
    below = (0, 0, 1, 1 - _HEAD - rows * _ROW)
    layout = ConstrainedLayoutEngine(rect=below, w_pad=0.12, h_pad=0.08)
    figure = Figure((_WIDTH / _DPI, _HEIGHT / _DPI), _DPI, facecolor="white", layout=layout)
    FigureCanvasAgg(figure)
    return figure


def _line(axes: Axes, place: int, values: Sequence[float]) -> Artist:
    """The first drawn strongly; the others thinner and over it, so that they are seen where they agree."""
    color, dashes, marker = _STYLES[place]
    inside, width, size = ("white", 3, 8) if place else (color, 6, 10)
    (line,) = axes.plot(
        range(len(values)), values, color=color, linestyle=dashes, linewidth=width, marker=marker,
        markersize=size, markerfacecolor=inside, markeredgewidth=2, clip_on=False, zorder=3,
    )  # fmt: skip
    return line


def _bars(axes: Axes, values: Sequence[float]) -> Artist:
    return axes.bar(range(len(values)), values, 0.6, color=_STYLES[0][0]).patches[0]


def _amounts(axes: Axes, values: Sequence[float]) -> None:
    """Dollars from nothing up, or from the deepest loss; room above for the peak's own amount."""
    low, high = min(values), max(values)
    if low == high:
        high = 1.0
    ticks = [float(tick) for tick in MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(low, high)]
    axes.set_yticks(ticks, _scale(ticks))
    for label in axes.get_yticklabels():
        write(label, label.get_text())
    axes.set_ylim(ticks[0], max(ticks[-1], high + (high - low) * 0.15))
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=_GRID)
    axes.axhline(0, color=INK, linewidth=1.5, zorder=1)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, pad=8)


def _scale(ticks: Sequence[float]) -> list[str]:
    """Whole dollars where the ticks are; else cents, and as many digits as tell the ticks apart."""
    digits = -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-6)
    places = max(digits, 2) if digits > 0 else 0
    return [f"{'-' if tick < 0 else ''}${abs(tick):,.{places}f}" for tick in ticks]


def _categories(axes: Axes, config: Mapping[str, Any]) -> None:
    """The names of the points, aslant where they would touch each other."""
    names = [drawable(name, _LABEL) for name in config["categories"]]
    axes.set_xticks(range(len(names)), names)
    labels = axes.get_xticklabels()
    for label in labels:
        write(label, label.get_text())
    room = 0.95 * _WIDTH - widest(axes.get_yticklabels())
    if (widest(labels) + 15) * len(labels) > room:
        for label in labels:
            label.set(rotation=45, horizontalalignment="right", rotation_mode="anchor")
    write(axes.xaxis.label, drawable(config.get("x_label", ""), _TITLE))


def _peak(axes: Axes, values: Sequence[float]) -> None:
    """The amount of the highest point, over it; turned inwards at the edges."""
    at, last = values.index(max(values)), len(values) - 1
    side = "center" if 0 < at < last or not last else "right" if at else "left"
    label = axes.annotate("", (at, values[at]), (0, 12), textcoords="offset points", ha=side, zorder=4)
    write(label, show(Usd(round(values[at] * 10**9))))
    label.set(path_effects=[withStroke(linewidth=5, foreground="white")], in_layout=False)


def _heading(figure: Figure, title: str, lines: Sequence[Artist], names: Sequence[str]) -> None:
    """The title and, beneath it, which line is which."""
    heading = figure.text(0.015, 0.975, "", verticalalignment="top", in_layout=False)
    write(heading, drawable(title, _TITLE), LARGE, 0.97 * _WIDTH)
    legend = figure.legend(
        lines, [""] * len(lines), loc="upper left", bbox_to_anchor=(0.01, 1 - _HEAD), ncols=_ACROSS,
        frameon=False, handlelength=3, borderaxespad=0.2,
    )  # fmt: skip
    legend.set_in_layout(False)
    for label, name in zip(legend.get_texts(), names, strict=True):
        write(label, drawable(name, _LABEL))


def _png(figure: Figure) -> bytes:
    """Without a name of the program, which would change the bytes with every version."""
    png = io.BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()
