"""What people press and fill in: the element they mean, and its state as Slack would report it."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

Block = dict[str, Any]
State = dict[str, dict[str, dict[str, Any]]]
"""By block_id and action_id."""

_COPIED = {"action_id", "type", "text", "value"}
"""What an action repeats of the element that was pressed."""
_CHOSEN = {
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
}
"""By kind of element: the field that holds what was chosen, and the one it starts from."""


def named(blocks: Sequence[Block]) -> list[Block]:
    """A copy of blocks in which each has a name, as Slack gives one where we gave none."""
    return [{"block_id": f"b{at}", **deepcopy(block)} for at, block in enumerate(blocks)]


def action(blocks: Sequence[Block], action_id: str, block_id: str, chosen: Mapping[str, Any]) -> Block:
    """The action of pressing an element. Raises AssertionError when there is no such element.

    Among buttons of one name `chosen["value"]` says which; of a menu `chosen["selected_option"]` is the value
    of an option; a picker takes `selected_date` or `selected_date_time`.
    """
    for block, element in _elements(blocks):
        if element["action_id"] == action_id and block_id in {"", block["block_id"]}:
            done = _done(element, chosen)
            if done is not None:
                copied: Block = {name: element[name] for name in _COPIED & element.keys()}
                return {**copied, "block_id": block["block_id"], **done}
    there = [(block["block_id"], element["action_id"]) for block, element in _elements(blocks)]
    raise AssertionError(f"there is no {action_id!r} {block_id} {dict(chosen)} to press; there are {there}")


def _done(element: Block, chosen: Mapping[str, Any]) -> Block | None:
    """What was chosen of an element, or None where that cannot be chosen."""
    if "selected_option" in chosen:
        options = [each for each in element.get("options", ()) if each["value"] == chosen["selected_option"]]
        return {"selected_option": options[0]} if options else None
    if "value" in chosen and element.get("value") != chosen["value"]:
        return None
    return dict(chosen)


def state(blocks: Sequence[Block]) -> State:
    """What all elements that hold a choice say before anybody touches them."""
    found: State = {}
    for block, element in _elements(blocks):
        if element["type"] in _CHOSEN:
            chosen, initial = _CHOSEN[element["type"]]
            value = {"type": element["type"], chosen: element.get(initial)}
            found.setdefault(block["block_id"], {})[element["action_id"]] = value
    return found


def pressed(blocks: Sequence[Block], done: Block) -> State:
    """What they say after an action."""
    found = state(blocks)
    value = found.get(done["block_id"], {}).get(done["action_id"], {})
    value.update({name: done[name] for name in value if name in done})
    return found


def filled(blocks: Sequence[Block], values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> State:
    """The state of a form after `values` were filled in.

    Raises AssertionError for a field that is not there, and for one that must be filled in and is not:
    Slack would not let such a form be sent.
    """
    found = state(blocks)
    for block_id, fields in values.items():
        for action_id, value in fields.items():
            assert action_id in found.get(block_id, {}), f"there is no field {block_id} {action_id}"
            found[block_id][action_id].update(value)
    for block in blocks:
        if block["type"] == "input" and not block.get("optional"):
            (value,) = found[block["block_id"]].values()
            assert value[_CHOSEN[value["type"]][0]] is not None, f"{block['block_id']} must be filled in"
    return found


def _elements(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    for block in blocks:
        elements = block.get("elements", ()) if block["type"] == "actions" else ()
        for element in (*elements, block.get("accessory"), block.get("element")):
            if element:
                yield block, element
