"""The quiet town that stories begin in, written once."""

from pathlib import Path

import pytest

from tests.jobs.town import found


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history of weeks in which nothing happened; to be copied, not written to."""
    path = tmp_path_factory.mktemp("town") / "history.db"
    found(path)
    return path
