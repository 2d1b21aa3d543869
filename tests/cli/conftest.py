"""A folder with a configuration and a small history to ask about."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.facts.clock import DAY, Grain, Window, floor
from bot.facts.directory import Directory, Key
from bot.facts.incident import Change, State
from bot.facts.money import Usd
from bot.facts.spend import Slice
from bot.history.store import History
from tests.fakes.incidents import DIRECTORY, HOUR, START, runaway
from tests.fakes.rows import HAIKU, row

Ask = Callable[..., tuple[int, str, str]]
THIRD = Usd(3_333_333_333)
MIDNIGHT = floor(START, Grain.DAY)
NAMES = Directory(keys={**DIRECTORY.keys, "k2": Key("k2", "[red]loud[/red] <!channel>")})


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('[history]\npath = "history.db"\n')
    return path


@pytest.fixture
def told(config: Path) -> Path:
    """A history with two incidents and three times $3.333333333 spent today; returns its configuration."""
    spent = {"usd_uncached_input": 0, "usd_cache_read": 0, "usd_cache_write_5m": 0, "usd_output": THIRD}
    rows = [row(MIDNIGHT, api_key_id=key, **spent) for key in ("k2", "apikey_ci")]
    rows.append(row(MIDNIGHT, api_key_id="apikey_ci", model=HAIKU, **spent))
    with History(config.with_name("history.db")) as history:
        history.names.remember(NAMES)
        opened = Change(START + HOUR, "opened", "8.7x the usual")
        over = START + 9 * HOUR
        history.incidents.save(
            [
                runaway(id="1119-ab12", history=(opened,)),
                runaway(id="1119-ab99", state=State.RESOLVED, resolved_at=over, opened_at=START - HOUR),
            ]
        )
        window = Window(MIDNIGHT, MIDNIGHT + DAY)
        history.spend.replace(
            Slice("admin", window, Grain.HOUR, window.end, rows), START + timedelta(hours=1)
        )
    return config


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command as people would; its exit code, what it said on stdout, and on stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run
