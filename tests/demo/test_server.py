import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from bot.demo import DEMO_KEY, Demo, VirtualClock, serve
from tests.demo.asking import HEADERS, ROOT

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON)


@pytest.fixture
def connection(demo: Demo, clock: VirtualClock) -> Iterator[http.client.HTTPConnection]:
    with serve(demo, clock) as base_url:
        connection = http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=5)
        yield connection
        connection.close()


def _get(
    connection: http.client.HTTPConnection, path: str, method: str = "GET", body: bytes | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request(method, path, body, HEADERS)
    answer = connection.getresponse()
    return answer, answer.read()


def test_one_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    ids = []
    for _ in range(3):
        answer, body = _get(connection, f"{ROOT}/me")
        ids.append(answer.headers["request-id"])
        assert json.loads(body)["type"] == "organization"
        assert answer.headers["content-type"] == "application/json"
        assert not answer.will_close
    assert len(set(ids)) == 3


def test_the_date_header_and_the_watermark_tell_the_demo_s_time(
    connection: http.client.HTTPConnection, clock: VirtualClock
) -> None:
    clock.advance(NOON + timedelta(hours=1, minutes=30))
    path = f"{ROOT}/analytics/cost?starting_at=2026-10-20T00:00:00Z"
    answer, body = _get(connection, path)
    assert parsedate_to_datetime(answer.headers["date"]) == NOON + timedelta(hours=1, minutes=30)
    assert json.loads(body)["data_refreshed_at"] == "2026-10-20T13:10:00Z"


def test_a_refused_post_leaves_the_connection_usable(connection: http.client.HTTPConnection) -> None:
    answer, _ = _get(connection, f"{ROOT}/users", "POST", b'{"email":"ada@lighthouse.example"}')
    assert answer.status == 405
    assert _get(connection, f"{ROOT}/me")[0].status == 200


def test_a_key_is_switched_off_until_the_server_stops(demo: Demo, clock: VirtualClock) -> None:
    path = f"{ROOT}/api_keys/apikey_01CiEval"
    seen = []
    for _ in range(2):
        with serve(demo, clock) as base_url:
            connection = http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=5)
            seen.append(json.loads(_get(connection, path)[1])["status"])
            answer, body = _get(connection, path, "POST", b'{"status":"inactive"}')
            seen += [answer.status, json.loads(body)["status"]]
            connection.close()
    assert seen == ["active", 200, "inactive"] * 2


def test_brackets_may_be_percent_encoded(connection: http.client.HTTPConnection) -> None:
    base = f"{ROOT}/analytics/cost?starting_at=2026-10-19T00:00:00Z"
    _, plain = _get(connection, f"{base}&group_by[]=model&models[]=claude-opus-4-8")
    _, encoded = _get(connection, f"{base}&group_by%5B%5D=model&models%5B%5D=claude-opus-4-8")
    assert json.loads(plain)["data"] == json.loads(encoded)["data"]
    assert json.loads(plain)["data"][0]["group"]["model"] == "claude-opus-4-8"


def test_too_many_requests_a_minute_get_a_429(demo: Demo, clock: VirtualClock) -> None:
    with serve(demo, clock, per_minute=1, monotonic=lambda: 0.0) as base_url:
        connection = http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=5)
        statuses = [_get(connection, f"{ROOT}/me")[0].status for _ in range(2)]
        connection.close()
    assert statuses == [200, 429]


def test_nothing_is_printed_and_the_port_is_given_back(
    demo: Demo, clock: VirtualClock, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve(demo, clock) as base_url:
        connection = http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=5)
        _get(connection, f"{ROOT}/nowhere")
        connection.close()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=5).connect()
    assert capfd.readouterr() == ("", "")
    assert DEMO_KEY not in base_url


def test_the_clock_only_moves_forwards(clock: VirtualClock) -> None:
    clock.advance(NOON)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(NOON - timedelta(seconds=1))
    with pytest.raises(ValueError, match="no time zone"):
        clock.advance(NOON.replace(tzinfo=None))
    assert clock.now() == NOON
