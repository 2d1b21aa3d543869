"""What Slack accepts of the elements people press and fill in (S7)."""

from collections.abc import Iterator
from typing import Any

from tests.slack.limits_text import fields, length, plain_text, words

ACCESSORIES = {"button", "overflow", "static_select"}
ACTIONS = {"button", "overflow", "static_select", "datepicker", "datetimepicker"}
INPUTS = {"radio_buttons", "plain_text_input", "datepicker", "datetimepicker", "static_select"}
_OPTIONS = {"overflow": 5, "static_select": 100, "radio_buttons": 10}
_DAY, _SECONDS = r"\d{4}-\d\d-\d\d", r"\d{10}"


def element(piece: dict[str, Any], allowed: set[str]) -> Iterator[str]:
    """Everything wrong with an element where only the `allowed` kinds may stand."""
    kind = str(piece.get("type"))
    if kind not in allowed:
        yield f"{kind}: an element we never send there"
        return
    for fault in fields(kind, piece) or [*_common(piece), *_own(kind, piece)]:
        yield f"{kind}: {fault}"


def _common(piece: dict[str, Any]) -> Iterator[str]:
    yield from length(piece["action_id"], 255)
    yield from plain_text(piece["placeholder"], 150) if "placeholder" in piece else ()
    yield from _confirm(piece["confirm"]) if "confirm" in piece else ()


def _own(kind: str, piece: dict[str, Any]) -> Iterator[str]:
    match kind:
        case "button":
            yield from _button(piece)
        case "overflow" | "static_select" | "radio_buttons":
            yield from _choice(piece, _OPTIONS[kind])
        case "datepicker":
            yield from length(piece.get("initial_date", "2026-01-01"), 10, _DAY)
        case "datetimepicker":
            yield from length(str(piece.get("initial_date_time", "1795053600")), 10, _SECONDS)
        case "plain_text_input":
            low, high = piece.get("min_length", 0), piece.get("max_length", 3000)
            if not 0 <= low <= high <= 3000 or high == 0:
                yield f"a length from {low} to {high}"


def _button(piece: dict[str, Any]) -> Iterator[str]:
    yield from plain_text(piece["text"], 75)
    for name, longest in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        yield from length(piece[name], longest) if name in piece else ()
    if piece.get("style", "primary") not in {"primary", "danger"}:
        yield f"{piece['style']!r} is no style"


def _choice(piece: dict[str, Any], most: int) -> Iterator[str]:
    options = piece["options"]
    if not 1 <= len(options) <= most:
        yield f"not 1 to {most} options"
    if "initial_option" in piece and piece["initial_option"] not in options:
        yield "an initial_option that is none of the options"
    for option in options:
        yield from fields("option", option) or _option(option)


def _option(option: dict[str, Any]) -> Iterator[str]:
    yield from plain_text(option["text"], 75)
    yield from length(option["value"], 150)
    yield from plain_text(option["description"], 75) if "description" in option else ()
    yield from length(option.get("url", "-"), 3000)


def _confirm(confirm: dict[str, Any]) -> Iterator[str]:
    wrong = fields("confirm", confirm)
    yield from wrong
    if not wrong:
        yield from plain_text(confirm["title"], 100)
        yield from words(confirm["text"], 300)
        for name in ("confirm", "deny"):
            yield from plain_text(confirm[name], 30)
