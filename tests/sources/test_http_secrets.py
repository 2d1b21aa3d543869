"""The key never shows: not in addresses, logs, errors, nor when an upstream repeats it to us."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from bot.sources.analytics_wire import CostPage
from bot.sources.errors import BadAnswer, SourceError
from bot.sources.http import Client
from tests.fakes.anthropic import COST, ME
from tests.fakes.machine import FakeTime

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)
Answer = Callable[[httpx.Request], httpx.Response]
KEYS = ["sk-ant-admin01-Abc_123-xyz", "some-proxy-token-0815"]


@pytest.fixture(params=KEYS)
def key(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    key = str(request.param)
    with caplog.at_level(logging.DEBUG):
        yield key
    assert key not in caplog.text
    assert all(key not in repr(record.__dict__) for record in caplog.records)


def client(key: str, answer: Answer) -> Client:
    return Client("http://test", key, FakeTime().pace(), httpx.MockTransport(answer))


def parrot(status: int, **headers: str) -> Answer:
    """An upstream that repeats the request's headers in its error."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = f"bad header\nx-api-key: {request.headers['x-api-key']}\x1b[31m, sk-ant-api03-another"
        return httpx.Response(status, json={"error": {"message": said}}, headers=headers)

    return answer


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 410, 429, 500, 504, 529])
def test_an_upstream_that_repeats_the_key(key: str, status: int) -> None:
    with pytest.raises(SourceError) as caught:
        client(key, parrot(status)).get(ME)
    for text in (str(caught.value), repr(caught.value), caught.getrepr(style="long").__str__()):
        assert key not in text.replace(f"key = '{key}'", "")
    assert "sk-ant-api03" not in str(caught.value)
    assert f"answered {status}: bad header x-api-key: [key]" in str(caught.value)


def test_what_an_upstream_says_stays_on_one_line(key: str) -> None:
    with pytest.raises(SourceError) as caught:
        client(key, parrot(401)).get(ME)
    assert str(caught.value).isprintable()


def test_a_page_that_repeats_the_key(key: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": request.headers["x-api-key"]})

    with pytest.raises(BadAnswer) as caught:
        client(key, answer).pages(COST, [], CostPage)
    assert key not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "(found '[key]')" in str(caught.value)


def test_a_request_id_that_is_the_key(key: str) -> None:
    with pytest.raises(SourceError) as caught:
        client(key, parrot(401, **{"request-id": key})).get(ME)
    assert key not in str(caught.value)


def test_the_key_travels_in_a_header_alone(key: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={})

    door = client(key, answer)
    door.get(ME, [("limit", "1")])
    assert asked[0].headers["x-api-key"] == key
    assert key not in str(asked[0].url)
    assert key not in repr(door)
    assert key not in repr(vars(door))
    door.close()


def test_a_connection_that_breaks_says_nothing_of_what_was_sent(key: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError(f"illegal header {request.headers['x-api-key']}")

    with pytest.raises(SourceError) as caught:
        client(key, answer).get(ME)
    assert key not in str(caught.value)


def test_a_short_key_is_not_cut_out_of_other_words() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"error": {"message": "all keys alike"}})

    with pytest.raises(SourceError, match="all keys alike"):
        client("key", answer).get(ME)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"<html>nginx</html>", "answered 403; the key", id="HTML"),
        pytest.param(b'{"error": "nope"}', "answered 403; the key", id="an error that is only a word"),
        pytest.param(b'{"error": {"message": null}}', "answered 403; the key", id="no message"),
        pytest.param(
            b'{"error": {"message": "no scope", "details": {"error_code": null}}, "request_id": "req_7"}',
            r"answered 403: no scope \(request req_7\); the key",
            id="an error code that is null",
        ),
        pytest.param(b'{"error": {"message": "' + b"x" * 5000 + b'"}}', "x{300}; the key", id="a long story"),
        pytest.param(b"\xff\xfe\x00", "answered 403; the key", id="no text at all"),
        pytest.param(b"[" * 100_000, "answered 403; the key", id="a nest"),
    ],
)
def test_whatever_an_error_looks_like_it_becomes_one_sentence(body: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        client(KEYS[0], lambda _: httpx.Response(403, content=body)).get(ME)
