"""Secrets come from variables or files, and never come out in words."""

from pathlib import Path

import pytest

from bot.config import ConfigError, load
from bot.config.settings import SECRETS

TEXT = "made-up-1234"


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_comes_from_its_variable(variable: str) -> None:
    held = getattr(load(None, {variable: f" {TEXT}\n"}).secrets, variable.lower())
    assert held.get_secret_value() == TEXT


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_comes_from_a_file(variable: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{TEXT}\n")
    held = getattr(load(None, {f"{variable}_FILE": str(path)}).secrets, variable.lower())
    assert held.get_secret_value() == TEXT


def test_a_relative_secret_file_counts_from_the_config_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TEXT)
    settings = load(tmp_path / "config.toml", {"SLACK_BOT_TOKEN_FILE": "token"}, required=False)
    assert settings.secrets.slack_bot_token is not None


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({}, id="not set"),
        pytest.param({"SLACK_BOT_TOKEN": ""}, id="set to nothing"),
        pytest.param({"SLACK_BOT_TOKEN": " ", "SLACK_BOT_TOKEN_FILE": ""}, id="both set to nothing"),
    ],
)
def test_no_secret_is_none(environ: dict[str, str]) -> None:
    assert load(None, environ).secrets.slack_bot_token is None


@pytest.mark.parametrize(
    ("environ", "content", "said"),
    [
        pytest.param(
            {"SLACK_BOT_TOKEN": TEXT, "SLACK_BOT_TOKEN_FILE": "token"},
            TEXT,
            "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set; unset one of them.",
            id="variable and file",
        ),
        pytest.param(
            {"SLACK_BOT_TOKEN_FILE": TEXT},
            "",
            "SLACK_BOT_TOKEN_FILE names a file that cannot be read (No such file or directory); "
            "name one that holds the secret.",
            id="the secret where its file should be named",
        ),
        pytest.param(
            {"SLACK_BOT_TOKEN_FILE": "."},
            "",
            "SLACK_BOT_TOKEN_FILE names a file that cannot be read (Is a directory); "
            "name one that holds the secret.",
            id="a folder",
        ),
        pytest.param(
            {"SLACK_BOT_TOKEN_FILE": "token"},
            " \n",
            "SLACK_BOT_TOKEN_FILE names an empty file; write the secret into it.",
            id="an empty file",
        ),
        pytest.param(
            {"SLACK_BOT_TOKEN_FILE": "token"},
            b"\xff\xfe" + TEXT.encode(),
            "SLACK_BOT_TOKEN_FILE names a file that cannot be read (not UTF-8 text); "
            "name one that holds the secret.",
            id="a file of other bytes",
        ),
        pytest.param(
            {"SLACK_BOT_TOKEN_FILE": "token"},
            f"{TEXT}\n{TEXT}",
            "SLACK_BOT_TOKEN_FILE holds a space, a line break or a foreign letter; copy the secret anew.",
            id="a file of two lines",
        ),
        pytest.param(
            {"SLACK_BOT_TOKEN": f"“{TEXT}”"},
            "",
            "SLACK_BOT_TOKEN holds a space, a line break or a foreign letter; copy the secret anew.",
            id="curly quotes around it",
        ),
    ],
)
def test_a_wrong_secret_is_told_without_it(
    environ: dict[str, str], content: str | bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / "token").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config.toml", environ, required=False)
    assert caught.value.problems == (said,)
    assert TEXT not in said


def test_settings_can_be_printed_safely() -> None:
    settings = load(None, dict.fromkeys(SECRETS, TEXT))
    assert TEXT not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
