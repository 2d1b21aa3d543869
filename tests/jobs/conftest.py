"""The quiet town that stories begin in, written once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.history.store import History
from tests.jobs.town import found


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """An empty one."""
    with History(tmp_path / "history.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history of weeks in which nothing happened; to be copied, not written to."""
    path = tmp_path_factory.mktemp("town") / "history.db"
    found(path)
    return path
