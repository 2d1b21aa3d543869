"""What the list of limits finds wrong (S7)."""

from typing import Any

import pytest

from tests.slack.limits import faults, view_faults


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(name: str) -> dict[str, Any]:
    return {"text": plain(name), "value": name}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(name: str = "ok", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": name, "text": plain("OK"), **more}


def select(kind: str, count: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": kind, "options": [option(f"o{at}") for at in range(count)], **more}


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "words"}, **more}


def table(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "table", "rows": [list(cells)], **more}


def raw(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text}


def linked(text: str) -> dict[str, Any]:
    link = {"type": "link", "url": "https://example.com", "text": text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}


def entry(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "block_id": "b", "label": plain("Label"), "element": element}


CONFIRM = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
PICTURE = {"type": "image", "alt_text": "a peak", "slack_file": {"id": "F00000001"}}
TYPED = {"type": "plain_text_input", "action_id": "note", "max_length": 500}
RADIO = select("radio_buttons", 2, initial_option=option("o1"))
PICKERS = (
    {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-19"},
    {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1795053600},
)
MODAL = {"type": "modal", "title": plain("Form"), "submit": plain("Save")}


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(section(accessory=button()), id="a section with a button"),
        pytest.param(section(accessory=select("overflow", 5)), id="a section with a menu"),
        pytest.param({"type": "section", "fields": [plain("a")] * 10}, id="ten fields"),
        pytest.param(section(text={"type": "mrkdwn", "text": "ask <@U02GRACE>"}), id="a mention we mean"),
        pytest.param(
            actions(button(url="https://example.com", style="danger", confirm=CONFIRM), *PICKERS),
            id="actions",
        ),
        pytest.param(actions(select("static_select", 100, placeholder=plain("Choose"))), id="a select"),
        pytest.param({"type": "divider"}, id="a divider"),
        pytest.param(PICTURE, id="a picture"),
        pytest.param(table(raw("a"), linked("b"), column_settings=[{"align": "right"}]), id="a table"),
    ],
)
def test_slack_takes(block: dict[str, Any]) -> None:
    assert faults("words", [block]) == []


@pytest.mark.parametrize(
    ("block", "words"),
    [
        pytest.param({"type": "markdown", "text": "x"}, "never send", id="an unknown block"),
        pytest.param({"type": "divider", "text": "x"}, "unknown field text", id="an unknown field"),
        pytest.param(section(block_id="b" * 256), "256 characters", id="a long block_id"),
        pytest.param(section(accessory=PICTURE), "never send there", id="a picture beside a section"),
        pytest.param(section(accessory=select("overflow", 6)), "not 1 to 5 options", id="a long menu"),
        pytest.param({"type": "section"}, "neither text nor fields", id="an empty section"),
        pytest.param({"type": "section", "fields": [plain("a")] * 11}, "not 1 to 10 fields", id="11 fields"),
        pytest.param(actions(), "not 1 to 25 elements", id="no element"),
        pytest.param(actions(button(), button()), "action_id twice", id="two of a name"),
        pytest.param(
            actions(button("a", style="primary"), button("b", style="primary")), "primary", id="two primary"
        ),
        pytest.param(actions(button(text=plain("x" * 76))), "76 characters", id="a long button"),
        pytest.param(actions(button(value="")), "0 characters", id="an empty value"),
        pytest.param(actions(button(style="bold")), "no style", id="a style of our own"),
        pytest.param(
            actions(button(confirm={**CONFIRM, "deny": plain("")})), "0 characters", id="half a confirmation"
        ),
        pytest.param(actions(select("static_select", 101)), "1 to 100 options", id="101 options"),
        pytest.param(actions({**PICKERS[0], "initial_date": "next week!"}), "look like", id="a day in words"),
        pytest.param(PICTURE | {"image_url": "https://x"}, "exactly one", id="two pictures in one"),
        pytest.param(PICTURE | {"slack_file": {"id": "F1"}}, "look like", id="an odd file id"),
        pytest.param(PICTURE | {"alt_text": ""}, "0 characters", id="a picture without words"),
        pytest.param(table(*[raw("x")] * 21), "20 cells", id="21 columns"),
        pytest.param(table(raw("x" * 9000), linked("y" * 1001)), "10,000", id="a big table"),
        pytest.param(table(raw("")), "empty cell", id="an empty cell"),
        pytest.param(table({"type": "text_cell", "text": "x"}), "empty cell", id="a cell that is none"),
    ],
)
def test_slack_refuses(block: dict[str, Any], words: str) -> None:
    (fault,) = faults("words", [block])
    assert words in fault
    assert "[json-pointer:/blocks/0]" in fault


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        pytest.param([section(block_id="a")] * 2, "block_id 'a' twice", id="two of a name"),
        pytest.param([table(raw("x"))] * 2, "more than 1 table", id="two tables"),
        pytest.param([{"type": "divider"}] * 51, "more than 50 blocks", id="51 blocks"),
    ],
)
def test_slack_refuses_together(blocks: list[dict[str, Any]], words: str) -> None:
    assert words in faults("words", blocks)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        pytest.param({**MODAL, "blocks": [entry(RADIO)]}, [], id="a choice"),
        pytest.param({**MODAL, "blocks": [entry(TYPED)]}, [], id="a note"),
        pytest.param({"type": "home", "blocks": [actions(button())]}, [], id="a home"),
        pytest.param(
            {"type": "home", "blocks": [{"type": "divider"}] * 101}, ["more than 100"], id="101 blocks"
        ),
        pytest.param({"type": "home", "blocks": [table(raw("x"))]}, ["in a home"], id="a table at home"),
        pytest.param({**MODAL, "blocks": [], "title": plain("x" * 25)}, ["25 char"], id="a long title"),
        pytest.param({"type": "modal", "blocks": []}, ["no title"], id="no title"),
        pytest.param({"type": "message", "blocks": []}, ["a modal or a home"], id="no view"),
        pytest.param(
            {**MODAL, "blocks": [entry(select("radio_buttons", 2, initial_option=option("o9")))]},
            ["none of the options"],
            id="an initial choice that is none",
        ),
        pytest.param(
            {**MODAL, "blocks": [entry({**TYPED, "max_length": 3001})]}, ["to 3001"], id="too long a note"
        ),
        pytest.param(
            {"type": "modal", "title": plain("Form"), "blocks": [entry(TYPED)]},
            ["without submit"],
            id="a form that cannot be sent",
        ),
    ],
)
def test_views(view: dict[str, Any], words: list[str]) -> None:
    found = view_faults(view)
    assert len(found) == len(words)
    assert all(word in fault for word, fault in zip(words, found, strict=True))
