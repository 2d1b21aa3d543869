"""A picture brought to Slack in three steps, then waited for until it can be shown (S6)."""

import json
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env

from bot.facts.delivery import NotSent
from bot.slack.client import CallFailed, SlackApi
from bot.slack.faults import refusal, throttled, unanswered
from bot.slack.trouble import SILENT, TIMEOUT, TROUBLE, broken, retry_after
from bot.slack.wording import shorten

_ASK, _FINISH, _LOOK = "files.getUploadURLExternal", "files.completeUploadExternal", "files.info"
_BYTES = "the upload of a picture"
_LONGEST_ALT = 1000
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 14.0)
"""Seconds between looks: Slack scans a new file for a few seconds, and half a minute is all we wait."""


def upload(api: SlackApi, png: bytes, name: str, alt: str, sleep: Callable[[float], None]) -> str:
    """The id of the uploaded file, as soon as an image block may show it; no channel sees it before.

    Needs the scopes files:write and files:read. Raises CallFailed for every trouble on the way, and for a
    file that is still not ready after half a minute: until then Slack refuses blocks that show it.
    """
    asked = {"filename": name, "length": len(png), "alt_txt": shorten(alt, _LONGEST_ALT)}
    place = api.call(_ASK, asked)
    file_id, address = _word(place, "file_id"), _word(place, "upload_url")
    _send(address, png)
    api.call(_FINISH, {"files": json.dumps([{"id": file_id, "title": name}])})
    _await(api, file_id, sleep)
    return file_id


def _word(place: dict[str, Any], field: str) -> str:
    word = place.get(field)
    if not isinstance(word, str) or not word:
        raise CallFailed("", unanswered(_ASK, f"no {field}"))
    return word


def _send(address: str, png: bytes) -> None:
    """The raw bytes. Whoever knows the address may write to it: it stands in no error."""
    try:
        with _posted(address, png) as answer:
            if answer.status != 200:
                raise CallFailed("", unanswered(_BYTES, f"HTTP {answer.status}"))
    except HTTPError as error:
        with error:
            raise CallFailed("", _meaning(error)) from None
    except TROUBLE as error:
        raise CallFailed("", broken(error, _BYTES)) from None


def _posted(address: str, png: bytes) -> HTTPResponse:
    """The answer, by way of the proxy that slack_sdk takes for its calls."""
    if not address.startswith(("https://", "http://")):
        raise ValueError("neither https nor http")
    proxy = load_http_proxy_from_env(SILENT)
    opener = build_opener(ProxyHandler({"http": proxy, "https": proxy} if proxy else {}))
    request = Request(address, png, {"Content-Type": "application/octet-stream"}, method="POST")  # noqa: S310 - the scheme has been looked at
    answer: HTTPResponse = opener.open(request, timeout=TIMEOUT)
    return answer


def _meaning(error: HTTPError) -> NotSent:
    if error.code == 429:
        return throttled(_BYTES, retry_after(dict(error.headers)))
    if error.code >= 500:
        return unanswered(_BYTES, f"HTTP {error.code}")
    return refusal(_BYTES, f"HTTP {error.code}")


def _await(api: SlackApi, file_id: str, sleep: Callable[[float], None]) -> None:
    for pause in _PAUSES:
        sleep(pause)
        file = api.call(_LOOK, {"file": file_id}).get("file")
        if isinstance(file, dict) and file.get("mimetype"):
            return
    waited = f"Slack is still scanning the picture after {sum(_PAUSES):g} s: try again later"
    raise CallFailed("", NotSent(waited, retry=True))
