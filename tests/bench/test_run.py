"""The runner, on one small organisation."""

from pathlib import Path

import pytest

from bench.detect import run


def test_it_prints_the_tables_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawing = tmp_path / "found.svg"
    words = ["--tune", "1", "--report", "10000", "--traits", "short", "--svg", str(drawing)]
    assert run.main([*words, "--methods", "3-sigma over 28 days", "+50 % over 7-day mean"]) == 0
    said = capsys.readouterr().out
    assert "| 3-sigma over 28 days |" in said
    assert "## +50 % over 7-day mean, as said, by trait" in said
    assert drawing.read_text().startswith("<svg")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--tune", "10000"], id="tuning on a seed that is reported"),
        pytest.param(["--report", "999"], id="reporting a seed that was tuned on"),
        pytest.param(["--tune", "5-4"], id="seeds that run backwards"),
    ],
)
def test_tuning_and_reporting_seeds_are_kept_apart(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="do not lie in"):
        run.main([*words, "--methods", "3-sigma over 28 days", "--traits", "short"])
