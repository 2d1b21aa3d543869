"""Messages as long as Slack takes them: what has no room is counted, never cut off."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from bot.facts.delivery import Message
from bot.slack.ink import MRKDWN, TEXT, Ink, context, fitting, full_stop, length, section

Block = dict[str, Any]
_Item = TypeVar("_Item")

_BLOCKS, _CHARACTERS, _PARAGRAPH = 50, 12_000, 2900
"""What a message holds of blocks, and a section of characters, with a little room (S7)."""
_SPOKEN, _DRAWN = (10, 7, 5, 3, 2, 1, 0), (30, 20, 15, 10, 7, 5, 3, 2, 1, 0)
"""How many lines are tried: who reads only the text hears the first ten."""


def footing(parts: Iterable[str]) -> Block:
    """The small print, of parts that are not empty."""
    return context(" · ".join(part for part in parts if part))


def listed(title: str, lines: Iterable[str]) -> list[str]:
    """A bold title and a bullet for each line."""
    return [f"*{title}*", *(f"• {line}" for line in lines)]


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Lines gathered into as few paragraphs as a section has room for."""
    gathered: list[str] = []
    for line in lines:
        if gathered and length(gathered[-1]) + length(line) < _PARAGRAPH:
            gathered[-1] += f"\n{line}"
        else:
            gathered.append(line)
    return gathered


def fitted(sentences: Callable[[int], Sequence[str]], blocks: Callable[[int], Sequence[Block]]) -> Message:
    """The message with as many lines as Slack takes: both are asked for with fewer until they fit."""
    return Message(_text(sentences), _blocks(blocks))


def _text(sentences: Callable[[int], Sequence[str]]) -> str:
    told: list[str] = []
    for most in _SPOKEN:
        told = [full_stop(sentence) for sentence in sentences(most) if sentence]
        if fitting(told) == " ".join(told):
            break
    return fitting(told)


def _blocks(blocks: Callable[[int], Sequence[Block]]) -> tuple[Block, ...]:
    drawn: Sequence[Block] = ()
    for most in _DRAWN:
        drawn = blocks(most)
        if len(drawn) <= _BLOCKS and len(json.dumps(drawn, ensure_ascii=False)) <= _CHARACTERS:
            break
    return tuple(drawn)


def list_message(
    head: Callable[[Ink], list[str]],
    items: Sequence[_Item],
    write: Callable[[_Item, Ink], str],
    more: str,
    foot: Callable[[Ink], str] | None = None,
) -> Message:
    """A head, as many items as fit, "5 `more`", and a foot. Items of several lines stand apart."""
    drawn = [write(item, MRKDWN) for item in items[: max(_DRAWN)]]
    spoken = [write(item, TEXT).replace("\n", "; ") for item in items[: max(_SPOKEN)]]
    gather = list if any("\n" in item for item in drawn) else paragraphs

    def sentences(most: int) -> list[str]:
        left = _left(len(items) - most, more)
        return [*head(TEXT), *spoken[:most], left, foot(TEXT) if foot else ""]

    def blocks(most: int) -> list[Block]:
        words = (*paragraphs(head(MRKDWN)), *gather(drawn[:most]), _left(len(items) - most, more))
        return [*(section(one) for one in words if one), *([footing([foot(MRKDWN)])] if foot else [])]

    return fitted(sentences, blocks)


def _left(number: int, what: str) -> str:
    return f"{number} {what}" if number > 0 else ""
