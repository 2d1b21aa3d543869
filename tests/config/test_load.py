"""Defaults, then the file, then the environment."""

from pathlib import Path

import pytest

from bot.config import ConfigError, Settings, load

FILE = """
timezone = "Europe/Berlin"
[anthropic]
base_url = "http://127.0.0.1:8080"
api = "admin"
requests_per_minute = 600
[history]
path = "data/spend.db"
[slack]
mode = "socket"
api_url = "http://127.0.0.1:8081/api/"
channel = "#ai-spend"
[rules]
path = "/etc/claude-spend/rules"
[teams]
search = ["search-*", " research "]
"data & ml" = ["eval"]
[detection]
sensitivity = "high"
"""
TABLE = 'a table such as {search = ["ci-*"]} (in the environment {"search": ["ci-*"]})'


def problems(path: Path | None, environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    assert str(caught.value).splitlines() == list(caught.value.problems)
    return list(caught.value.problems)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    return path


def test_without_a_file_all_is_default_and_beside_us() -> None:
    settings = load(None, {})
    assert settings == Settings()
    assert (settings.history.path, settings.rules.path) == (Path("history.db"), Path("rules"))


def test_a_default_file_may_be_missing(tmp_path: Path) -> None:
    settings = load(tmp_path / "config.toml", {}, required=False)
    assert settings.history.path == tmp_path / "history.db"
    assert settings.slack == Settings().slack


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    path = tmp_path / "prod.toml"
    expected = f"{path}: there is no such file; copy config.example.toml there and edit it."
    assert problems(path, {}) == [expected]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    expected = f"{tmp_path}: it cannot be read (Is a directory); name a readable TOML file."
    assert problems(tmp_path, {}) == [expected]
    with pytest.raises(ConfigError):
        load(tmp_path, {}, required=False)


def test_everything_in_the_file_arrives(file: Path) -> None:
    settings = load(file, {})
    assert settings.timezone == "Europe/Berlin"
    assert (settings.anthropic.base_url, settings.anthropic.api) == ("http://127.0.0.1:8080", "admin")
    assert settings.anthropic.requests_per_minute == 600
    assert (settings.slack.mode, settings.slack.channel) == ("socket", "#ai-spend")
    assert settings.slack.api_url == "http://127.0.0.1:8081/api/"
    assert settings.teams == {"search": ("search-*", "research"), "data & ml": ("eval",)}
    assert settings.detection.sensitivity == "high"


def test_relative_paths_count_from_the_file(file: Path) -> None:
    settings = load(file, {"CLAUDE_SPEND__RULES__PATH": "ours"})
    assert settings.history.path == file.parent / "data/spend.db"
    assert settings.rules.path == file.parent / "ours"


def test_the_folder_of_the_file_may_have_any_name() -> None:
    assert load(Path("~odd\n/config.toml"), {}, required=False).history.path == Path("~odd\n/history.db")


def test_absolute_paths_stay(file: Path) -> None:
    assert load(file, {}).rules.path == Path("/etc/claude-spend/rules")


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbftimezone = "Asia/Tokyo"\r\n[slack]\r\nchannel = "#a"\r\n')
    assert (load(path, {}).timezone, load(path, {}).slack.channel) == ("Asia/Tokyo", "#a")


@pytest.mark.parametrize(
    ("variable", "text", "section", "field", "value"),
    [
        pytest.param("TIMEZONE", "Asia/Tokyo", "", "timezone", "Asia/Tokyo", id="a key of no section"),
        pytest.param("ANTHROPIC__BASE_URL", "http://x", "anthropic", "base_url", "http://x", id="an address"),
        pytest.param(
            "ANTHROPIC__REQUESTS_PER_MINUTE", "9", "anthropic", "requests_per_minute", 9, id="a number"
        ),
        pytest.param("SLACK__CHANNEL", "123", "slack", "channel", "123", id="text that looks like a number"),
        pytest.param("SLACK__CHANNEL", "", "slack", "channel", "", id="empty text"),
        pytest.param("HISTORY__PATH", "/data/h.db", "history", "path", Path("/data/h.db"), id="a path"),
        pytest.param("TEAMS", '{"a": ["b*"]}', "", "teams", {"a": ("b*",)}, id="teams, replaced whole"),
        pytest.param("slack__Mode", "http", "slack", "mode", "http", id="any case of letters"),
    ],
)
def test_the_environment_wins_over_the_file(
    file: Path, variable: str, text: str, section: str, field: str, value: object
) -> None:
    settings = load(file, {f"CLAUDE_SPEND__{variable}": text})
    assert getattr(getattr(settings, section) if section else settings, field) == value


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        pytest.param(
            "SLACK__CHANEL",
            "#a",
            " is unknown; rename it to CLAUDE_SPEND__SLACK__CHANNEL, the nearest known, or remove it.",
            id="a misspelt key",
        ),
        pytest.param(
            "HISTORY",
            "h.db",
            " is unknown; rename it to CLAUDE_SPEND__HISTORY__PATH, the nearest known, or remove it.",
            id="a section without a key",
        ),
        pytest.param(
            "SLACK__MODE", "sms", " should be 'socket', 'http', 'webhook' or 'console'.", id="choice"
        ),
        pytest.param("ANTHROPIC__REQUESTS_PER_MINUTE", "many", " should be a whole number.", id="no number"),
        pytest.param(
            "ANTHROPIC__REQUESTS_PER_MINUTE", "true", " should be a whole number.", id="true is none"
        ),
        pytest.param("ANTHROPIC__REQUESTS_PER_MINUTE", "1.5", " should be a whole number.", id="a fraction"),
        pytest.param("TEAMS", "search", f" should be {TABLE}.", id="teams that are not JSON"),
        pytest.param(
            "DETECTION__SENSITIVITY_OF",
            "low",
            ' should be a table such as {"ci-*" = "low"} (in the environment {"ci-*": "low"}).',
            id="one sensitivity for nobody",
        ),
        pytest.param(
            "DETECTION__SENSITIVITY_OF",
            '{"ci-*": "loud"}',
            ".\"ci-*\" should be 'low', 'medium' or 'high'.",
            id="a sensitivity there is not",
        ),
        pytest.param("TEAMS", '{"a": "b"}', ".a should be a list.", id="a team without brackets"),
        pytest.param(
            "SLACK__BOT_TOKEN",
            "made-up",
            " holds a secret; remove it and set SLACK_BOT_TOKEN in the environment.",
            id="a secret under our prefix",
        ),
        pytest.param(
            "SLACK__CHANNEL",
            "xoxb-made-up",
            " holds a secret; remove it and set SLACK_BOT_TOKEN in the environment.",
            id="a token for a channel",
        ),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(variable: str, text: str, said: str) -> None:
    assert problems(None, {f"CLAUDE_SPEND__{variable}": text}) == [f"CLAUDE_SPEND__{variable}{said}"]


def test_a_good_variable_hides_a_wrong_value_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[slack]\nmode = "sms"\n')
    assert load(path, {"CLAUDE_SPEND__SLACK__MODE": "http"}).slack.mode == "http"


def test_mistakes_in_file_environment_and_secrets_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[slack\n")
    environ = {"CLAUDE_SPEND__TIMEZONE": "Mars", "SLACK_BOT_TOKEN": "a b", "SLACK_APP_TOKEN_FILE": "none"}
    said = problems(path, environ)
    assert [sentence.split()[0] for sentence in said] == [
        f"{path}:",
        "CLAUDE_SPEND__TIMEZONE",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN_FILE",
    ]


def test_other_variables_are_not_ours() -> None:
    environ = {"CLAUDE_SPEND_CONFIG": "x.toml", "CLAUDE_SPEND_SERVICE_HOST": "10.0.0.1", "TZ": "Asia/Tokyo"}
    assert load(None, environ) == Settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(None, {}).slack.channel = "#other"  # type: ignore[misc]  # the point of the test
