import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.slack.client import CallFailed, SlackApi
from bot.slack.uploads import upload
from tests.fakes.slack import (
    DROP_AFTER,
    DROP_BEFORE,
    HTML_500,
    JSON_503,
    TEXT_504,
    TOKEN,
    FakeSlack,
    Fault,
    refused,
    slow,
    throttled,
)

PNG = b"\x89PNG\r\n\x1a\n\x00 not a form: a=b&c=%zz\xff"
BEGIN, FINISH, INFO = "files.getUploadURLExternal", "files.completeUploadExternal", "files.info"


@pytest.fixture(autouse=True)
def secrets_are_never_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG):
        yield
    assert "/upload/" not in caplog.text
    assert TOKEN not in caplog.text


def uploaded(slack: FakeSlack, pauses: list[float] | None = None, alt: str = "Spend rose.") -> str:
    """The id of the file; `pauses` takes the seconds that were waited, none of them in truth."""
    waited = [] if pauses is None else pauses
    return upload(SlackApi(TOKEN, slack.api_url, timeout=1), PNG, "spend.png", alt, waited.append)


def answer(**fields: Any) -> Fault:
    """Slack's yes, with fields of our choice."""
    return Fault(body=json.dumps({"ok": True, **fields}))


def test_a_picture_is_uploaded_whole_and_in_no_channel(slack: FakeSlack) -> None:
    file = slack.files.files[uploaded(slack)]
    assert (file.content, file.complete) == (PNG, True)
    assert (file.name, file.title, file.alt_text) == ("spend.png", "spend.png", "Spend rose.")
    assert slack.store.posts == []
    steps = [call.method for call in slack.calls]
    assert steps == [BEGIN, "upload", FINISH, INFO]
    assert slack.called(FINISH) == [{"files": [{"id": file.id, "title": "spend.png"}]}]


@pytest.mark.parametrize(
    ("polls", "pauses"),
    [
        pytest.param(0, [0.5], id="ready at once"),
        pytest.param(2, [0.5, 1.0, 2.0], id="ready at the third look"),
        pytest.param(5, [0.5, 1.0, 2.0, 4.0, 8.0, 14.0], id="ready at the last look"),
    ],
)
def test_it_is_waited_for_until_slack_can_show_it(slack: FakeSlack, polls: int, pauses: list[float]) -> None:
    slack.files.polls_until_ready = polls
    waited: list[float] = []
    file_id = uploaded(slack, waited)
    assert waited == pauses
    picture = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "Spend rose."}
    post = {"channel": "C01ALERTS", "text": "Spend rose.", "blocks": [picture]}
    assert SlackApi(TOKEN, slack.api_url).call("chat.postMessage", post)["ok"]


def test_waiting_ends_after_half_a_minute(slack: FakeSlack) -> None:
    slack.files.polls_until_ready = 1000
    waited: list[float] = []
    with pytest.raises(CallFailed, match="still scanning the picture"):
        uploaded(slack, waited)
    assert sum(waited) == 29.5


def test_the_bytes_take_the_proxy_that_the_calls_take(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = {"file_id": "F00000001", "upload_url": "http://files.invalid/upload/F00000001"}
    slack.fail(BEGIN, replace(answer(**elsewhere), stored=True))
    monkeypatch.setenv("HTTP_PROXY", slack.api_url)
    assert slack.files.files[uploaded(slack)].content == PNG


def test_a_long_description_is_shortened(slack: FakeSlack) -> None:
    file = slack.files.files[uploaded(slack, alt="x" * 2000)]
    assert len(file.alt_text) == 1000


@pytest.mark.parametrize(
    ("step", "fault", "retry", "says"),
    [
        pytest.param(BEGIN, refused("missing_scope", needed="files:write"), False, "add the", id="no scope"),
        pytest.param(BEGIN, HTML_500, True, "HTTP 500", id="500 in HTML, before there is an address"),
        pytest.param(BEGIN, slow(1.5), True, "TimeoutError", id="no address in time"),
        pytest.param(BEGIN, answer(file_id="F00000001"), True, "no upload_url", id="no address"),
        pytest.param(BEGIN, answer(upload_url="https://x"), True, "no file_id", id="no id"),
        pytest.param(BEGIN, answer(file_id=7, upload_url=8), True, "no file_id", id="an id that is no text"),
        pytest.param(
            BEGIN,
            answer(file_id="F00000001", upload_url="file:///upload/secret"),
            False,
            "cannot be formed",
            id="an address on this machine",
        ),
        pytest.param(
            BEGIN,
            answer(file_id="F00000001", upload_url="https://upload/ secret"),
            False,
            "cannot be formed",
            id="an address with a space",
        ),
        pytest.param(
            BEGIN,
            answer(file_id="F00000001", upload_url="http://127.0.0.1:1/upload/secret"),
            True,
            "cannot be reached",
            id="an address where nobody is",
        ),
        pytest.param("upload", throttled("30"), True, "in 30 s", id="429 for the bytes"),
        pytest.param("upload", TEXT_504, True, "HTTP 504", id="504 for the bytes"),
        pytest.param("upload", Fault(413), False, "HTTP 413", id="too large"),
        pytest.param("upload", Fault(202), True, "HTTP 202", id="neither taken nor refused"),
        pytest.param("upload", DROP_BEFORE, True, "RemoteDisconnected", id="the connection drops"),
        pytest.param("upload", DROP_AFTER, True, "RemoteDisconnected", id="the connection drops afterwards"),
        pytest.param(FINISH, refused("file_not_found"), False, "file_not_found", id="the bytes were lost"),
        pytest.param(FINISH, JSON_503, True, "HTTP 503", id="503 at the end"),
        pytest.param(INFO, refused("missing_scope", needed="files:read"), False, "files:read", id="no look"),
        pytest.param(INFO, throttled("7"), True, "in 7 s", id="429 for a look"),
    ],
)
def test_trouble(slack: FakeSlack, *, step: str, fault: Fault, retry: bool, says: str) -> None:
    slack.fail(step, fault)
    with pytest.raises(CallFailed, match=says) as failure:
        uploaded(slack)
    assert failure.value.outcome.retry is retry
    told = "".join(traceback.format_exception(failure.value))
    assert "secret" not in told.replace("Slack secrets", "")
    assert "/upload/" not in told
    assert slack.called(step)


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(answer(), id="no file"),
        pytest.param(answer(file="F00000001"), id="a file that is no object"),
        pytest.param(answer(file={"mimetype": ""}), id="a file without a kind"),
    ],
)
def test_a_look_that_says_nothing_is_repeated(slack: FakeSlack, look: Fault) -> None:
    slack.fail(INFO, look, look)
    waited: list[float] = []
    assert uploaded(slack, waited)
    assert waited == [0.5, 1.0, 2.0]
