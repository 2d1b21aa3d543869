import pytest

from bot.slack.charts import Chart, chart_block
from tests.slack.limits import faults


def test_both_series_have_a_point_for_every_label() -> None:
    block = chart_block(Chart("Spend", ["18 Nov", "19 Nov"], [8.1234567, 90.0], [8.0, 9.0]))
    assert block["chart"]["axis_config"]["categories"] == ["18 Nov", "19 Nov"]
    assert block["chart"]["series"] == [
        {
            "name": "Actual",
            "data": [{"label": "18 Nov", "value": 8.123457}, {"label": "19 Nov", "value": 90.0}],
        },
        {"name": "Expected", "data": [{"label": "18 Nov", "value": 8.0}, {"label": "19 Nov", "value": 9.0}]},
    ]


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        pytest.param([f"{at}" for at in range(25)], [f"{at}" for at in range(5, 25)], id="the newest twenty"),
        pytest.param(["02:00", "02:00"], ["1 02:00", "2 02:00"], id="labels that repeat are numbered"),
        pytest.param(["", "a"], ["1", "2 a"], id="empty labels are numbered"),
        pytest.param(["x" * 30], ["xxxxxxxxxx…xxxxxxxxx"], id="long labels are shortened"),
    ],
)
def test_labels(labels: list[str], shown: list[str]) -> None:
    block = chart_block(Chart("t" * 80, labels, [1.0] * len(labels), [2.0] * len(labels)))
    assert block["chart"]["axis_config"]["categories"] == shown
    assert faults("text", [block]) == []


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param([1.0], [1.0, 2.0], id="series of different lengths"),
        pytest.param([float("nan"), 1.0], [1.0, 1.0], id="not a number"),
        pytest.param([1.0, 1.0], [float("inf"), 1.0], id="infinity"),
    ],
)
def test_a_bad_series_is_refused(actual: list[float], expected: list[float]) -> None:
    with pytest.raises(ValueError, match="chart 'Spend'"):
        Chart("Spend", ["a", "b"], actual, expected)


def test_a_chart_needs_a_point() -> None:
    with pytest.raises(ValueError, match="needs one label"):
        Chart("Spend", [], [], [])
