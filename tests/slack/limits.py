"""What Slack accepts of our messages (S4, S7, S8), as a list of what is wrong with one."""

import json
import re
from collections.abc import Iterator
from typing import Any

_MARKUP = re.compile(r"<!date\^-?\d+\^[^|<>^]*\{\w+\}[^|<>^]*\|[^<>|]+>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")


def faults(text: str, blocks: list[dict[str, Any]]) -> list[str]:
    """Everything that Slack would refuse, cut, or take for a command."""
    found = [*_markup(text, 4000), *([] if len(blocks) <= 50 else ["more than 50 blocks"])]
    if len(json.dumps(blocks, ensure_ascii=False)) > 13000:
        found.append("more than 13,000 characters of blocks")
    found += [f"{block['type']}: {fault}" for block in blocks for fault in _block(block)]
    return found


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block:
        case {"type": "header", "text": {"type": "plain_text", "text": words}}:
            yield from _length(words, 150)
        case {"type": "section", "text": {"type": "mrkdwn", "text": words}}:
            yield from _markup(words, 3000)
        case {"type": "context", "elements": elements}:
            yield from () if 1 <= len(elements) <= 10 else ("not 1 to 10 elements",)
            for element in elements:
                yield from _markup(element["text"], 3000)
        case {"type": "data_visualization", "title": title, "chart": chart}:
            yield from _length(title, 50)
            yield from _chart(chart)
        case _:
            yield "a block we never send"


def _chart(chart: dict[str, Any]) -> Iterator[str]:
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    if not 1 <= len(categories) <= 20 or len(set(categories)) < len(categories):
        yield "not 1 to 20 different categories"
    if not 1 <= len(names) <= 6 or len(set(names)) < len(names):
        yield "not 1 to 6 different series"
    if any([point["label"] for point in series["data"]] != categories for series in chart["series"]):
        yield "a series without exactly one point for each category"
    for label in (*categories, *names):
        yield from _length(label, 20)


def _length(words: str, longest: int) -> Iterator[str]:
    if not 1 <= len(words) <= longest:
        yield f"{len(words)} characters, not 1 to {longest}"


def _markup(words: str, longest: int) -> Iterator[str]:
    yield from _length(words, longest)
    rest = _ENTITY.sub("", _MARKUP.sub("", words))
    if re.search("[<>&]", rest):
        yield f"unescaped markup in {rest!r}"
