from datetime import UTC, datetime

import pytest

from bot.demo import Demo, build_demo
from tests.demo.asking import Asker


@pytest.fixture(scope="session")
def demo() -> Demo:
    return build_demo()


@pytest.fixture(scope="session")
def calm() -> Demo:
    return build_demo(story=())


@pytest.fixture
def ask(demo: Demo) -> Asker:
    """In the middle of an hour in the middle of the story."""
    return Asker(demo, datetime(2026, 10, 20, 14, 47, 12, tzinfo=UTC))
