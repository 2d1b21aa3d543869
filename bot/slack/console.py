"""Deliveries drawn in a terminal as Slack would show them: for the demo, and for a look without Slack."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.facts.delivery import Delivery, Message, NotSent, Sent, Why
from bot.facts.severity import Severity
from bot.slack.barchart import bar_chart
from bot.slack.headline import MARKS, RESOLVED_MARK
from bot.slack.mrkdwn import readable, styled

_WIDEST = 100
_COLOURS = {
    MARKS[Severity.CRITICAL]: "red",
    MARKS[Severity.WARNING]: "yellow",
    MARKS[Severity.NOTICE]: "blue",
    RESOLVED_MARK: "green",
}
_NEWS = {Why.FIRST: "new", Why.EDIT: "edited"}


class ConsoleSender:
    """Prints each post and each update as a panel, the reason for it in the border."""

    edits = False

    def __init__(self, console: Console) -> None:
        self._console = console

    def send(self, delivery: Delivery) -> Sent | NotSent:
        """Print it at once. A closed or ASCII-only terminal comes back as NotSent."""
        picture = draw(delivery, min(self._console.width, _WIDEST))
        try:
            self._console.print(picture)
            self._console.file.flush()
        except (OSError, ValueError) as error:
            remedy = "use an open terminal that takes UTF-8 (PYTHONIOENCODING=utf-8)"
            return NotSent(
                f"the console did not take the message ({type(error).__name__}): {remedy}", retry=False
            )
        return Sent()


def draw(delivery: Delivery, width: int) -> RenderableType:
    """The message in a panel coloured by its severity."""
    colour = _COLOURS.get(delivery.message.text[:1], "white")
    news = _NEWS.get(delivery.why, delivery.why.value)
    title = Text(f"{readable(delivery.channel)} · {news}", f"bold {colour}")
    return Panel(_body(delivery.message), title=title, title_align="left", border_style=colour, width=width)


def _body(message: Message) -> RenderableType:
    if not message.blocks:
        return styled(message.text)
    drawn = [part for block in message.blocks for part in (Text(), *_block(block))]
    return Padding(Group(*drawn[1:]), (0, 1))


def _block(block: dict[str, Any]) -> Iterator[RenderableType]:
    known = _DRAWN.get(block["type"])
    if known is None:
        yield Text(f"({block['type']})", "dim")
    else:
        yield from known(block)


def _header(block: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text(readable(block["text"]["text"]), "bold")


def _section(block: dict[str, Any]) -> Iterator[RenderableType]:
    if "text" in block:
        yield _text(block["text"])
    if "fields" in block:
        yield _fields([_text(field) for field in block["fields"]])


def _fields(cells: list[Text]) -> Table:
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=1)
    grid.add_column(ratio=1)
    for left, right in zip(cells[::2], [*cells[1::2], Text()], strict=False):
        grid.add_row(left, right)
    return grid


def _context(block: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text("  ").join(_text(element, "dim") for element in block["elements"] if "text" in element)


def _actions(block: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text("  ").join(
        Text(f"[ {readable(e['text']['text'])} ]") for e in block["elements"] if "text" in e
    )


def _chart(block: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text(readable(block["title"]), "bold")
    actual, *lines = ([point["value"] for point in one["data"]] for one in block["chart"]["series"])
    expected = lines[0] if lines else [0.0] * len(actual)
    yield bar_chart(block["chart"]["axis_config"]["categories"], actual, expected)


def _divider(_: dict[str, Any]) -> Iterator[RenderableType]:
    yield Rule(style="dim")


def _text(node: dict[str, Any], style: str = "") -> Text:
    words = str(node["text"])
    return styled(words, style) if node["type"] == "mrkdwn" else Text(readable(words), style)


_DRAWN: Mapping[str, Callable[[dict[str, Any]], Iterator[RenderableType]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "data_visualization": _chart,
}
