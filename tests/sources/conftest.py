"""The small organisation behind a fake Anthropic, and a client whose time passes only while it waits."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from bot.demo import Demo, VirtualClock
from bot.sources.analytics import AnalyticsSource
from bot.sources.http import Client
from tests.fakes.analytics import Upstream
from tests.fakes.anthropic import FakeAnthropic
from tests.fakes.machine import FakeTime, client_of
from tests.fakes.organisation import small_demo

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo() -> Demo:
    return small_demo()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def fake(demo: Demo, time: FakeTime) -> Iterator[FakeAnthropic]:
    with FakeAnthropic(demo, VirtualClock(NOW), time.monotonic) as fake:
        yield fake


@pytest.fixture
def client(fake: FakeAnthropic, time: FakeTime) -> Iterator[Client]:
    with client_of(fake, time) as client:
        yield client


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
def source(upstream: Upstream) -> Iterator[AnalyticsSource]:
    client = Client("http://test", "sk-ant-test", FakeTime().pace(), httpx.MockTransport(upstream))
    yield AnalyticsSource(client)
    client.close()
