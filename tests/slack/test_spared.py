from typing import Any

import pytest

from bot.slack.ink import section
from bot.slack.spared import with_picture, without_chart

WORDS, MORE = section("words"), section("more words")
CHART: dict[str, Any] = {"type": "data_visualization", "title": "Spend", "chart": {}}
PICTURE = {"type": "image", "slack_file": {"id": "F00000001"}, "alt_text": "Spend rose."}


@pytest.mark.parametrize(
    ("blocks", "without", "pictured"),
    [
        pytest.param([WORDS, CHART, MORE], [WORDS, MORE], [WORDS, PICTURE, MORE], id="a chart amid words"),
        pytest.param([CHART], [], [PICTURE], id="nothing but a chart"),
        pytest.param(
            [CHART, WORDS, CHART, MORE], [WORDS, MORE], [PICTURE, WORDS, MORE], id="two charts, one picture"
        ),
    ],
)
def test_instead_of_a_chart(
    blocks: list[dict[str, Any]], without: list[dict[str, Any]], pictured: list[dict[str, Any]]
) -> None:
    before = list(blocks)
    assert without_chart(blocks) == without
    assert with_picture(blocks, "F00000001", "Spend rose.") == pictured
    assert blocks == before


@pytest.mark.parametrize("blocks", [pytest.param([WORDS], id="words"), pytest.param([], id="nothing")])
def test_without_a_chart_there_is_nothing_to_spare(blocks: list[dict[str, Any]]) -> None:
    assert without_chart(blocks) is None
    with pytest.raises(ValueError, match="data_visualization"):
        with_picture(blocks, "F00000001", "Spend rose.")
