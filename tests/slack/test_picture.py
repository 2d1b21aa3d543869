import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.charts import Chart, chart_block
from bot.slack.picture import alt_text_of, png_of

HOURS = ("01:00", "02:00", "03:00", "04:00")
SPIKE = chart_block(Chart("Spend per hour (USD)", HOURS, (8.1, 90.4, 41.0, 9.0), (8.0, 8.5, 9.0, 9.5)))
DRAW = """
import os, sys
from bot.slack import web_api
from bot.slack.picture import png_of
assert "matplotlib" not in sys.modules
before = dict(os.environ)
png_of({"title": "Spend", "chart": {"type": "line", "axis_config": {"categories": ["a"]},
        "series": [{"name": "Actual", "data": [{"label": "a", "value": 1.0}]}]}})
assert dict(os.environ) == before
assert "matplotlib.pyplot" not in sys.modules
"""


def block(
    labels: Sequence[str],
    series: Sequence[Sequence[float]],
    title: str = "Spend",
    names: Sequence[str] = ("Actual", "Expected", "c", "d", "e", "f"),
    kind: str = "line",
) -> dict[str, Any]:
    """A chart block as it might come from anywhere: nothing in it is shortened."""
    lines = [
        {"name": name, "data": [{"label": at, "value": value} for at, value in zip(labels, one, strict=True)]}
        for name, one in zip(names, series, strict=False)
    ]
    axes = {"categories": list(labels), "x_label": "Time (UTC)", "y_label": "USD"}
    chart = {"type": kind, "series": lines, "axis_config": axes}
    return {"type": "data_visualization", "title": title, "chart": chart}


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, as the picture itself says."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(
    "chart",
    [
        pytest.param(SPIKE, id="a spike"),
        pytest.param(block(["a"], [[5.0], [3.0]]), id="one point"),
        pytest.param(block(HOURS, [[0.0] * 4]), id="nothing but zeros, and nothing expected"),
        pytest.param(block(HOURS, [[-5.0, -4.0, -9.0, -1.0]]), id="credits only"),
        pytest.param(block(HOURS, [[1e-9, 1e9, 0.0, -1e9]]), id="the smallest and the largest amounts"),
        pytest.param(block(HOURS, [[float(at)] * 4 for at in range(6)]), id="six series"),
        pytest.param(block(HOURS, [[1.0] * 4, [2.0] * 4], kind="bar"), id="bars"),
        pytest.param(block([str(at) for at in range(20)], [[1.0] * 20]), id="twenty points"),
        pytest.param(block(["‱" * 500] * 20, [[1.0] * 20]), id="twenty of the widest labels"),
        pytest.param(block([""] * 4, [[1.0] * 4], "", [""]), id="no words at all"),
        pytest.param(block(HOURS, [[1.0] * 4], "x" * 500, ["y" * 500]), id="500 characters"),
        pytest.param(block(["$x^2$"], [[1.0]], r"$\frac{", [r"$\bogus$"]), id="formulas that cannot be read"),
        pytest.param(block(HOURS, [[1.0] * 4], "🚀 👍🏽", ["_hidden"]), id="emoji, a name like a hidden one"),
        pytest.param(block(["كلفة"], [[1.0]], "\u202eعربي עברית", ["研究"]), id="right to left, Chinese"),
        pytest.param(
            block(["a\nb\x00\ud800"], [[1.0]], "a\u0301\ufe0f"), id="line breaks and broken characters"
        ),
    ],
)
def test_every_chart_becomes_a_picture(chart: dict[str, Any]) -> None:
    assert size_of(png_of(chart)) == (1200, 600)


words = st.text(max_size=30)
amounts = st.floats(-1e9, 1e9).map(lambda amount: 0.0 if abs(amount) < 1e-9 else amount)
lines = st.integers(1, 20).flatmap(
    lambda points: st.tuples(
        st.lists(words, min_size=points, max_size=points),
        st.lists(st.lists(amounts, min_size=points, max_size=points), min_size=1, max_size=6),
    )
)


@given(lines, words, st.lists(words, min_size=6, max_size=6), st.sampled_from(["line", "bar"]))
@settings(max_examples=10, deadline=None)
def test_any_words_and_amounts_become_a_picture_and_a_sentence(
    points: tuple[list[str], list[list[float]]], title: str, names: list[str], kind: str
) -> None:
    chart = block(*points, title, names, kind)
    assert size_of(png_of(chart)) == (1200, 600)
    assert 1 <= len(alt_text_of(chart)) <= 1000


def test_the_same_chart_gives_the_same_bytes() -> None:
    assert png_of(SPIKE) == png_of(SPIKE)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(block(HOURS, [[8.1, 90.4, 41.0, 9.1], [8.0, 8.5, 9.0, 9.5]]), id="what was spent"),
        pytest.param(block(HOURS, [[8.1, 90.4, 41.0, 9.0], [8.0, 8.5, 9.0, 8.5]]), id="what was expected"),
        pytest.param(block(HOURS[::-1], [[8.1, 90.4, 41.0, 9.0], [8.0, 8.5, 9.0, 9.5]]), id="when"),
        pytest.param(block(HOURS, [[8.1, 90.4, 41.0, 9.0], [8.0, 8.5, 9.0, 9.5]], names="ab"), id="names"),
    ],
)
def test_everything_in_the_chart_is_in_the_picture(other: dict[str, Any]) -> None:
    assert png_of(other | {"title": SPIKE["title"]}) != png_of(SPIKE)


def drawn_at(home: str) -> tuple[int, str]:
    """What comes of drawing the first picture of a new process: its exit status and all it says."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": home}
    command = [sys.executable, "-W", "error", "-c", DRAW]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_drawing_needs_no_home_and_loads_its_library_late() -> None:
    assert drawn_at("/proc/nowhere") == (0, "")


def test_drawing_leaves_nothing_at_home(tmp_path: Path) -> None:
    assert drawn_at(str(tmp_path)) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("chart", "sentence"),
    [
        pytest.param(
            SPIKE,
            "Spend per hour (USD): Actual began at $8.10 (01:00), was highest at $90.40 (02:00), "
            "ended at $9.00 (04:00); Expected was $8.50 then.",
            id="a spike that is over",
        ),
        pytest.param(
            block(["Mon", "Tue"], [[1200.0, 8800.4], [1250.0, 1250.0]]),
            "Spend: Actual began at $1,200 (Mon), was highest and ended at $8,800 (Tue); "
            "Expected was $1,250 then.",
            id="a spike that goes on",
        ),
        pytest.param(
            block(["Mon", "Tue"], [[0.0, -0.000002]]),
            "Spend: Actual began and was highest at $0.00 (Mon), ended at -$0.000002 (Tue).",
            id="a fall, with nothing expected",
        ),
        pytest.param(
            block(["Mon"], [[5.0]]),
            "Spend: Actual began and was highest and ended at $5.00 (Mon).",
            id="one point",
        ),
        pytest.param(
            block(["Mon"], [[5.0], [1.0], [2.0]], "<!channel>", ["opus", "sonnet", "haiku"]),
            "\u2039!channel>: opus began and was highest and ended at $5.00 (Mon); sonnet was $1.00 then; "
            "haiku was $2.00 then.",
            id="several series, and a title that would ping",
        ),
    ],
)
def test_the_same_in_words(chart: dict[str, Any], sentence: str) -> None:
    assert alt_text_of(chart) == sentence
