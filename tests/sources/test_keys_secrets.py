"""The Admin key that switches other keys never shows, however often an upstream repeats it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from bot.sources.errors import Refused, SourceError
from bot.sources.http import Client
from bot.sources.keys import KeySwitch
from tests.fakes.machine import FakeTime

CI_EVAL = "apikey_01CiEval"
ADMIN_KEYS = ["sk-ant-admin01-Abc_123-xyz", "some-proxy-token-0815"]


@dataclass
class Parrot:
    """An upstream that repeats the key wherever it can."""

    answer: Callable[[str], httpx.Response]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request.headers["x-api-key"])


def _refusing(status: int) -> Callable[[str], httpx.Response]:
    return lambda key: httpx.Response(status, json={"error": {"message": f"not with {key}"}})


def _breaking(key: str) -> httpx.Response:
    raise httpx.RemoteProtocolError(f"illegal header {key}")


@pytest.mark.parametrize("admin_key", ADMIN_KEYS)
@pytest.mark.parametrize(
    "answer",
    [
        *(
            pytest.param(_refusing(status), id=f"a {status}")
            for status in (302, 400, 401, 403, 404, 409, 429, 500, 504)
        ),
        pytest.param(_breaking, id="a broken connection"),
        pytest.param(lambda key: httpx.Response(200, content=key), id="no key at all"),
        pytest.param(lambda key: httpx.Response(200, json={"id": [key]}), id="a list for an id"),
        pytest.param(lambda key: httpx.Response(200, json={"id": CI_EVAL, "status": key}), id="a status"),
        pytest.param(lambda key: httpx.Response(200, json={"id": key, "status": "inactive"}), id="an id"),
    ],
)
def test_the_admin_key_never_shows(
    admin_key: str, answer: Callable[[str], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    parrot = Parrot(answer)
    client = Client("http://test", admin_key, FakeTime().pace(), httpx.MockTransport(parrot))
    with caplog.at_level("DEBUG"), pytest.raises(SourceError) as caught:
        KeySwitch(client).set_status(CI_EVAL, active=False)
    assert admin_key not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {caplog.text}"
    assert all(admin_key not in str(asked.url) for asked in parrot.asked)
    assert all(admin_key.encode() not in asked.content for asked in parrot.asked)


@pytest.mark.parametrize("admin_key", ADMIN_KEYS)
def test_an_admin_key_where_an_id_belongs_is_not_repeated(admin_key: str) -> None:
    client = Client("http://test", admin_key, FakeTime().pace(), httpx.MockTransport(Parrot(_breaking)))
    with pytest.raises(Refused, match=r"^'\[key\]' is no id") as caught:
        KeySwitch(client).set_status(admin_key, active=True)
    assert admin_key not in str(caught.value)
