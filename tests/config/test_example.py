"""config.example.toml is read by people as the truth about keys and defaults, so it must be."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

from bot.config import load
from bot.config.settings import DEFAULTS, SECRETS

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
LINES = EXAMPLE.read_text().splitlines()


def test_the_example_changes_nothing() -> None:
    assert load(EXAMPLE, {}) == load(EXAMPLE.with_name("no-such.toml"), {}, required=False)


def test_the_example_holds_every_key() -> None:
    document = tomllib.loads(EXAMPLE.read_text())
    for key in DEFAULTS:
        table = document if len(key) == 1 else document[key[0]]
        assert key[-1] in table, f"{'.'.join(key)} is missing in {EXAMPLE.name}"


def test_every_key_follows_its_comment() -> None:
    for above, line in pairwise(LINES):
        if re.match(r"\w+ =", line):
            assert above.startswith("# "), f"{line!r} has no comment"


def test_every_secret_is_explained() -> None:
    assert all(any(line.startswith(f"#     {name} ") for line in LINES) for name in SECRETS)


def test_the_example_of_teams_is_good_as_it_stands(tmp_path: Path) -> None:
    teams = LINES[LINES.index("[teams]") :]
    shown = [line.removeprefix("#     ") for line in teams if line.startswith(("[", "#     "))]
    path = tmp_path / "config.toml"
    path.write_text("\n".join(shown))
    assert load(path, {}).teams == {"search": ("search-*", "research"), "platform": ("ci-*",)}


def test_the_variables_named_in_the_comments_exist() -> None:
    named = re.findall(r"CLAUDE_SPEND__\w+", EXAMPLE.read_text())
    known = {"CLAUDE_SPEND__" + "__".join(key).upper() for key in DEFAULTS}
    assert set(named) <= known
    assert named
