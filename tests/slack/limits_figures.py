"""What Slack accepts of tables and charts (S7, S8)."""

from collections.abc import Iterator
from typing import Any

from tests.slack.limits_text import fields, length

Block = dict[str, Any]


def table(block: Block) -> Iterator[str]:
    """Everything wrong with a table block."""
    rows = block["rows"]
    if not 1 <= len(rows) <= 100 or not all(1 <= len(row) <= 20 for row in rows):
        yield "not 1 to 100 rows of 1 to 20 cells"
    if len(block.get("column_settings", ())) > 20:
        yield "more than 20 column_settings"
    for column in block.get("column_settings", ()):
        yield from fields("column", {"type": "column", **column})
        if column.get("align", "left") not in {"left", "center", "right"}:
            yield f"{column['align']!r} is no way to align"
    said = [text for row in rows for cell in row for text in _cell(cell)]
    yield from ("an empty cell",) if "" in said else ()
    if sum(map(len, said)) > 10_000:
        yield "more than 10,000 characters of cells"


def _cell(cell: Block) -> Iterator[str]:
    """The texts of a cell; a cell that is none, or has none, counts as an empty one."""
    match cell:
        case {"type": "raw_text" | "text" | "link", "text": str(text)}:
            yield text
        case {"type": "rich_text" | "rich_text_section", "elements": [_, *_] as parts}:
            for part in parts:
                yield from _cell(part)
        case _:
            yield ""


def chart(drawn: Block) -> Iterator[str]:
    """Everything wrong with the chart of a data_visualization block."""
    axis = drawn["axis_config"]
    categories, names = axis["categories"], [series["name"] for series in drawn["series"]]
    if drawn["type"] not in {"line", "bar", "area"}:
        yield f"a {drawn['type']} chart, which we never send"
    if not 1 <= len(categories) <= 20 or len(set(categories)) < len(categories):
        yield "not 1 to 20 different categories"
    if not 1 <= len(names) <= 6 or len(set(names)) < len(names):
        yield "not 1 to 6 different series"
    if any([point["label"] for point in series["data"]] != categories for series in drawn["series"]):
        yield "a series without exactly one point for each category"
    for label in (*categories, *names):
        yield from length(label, 20)
    for label in (axis.get("x_label", "-"), axis.get("y_label", "-")):
        yield from length(label, 50)
