"""Whatever stands in the file or the environment: settings or sentences, and never a secret in them."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import ConfigError, load
from bot.config.settings import DEFAULTS, SECRETS

quick = settings(max_examples=50, deadline=None)
VARIABLES = ["CLAUDE_SPEND__" + "__".join(key).upper() for key in DEFAULTS]
NAMES = st.sampled_from(sorted({part for key in DEFAULTS for part in key})) | st.text(max_size=6)
VALUES = st.recursive(
    st.text(max_size=12) | st.integers(-9, 10**6) | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3),
)
STARTS = st.sampled_from(["sk-ant-admin01-", "sk-ant-api01-", "xoxb-", "xapp-", "https://hooks.slack.com/"])


def told(path: Path | None, environ: dict[str, str]) -> tuple[str, ...]:
    """The problems, none when it loads."""
    try:
        load(path, environ)
    except ConfigError as error:
        return error.problems
    return ()


def told_of_file(text: str) -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(text, encoding="utf-8", newline="")
        return told(path, {})


def toml(value: object) -> str:
    """JSON is TOML for these values, but for a rare character that TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@quick
@given(st.dictionaries(st.sampled_from(VARIABLES), st.text(st.characters(exclude_characters="\0"))))
def test_any_text_in_the_environment_loads_or_is_told_in_lines(environ: dict[str, str]) -> None:
    assert all(len(sentence.splitlines()) == 1 for sentence in told(None, environ))


@quick
@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3))
def test_any_table_in_the_file_loads_or_is_told_in_lines(document: dict[str, dict[str, object]]) -> None:
    lines = [
        line
        for section, table in document.items()
        for line in [
            f"[{toml(section)}]",
            *(f"{toml(name)} = {toml(value)}" for name, value in table.items()),
        ]
    ]
    assert all(len(sentence.splitlines()) == 1 for sentence in told_of_file("\n".join(lines)))


@quick
@given(st.sampled_from(sorted(DEFAULTS)), STARTS)
def test_a_secret_in_any_place_of_the_file_is_refused_and_not_repeated(
    key: tuple[str, ...], start: str
) -> None:
    secret = f"{start}made-up"
    (said,) = told_of_file(f'{".".join(key)} = "{secret}"')
    assert secret not in said
    assert any(variable in said for variable in SECRETS)
