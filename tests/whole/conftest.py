import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo import Demo, VirtualClock
from tests.fakes.anthropic import FakeAnthropic
from tests.fakes.organisation import small_demo
from tests.fakes.slack import FakeSlack
from tests.whole.house import House, Zygote

BEFORE = datetime(2026, 10, 15, 20, 35, tzinfo=UTC)
"""A quiet evening; the runaway loop begins at 22:00."""


@pytest.fixture(scope="session")
def demo() -> Demo:
    return small_demo()


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as slack:
        yield slack


@pytest.fixture
def anthropic(demo: Demo) -> Iterator[FakeAnthropic]:
    with FakeAnthropic(demo, VirtualClock(BEFORE)) as anthropic:
        yield anthropic


@pytest.fixture
def new_house(tmp_path: Path, anthropic: FakeAnthropic, slack: FakeSlack, zygote: Zygote) -> House:
    """Nothing pulled yet."""
    return House(tmp_path, anthropic, slack, zygote)


@pytest.fixture(scope="session")
def template(demo: Demo, zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history of twelve weeks until a quiet evening, pulled once."""
    folder = tmp_path_factory.mktemp("template")
    with FakeAnthropic(demo, VirtualClock(BEFORE)) as anthropic, FakeSlack() as slack:
        house = House(folder, anthropic, slack, zygote)
        ended = house.once(BEFORE)
        assert (ended.code, ended.complaints()) == (0, [])
        assert slack.store.posts == []
    return house.history


@pytest.fixture
def house(new_house: House, template: Path) -> House:
    """Everything pulled until a quiet evening."""
    shutil.copy2(template, new_house.history)
    return new_house
