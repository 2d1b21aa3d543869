"""What Slack accepts of our messages, forms and homes (S4, S7, S8), as a list of what is wrong with one."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tests.slack.limits_elements import ACCESSORIES, ACTIONS, INPUTS, element
from tests.slack.limits_figures import chart, table
from tests.slack.limits_text import fields, length, markup, plain_text, words

Block = dict[str, Any]

_SURFACES = {
    "header": "message modal home",
    "section": "message modal home",
    "context": "message modal home",
    "actions": "message modal home",
    "divider": "message modal home",
    "image": "message modal home",
    "input": "message modal home",
    "table": "message",
    "data_visualization": "message home",
}
_MOST = {"message": 50, "modal": 100, "home": 100}
_SEVERAL = {"table": 1, "data_visualization": 2}
"""How many of a kind one message holds."""
_FILE_ID = r"F[A-Z0-9]{8,}"


def faults(text: str, blocks: Sequence[Block]) -> list[str]:
    """Everything in a message that Slack would refuse, cut, or take for a command."""
    found = [*markup(text, 4000), *_blocks(blocks, "message")]
    if len(json.dumps(list(blocks), ensure_ascii=False)) > 13000:
        found.append("more than 13,000 characters of blocks")
    return found


def view_faults(view: dict[str, Any]) -> list[str]:
    """The same for a view: a modal or a home."""
    surface = view.get("type")
    if surface not in {"modal", "home"}:
        return [f"a view is a modal or a home, not {surface!r}"]
    found = list(fields(surface, view))
    for name, longest in (("title", 24), ("submit", 24), ("close", 24)):
        found += [f"{name}: {fault}" for fault in (plain_text(view[name], longest) if name in view else ())]
    for name, longest in (("callback_id", 255), ("private_metadata", 3000)):
        found += [f"{name} over {longest} characters"] if len(view.get(name, "")) > longest else []
    blocks = view.get("blocks", [])
    if "submit" not in view and any(block.get("type") == "input" for block in blocks):
        found.append("a form without submit")
    if len(json.dumps(view).encode()) > 250_000:
        found.append("more than 250 kB")
    return found + _blocks(blocks, surface)


def _blocks(blocks: Sequence[Block], surface: str) -> list[str]:
    found = [] if len(blocks) <= _MOST[surface] else [f"more than {_MOST[surface]} blocks"]
    kinds = Counter(block.get("type") for block in blocks)
    found += [f"more than {most} {kind}" for kind, most in _SEVERAL.items() if kinds[kind] > most]
    names = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {name!r} twice" for name, count in names.items() if count > 1]
    for at, block in enumerate(blocks):
        pointer = f"[json-pointer:/blocks/{at}]"
        found += [f"{block.get('type')}: {fault} {pointer}" for fault in _checked(block, surface)]
    return found


def _checked(block: Block, surface: str) -> Iterator[str]:
    kind = str(block.get("type"))
    if surface not in _SURFACES.get(kind, ""):
        yield f"a block we never send in a {surface}"
        return
    nameless = {name: value for name, value in block.items() if name != "block_id"}
    wrong = [*fields(kind, nameless), *length(block.get("block_id", "-"), 255)]
    yield from wrong or _content(kind, block)


def _content(kind: str, block: Block) -> Iterator[str]:
    match kind:
        case "header":
            yield from plain_text(block["text"], 150)
        case "section":
            yield from _section(block)
        case "context":
            yield from () if 1 <= len(block["elements"]) <= 10 else ("not 1 to 10 elements",)
            for each in block["elements"]:
                yield from words(each, 3000)
        case "actions":
            yield from _actions(block["elements"])
        case "image":
            yield from _image(block)
        case "input":
            yield from plain_text(block["label"], 2000)
            yield from element(block["element"], INPUTS)
        case "table":
            yield from table(block)
        case "data_visualization":
            yield from length(block["title"], 50)
            yield from chart(block["chart"])


def _section(block: Block) -> Iterator[str]:
    if not {"text", "fields"} & block.keys():
        yield "neither text nor fields"
    yield from words(block["text"], 3000) if "text" in block else ()
    if not 1 <= len(block.get("fields", ["-"])) <= 10:
        yield "not 1 to 10 fields"
    for each in block.get("fields", ()):
        yield from words(each, 2000)
    yield from element(block["accessory"], ACCESSORIES) if "accessory" in block else ()


def _actions(elements: Sequence[Block]) -> Iterator[str]:
    if not 1 <= len(elements) <= 25:
        yield "not 1 to 25 elements"
    if len({each.get("action_id") for each in elements}) < len(elements):
        yield "an action_id twice"
    if sum(each.get("style") == "primary" for each in elements) > 1:
        yield "more than one primary button"
    for each in elements:
        yield from element(each, ACTIONS)


def _image(block: Block) -> Iterator[str]:
    yield from length(block["alt_text"], 2000)
    yield from plain_text(block["title"], 2000) if "title" in block else ()
    if ("image_url" in block) == ("slack_file" in block):
        yield "not exactly one of image_url and slack_file"
    yield from length(block.get("image_url", "-"), 3000)
    if "slack_file" in block:
        yield from fields("slack_file", block["slack_file"]) or length(
            block["slack_file"]["id"], 255, _FILE_ID
        )
