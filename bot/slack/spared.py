"""What is sent instead of blocks that Slack refused: its native chart is the likeliest cause (S8)."""

from collections.abc import Sequence
from typing import Any

CHART = "data_visualization"
"""The type of Slack's native chart block."""


def without_chart(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The blocks without their charts; None when there is no chart to leave out."""
    rest = _words_of(blocks)
    return rest if len(rest) < len(blocks) else None


def with_picture(blocks: Sequence[dict[str, Any]], file_id: str, alt: str) -> list[dict[str, Any]]:
    """The blocks with an uploaded picture in place of the first chart; further charts are left out.

    `file_id` names a file that Slack can already show (S6); `alt` says in at most 2,000 characters what is
    to be seen. Raises ValueError when there is no chart.
    """
    place = [block["type"] for block in blocks].index(CHART)
    picture = {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt}
    return [*blocks[:place], picture, *_words_of(blocks[place:])]


def _words_of(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [block for block in blocks if block["type"] != CHART]
